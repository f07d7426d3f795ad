package voices

import (
	"container/list"
	"context"
	"sync"
)

// gate lets so many in at a time, in the order they came. How many may be
// changed while it is in use.
type gate struct {
	mu      sync.Mutex
	limit   int
	inside  int
	waiting list.List // of chan struct{}, closed for whoever may enter
}

func newGate(limit int) *gate { return &gate{limit: max(1, limit)} }

func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.inside < g.limit && g.waiting.Len() == 0 {
		g.inside++
		g.mu.Unlock()
		return nil
	}
	open := make(chan struct{})
	place := g.waiting.PushBack(open)
	g.mu.Unlock()
	select {
	case <-open:
		return nil
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		select {
		case <-open: // let in as it left
			g.inside--
			g.admit()
		default:
			g.waiting.Remove(place)
		}
		return ctx.Err()
	}
}

// leave makes room. judge says what the limit is to be, of what it is and of
// how many are inside, whoever leaves among them.
func (g *gate) leave(judge func(limit, inside int) int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit = max(1, judge(g.limit, g.inside))
	g.inside--
	g.admit()
}

// admit lets in who waits, as far as there is room.
func (g *gate) admit() {
	for g.inside < g.limit && g.waiting.Len() > 0 {
		close(g.waiting.Remove(g.waiting.Front()).(chan struct{}))
		g.inside++
	}
}

func (g *gate) size() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.limit
}
