package master

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Samples gives the mastered sound before coding to use, from its beginning to
// its end: interleaved, full scale ±1, at the timeline's rate and channels. It
// is what the MP3 was encoded from, block by block, so that every format sounds
// alike. Blocks are rendered ahead on every core. An error of use ends it.
func (m *Master) Samples(ctx context.Context, use func([]float32) error) error {
	g, ctx := errgroup.WithContext(ctx)
	// The room of the queue bounds how many blocks are held in memory.
	queue := make(chan chan []float32, m.as.o.Workers)
	g.Go(func() error {
		defer close(queue)
		for i := range m.as.blocks {
			ready := make(chan []float32, 1)
			select {
			case queue <- ready:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			g.Go(func() error {
				defer close(ready)
				samples, err := m.samples(ctx, i)
				if err == nil {
					ready <- samples
				}
				return err
			})
		}
		return nil
	})
	g.Go(func() error {
		for ready := range queue {
			samples, ok := <-ready
			if !ok {
				return nil // its error is on the way
			}
			if err := use(samples); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// samples of a block, without its overlaps.
func (m *Master) samples(ctx context.Context, i int) ([]float32, error) {
	b := &m.as.blocks[i]
	ends, err := m.as.ends(ctx, b)
	if err != nil {
		return nil, err
	}
	samples, _, err := m.as.master(ctx, b, m.pieces[i].ceiling, ends)
	if err != nil {
		return nil, err
	}
	from, _ := b.rendered()
	channels := m.as.tl.Channels
	return samples[int(b.from-from)*channels:][:int(b.to-b.from)*channels], nil
}
