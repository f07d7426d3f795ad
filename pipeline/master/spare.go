package master

import (
	"slices"
	"sync"
)

// spare is room for samples that is used again: blocks come by the hundred and
// are megabytes each. A garbage collector would let several of them lie about,
// give their memory back to the system, and ask for it again, zeroed, at once.
type spare struct {
	mu   sync.Mutex
	free [][]float32 // the smallest first
	held int         // samples in them
}

// mostSpare is how many samples are held at most while nobody uses them: 16 MiB.
const mostSpare = 4 << 20

// take gives n samples of any value.
func (s *spare) take(n int) []float32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, _ := slices.BinarySearchFunc(s.free, n, func(b []float32, n int) int { return cap(b) - n })
	if at == len(s.free) {
		// What is too small would stay so.
		if at > 0 {
			s.remove(0)
		}
		return make([]float32, n, n+n/8)
	}
	return s.remove(at)[:n]
}

func (s *spare) remove(at int) []float32 {
	b := s.free[at]
	s.free = slices.Delete(s.free, at, at+1)
	s.held -= cap(b)
	return b
}

// give takes room back that nobody uses any more.
func (s *spare) give(b []float32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, _ := slices.BinarySearchFunc(s.free, cap(b), func(f []float32, n int) int { return cap(f) - n })
	s.free = slices.Insert(s.free, at, b)
	for s.held += cap(b); s.held > mostSpare; {
		s.remove(0)
	}
}

// drop lets go of what nobody uses.
func (s *spare) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free, s.held = nil, 0
}
