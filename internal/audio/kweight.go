package audio

import (
	"math"
	"math/cmplx"
)

// kWeighting are the two filters of ITU-R BS.1770-4, annex 1: a shelf for the
// head and a high-pass (RLB). The Recommendation gives coefficients at 48 kHz
// and asks for the same frequency response at other rates.
type kWeighting struct {
	b0, b1, b2, a1, a2 float64 // shelf, with the gain of the high-pass
	c1, c2             float64 // high-pass; its numerator is 1, -2, 1
}

// weightedRate is the rate in Hz at which the Recommendation says the filters.
const weightedRate = 48000

// newKWeighting makes the filters for a rate. The bilinear transform of their
// analogue prototypes gives the coefficients of the Recommendation at 48 kHz,
// but bends the response at low rates, by 0.15 dB at 16 kHz. So below
// 48 kHz the shelf has the poles of that at 48 kHz, moved by z^(48000/rate),
// and the zeros that give it the same magnitude at 0 Hz, in the middle of its
// slope and at the Nyquist frequency; the high-pass gets the same gain.
func newKWeighting(rate int) kWeighting {
	w := bilinearKWeighting(weightedRate)
	if rate >= weightedRate {
		high := bilinearKWeighting(rate)
		return high.amplified(high.passGain(), w.passGain())
	}
	low := bilinearKWeighting(rate)
	low.a1, low.a2 = movedPoles(w.a1, w.a2, weightedRate/float64(rate))
	low.matchShelf(&w, rate)
	return low.amplified(low.passGain(), w.passGain())
}

// bilinearKWeighting are the filters by the bilinear transform.
func bilinearKWeighting(rate int) kWeighting {
	const (
		shelfGain = 3.999843853973347 // dB
		shelfQ    = 0.7071752369554196
		shelfBand = 0.4996667741545416
		passHz    = 38.13547087602444
		passQ     = 0.5003270373238773
	)
	k := math.Tan(math.Pi * shelfHz / float64(rate))
	vh := math.Pow(10, shelfGain/20)
	vb := math.Pow(vh, shelfBand)
	d := 1 + k/shelfQ + k*k
	w := kWeighting{
		b0: (vh + vb*k/shelfQ + k*k) / d,
		b1: 2 * (k*k - vh) / d,
		b2: (vh - vb*k/shelfQ + k*k) / d,
		a1: 2 * (k*k - 1) / d,
		a2: (1 - k/shelfQ + k*k) / d,
	}
	k = math.Tan(math.Pi * passHz / float64(rate))
	d = 1 + k/passQ + k*k
	w.c1 = 2 * (k*k - 1) / d
	w.c2 = (1 - k/passQ + k*k) / d
	return w
}

const shelfHz = 1681.974450955533 // the middle of the shelf's slope

// passGain is the gain of the high-pass at the Nyquist frequency.
func (k *kWeighting) passGain() float64 { return 4 / (1 - k.c1 + k.c2) }

// amplified is k with the gain from made to.
func (k kWeighting) amplified(from, to float64) kWeighting {
	g := to / from
	k.b0, k.b1, k.b2 = k.b0*g, k.b1*g, k.b2*g
	return k
}

// movedPoles are the coefficients of a pair of conjugate poles z^power.
func movedPoles(a1, a2, power float64) (b1, b2 float64) {
	p := cmplx.Pow(complex(-a1/2, math.Sqrt(a2-a1*a1/4)), complex(power, 0))
	return -2 * real(p), real(p)*real(p) + imag(p)*imag(p)
}

// matchShelf sets the zeros. A squared magnitude of second order at the
// frequency f is c0(1-s) + c1 s + c2 4s(1-s), with s = sin²(πf/rate), so three
// of its values say the numerator (M. Vicanek, Matched Second Order Digital
// Filters, 2016).
func (k *kWeighting) matchShelf(w *kWeighting, rate int) {
	nyquist := float64(rate) / 2
	middle := min(shelfHz, nyquist/2)
	s := math.Pow(math.Sin(math.Pi*middle/float64(rate)), 2)
	b0 := math.Pow(1+k.a1+k.a2, 2) * w.shelfPower(0)
	b1 := math.Pow(1-k.a1+k.a2, 2) * w.shelfPower(nyquist/weightedRate)
	a := math.Pow(1+k.a1+k.a2, 2)*(1-s) + math.Pow(1-k.a1+k.a2, 2)*s - 4*k.a2*4*s*(1-s)
	b2 := (a*w.shelfPower(middle/weightedRate) - b0*(1-s) - b1*s) / (4 * s * (1 - s))
	half := (math.Sqrt(b0) + math.Sqrt(b1)) / 2
	k.b0 = (half + math.Sqrt(half*half+b2)) / 2
	k.b1 = (math.Sqrt(b0) - math.Sqrt(b1)) / 2
	k.b2 = -b2 / (4 * k.b0)
}

// shelfPower is the squared magnitude of the shelf at f, in cycles a sample.
func (k *kWeighting) shelfPower(f float64) float64 {
	z := cmplx.Exp(complex(0, -2*math.Pi*f))
	h := (complex(k.b0, 0) + z*complex(k.b1, 0) + z*z*complex(k.b2, 0)) / (1 + z*complex(k.a1, 0) + z*z*complex(k.a2, 0))
	return real(h)*real(h) + imag(h)*imag(h)
}

// kState is what the filters of one channel remember: the last two values that
// went in (x), lie between them (y) and came out (z).
type kState struct{ x1, x2, y1, y2, z1, z2 float64 }

// energy filters x and returns sum with the squares added, in the same order
// in whatever pieces x comes. In this form (direct, I) a value waits for no
// more of the one before it than a product and a difference.
func (k *kWeighting) energy(st *kState, x []float32, sum float64) float64 {
	b0, b1, b2, a1, a2, c1, c2 := k.b0, k.b1, k.b2, k.a1, k.a2, k.c1, k.c2
	x1, x2, y1, y2, z1, z2 := st.x1, st.x2, st.y1, st.y2, st.z1, st.z2
	for _, v := range x {
		x := float64(v)
		y := b0*x + (b1*x1 + b2*x2) - a2*y2 - a1*y1
		z := (y + y2 - 2*y1) - c2*z2 - c1*z1
		x1, x2 = x, x1
		y1, y2 = y, y1
		z1, z2 = z, z1
		sum += z * z
	}
	*st = kState{x1, x2, flush(y1), flush(y2), flush(z1), flush(z2)}
	return sum
}

// flush ends a decay before it reaches denormal numbers, which are slow.
func flush(v float64) float64 {
	if v < 1e-30 && v > -1e-30 {
		return 0
	}
	return v
}
