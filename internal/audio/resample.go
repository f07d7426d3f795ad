package audio

import (
	"fmt"
	"io"
	"math"
	"sync"
)

// The resampler's filter. A Kaiser window of shape 10.06 stops 100 dB, which is
// below the noise of 16 bits; with 128 taps at the lower of the two rates the
// step from passband to stopband takes 5 % of that rate (Kaiser's formulas:
// Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6). The stopband
// begins at the lower Nyquist frequency, so nothing is aliased; the passband
// ends at 0.9 of it.
const (
	resampleTaps = 128
	resampleBeta = 10.06
	resampleStep = 0.0505 // of the lower rate
)

// maxPhases is the largest table of the filter. Odd pairs of rates need more
// phases than that; they take the values between two (linear, error -118 dB).
const maxPhases = 1024

// ResampledFrames is how many frames n frames become: n*to/from, rounded up.
func ResampledFrames(n int64, from, to int) int64 {
	g := int64(gcd(from, to))
	f, t := int64(from)/g, int64(to)/g
	return n/f*t + (n%f*t+f-1)/f
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Resample changes the rate of src: a polyphase low-pass filter without delay
// (frame 0 stays frame 0) that gives exactly [ResampledFrames] frames. A src
// that has the rate already is returned as it is.
func Resample(src Source, rate int) Source { return new(Resampler).Resample(src, rate) }

// Resampler resamples many sounds with the same filters: to make one takes as
// long as to resample a second of sound. Unlike the other values of this
// package it is safe for concurrent use. The zero value has no filters yet.
type Resampler struct {
	mu      sync.Mutex
	filters map[conversion]*polyphase
}

// conversion is a pair of rates in lowest terms.
type conversion struct{ up, down int }

// maxFilters is how many filters a Resampler keeps. Shows have a few rates;
// hostile files could bring any number.
const maxFilters = 32

// Resample is as the function of that name.
func (r *Resampler) Resample(src Source, rate int) Source {
	f := src.Format()
	if f.Rate == rate {
		return src
	}
	out := Format{Rate: rate, Channels: f.Channels}
	for _, g := range []Format{f, out} {
		if err := g.check(); err != nil {
			return &failed{out, fmt.Errorf("resample: %w", err)}
		}
	}
	g := gcd(f.Rate, rate)
	return newResampler(src, out, r.filter(conversion{up: rate / g, down: f.Rate / g}))
}

func (r *Resampler) filter(c conversion) *polyphase {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.filters[c]; p != nil {
		return p
	}
	p := newPolyphase(c)
	if r.filters == nil {
		r.filters = make(map[conversion]*polyphase)
	}
	if len(r.filters) < maxFilters {
		r.filters[c] = p
	}
	return p
}

// polyphase is a filter: 2*half taps for each of phases+1 positions from one
// frame to the next. It is not written to once it is made.
type polyphase struct {
	conversion
	half   int // taps to either side of a position
	phases int // up, or maxPhases to interpolate between
	table  []float32
}

func newPolyphase(c conversion) *polyphase {
	// Taps are counted at the lower rate: going down they are longer.
	stretch := max(1, float64(c.down)/float64(c.up))
	half := (int(math.Ceil(resampleTaps*stretch)) + dotRun - 1) / dotRun * dotRun / 2
	p := &polyphase{conversion: c, half: half, phases: min(c.up, maxPhases)}
	p.fill((0.5 - resampleStep/2) / stretch)
	return p
}

// fill computes half of the table: the other half mirrors it.
func (p *polyphase) fill(cutoff float64) {
	taps, half := 2*p.half, float64(p.half)
	p.table = make([]float32, (p.phases+1)*taps)
	h := make([]float64, taps)
	for i := range p.phases/2 + 1 {
		sum := 0.0
		for k := range h {
			h[k] = lowPass(float64(k+1)-half-float64(i)/float64(p.phases), cutoff, half, resampleBeta)
			sum += h[k]
		}
		row, mirror := p.table[i*taps:(i+1)*taps], p.table[(p.phases-i)*taps:(p.phases-i+1)*taps]
		for k, v := range h { // every phase passes a constant unchanged
			row[k] = float32(v / sum)
			mirror[taps-1-k] = row[k]
		}
	}
}

// resampler holds the input around the current position, one slice a channel.
// Output frame m lies at input position m*down/up; position is kept as a
// whole frame (at) and a remainder (phase, in 1/up).
type resampler struct {
	*polyphase
	src    Source
	out    Format
	window [][]float32 // input frames [first, first+len), a channel
	raw    []float32
	first  int64 // of the window; starts at -half, with silence
	read   int64 // input frames
	at     int64
	phase  int
	made   int64 // output frames
	total  int64 // output frames in all, once the end of src is known
	err    error // of src
}

func newResampler(src Source, out Format, p *polyphase) *resampler {
	r := &resampler{polyphase: p, src: src, out: out, first: int64(1 - p.half), total: math.MaxInt64}
	for range out.Channels {
		r.window = append(r.window, make([]float32, p.half-1, 4*p.half+resampleBlock))
	}
	r.raw = make([]float32, resampleBlock*out.Channels)
	return r
}

// resampleBlock is how many frames are read at a time.
const resampleBlock = 2048

func (r *resampler) Format() Format { return r.out }

func (r *resampler) ReadSamples(dst []float32) (int, error) {
	ch := r.out.Channels
	if len(dst) < ch {
		return 0, io.ErrShortBuffer
	}
	for {
		// Frame k from here on needs the window up to (phase+k*down)/up + half.
		room := max(r.first+int64(len(r.window[0])-r.half)-r.at, 0) * int64(r.up)
		most := max(room-int64(r.phase)+int64(r.down)-1, 0) / int64(r.down)
		n := int(min(most, r.total-r.made, int64(len(dst)/ch)))
		if n > 0 {
			for c := range r.window {
				r.filter(c, dst, n)
			}
			r.made += int64(n)
			phase := int64(r.phase) + int64(n)*int64(r.down)
			r.at += phase / int64(r.up)
			r.phase = int(phase % int64(r.up))
			return n * ch, nil
		}
		if r.err != nil {
			return 0, r.err
		}
		r.refill()
	}
}

// filter puts the next n frames of channel c into dst.
func (r *resampler) filter(c int, dst []float32, n int) {
	x := r.window[c][int(r.at-r.first)-r.half+1:]
	if r.phases == r.up {
		r.stride(dst[c:], len(r.window), x, r.phase, n)
		return
	}
	taps := 2 * r.half
	for i := range n {
		at := r.phase + i*r.down
		p := float64(at%r.up) * float64(r.phases) / float64(r.up)
		row, x := r.table[int(p)*taps:], x[at/r.up:][:taps]
		a, b := dotInGo(row[:taps], x), dotInGo(row[taps:2*taps], x)
		dst[i*len(r.window)+c] = a + (b-a)*float32(p-math.Floor(p))
	}
}

// strideInGo filters x, for n outputs down/up frames apart, the first at phase
// in x, and puts them step apart into dst. There are up phases.
func (p *polyphase) strideInGo(dst []float32, step int, x []float32, phase, n int) {
	taps, whole, part := 2*p.half, p.down/p.up, p.down%p.up
	at := 0
	for i := range n {
		dst[i*step] = dotInGo(p.table[phase*taps:][:taps], x[at:][:taps])
		at += whole
		if phase += part; phase >= p.up {
			phase -= p.up
			at++
		}
	}
}

// refill drops the input that is no longer needed and reads on; the end of
// src is followed by silence.
func (r *resampler) refill() {
	drop := min(max(int(r.at-r.first)-r.half+1, 0), len(r.window[0]))
	for c, w := range r.window {
		r.window[c] = w[:copy(w, w[drop:])]
	}
	r.first += int64(drop)
	n, err := fill(r.src, r.raw)
	r.err = err
	ch := r.out.Channels
	r.read += int64(n / ch)
	if err == io.EOF {
		r.total = ResampledFrames(r.read, r.down, r.up)
	}
	for c, w := range r.window {
		for i := c; i < n; i += ch {
			w = append(w, r.raw[i])
		}
		if err == io.EOF {
			w = append(w, make([]float32, 2*r.half)...)
		}
		r.window[c] = w
	}
}
