package pipeline

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// each does something n times, one a core at once, and tells how many are
// done, one call at a time. After an error none is begun.
func each(ctx context.Context, n int, do func(i int) error, told func(done int)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	done := 0
	for i := range n {
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := do(i); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			told(done)
			return nil
		})
	}
	return g.Wait()
}
