package audio

import "testing"

// Fast or not, a sound comes out the same.
func TestDotIsDotInGo(t *testing.T) {
	t.Parallel()
	h, x := noise(1024, 1), noise(2048, 1)
	for n := 0; n <= len(h); n += dotRun {
		for at := range 40 {
			if got, want := dot(h[:n], x[at:at+n]), dotInGo(h[:n], x[at:at+n]); got != want {
				t.Fatalf("%d products from %d: %v, in Go %v", n, at, got, want)
			}
		}
	}
}

func BenchmarkDot(b *testing.B) {
	h, x := noise(96, 1), noise(96, 1)
	for name, f := range map[string]func(h, x []float32) float32{"dot": dot, "in-go": dotInGo} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = f(h, x)
			}
		})
	}
}
