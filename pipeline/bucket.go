package pipeline

import (
	"context"

	"github.com/narrapress/narrapress/internal/bucket"
	"github.com/narrapress/narrapress/internal/store"
)

// openBucket opens the bucket that the show keeps its takes and blocks in
// beside this machine's folders, where it names one. Nothing is asked of it yet.
func (p *Press) openBucket(ctx context.Context) error {
	if p.cfg.Output.Bucket == "" {
		return nil
	}
	b, err := bucket.Open(ctx, "output.bucket", p.cfg.Output.Bucket)
	if err != nil {
		return err
	}
	p.shared = store.Share(ctx, b, store.SharedOptions{Now: p.o.Now, Log: p.o.Log, Notice: func(found string) {
		p.emit(Event{Stage: Record, Finding: found})
		p.events.Lock()
		p.damaged = append(p.damaged, found)
		p.events.Unlock()
	}})
	return nil
}
