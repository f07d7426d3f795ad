package audio

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/narrapress/narrapress/pipeline/level"
)

// The limiter's times: the gain comes down over the 40 ms before a peak, stays
// down for as long as two peaks of the lowest voice lie apart (50 Hz), and goes
// back to 1 as an exponential of 50 ms. So it does not follow the wave: what
// it adds to a voice is 60 dB below the voice at 2 dB of reduction
// (TestLimitDistortionOfSpeech; coming down over 10 ms it would be 47). Nobody waits for a look-ahead here.
const (
	limitAttack  = 0.040 // s
	limitHold    = 0.020 // s
	limitRelease = 0.050 // s
)

// limitPasses: smooth gain changes the true peaks a little that it was made
// from. Each further pass does to the rest what the first did to the whole, and
// touches nothing else.
const limitPasses = 3

// limitSlack is what a peak may be above the ceiling before a pass moves the
// gain for it: 0.01 dB. Without it the last bit of a sample would.
const limitSlack = 1.00115

// Limit keeps the true peak of src at or below the ceiling (by [Meter], to
// 0.05 dB), looking 40 ms ahead, with one gain for both channels. It gives as
// many frames as src, without delay; samples that need no reduction, nor stand
// near one that does, pass bit by bit. A src whose true peak is known to be
// below the ceiling needs no limiter.
func Limit(src Source, ceiling level.DBTP) Source {
	f := src.Format()
	if err := f.check(); err != nil {
		return &failed{f, fmt.Errorf("limit: %w", err)}
	}
	peaks := newInterpolator()
	for range limitPasses {
		src = newLimiter(src, f, peaks, float32(math.Pow(10, float64(ceiling)/20)))
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
	settled settled     // gains of the frames from done on
	first   int64
	known   int64
	done    int64
	end     int64 // frames of src, once err is set
	raw     []float32
	err     error
}

const limitBlock = 4096 // frames read at a time

func newLimiter(src Source, f Format, peaks *interpolator, ceiling float32) *limiter {
	l := &limiter{src: src, format: f, ceiling: ceiling, peaks: peaks, env: newEnvelope(f.Rate)}
	// Silence before the start; room for what waits and a block.
	l.first = -peakTaps
	l.window = make([][]float32, f.Channels)
	room := 4*peakTaps + l.env.ahead + limitBlock
	for c := range l.window {
		l.window[c] = make([]float32, peakTaps, room)
	}
	l.need = make([]float32, peakTaps, room)
	if f.Channels > 1 {
		l.raw = make([]float32, limitBlock*f.Channels)
	}
	return l
}

func (l *limiter) Format() Format { return l.format }

func (l *limiter) ReadSamples(dst []float32) (int, error) {
	ch := l.format.Channels
	if len(dst) < ch {
		return 0, io.ErrShortBuffer
	}
	for l.settled.empty() {
		if l.err != nil && (l.err != io.EOF || l.done == l.end) {
			return 0, l.err
		}
		l.advance()
	}
	gains, n := l.settled.take(len(dst) / ch)
	at := int(l.done - l.first)
	for c, w := range l.window {
		w = w[at : at+n]
		switch {
		case gains != nil:
			for i, g := range gains {
				dst[i*ch+c] = float32(float64(w[i]) * g)
			}
		case ch == 1:
			copy(dst, w)
		default:
			for i, v := range w {
				dst[i*ch+c] = v
			}
		}
	}
	l.done += int64(n)
	return n * ch, nil
}

// advance reads a block and works out the gains that it settles.
func (l *limiter) advance() {
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
	from := len(l.need)
	if l.err == nil {
		l.read()
	}
	if l.err == io.EOF {
		for c, w := range l.window {
			l.window[c] = append(w, make([]float32, peakTaps)...)
		}
	}
	all := len(l.window[0])
	l.need = slices.Grow(l.need, all-from)[:all]
	clear(l.need[from:])
	upTo := l.first + int64(all) - peakHalf
	if l.err == io.EOF {
		upTo = l.end
	}
	if upTo > l.known {
		loud := l.detect(l.known, upTo)
		l.env.follow(&l.settled, l.need[l.known-l.first:upTo-l.first], l.ceiling, loud)
		l.known = upTo
	}
	if l.err == io.EOF {
		l.env.flush(&l.settled)
	}
}

// read appends a block of src to the window.
func (l *limiter) read() {
	ch := l.format.Channels
	if ch == 1 {
		w := slices.Grow(l.window[0], limitBlock)
		var n int
		n, l.err = fill(l.src, w[len(w):len(w)+limitBlock])
		l.window[0] = w[:len(w)+n]
		l.end += int64(n)
		return
	}
	var n int
	n, l.err = fill(l.src, l.raw)
	l.end += int64(n / ch)
	for c, w := range l.window {
		for i := c; i < n; i += ch {
			w = append(w, l.raw[i])
		}
		l.window[c] = w
	}
}

// detect raises need for the frames [from, to) to the greatest magnitude
// of any channel at the frame or on either side of it, up to its neighbours,
// where that may be above the ceiling, and reports whether any is.
func (l *limiter) detect(from, to int64) (loud bool) {
	limit := l.ceiling * limitSlack
	for _, w := range l.window {
		if all := w[from-l.first-peakHalf : to-l.first+peakHalf]; l.below(all) {
			continue
		}
		for i := from - 1; i < to; i += peakRun {
			n := min(peakRun, to-i)
			at := int(i - l.first)
			run := w[at-peakHalf+1 : at+int(n)+peakHalf]
			if l.below(run) {
				continue
			}
			bend := l.peaks.bend * curvature(run)
			for k := range int(n) { // between the frames i+k and i+k+1
				x := (*[peakTaps]float32)(run[k:])
				a := abs(x[peakHalf-1])
				p := max(a, abs(x[peakHalf]))
				if p+bend <= l.ceiling {
					continue
				}
				p = max(p, l.peaks.between(x))
				l.need[at+k] = max(l.need[at+k], p)
				l.need[at+k+1] = max(l.need[at+k+1], p)
				loud = loud || p > limit
			}
		}
	}
	return loud
}

// below reports whether no true peak among samples can be above the ceiling.
func (l *limiter) below(samples []float32) bool {
	peak := samplePeak(samples)
	return peak*l.peaks.gain <= l.ceiling || peak <= l.ceiling && peak+l.peaks.bend*curvature(samples) <= l.ceiling
}
