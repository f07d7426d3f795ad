package audio

import "math"

// lowPass is the value at t of a windowed-sinc low-pass filter: cutoff is in
// cycles per sample, t in samples from the centre, and the Kaiser window with
// shape beta, at most 11, reaches half samples to either side.
func lowPass(t, cutoff, half, beta float64) float64 {
	if t == 0 {
		return 2 * cutoff
	}
	return math.Sin(2*math.Pi*cutoff*t) / (math.Pi * t) * kaiser(t/half, beta)
}

// kaiser is the Kaiser window with shape beta, at most 11, at x from -1 to 1.
func kaiser(x, beta float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	q := beta * beta / 4
	return besselI0(q*(1-x*x)) / besselI0(q)
}

// besselI0 is the modified Bessel function of the first kind and order 0 at
// 2√q, by 26 terms of its power series: for q up to 30 they leave out 1e-15.
func besselI0(q float64) float64 {
	sum := 1.0
	for k := 26.0; k > 0; k-- {
		sum = 1 + sum*(q/(k*k)) // the divisions do not wait for each other
	}
	return sum
}
