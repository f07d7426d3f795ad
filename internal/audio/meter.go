package audio

import (
	"github.com/narrapress/narrapress/pipeline/level"
)

// Meter measures loudness (ITU-R BS.1770-4, EBU Tech 3341), loudness range (EBU
// Tech 3342) and true peak (BS.1770-4, annex 2) of samples as they pass. It
// may be asked at any time.
type Meter struct {
	channels []meterChannel
	weight   kWeighting
	peaks    *interpolator
	rate     int
	filled   int   // frames in the channels' buffers, behind the history
	frames   int64 // in all

	steps   int64        // of 10 ms, complete
	stepEnd int64        // frame at which the current step ends
	sub     float64      // energy of the current sub-block of 100 ms
	subFrom int64        // frame at which it began
	total   float64      // energy of all complete steps
	totals  [301]float64 // total after each of the last steps, a ring
	most    [2]float64   // greatest momentary and short-term mean squares
	runs    []float32    // complete sub-blocks
}

type meterChannel struct {
	state  kState
	weight float64
	step   float64   // sum of the squares of the current step
	buf    []float32 // peakTaps-1 samples of history, then new ones
	peak   float32
}

// meterBlock is how many frames are gathered before peaks are looked for.
const meterBlock = 1024

// NewMeter measures samples of format f. With dualMono one channel counts as
// heard on two loudspeakers, 3.01 LU louder.
func NewMeter(f Format, dualMono bool) *Meter {
	weights := make([]float64, max(f.Channels, 1))
	for i := range weights {
		weights[i] = 1
		if dualMono && f.Channels == 1 {
			weights[i] = 2
		}
	}
	return newMeter(f.Rate, weights)
}

// newMeter measures any number of channels, each with its weight (BS.1770-4,
// table 3: 1.41 for the surround channels, 0 for LFE).
func newMeter(rate int, weights []float64) *Meter {
	m := &Meter{rate: max(rate, 1), weight: newKWeighting(rate), peaks: newInterpolator()}
	for _, w := range weights {
		m.channels = append(m.channels, meterChannel{weight: w, buf: make([]float32, peakTaps-1+meterBlock)})
	}
	m.stepEnd = m.endOfStep(0)
	return m
}

// endOfStep is the frame at which a step ends. Steps of a rate that 100 does
// not divide differ by one frame, and ten are a sub-block of 100 ms.
func (m *Meter) endOfStep(step int64) int64 { return (step + 1) * int64(m.rate) / 100 }

// Write measures samples, interleaved, whole frames.
func (m *Meter) Write(samples []float32) {
	ch := len(m.channels)
	for len(samples) >= ch {
		n := min(len(samples)/ch, meterBlock-m.filled, int(m.stepEnd-m.frames))
		from := peakTaps - 1 + m.filled
		for c := range m.channels {
			deinterleave(m.channels[c].buf[from:from+n], samples, c, ch)
		}
		m.addEnergy(from, from+n)
		m.filled += n
		m.frames += int64(n)
		samples = samples[n*ch:]
		if m.filled == meterBlock {
			m.lookForPeaks()
		}
		for m.frames == m.stepEnd { // more than once only below 100 Hz
			m.closeStep()
		}
	}
}

func (m *Meter) addEnergy(from, to int) {
	for c := range m.channels {
		ch := &m.channels[c]
		ch.step = m.weight.energy(&ch.state, ch.buf[from:to], ch.step)
	}
}

func (m *Meter) lookForPeaks() {
	for c := range m.channels {
		ch := &m.channels[c]
		ch.peak = m.peaks.peakOver(ch.buf, ch.peak)
		copy(ch.buf, ch.buf[meterBlock:])
	}
	m.filled = 0
}

func (m *Meter) closeStep() {
	for c := range m.channels {
		ch := &m.channels[c]
		m.total += ch.step * ch.weight
		m.sub += ch.step * ch.weight
		ch.step = 0
	}
	m.steps++
	m.totals[m.steps%int64(len(m.totals))] = m.total
	m.stepEnd = m.endOfStep(m.steps)
	for i, n := range [2]int64{momentary, shortTerm} {
		m.most[i] = max(m.most[i], m.window(n))
	}
	if m.steps%10 == 0 {
		m.runs = append(m.runs, float32(m.sub/float64(m.frames-m.subFrom)))
		m.sub, m.subFrom = 0, m.frames
	}
}

// Windows of EBU Tech 3341, in steps of 10 ms.
const (
	momentary = 40
	shortTerm = 300
)

// window is the mean square of the last n steps, 0 before there are so many.
func (m *Meter) window(n int64) float64 {
	if m.steps < n {
		return 0
	}
	size := int64(len(m.totals))
	sum := m.total - m.totals[(m.steps-n)%size]
	return max(sum, 0) / float64(m.endOfStep(m.steps-1)-m.endOfStep(m.steps-n-1))
}

// Momentary is the loudness of the last 400 ms.
func (m *Meter) Momentary() level.LUFS { return loudness(m.window(momentary)) }

// ShortTerm is the loudness of the last 3 s.
func (m *Meter) ShortTerm() level.LUFS { return loudness(m.window(shortTerm)) }

// MaxMomentary is the greatest momentary loudness, looked at every 10 ms.
func (m *Meter) MaxMomentary() level.LUFS { return loudness(m.most[0]) }

// MaxShortTerm is the greatest short-term loudness, looked at every 10 ms.
func (m *Meter) MaxShortTerm() level.LUFS { return loudness(m.most[1]) }

// Integrated is the gated loudness of everything, −∞ if all is below the gate.
func (m *Meter) Integrated() level.LUFS { return Gated(m.runs) }

// Range is the loudness range in LU.
func (m *Meter) Range() float64 { return loudnessRange(m.runs) }

// Energies are what loudness is computed from: for each complete sub-block of
// 100 ms the K-weighted mean square, weighted and summed over the channels. The
// slice is the meter's own.
func (m *Meter) Energies() []float32 { return m.runs }

// TruePeak is the greatest true peak of any channel, −∞ of silence. The signal
// counts as silent before its start and after its end.
func (m *Meter) TruePeak() level.DBTP {
	return truePeak(m.peaks, m.channels, m.filled)
}
