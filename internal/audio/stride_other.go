//go:build !amd64

package audio

func (p *polyphase) stride(dst []float32, step int, x []float32, phase, n int) {
	p.strideInGo(dst, step, x, phase, n)
}
