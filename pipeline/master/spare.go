package master

import "sync"

// spare is room for samples that is used again: blocks come by the hundred and
// are megabytes each, and a garbage collector would let several generations of
// them lie about.
type spare struct{ pool sync.Pool }

// take gives n samples of any value.
func (s *spare) take(n int) []float32 {
	if b, ok := s.pool.Get().(*[]float32); ok && cap(*b) >= n {
		return (*b)[:n]
	}
	return make([]float32, n)
}

// give takes room back that nobody uses any more.
func (s *spare) give(b []float32) { s.pool.Put(&b) }
