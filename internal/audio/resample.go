package audio

import (
	"fmt"
	"io"
	"math"
)

// The resampler's filter. A Kaiser window of shape 7.857 stops 80 dB; with 96
// taps at the lower of the two rates the step from passband to stopband takes
// 5.2 % of that rate (Kaiser's formulas: Oppenheim and Schafer, Discrete-Time
// Signal Processing, 7.6). The stopband begins at the lower Nyquist frequency,
// so nothing is aliased; the passband ends at 0.9 of it.
const (
	resampleTaps = 96
	resampleBeta = 7.857
	resampleStep = 0.0523 // of the lower rate
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
func Resample(src Source, rate int) Source {
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
	return newResampler(src, f, out)
}

// resampler holds the input around the current position, one slice a channel.
// Output frame m lies at input position m*down/up; position is kept as a
// whole frame (at) and a remainder (phase, in 1/up).
type resampler struct {
	src      Source
	in, out  Format
	up, down int
	half     int // taps to either side of a position
	phases   int // of the table; up, or maxPhases to interpolate between
	table    []float32
	window   [][]float32 // input frames [first, first+len), a channel
	raw      []float32
	first    int64 // of the window; starts at -half, with silence
	read     int64 // input frames
	at       int64
	phase    int
	made     int64 // output frames
	total    int64 // output frames in all, once the end of src is known
	err      error // of src
}

func newResampler(src Source, in, out Format) *resampler {
	g := gcd(in.Rate, out.Rate)
	r := &resampler{src: src, in: in, out: out, up: out.Rate / g, down: in.Rate / g}
	// Taps are counted at the lower rate: going down they are longer.
	stretch := max(1, float64(in.Rate)/float64(out.Rate))
	r.half = (int(math.Ceil(resampleTaps*stretch)) + dotRun - 1) / dotRun * dotRun / 2
	r.phases = min(r.up, maxPhases)
	taps := 2 * r.half
	r.table = polyphase(r.phases, r.half, (0.5-resampleStep/2)/stretch)
	r.first, r.total = int64(1-r.half), math.MaxInt64
	for range in.Channels {
		r.window = append(r.window, make([]float32, r.half-1, taps+resampleBlock))
	}
	r.raw = make([]float32, resampleBlock*in.Channels)
	return r
}

// polyphase is the filter's table: 2*half taps for each of phases+1 positions
// from one frame to the next. It is made anew for every sound, so it is made
// fast: the second half mirrors the first.
func polyphase(phases, half int, cutoff float64) []float32 {
	taps := 2 * half
	table := make([]float32, (phases+1)*taps)
	h := make([]float64, taps)
	for p := range phases/2 + 1 {
		sum := 0.0
		for k := range h {
			h[k] = lowPass(float64(k-half+1)-float64(p)/float64(phases), cutoff, float64(half), resampleBeta)
			sum += h[k]
		}
		row, mirror := table[p*taps:(p+1)*taps], table[(phases-p)*taps:(phases-p+1)*taps]
		for k, v := range h { // every phase passes a constant unchanged
			row[k] = float32(v / sum)
			mirror[taps-1-k] = row[k]
		}
	}
	return table
}

// resampleBlock is how many frames are read at a time.
const resampleBlock = 2048

func (r *resampler) Format() Format { return r.out }

func (r *resampler) ReadSamples(dst []float32) (int, error) {
	ch := r.in.Channels
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
	taps, phase := 2*r.half, r.phase
	x := r.window[c][int(r.at-r.first)-r.half+1:]
	for i := range n {
		if r.phases == r.up {
			dst[i*len(r.window)+c] = dot(r.table[phase*taps:][:taps], x[:taps])
		} else {
			p := float64(phase) * float64(r.phases) / float64(r.up)
			row := r.table[int(p)*taps:]
			a, b := dot(row[:taps], x[:taps]), dot(row[taps:2*taps], x[:taps])
			dst[i*len(r.window)+c] = a + (b-a)*float32(p-math.Floor(p))
		}
		for phase += r.down; phase >= r.up; phase -= r.up {
			x = x[1:]
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
	ch := r.in.Channels
	r.read += int64(n / ch)
	if err == io.EOF {
		r.total = ResampledFrames(r.read, r.in.Rate, r.out.Rate)
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
