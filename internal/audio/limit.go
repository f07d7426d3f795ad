package audio

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/narrapress/narrapress/pipeline/level"
)

// The limiter's times: the gain comes down over the 5 ms before a peak, too
// short to be heard as a fade and long enough not to click, and goes back to 1
// as an exponential of 80 ms, slower than a period of the lowest voice, so
// that it does not follow the wave. Both are judgement.
const (
	limitAttack  = 0.005 // s
	limitRelease = 0.080 // s
)

// limitPasses: smooth gain changes the true peaks a little that it was made
// from. Each further pass does to the rest what the first did to the whole, and
// touches nothing else.
const limitPasses = 3

// Limit keeps the true peak of src at or below the ceiling (by [Meter], to
// 0.05 dB), looking 5 ms ahead, with one gain for both channels. It gives as
// many frames as src, without delay; samples that need no reduction, nor stand
// near one that does, pass bit by bit.
func Limit(src Source, ceiling level.DBTP) Source {
	f := src.Format()
	if err := f.check(); err != nil {
		return &failed{f, fmt.Errorf("limit: %w", err)}
	}
	for range limitPasses {
		src = newLimiter(src, f, float32(math.Pow(10, float64(ceiling)/20)))
	}
	return src
}

// limiter is one pass. Frames have numbers from the start of src; it holds
// [first, first+len), of which those before done were given, those before
// known have their greatest magnitude in need, and the rest wait for the
// samples to their right that the interpolator wants.
type limiter struct {
	src     Source
	format  Format
	ceiling float32
	peaks   *interpolator
	env     *envelope
	window  [][]float32 // a channel
	need    []float32   // magnitudes, in step with window
	gains   []float64   // that advance settled
	gain    []float64   // the rest of them: of the frames from done on
	first   int64
	known   int64
	done    int64
	end     int64 // frames of src, once err is set
	raw     []float32
	err     error
}

const limitBlock = 2048 // frames read at a time

func newLimiter(src Source, f Format, ceiling float32) *limiter {
	l := &limiter{src: src, format: f, ceiling: ceiling, peaks: newInterpolator(), env: newEnvelope(f.Rate)}
	// Silence before the start.
	l.first = -peakTaps
	l.window = make([][]float32, f.Channels)
	for c := range l.window {
		l.window[c] = make([]float32, peakTaps)
	}
	l.need = make([]float32, peakTaps)
	l.raw = make([]float32, limitBlock*f.Channels)
	return l
}

func (l *limiter) Format() Format { return l.format }

func (l *limiter) ReadSamples(dst []float32) (int, error) {
	ch := l.format.Channels
	if len(dst) < ch {
		return 0, io.ErrShortBuffer
	}
	for len(l.gain) == 0 {
		if l.err != nil && (l.err != io.EOF || l.done == l.end) {
			return 0, l.err
		}
		l.advance()
	}
	n := min(len(dst)/ch, len(l.gain))
	at := int(l.done - l.first)
	for c, w := range l.window {
		w = w[at : at+n]
		for i, g := range l.gain[:n] {
			v := w[i]
			if g != 1 {
				v = float32(float64(v) * g)
			}
			dst[i*ch+c] = v
		}
	}
	l.gain = l.gain[n:]
	l.done += int64(n)
	return n * ch, nil
}

// advance reads a block and works out the gains that it settles.
func (l *limiter) advance() {
	ch := l.format.Channels
	// The interpolator looks back peakTaps frames from known, which is ahead of
	// done, or beside it at the end.
	drop := int(min(l.done, l.known-peakTaps) - l.first)
	if drop > 0 {
		for c, w := range l.window {
			l.window[c] = w[:copy(w, w[drop:])]
		}
		l.need = l.need[:copy(l.need, l.need[drop:])]
		l.first += int64(drop)
	}
	var n int
	if l.err == nil {
		n, l.err = fill(l.src, l.raw)
		l.end += int64(n / ch)
	}
	var silence [peakTaps]float32
	pad := silence[:0]
	if l.err == io.EOF {
		pad = silence[:]
	}
	for c, w := range l.window {
		for i := c; i < n; i += ch {
			w = append(w, l.raw[i])
		}
		l.window[c] = append(w, pad...)
	}
	from := len(l.need)
	l.need = slices.Grow(l.need, n/ch+len(pad))[:from+n/ch+len(pad)]
	clear(l.need[from:])
	upTo := l.first + int64(len(l.need)) - peakHalf
	if l.err == io.EOF {
		upTo = l.end
	}
	if upTo <= l.known {
		return
	}
	loud := l.detect(l.known, upTo)
	l.gains = l.env.follow(l.gains[:0], l.need[l.known-l.first:upTo-l.first], l.ceiling, loud)
	l.known = upTo
	if l.err == io.EOF {
		l.gains = l.env.flush(l.gains)
	}
	l.gain = l.gains
}

// detect raises need for the frames [from, to) to the greatest magnitude
// of any channel at the frame or on either side of it, up to its neighbours,
// and reports whether any is above the ceiling.
func (l *limiter) detect(from, to int64) (loud bool) {
	for _, w := range l.window {
		for i := from - 1; i < to; i += peakRun {
			n := min(peakRun, to-i)
			at := int(i - l.first)
			run := w[at-peakHalf+1 : at+int(n)+peakHalf]
			if samplePeak(run)*l.peaks.gain <= l.ceiling {
				continue
			}
			for k := range int(n) { // between the frames i+k and i+k+1
				x := (*[peakTaps]float32)(run[k:])
				p := l.peaks.between(x)
				l.need[at+k] = max(l.need[at+k], p, abs(x[peakHalf-1]))
				l.need[at+k+1] = max(l.need[at+k+1], p)
				loud = loud || p > l.ceiling || abs(x[peakHalf-1]) > l.ceiling
			}
		}
	}
	return loud
}
