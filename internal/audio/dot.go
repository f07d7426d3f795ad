package audio

// dotRun is how many products are added up in one turn of dot.
const dotRun = 32

// dotInGo is the inner product of h and x, whose lengths are equal and a
// multiple of dotRun. It has sixteen sums, so that adders need not wait for
// themselves: the k-th of the products k, k+16, k+32 and so on. Eight at a
// time are what the registers hold.
func dotInGo(h, x []float32) float32 {
	if len(h) < dotRun {
		return 0
	}
	s, t := eightSums(h, x), eightSums(h[8:], x[8:])
	for i, v := range t {
		s[i] += v
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// eightSums are those of the products 0 to 7 of every sixteen; the last turn
// may be 8 short.
func eightSums(h, x []float32) [8]float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(h) >= dotRun-8 && len(x) >= dotRun-8 {
		a, b := (*[dotRun - 8]float32)(h), (*[dotRun - 8]float32)(x)
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		s4 += a[4] * b[4]
		s5 += a[5] * b[5]
		s6 += a[6] * b[6]
		s7 += a[7] * b[7]
		s0 += a[16] * b[16]
		s1 += a[17] * b[17]
		s2 += a[18] * b[18]
		s3 += a[19] * b[19]
		s4 += a[20] * b[20]
		s5 += a[21] * b[21]
		s6 += a[22] * b[22]
		s7 += a[23] * b[23]
		h, x = h[min(dotRun, len(h)):], x[min(dotRun, len(x)):]
	}
	return [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}
