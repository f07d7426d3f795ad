package audio

import "golang.org/x/sys/cpu"

// stride is strideInGo, to the bit; with AVX several times as fast.
func (p *polyphase) stride(dst []float32, step int, x []float32, phase, n int) {
	taps := 2 * p.half
	if !cpu.X86.HasAVX || n == 0 {
		p.strideInGo(dst, step, x, phase, n)
		return
	}
	// What strideAVX will touch last, checked here.
	_ = dst[(n-1)*step]
	_ = x[(phase+(n-1)*p.down)/p.up+taps-1]
	_ = p.table[p.up*taps-1]
	strideAVX(&dst[0], step, n, &p.table[phase*taps], &x[0], taps, phase, p.down/p.up, p.down%p.up, p.up)
}

// strideAVX keeps the sums of dotInGo in two registers. n is not 0, and taps a
// multiple of dotRun but 0.
//
//go:noescape
func strideAVX(dst *float32, step, n int, row, x *float32, taps, phase, whole, part, up int)
