package growth

import (
	"runtime"
	"testing"
	"time"
)

// told takes the place of a test that is told of a fault.
type told struct {
	testing.TB
	faults int
	sum    uint32 // keeps the work from being left out
}

func (t *told) Helper()               {}
func (t *told) Errorf(string, ...any) { t.faults++ }

// spin keeps a processor busy for n steps, and returns what cannot be left out.
func spin(n int) (sum uint32) {
	for i := range n {
		sum = sum*1664525 + uint32(i)
	}
	return sum
}

func TestLinear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		steps func(size int) int
		want  int
	}{
		{"constant", func(int) int { return 1e6 }, 0},
		{"linear", func(n int) int { return 5e3 * n }, 0},
		{"square", func(n int) int { return 10 * n * n }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := told{TB: t}
			Linear(&got, 1000, func(size int) func() {
				return func() { got.sum += spin(c.steps(size)) }
			})
			if got.faults != c.want {
				t.Errorf("%d faults, want %d", got.faults, c.want)
			}
		})
	}
}

// Work that waits is no slower for it.
func TestWaitingIsNotCounted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the time of a thread is asked for on Linux alone")
	}
	if d := took(func() { time.Sleep(50 * time.Millisecond) }); d > 40*time.Millisecond {
		t.Errorf("a sleep had %v on a processor", d)
	}
}
