package audio

import (
	"github.com/narrapress/narrapress/pipeline/level"
)

// Programme is the loudness of a whole, from the energies of its steps (see
// [StepMeter]). They are laid on the grid of 100 ms that the gates of BS.1770-4
// want; within a step the energy counts as even, which is within 0.01 LU at 44.1 kHz and
// 0.03 LU at 24 kHz. Ten hours take milliseconds.
type Programme struct {
	step   float64   // length of a step, in sub-blocks of 100 ms
	filled float64   // part of the sub-block under way that is there
	energy float64   // and its energy so far
	tenths []float32 // complete sub-blocks
}

// NewProgramme takes steps of stepFrames frames at rate Hz.
func NewProgramme(stepFrames, rate int) *Programme {
	return &Programme{step: 10 * float64(max(stepFrames, 1)) / float64(max(rate, 1))}
}

// Add puts steps behind those that are there, louder by gain.
func (p *Programme) Add(steps []float32, gain level.DB) {
	power := gain.Factor() * gain.Factor()
	for _, v := range steps {
		e, left := float64(v)*power, p.step
		for p.filled+left >= 1-1e-9 {
			part := 1 - p.filled
			p.tenths = append(p.tenths, float32(p.energy+e*part))
			p.filled, p.energy = 0, 0
			left = max(left-part, 0)
		}
		p.filled += left
		p.energy += e * left
	}
}

// Energies are those of the complete stretches of 100 ms.
func (p *Programme) Energies() []float32 { return p.tenths }

// Integrated is the gated loudness, −∞ if all is below the gate.
func (p *Programme) Integrated() level.LUFS { return Gated(p.tenths) }

// Range is the loudness range in LU (EBU Tech 3342).
func (p *Programme) Range() float64 { return loudnessRange(p.tenths) }

// Canvas is a programme that is laid out but not rendered: it predicts the
// loudness from what is known of each sound, such as the energies of takes
// (see [Analysis]). Sounds that overlap have nothing to do with each other, so
// their energies add up. The zero value is a programme of silence.
type Canvas struct {
	tenths []float64 // of 100 ms
}

// canvasLength bounds a canvas, in sub-blocks: ten days.
const canvasLength = 10 * 24 * 36000

// Add lays the energies of a sound, which are 100 ms each, on the canvas from
// frame at on, in frames of rate Hz, louder by gain. What of them would lie
// before the start, or behind ten days, is left out.
func (c *Canvas) Add(at int64, rate int, energies []float32, gain level.DB) {
	hz := int64(max(rate, 1))
	first, rest := at/hz*10+at%hz*10/hz, at%hz*10%hz
	if rest < 0 {
		first, rest = first-1, rest+hz
	}
	if first >= canvasLength || first+int64(len(energies)) < 0 {
		return
	}
	if from := -1 - first; from > 0 {
		energies, first = energies[from:], -1
	}
	energies = energies[:min(len(energies), canvasLength-int(first))]
	if need := int(first) + len(energies) + 1; need > len(c.tenths) {
		c.tenths = append(c.tenths, make([]float64, need-len(c.tenths))...)
	}
	// A sub-block lies across two of the canvas; its energy counts as even.
	power := gain.Factor() * gain.Factor()
	late := power * float64(rest) / float64(hz)
	early := power - late
	for i, v := range energies {
		cell := int(first) + i
		if cell >= 0 {
			c.tenths[cell] += float64(v) * early
		}
		c.tenths[cell+1] += float64(v) * late
	}
}

// Energies are those of the canvas, 100 ms each, as of a [Meter].
func (c *Canvas) Energies() []float32 {
	out := make([]float32, len(c.tenths))
	for i, v := range c.tenths {
		out[i] = float32(v)
	}
	return out
}

// Integrated is the gated loudness, −∞ if all is below the gate.
func (c *Canvas) Integrated() level.LUFS { return Gated(c.Energies()) }
