package master

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/narrapress/narrapress/pipeline/mix"
)

// TestKeysHoldAllThatIsHeard edits what ends shortly before a joint in sound,
// where only the limiter of the block behind hears it: where a block's key
// stays, its frames do, made anew.
func TestKeysHoldAllThatIsHeard(t *testing.T) {
	t.Parallel()
	kept, changed := 0, 0
	for seed := uint64(0); kept < 1 || changed < 1; seed++ {
		tl, takes, o := random(t, rand.New(rand.NewPCG(seed, 12)))
		edited := *tl
		edited.Clips = slices.Clone(tl.Clips)
		found := false
		for _, b := range cut(tl) {
			for i := range edited.Clips {
				c := &edited.Clips[i]
				if b.before > 0 && c.End() <= b.from-overlapBefore*mix.Grid && c.End() > b.from-(overlapBefore+settle)*mix.Grid && !found {
					c.Gain -= 9
					found = true
				}
			}
		}
		if !found {
			continue
		}
		m, err := Make(t.Context(), tl, takes, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		other := options(t) // an empty cache
		other.Loudness, other.Peak, other.MP3 = o.Loudness, o.Peak, o.MP3
		// The gain stays, or every block is another one.
		as, err := begin(&edited, takes, other)
		if err != nil {
			t.Fatal(err)
		}
		as.gain = m.as.gain
		pieces, err := as.all(t.Context(), func(int64, int64) {})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pieces {
			switch q := m.pieces[i]; {
			case p.key != q.key:
				changed++
			case p.crc != q.crc || p.ceiling != q.ceiling || !slices.Equal(p.steps, q.steps):
				t.Errorf("seed %d: block %d has the key of another one", seed, i)
			default:
				kept++
			}
		}
	}
}
