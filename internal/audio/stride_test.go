package audio

import (
	"slices"
	"testing"
)

// Fast or not, a sound comes out the same.
func TestStrideIsStrideInGo(t *testing.T) {
	t.Parallel()
	for _, c := range []conversion{{147, 80}, {2, 1}, {1, 2}, {1, 3}, {147, 320}, {160, 147}, {640, 441}, {441, 80}} {
		p := newPolyphase(c)
		x := noise(2*p.half+1000*c.down/c.up+2, 1)
		for _, n := range []int{0, 1, 2, 150, 1000} {
			for _, step := range []int{1, 2} {
				for _, phase := range []int{0, c.up / 2, c.up - 1} {
					got, want := make([]float32, step*n), make([]float32, step*n)
					p.stride(got, step, x, phase, n)
					p.strideInGo(want, step, x, phase, n)
					if !slices.Equal(got, want) {
						t.Fatalf("%v: %d outputs from phase %d, %d apart: not the same", c, n, phase, step)
					}
				}
			}
		}
	}
}

func BenchmarkStride(b *testing.B) {
	p := newPolyphase(conversion{147, 80})
	x, dst := noise(2000, 1), make([]float32, 3000)
	for name, f := range map[string]func([]float32, int, []float32, int, int){"fast": p.stride, "in-go": p.strideInGo} {
		b.Run(name, func(b *testing.B) {
			measure(b, 3000.0/44100, func() { f(dst, 1, x, 0, 3000) })
		})
	}
}
