package audio

import (
	"math"
	"math/cmplx"
	"testing"
)

// power is the squared magnitude of both filters at hz.
func (k *kWeighting) power(hz float64, rate int) float64 {
	f := hz / float64(rate)
	z := cmplx.Exp(complex(0, -2*math.Pi*f))
	pass := cmplx.Abs((1 - z) * (1 - z) / (1 + z*complex(k.c1, 0) + z*z*complex(k.c2, 0)))
	return k.shelfPower(f) * pass * pass
}

// ITU-R BS.1770-4, tables 1 and 2.
func TestKWeightingOfTheRecommendation(t *testing.T) {
	t.Parallel()
	k := newKWeighting(48000)
	for _, tc := range [][2]float64{
		{k.b0, 1.53512485958697},
		{k.b1, -2.69169618940638},
		{k.b2, 1.19839281085285},
		{k.a1, -1.69065929318241},
		{k.a2, 0.73248077421585},
		{k.c1, -1.99004745483398},
		{k.c2, 0.99007225036621},
	} {
		if math.Abs(tc[0]-tc[1]) > 1e-10 {
			t.Errorf("%.14f, want %.14f", tc[0], tc[1])
		}
	}
}

// The response at every rate is that at 48 kHz.
func TestKWeightingOfOtherRates(t *testing.T) {
	t.Parallel()
	want := newKWeighting(48000)
	for rate, tolerance := range map[int]float64{
		8000: 0.15, 11025: 0.15, 16000: 0.1, 22050: 0.1, 24000: 0.1, 32000: 0.05, 44100: 0.05, 96000: 0.3,
	} {
		k, old := newKWeighting(rate), bilinearKWeighting(rate)
		worst, at, before := 0.0, 0.0, 0.0
		for hz := 20.0; hz < min(float64(rate)/2, 20000); hz *= 1.02 {
			d := 10 * math.Log10(k.power(hz, rate)/want.power(hz, 48000))
			if math.Abs(d) > math.Abs(worst) {
				worst, at = d, hz
			}
			before = max(before, math.Abs(10*math.Log10(old.power(hz, rate)/want.power(hz, 48000))))
		}
		t.Logf("%d Hz: %.3f dB at %.0f Hz; bilinear %.3f dB", rate, worst, at, before)
		if math.Abs(worst) > tolerance {
			t.Errorf("%d Hz: off by %.3f dB at %.0f Hz", rate, worst, at)
		}
	}
}
