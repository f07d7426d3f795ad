package master

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// ends are the ceilings of the limiter at a block's ends, where there is a
// joint in sound: the blocks on both sides of it have the same there, or the
// gain would step. Nil where there is none. What there is around a joint is
// mastered and encoded for this alone.
type ends struct{ start, end *level.DBTP }

// ends finds the ceilings at a block's joints in sound.
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

// ceilingAt is the ceiling that a joint needs. It depends on what is heard
// around it alone, whichever block asks and whatever else is in that.
func (m *mastering) ceilingAt(ctx context.Context, at int64) (*level.DBTP, error) {
	j := block{from: at - 2*around*mix.Grid, to: at + around*mix.Grid, apart: true, before: overlapBefore, behind: overlapBehind, joint: true}
	j.clips = m.sounding(j.heard())
	key, err := m.key(&j)
	if err != nil {
		return nil, err
	}
	defer m.sounds.only(key)() // the blocks on both sides want it
	if kept := m.o.Cache.Get(key); len(kept) == 4 {
		ceiling := level.DBTP(math.Float32frombits(binary.LittleEndian.Uint32(kept)))
		return &ceiling, nil
	}
	ceiling, err := m.lower(func(ceiling level.DBTP) (level.DBTP, error) { return m.peakAt(ctx, &j, ceiling) })
	if err != nil {
		return nil, err
	}
	bits := math.Float32bits(float32(ceiling))
	ceiling = level.DBTP(math.Float32frombits(bits)) // as it will be read
	return &ceiling, m.o.Cache.Put(key, binary.LittleEndian.AppendUint32(nil, bits))
}

// peakAt is the true peak within around of a joint under a ceiling, encoded
// as both blocks will encode it: at the end of one, with what its reservoir
// has gathered by then, and at the start of the other.
func (m *mastering) peakAt(ctx context.Context, j *block, ceiling level.DBTP) (level.DBTP, error) {
	samples, done, err := m.master(ctx, j, ceiling, ends{})
	if err != nil {
		return 0, err
	}
	defer done()
	frame := mix.Grid * m.tl.Channels
	end, err := m.coder.Code(ctx, m.stream, samples[:len(samples)-around*frame],
		excerpt{skip: overlapBefore, n: 2 * around, first: around, open: true})
	if err != nil {
		return 0, err
	}
	start, err := m.coder.Code(ctx, m.stream, samples[2*around*frame:], excerpt{skip: overlapBefore, n: around, open: true})
	if err != nil {
		return 0, err
	}
	return max(end.within, start.within), nil
}

// margin is how much the limiter first leaves for the overshoot of coding, in
// dB; what overshoots more is encoded again under a lower ceiling.
const margin = 0.7

// tries is how many times that is done at most to keep the peak.
const tries = 8

// lower is the ceiling under which the peak is kept after coding, by what peak
// says of one.
func (m *mastering) lower(peak func(level.DBTP) (level.DBTP, error)) (ceiling level.DBTP, err error) {
	ceiling = m.o.Peak - margin
	for try := 1; ; try++ {
		p, err := peak(ceiling)
		over := p - m.o.Peak
		if err != nil || over <= 0 || try == tries {
			return ceiling, err
		}
		// More each time: what is left is the coder's, and follows the level
		// only roughly.
		ceiling -= over + 0.1*level.DBTP(try)
	}
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
