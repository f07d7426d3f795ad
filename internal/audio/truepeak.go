package audio

import "math"

// The interpolator of true peaks: 4 times oversampling (ITU-R BS.1770-4,
// annex 2) by a windowed sinc of 24 taps a phase, flat to 0.44 of the rate.
// Phase 0 is the samples themselves, so a true peak is never below the sample
// peak. (The filter of 12 taps in the annex is an example of the method.)
const (
	peakTaps = 24
	peakHalf = peakTaps / 2
	peakBeta = 5.65
)

// peakRun is how many frames are looked at together: where no sample is high
// enough to beat the peak so far, none of them is interpolated.
const peakRun = 64

// interpolator holds the filter, and two bounds of what it can make of a run:
// one by the samples' height, and one, nearer where sound is smooth as voices
// are, by their height and their curvature.
type interpolator struct {
	h    [peakTaps][3]float32 // at 1/4, 2/4 and 3/4 of the way
	gain float32              // no interpolated value exceeds the samples by more
	bend float32              // nor the two beside it by more than this, times the curvature
}

func newInterpolator() *interpolator {
	p := &interpolator{}
	for f := range 3 {
		sum, norm := 0.0, 0.0
		var h [peakTaps]float64
		for k := range h {
			h[k] = lowPass(float64(k-peakHalf+1)-float64(f+1)/4, 0.5, peakHalf, peakBeta)
			sum += h[k]
		}
		for k := range h {
			h[k] /= sum
			p.h[k][f] = float32(h[k])
			norm += math.Abs(h[k])
		}
		const rounding = 1.0001
		p.gain = max(p.gain, float32(norm*rounding))
		p.bend = max(p.bend, float32(bendOf(h)*rounding))
	}
	return p
}

// bendOf takes a filter apart: into a mean of the two samples in the middle,
// which is chosen so that the rest, having neither a sum nor a first moment, is
// a filter of the second differences. It returns the L1 norm of that one, whose
// taps are the rest summed up twice.
func bendOf(h [peakTaps]float64) float64 {
	moment := 0.0
	for k, v := range h {
		moment += v * float64(k-peakHalf+1)
	}
	h[peakHalf-1] -= 1 - moment
	h[peakHalf] -= moment
	norm, once, twice := 0.0, 0.0, 0.0
	for _, v := range h {
		once += v
		twice += once
		norm += math.Abs(twice)
	}
	return norm
}

// curvature is the greatest magnitude of a second difference in x.
func curvature(x []float32) float32 {
	if len(x) < 3 {
		return 0
	}
	most, last := uint32(0), x[1]-x[0]
	for i, v := range x[2:] {
		d := v - x[i+1]
		most = max(most, math.Float32bits(d-last)&^(1<<31))
		last = d
	}
	return math.Float32frombits(most)
}

// between is the greatest magnitude between the two middle samples of x.
func (p *interpolator) between(x *[peakTaps]float32) float32 {
	var a, b, c, d, e, f float32
	for k := 0; k < peakTaps; k += 2 {
		h, g := &p.h[k], &p.h[k+1]
		v, w := x[k], x[k+1]
		a += h[0] * v
		b += h[1] * v
		c += h[2] * v
		d += g[0] * w
		e += g[1] * w
		f += g[2] * w
	}
	return max(abs(a+d), abs(b+e), abs(c+f))
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// samplePeak is the greatest magnitude in x. Magnitudes are compared as
// integers, which order alike and need no branch.
func samplePeak(x []float32) float32 {
	var p, q, r, s uint32
	for len(x) >= 4 {
		b := (*[4]float32)(x)
		p = max(p, math.Float32bits(b[0])&^(1<<31))
		q = max(q, math.Float32bits(b[1])&^(1<<31))
		r = max(r, math.Float32bits(b[2])&^(1<<31))
		s = max(s, math.Float32bits(b[3])&^(1<<31))
		x = x[4:]
	}
	for _, v := range x {
		p = max(p, math.Float32bits(v)&^(1<<31))
	}
	return math.Float32frombits(max(p, q, r, s))
}

// peakOver returns the greater of most and the true peak of x, which begins
// with peakTaps-1 samples that were looked at before.
func (p *interpolator) peakOver(x []float32, most float32) float32 {
	for i := 0; i+peakTaps <= len(x); i += peakRun {
		run := x[i:min(i+peakRun+peakTaps-1, len(x))]
		peak := samplePeak(run)
		most = max(most, peak)
		if peak*p.gain <= most {
			continue
		}
		bend := p.bend * curvature(run)
		if peak+bend <= most {
			continue
		}
		for ; len(run) >= peakTaps; run = run[1:] {
			x := (*[peakTaps]float32)(run)
			if max(abs(x[peakHalf-1]), abs(x[peakHalf]))+bend > most {
				most = max(most, p.between(x))
			}
		}
	}
	return most
}
