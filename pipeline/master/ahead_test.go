package master

import (
	"testing"

	"github.com/narrapress/narrapress/pipeline/mix"
)

// TestAheadLeavesLittle makes what can be made while takes are missing, in an
// order of its own: then only the last are left, and the frames are those of a
// master that began when all were there.
func TestAheadLeavesLittle(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 60, 1)
	for i := range tl.Clips { // with pauses between them, so that each is a block
		tl.Clips[i].Start = int64(i) * 80 * mix.Grid
	}
	tl.Frames = 60 * 80 * mix.Grid
	plain := options(t)
	whole, err := Make(t.Context(), tl, takes, plain, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Last = &whole.Levels
	a := NewAhead(takes, o, whole.Levels.Gain)
	part := *tl
	part.Clips = append(part.Clips[:0:0], tl.Clips...)
	for i := range part.Clips {
		part.Clips[i].Take = ""
	}
	for i := range 56 {
		k := i * 37 % 60
		part.Clips[k].Take = tl.Clips[k].Take
		if i%8 == 0 {
			if err := a.Make(t.Context(), &part); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := a.Make(t.Context(), &part); err != nil {
		t.Fatal(err)
	}
	m, err := Make(t.Context(), tl, takes, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Made > 4 {
		t.Errorf("%d of %d blocks were left to make, want the last 4 at most", m.Made, m.Blocks)
	}
	for i := range m.pieces {
		if m.pieces[i].key != whole.pieces[i].key || m.pieces[i].crc != whole.pieces[i].crc {
			t.Fatalf("block %d is another one than without Ahead", i)
		}
	}
}
