// Package growth answers, for tests, how the time of a piece of work grows
// with its input. How long something takes is a benchmark's to say: on a
// machine with other work the clock says nothing. So this compares two sizes,
// in the time that the work itself had on a processor.
package growth

import (
	"runtime"
	"testing"
	"time"
)

const (
	// Factor is how many times larger the large input is than the small one.
	Factor = 8
	// most is the growth that is still taken for linear. Work that grows with
	// the square grows by 64, work that sorts by 9 to 10; the rest is for
	// memory that no longer fits the processor's caches.
	most = 3 * Factor
	// tries is how often a measurement is made again that says too much: the
	// collector of another test, for one, works on this thread too.
	tries = 4
	// floor is the time below which nothing is measured.
	floor = time.Millisecond
)

// Linear tells the test if the time of a piece of work grows faster than in
// proportion to its input. The work is prepared for the small size and for
// Factor times it; what preparing takes is not counted. The work must do all
// on the goroutine that calls it.
func Linear(t testing.TB, small int, prepare func(size int) (work func())) {
	t.Helper()
	var growth float64
	var one, many time.Duration
	for range tries {
		one, many = took(prepare(small)), took(prepare(small*Factor))
		if growth = float64(many) / float64(one+floor); growth < most {
			return
		}
	}
	t.Errorf("%d times the input takes %.0f times as long (%v and %v): the time does not grow in proportion to it", Factor, growth, one, many)
}

// took is the time that work had on a processor.
func took(work func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := used()
	work()
	return used() - begin
}
