package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
)

const (
	// calm is how long nothing must have settled in a watched source before a run
	// begins, so that a folder that is copied is one run. It is longer than a file
	// must have been left alone (source.Options.Settle): the first run finds none
	// unsettled that was written before the watch, which nobody would tell of later …
	calm = 2500 * time.Millisecond
	// … that comes in this time at the latest.
	longest = 30 * time.Second
	// rewatch is the wait before a watch that broke is tried again.
	rewatch = 10 * time.Second
)

// Watch begins runs of what is written into the watched sources of the shows,
// until ctx ends; the first at once, for what was written while nobody watched.
// A show that is taken in anew is watched by its new settings.
func (b *Batch) Watch(ctx context.Context) error {
	for ctx.Err() == nil {
		b.mu.Lock()
		changed := b.changed
		shows := make([]*show, 0, len(b.shows))
		for _, s := range b.shows {
			shows = append(shows, s)
		}
		b.mu.Unlock()
		watching, stop := context.WithCancel(ctx)
		var all sync.WaitGroup
		for _, s := range shows {
			if sources := slices.DeleteFunc(slices.Clone(s.cfg.Sources), func(c config.Source) bool { return !c.Watch }); len(sources) > 0 {
				all.Go(func() { b.watch(watching, s, sources) })
			}
		}
		select {
		case <-ctx.Done():
		case <-changed:
		}
		stop()
		all.Wait()
	}
	return nil
}

// watch watches the sources of one show.
func (b *Batch) watch(ctx context.Context, s *show, sources []config.Source) {
	settled := make(chan struct{}, 1)
	settled <- struct{}{} // what came while nobody watched
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { b.beginSettled(ctx, s, sources, settled) })
	for {
		err := s.lister.Watch(ctx, sources, func([]string) {
			select {
			case settled <- struct{}{}:
			default:
			}
		})
		if ctx.Err() != nil || errors.Is(err, context.Canceled) {
			return
		}
		b.o.Log.ErrorContext(ctx, "a folder cannot be watched; it is tried again", "show", s.name, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(rewatch):
		}
		select {
		case settled <- struct{}{}: // what came meanwhile
		default:
		}
	}
}

// beginSettled begins a run when something has settled and then nothing has for
// a while.
func (b *Batch) beginSettled(ctx context.Context, s *show, sources []config.Source, settled <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-settled:
		}
		for end := time.After(longest); ; {
			select {
			case <-ctx.Done():
				return
			case <-settled:
				continue
			case <-time.After(calm):
			case <-end:
			}
			break
		}
		for ctx.Err() == nil {
			id, err := b.Begin(ctx, Wish{Show: s.name, Sources: sources})
			if err == nil {
				b.o.Log.InfoContext(ctx, "a run of what was written begins", "show", s.name, "run", id)
				break
			}
			b.o.Log.ErrorContext(ctx, "a run of what was written could not begin; it is tried again", "show", s.name, "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(rewatch):
			}
		}
	}
}
