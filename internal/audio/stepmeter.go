package audio

import (
	"fmt"
	"io"
	"math"

	"github.com/narrapress/narrapress/pipeline/level"
)

// StepFrames is how many frames a [StepMeter] puts together: those of one MPEG
// frame, layer III (ISO/IEC 11172-3). So blocks of whole MPEG frames have whole
// steps, wherever in an episode they come to stand.
const StepFrames = 1152

// StepMeter measures a block of a programme, such that the whole can be
// measured from its blocks: the K-weighted energy of each step of [StepFrames]
// (see [Programme]), and the true peak. The filters start at rest, so a block
// should begin and end in silence.
type StepMeter struct {
	weight   kWeighting
	peaks    *interpolator
	channels []meterChannel
	filled   int // frames in the channels' buffers, behind the history
	steps    []float32
}

// NewStepMeter measures samples of format f. One channel counts as heard on
// two loudspeakers.
func NewStepMeter(f Format) *StepMeter {
	m := &StepMeter{weight: newKWeighting(max(f.Rate, 1)), peaks: newInterpolator()}
	for range max(f.Channels, 1) {
		m.channels = append(m.channels, meterChannel{weight: 1, buf: make([]float32, peakTaps-1+StepFrames)})
	}
	if len(m.channels) == 1 {
		m.channels[0].weight = 2
	}
	return m
}

// MeasureSteps reads src to its end with a StepMeter.
func MeasureSteps(src Source) (*StepMeter, error) {
	f := src.Format()
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("measure loudness: %w", err)
	}
	m := NewStepMeter(f)
	buf := make([]float32, 4096)
	for {
		n, err := src.ReadSamples(buf)
		m.Write(buf[:n])
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return nil, fmt.Errorf("measure loudness: %w", err)
		}
	}
}

// Reset forgets everything but the format, to measure another block. What
// Steps returned before holds no longer.
func (m *StepMeter) Reset() {
	m.filled, m.steps = 0, m.steps[:0]
	for c := range m.channels {
		ch := &m.channels[c]
		ch.state, ch.step, ch.peak = kState{}, 0, 0
		clear(ch.buf[:peakTaps-1])
	}
}

// Write measures samples, interleaved, whole frames.
func (m *StepMeter) Write(samples []float32) {
	ch := len(m.channels)
	for len(samples) >= ch {
		n := min(len(samples)/ch, StepFrames-m.filled)
		from := peakTaps - 1 + m.filled
		for c := range m.channels {
			channel := &m.channels[c]
			buf := channel.buf[from : from+n]
			deinterleave(buf, samples, c, ch)
			channel.step = m.weight.energy(&channel.state, buf, channel.step)
		}
		m.filled += n
		samples = samples[n*ch:]
		if m.filled == StepFrames {
			m.closeStep()
		}
	}
}

func (m *StepMeter) closeStep() {
	m.steps = append(m.steps, m.energy())
	for c := range m.channels {
		ch := &m.channels[c]
		ch.peak = m.peaks.peakOver(ch.buf, ch.peak)
		copy(ch.buf, ch.buf[StepFrames:])
		ch.step = 0
	}
	m.filled = 0
}

// energy is the mean square of the step under way.
func (m *StepMeter) energy() float32 {
	sum := 0.0
	for c := range m.channels {
		sum += m.channels[c].step * m.channels[c].weight
	}
	return float32(sum / StepFrames)
}

// Steps are the energies: for each step the K-weighted mean square, summed
// over the channels. A last, incomplete step counts as filled up with silence.
// The slice is the meter's own.
func (m *StepMeter) Steps() []float32 {
	if m.filled == 0 {
		return m.steps
	}
	return append(m.steps, m.energy())
}

// TakePeak is the true peak of the whole steps since it was last called. What
// lies between a step's last samples and those behind it counts as behind it: so
// stretches can be told apart in which sound goes on without a break.
func (m *StepMeter) TakePeak() level.DBTP {
	most := float32(0)
	for c := range m.channels {
		most = max(most, m.channels[c].peak)
		m.channels[c].peak = 0
	}
	return level.DBTP(20 * math.Log10(float64(most)))
}

// TruePeak is as that of a [Meter].
func (m *StepMeter) TruePeak() level.DBTP { return truePeak(m.peaks, m.channels, m.filled) }

// truePeak is the greatest true peak of channels that have filled frames
// behind the history of their buffers; silence follows.
func truePeak(p *interpolator, channels []meterChannel, filled int) level.DBTP {
	most := float32(0)
	var rest []float32
	for c := range channels {
		ch := &channels[c]
		rest = append(rest[:0], ch.buf[:peakTaps-1+filled]...)
		rest = append(rest, make([]float32, peakTaps-1)...)
		most = max(most, p.peakOver(rest, ch.peak))
	}
	return level.DBTP(20 * math.Log10(float64(most)))
}

// deinterleave fills dst with channel c of samples of ch channels.
func deinterleave(dst, samples []float32, c, ch int) {
	switch ch {
	case 1:
		copy(dst, samples)
	case 2:
		s := samples[:2*len(dst)]
		for i := range dst {
			dst[i] = s[2*i+c]
		}
	default:
		for i := range dst {
			dst[i] = samples[i*ch+c]
		}
	}
}
