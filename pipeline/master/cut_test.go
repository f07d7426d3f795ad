package master

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// TestCutsStandInSilence cuts random timelines: the blocks cover them, each
// cut that is not between blocks apart has silence enough on both sides, and
// every clip is in every block that it is heard in.
func TestCutsStandInSilence(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		tl := &mix.Timeline{Rate: 44100, Channels: 1}
		at := int64(0)
		for range 1 + r.IntN(12) {
			at += int64(r.IntN(9)) * mix.Grid
			c := mix.Clip{Start: at, Length: 1 + r.Int64N(40*mix.Grid)}
			if r.IntN(12) == 0 {
				c.Length *= 60
			}
			tl.Clips = append(tl.Clips, c)
			if r.IntN(4) > 0 {
				at = (c.End() + mix.Grid - 1) / mix.Grid * mix.Grid
			}
		}
		slices.SortStableFunc(tl.Clips, func(a, b mix.Clip) int { return int(a.Start - b.Start) })
		for i := range tl.Clips {
			tl.Frames = max(tl.Frames, (tl.Clips[i].End()+mix.Grid-1)/mix.Grid*mix.Grid)
		}
		blocks := cut(tl)
		next := int64(0)
		for i := range blocks {
			b := &blocks[i]
			if b.from != next || b.to <= b.from || b.from%mix.Grid != 0 || b.frames() > longest {
				t.Fatalf("block %d is [%d, %d) behind %d", i, b.from, b.to, next)
			}
			next = b.to
			from, to := b.heard()
			var heard []*mix.Clip
			for k := range tl.Clips {
				c := &tl.Clips[k]
				if c.End() > from && c.Start < to {
					heard = append(heard, c)
				}
				if b.behind > 0 || i == len(blocks)-1 {
					continue
				}
				// Silence from Settle frames before the cut to one behind it.
				if c.End() > b.to-mp3.Settle*mix.Grid && c.Start < b.to+mix.Grid {
					t.Fatalf("a clip [%d, %d) sounds at the cut at %d", c.Start, c.End(), b.to)
				}
			}
			if !slices.Equal(heard, b.clips) {
				t.Fatalf("block, heard in [%d, %d), has %d clips of %d", from, to, len(b.clips), len(heard))
			}
		}
		if next != tl.Frames {
			t.Fatalf("the blocks end at %d of %d", next, tl.Frames)
		}
	}
}

// TestGather joins blocks until they are long enough, and no longer than that asks
// for; what has sound at an end stays as it was cut. An edit far before moves no joint.
func TestGather(t *testing.T) {
	t.Parallel()
	const least = 100 // MPEG frames
	r := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		var blocks []block
		at := int64(0)
		add := func(frames int, apart bool) {
			blocks = append(blocks, block{from: at * mix.Grid, to: (at + int64(frames)) * mix.Grid, apart: apart})
			at += int64(frames)
		}
		for range 60 {
			add(1+r.IntN(60), r.IntN(20) == 0)
		}
		for range 60 {
			add(1+r.IntN(60), false)
		}
		out := gather(blocks, least)
		next := int64(0)
		for i, b := range out {
			switch {
			case b.from != next:
				t.Fatalf("block %d begins at %d behind %d", i, b.from, next)
			case b.apart && !slices.ContainsFunc(blocks, func(c block) bool { return c.apart && c.from == b.from && c.to == b.to }):
				t.Fatalf("block %d of %d frames, which has sound at an end, is not as it was cut", i, b.frames())
			case !b.apart && b.frames() > 2*least:
				t.Fatalf("block %d has %d frames", i, b.frames())
			case i+1 < len(out) && !b.apart && !out[i+1].apart && b.frames() < least && b.frames()+firstOf(blocks, out[i+1].from) <= 2*least:
				t.Fatalf("block %d has %d frames, and the next could have been joined", i, b.frames())
			}
			next = b.to
		}
		if next != at*mix.Grid {
			t.Fatalf("they end at %d of %d", next, at*mix.Grid)
		}
		edited := gather(blocks[1:], least)
		if last, was := edited[len(edited)-1], out[len(out)-1]; last.from != was.from {
			t.Fatalf("without the first block the last begins at %d, not at %d", last.from, was.from)
		}
	}
}

// firstOf is how many MPEG frames the block that begins there has.
func firstOf(blocks []block, from int64) int {
	return blocks[slices.IndexFunc(blocks, func(b block) bool { return b.from == from })].frames()
}

func TestNear(t *testing.T) {
	t.Parallel()
	points := []mix.Point{{At: 0}, {At: 10}, {At: 20}, {At: 30}, {At: 40}}
	for _, tc := range []struct{ from, to, first, last int64 }{
		{12, 18, 10, 20}, {10, 20, 10, 20}, {0, 40, 0, 40}, {50, 60, 40, 40}, {-9, -3, 0, 0}, {25, 26, 20, 30},
	} {
		got := near(points, tc.from, tc.to)
		if got[0].At != tc.first || got[len(got)-1].At != tc.last {
			t.Errorf("near [%d, %d): %v, want those from %d to %d", tc.from, tc.to, got, tc.first, tc.last)
		}
	}
	if len(near(nil, 1, 2)) != 0 {
		t.Error("points out of nothing")
	}
}
