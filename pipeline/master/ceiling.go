package master

import (
	"context"
	"math"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// ends are the ceilings of the limiter at a block's ends, where there is a
// joint in sound: the blocks on both sides of it have the same there, or the
// gain would step. Nil where there is none.
type ends struct{ start, end *level.DBTP }

// ends finds the ceilings at a block's joints in sound. What there is around a
// joint is mastered and encoded like a block; the ceiling that it needs is the
// joint's, whichever block asks and whatever else is in it.
func (m *mastering) ends(ctx context.Context, b *block) (e ends, err error) {
	if b.joint {
		return e, nil
	}
	if b.before > 0 {
		if e.start, err = m.ceilingAt(ctx, b.from); err != nil {
			return e, err
		}
	}
	if b.behind > 0 {
		e.end, err = m.ceilingAt(ctx, b.to)
	}
	return e, err
}

func (m *mastering) ceilingAt(ctx context.Context, at int64) (*level.DBTP, error) {
	j := block{from: at - around*mix.Grid, to: at + around*mix.Grid, apart: true, before: overlapBefore, behind: overlapBehind, joint: true}
	j.clips = m.sounding(j.heard())
	p, err := m.piece(ctx, &j)
	return &p.ceiling, err
}

// limit keeps samples, which are what a block's limiter hears, under the
// ceiling; within around of a joint under that of the joint, and between them
// as long under one that moves from the one to the other.
func (m *mastering) limit(samples []float32, b *block, ceiling level.DBTP, e ends) error {
	f := m.format()
	early, late := b.limited()
	// A ceiling that moves is one that does not, for samples that are as much
	// louder where it is lower.
	louder := func(up bool) {
		at := func(joint int64, step int64, ceil *level.DBTP) {
			if ceil == nil || *ceil == ceiling {
				return
			}
			from, to := max(early, joint-2*around*mix.Grid), min(late, joint+2*around*mix.Grid)
			for n := from; n < to; n++ {
				inside := step * (n - joint) // frames from the joint into the block
				part := min(1, max(0, 2-float64(inside)/(around*mix.Grid)))
				g := float32(math.Pow(10, float64(ceiling-*ceil)*part/20))
				if !up {
					g = 1 / g
				}
				for c := range f.Channels {
					samples[int(n-early)*f.Channels+c] *= g
				}
			}
		}
		at(b.from, 1, e.start)
		at(b.to, -1, e.end)
	}
	louder(true)
	if audio.Exceeds(f, samples, ceiling) {
		// In place: the limiter has read a sample before it gives it.
		if err := fill(audio.Limit(audio.Samples(f, samples), ceiling), samples); err != nil {
			return err
		}
	}
	louder(false)
	return nil
}
