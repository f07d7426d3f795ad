package audio

import "math"

// kWeighting are the two filters of ITU-R BS.1770-4, annex 1: a shelf for the
// head and a high-pass (RLB). The Recommendation gives coefficients at 48 kHz;
// the analogue prototypes behind them give those of other rates.
type kWeighting struct {
	b0, b1, b2, a1, a2 float64 // shelf
	c1, c2             float64 // high-pass; its numerator is 1, -2, 1
}

func newKWeighting(rate int) kWeighting {
	const (
		shelfHz   = 1681.974450955533
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

// kState is what the filters of one channel remember (transposed form II).
type kState struct{ s1, s2, h1, h2 float64 }

// energy filters x and returns the sum of the squares.
func (k *kWeighting) energy(st *kState, x []float32) float64 {
	b0, b1, b2, a1, a2, c1, c2 := k.b0, k.b1, k.b2, k.a1, k.a2, k.c1, k.c2
	s1, s2, h1, h2 := st.s1, st.s2, st.h1, st.h2
	sum := 0.0
	for _, v := range x {
		x := float64(v)
		y := b0*x + s1
		s1 = b1*x - a1*y + s2
		s2 = b2*x - a2*y
		z := y + h1
		h1 = h2 - 2*y - c1*z
		h2 = y - c2*z
		sum += z * z
	}
	*st = kState{flush(s1), flush(s2), flush(h1), flush(h2)}
	return sum
}

// energy2 is energy for two channels at once: each waits for its own
// recursion, so two take hardly longer than one.
func (k *kWeighting) energy2(st, su *kState, x, xu []float32) (float64, float64) {
	b0, b1, b2, a1, a2, c1, c2 := k.b0, k.b1, k.b2, k.a1, k.a2, k.c1, k.c2
	s1, s2, h1, h2 := st.s1, st.s2, st.h1, st.h2
	t1, t2, g1, g2 := su.s1, su.s2, su.h1, su.h2
	sum, sumu := 0.0, 0.0
	xu = xu[:len(x)]
	for i, v := range x {
		x, u := float64(v), float64(xu[i])
		y, p := b0*x+s1, b0*u+t1
		s1, t1 = b1*x-a1*y+s2, b1*u-a1*p+t2
		s2, t2 = b2*x-a2*y, b2*u-a2*p
		z, q := y+h1, p+g1
		h1, g1 = h2-2*y-c1*z, g2-2*p-c1*q
		h2, g2 = y-c2*z, p-c2*q
		sum += z * z
		sumu += q * q
	}
	*st = kState{flush(s1), flush(s2), flush(h1), flush(h2)}
	*su = kState{flush(t1), flush(t2), flush(g1), flush(g2)}
	return sum, sumu
}

// flush ends a decay before it reaches denormal numbers, which are slow.
func flush(v float64) float64 {
	if v < 1e-30 && v > -1e-30 {
		return 0
	}
	return v
}
