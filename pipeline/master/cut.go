package master

import (
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// block is a stretch of the timeline that is mastered and encoded on its own.
type block struct {
	from, to int64       // frames of the timeline, multiples of mix.Grid
	clips    []*mix.Clip // that it is made of: heard in it or near its joints in sound, by start
	apart    bool        // there is sound at an end of it
	before   int         // MPEG frames encoded before it, and left out
	behind   int         // and behind it
	joint    bool        // it is what is listened to around a joint in sound, and no part of a file
}

// frames is its length in MPEG frames.
func (b *block) frames() int { return int((b.to - b.from) / mix.Grid) }

// rendered is the stretch with its overlaps.
func (b *block) rendered() (from, to int64) {
	return b.from - int64(b.before)*mix.Grid, b.to + int64(b.behind)*mix.Grid
}

// heard is the stretch that its frames depend on: with what the limiter hears
// of the other side, and what the ceiling at a joint in sound is found with.
func (b *block) heard() (from, to int64) {
	from, to = b.limited()
	if b.before > 0 && !b.joint {
		from -= 2 * around * mix.Grid
	}
	if b.behind > 0 && !b.joint {
		to += around * mix.Grid
	}
	return from, to
}

// limited is the stretch that the limiter is given.
func (b *block) limited() (from, to int64) {
	from, to = b.rendered()
	if b.before > 0 {
		from -= settle * mix.Grid
	}
	if b.behind > 0 {
		to += ahead * mix.Grid
	}
	return from, to
}

const (
	// lead is how many MPEG frames of a pause belong to the block of what comes
	// after it, where the pause is long enough: there the encoder saves bits for
	// the first sound.
	lead = 4
	// longest is the most MPEG frames in a block that is cut in silence: 27 s
	// at 44.1 kHz. It bounds memory.
	longest = 1024
	// stride is the length of blocks that are cut in sound, where longest is
	// passed.
	stride = 512
	// overlapBefore and overlapBehind are the MPEG frames of the other side that
	// an encoder gets at a joint in sound: with them the joint is as good as the
	// rest (SNR within 0.1 dB of one encoder over all of it; docs/sound.md).
	overlapBefore = 4
	overlapBehind = 2
	// settle is how many MPEG frames before a block with sound at its start the
	// limiter hears already: 300 ms and more, six times its release, so that it
	// stands where it would have stood without the cut. And ahead is how many it
	// hears behind: its three passes look 40 ms ahead each.
	settle = 16
	ahead  = 6
	// around is how many MPEG frames on either side of a joint in sound both
	// blocks are limited alike: all that the limiter hears of the other side.
	around = overlapBefore + settle + 4
	// reach is how many MPEG frames before it a block may depend on.
	reach = 2*around + overlapBefore + settle
)

// cut divides a timeline into blocks.
func cut(tl *mix.Timeline) []block {
	total := tl.Frames / mix.Grid
	var ends []int64 // MPEG frames
	var sounding int64
	for i := range tl.Clips {
		c := &tl.Clips[i]
		// Digital silence from sounding to the clip: the block before it ends
		// with enough for its encoder to settle, the next one begins with some.
		first := (sounding+mix.Grid-1)/mix.Grid + mp3.Settle
		if start := c.Start / mix.Grid; i > 0 && first < start && start < total {
			ends = append(ends, max(first, start-lead))
		}
		sounding = max(sounding, c.End())
	}
	// The silence that fills up an episode's last second differs from one build to
	// the next, so it is nobody else's.
	if first := (sounding+mix.Grid-1)/mix.Grid + mp3.Settle; first < total {
		ends = append(ends, first)
	}
	var blocks []block
	from := int64(0)
	for _, end := range append(ends, total) {
		if end > from {
			blocks = divide(blocks, from, end)
		}
		from = max(from, end)
	}
	assign(tl, blocks)
	return blocks
}

// divide appends the blocks of a stretch, in MPEG frames, between two silences.
func divide(blocks []block, from, to int64) []block {
	if to-from <= longest {
		return append(blocks, block{from: from * mix.Grid, to: to * mix.Grid})
	}
	for at := from; at < to; {
		end := at + stride
		if to-end < stride/2 {
			end = to
		}
		b := block{from: at * mix.Grid, to: end * mix.Grid, apart: true}
		if at > from {
			b.before = overlapBefore
		}
		if end < to {
			b.behind = overlapBehind
		}
		blocks = append(blocks, b)
		at = end
	}
	return blocks
}

// assign gives each block the clips that it is made of. Both are in order, so
// clips that end before a block are behind for good.
func assign(tl *mix.Timeline, blocks []block) {
	var open []*mix.Clip
	next := 0
	for i := range blocks {
		from, to := blocks[i].heard()
		for next < len(tl.Clips) && tl.Clips[next].Start < to {
			open = append(open, &tl.Clips[next])
			next++
		}
		still := open[:0]
		for _, c := range open {
			// The next block may hear it from before its start on.
			if c.End() > blocks[i].from-reach*mix.Grid {
				still = append(still, c)
			}
		}
		open = still
		for _, c := range open {
			if c.End() > from && c.Start < to && c.Length > 0 {
				blocks[i].clips = append(blocks[i].clips, c)
			}
		}
	}
}
