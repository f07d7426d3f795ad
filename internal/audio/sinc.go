package audio

import "math"

// lowPass is the value at t of a windowed-sinc low-pass filter: cutoff is in
// cycles per sample, t in samples from the centre, and the Kaiser window with
// shape beta, at most 8, reaches half samples to either side.
func lowPass(t, cutoff, half, beta float64) float64 {
	if t == 0 {
		return 2 * cutoff
	}
	return math.Sin(2*math.Pi*cutoff*t) / (math.Pi * t) * kaiser(t/half, beta)
}

// kaiser is the Kaiser window with shape beta, at most 8, at x from -1 to 1.
func kaiser(x, beta float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	q := beta * beta / 4
	return besselI0(q*(1-x*x)) / besselI0(q)
}

// besselI0 is the modified Bessel function of the first kind and order 0 at
// 2√q, by 20 terms of its power series: for q up to 16 they leave out 1e-15.
func besselI0(q float64) float64 {
	sum := 1.0
	for k := 20.0; k > 0; k-- {
		sum = 1 + sum*(q/(k*k)) // the divisions do not wait for each other
	}
	return sum
}

// dotRun is how many products are added up in one turn of dot.
const dotRun = 32

// dot is the inner product of h and x, whose lengths are equal and a multiple
// of dotRun. Eight sums keep the adders busy, where one would wait for itself,
// and 32 products a turn are half as fast again as 8.
func dot(h, x []float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(h) >= dotRun && len(x) >= dotRun {
		a, b := (*[dotRun]float32)(h), (*[dotRun]float32)(x)
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		s4 += a[4] * b[4]
		s5 += a[5] * b[5]
		s6 += a[6] * b[6]
		s7 += a[7] * b[7]
		s0 += a[8] * b[8]
		s1 += a[9] * b[9]
		s2 += a[10] * b[10]
		s3 += a[11] * b[11]
		s4 += a[12] * b[12]
		s5 += a[13] * b[13]
		s6 += a[14] * b[14]
		s7 += a[15] * b[15]
		s0 += a[16] * b[16]
		s1 += a[17] * b[17]
		s2 += a[18] * b[18]
		s3 += a[19] * b[19]
		s4 += a[20] * b[20]
		s5 += a[21] * b[21]
		s6 += a[22] * b[22]
		s7 += a[23] * b[23]
		s0 += a[24] * b[24]
		s1 += a[25] * b[25]
		s2 += a[26] * b[26]
		s3 += a[27] * b[27]
		s4 += a[28] * b[28]
		s5 += a[29] * b[29]
		s6 += a[30] * b[30]
		s7 += a[31] * b[31]
		h, x = h[dotRun:], x[dotRun:]
	}
	return (s0 + s4) + (s1 + s5) + (s2 + s6) + (s3 + s7)
}
