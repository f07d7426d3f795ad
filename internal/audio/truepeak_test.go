package audio

import "testing"

// The bounds hold, for the samples that come nearest to them too.
func TestInterpolatorBounds(t *testing.T) {
	t.Parallel()
	p := newInterpolator()
	t.Logf("no more than %.3f times the samples, and %.3f times the curvature above the two beside it", p.gain, p.bend)
	check := func(name string, x *[peakTaps]float32) {
		got := p.between(x)
		beside := max(abs(x[peakHalf-1]), abs(x[peakHalf]))
		if bound := samplePeak(x[:]) * p.gain; got > bound {
			t.Errorf("%s: %v, bound %v", name, got, bound)
		}
		if bound := beside + p.bend*curvature(x[:]); got > bound {
			t.Errorf("%s: %v, bound by curvature %v", name, got, bound)
		}
	}
	long := noise(100000, 1)
	for i := 0; i+peakTaps <= len(long); i++ {
		check("noise", (*[peakTaps]float32)(long[i:]))
	}
	for f := range 3 {
		var x, sum [peakTaps]float32
		for k := range x { // every product positive
			if x[k] = 1; p.h[k][f] < 0 {
				x[k] = -1
			}
		}
		check("the worst signs", &x)
		for k := range x {
			for i := range k {
				sum[k] += x[i] * float32(k-i)
			}
		}
		check("the worst bends", &sum)
	}
	for _, hz := range []float64{100, 1000, 5000, 11000, 20000} {
		s := tone(Format{44100, 1}, hz, 0, 0.1)
		for i := 0; i+peakTaps <= len(s); i++ {
			check("tone", (*[peakTaps]float32)(s[i:]))
		}
	}
}
