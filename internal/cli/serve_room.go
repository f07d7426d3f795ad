package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/voices"
)

// room is where the episodes of the shows of one database are made.
type room struct {
	site    *site
	address string

	mu    sync.Mutex
	queue *queue.Queue // nil while the database is away from the beginning
	batch *batches.Batch
	fault error // why there is none

	asking sync.Mutex // whether the database answers; who waits for it gets the answer that came
	asked  time.Time
	answer error
}

// How long a database that does not answer is left alone before it is asked
// again, and how long it may take to answer whoever asks how it is.
const (
	firstAsk = time.Second
	lastAsk  = 15 * time.Second
	askTime  = 2 * time.Second
	askAgain = time.Second // whoever asks sooner is told what was found last: everybody may ask
)

// run works for the shows of a room, as the roles say, until ctx ends.
func (r *room) run(ctx context.Context) error {
	o := &r.site.options
	q, err := r.connect(ctx, !o.has(roleScheduler) && !o.has(roleWorker))
	if q == nil || err != nil {
		return err
	}
	defer func() {
		if err := q.Close(); err != nil {
			r.site.log.Warn("the queue could not be closed", "error", err)
		}
	}()
	then := &after{log: r.site.log, ended: r.site.metrics.Ended}
	b := batches.New(q, batches.Options{
		Version: programVersion(), Log: r.site.log, Observe: r.observe, Publish: then.publish, After: then.run, Stay: true, Shared: true,
		Voices: voices.OpenOptions{Meter: r.site.metrics},
	})
	defer b.Close()
	if o.has(roleScheduler) || o.has(roleWorker) {
		for _, cfg := range r.site.of(r) {
			if err := b.Take(ctx, cfg); err != nil {
				return &showError{fmt.Errorf("%s: %w", cfg.File, err)}
			}
		}
	}
	r.mu.Lock()
	r.queue, r.batch, r.fault = q, b, nil
	r.mu.Unlock()
	all, ctx := errgroup.WithContext(ctx)
	if o.has(roleWorker) {
		all.Go(func() error { return r.work(ctx, b) })
	}
	if o.has(roleScheduler) {
		all.Go(func() error { return b.Schedule(ctx) })
		all.Go(func() error { return b.Watch(ctx) })
	}
	all.Go(func() error { <-ctx.Done(); return nil }) // the queue stays open for who looks on
	return all.Wait()
}

// work makes episodes, also where the database is away when it begins.
func (r *room) work(ctx context.Context, b *batches.Batch) error {
	w := batches.WorkOptions{}
	jobs := r.site.options.Jobs
	for _, cfg := range r.site.of(r) {
		jobs = cmp.Or(jobs, cfg.Server.Jobs)
		w.Grace = max(w.Grace, cfg.Server.Grace)
		w.Jobs = jobsOf(jobs, cfg)
	}
	for {
		err := b.Work(ctx, w)
		if ctx.Err() != nil {
			return err
		}
		r.site.log.ErrorContext(ctx, "the worker could not begin; it tries again", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lastAsk):
		}
	}
}

// connect opens the queue, and waits for a database that is away. It is nil where
// ctx ended before. A file that another process has open is an error.
func (r *room) connect(ctx context.Context, readOnly bool) (*queue.Queue, error) {
	for wait := firstAsk; ; wait = min(2*wait, lastAsk) {
		q, err := queue.Open(ctx, r.address, queue.Options{Log: r.site.log, ReadOnly: readOnly, About: batches.About})
		if err == nil || ctx.Err() != nil {
			return q, nil //nolint:nilerr // it is to stop
		}
		if !r.away(err, readOnly) {
			return nil, err
		}
		r.mu.Lock()
		r.fault = err
		r.mu.Unlock()
		r.site.log.ErrorContext(ctx, "the database is away; it is asked again", "error", err, "in", wait)
		r.site.systemd.tell("STATUS=waits for the database")
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(wait):
		}
	}
}

// away says whether a database may come back: a server, or a file that whoever
// works on it has not made yet. An address that is none does not, nor does one where
// a server says that there is no such user, password or database.
func (r *room) away(err error, readOnly bool) bool {
	if !strings.Contains(r.address, "://") {
		return readOnly && errors.Is(err, fs.ErrNotExist)
	}
	return !errors.As(err, new(*queue.AddressError)) && !queue.Refused(err)
}

// open is the queue, where there is one yet, or why there is none.
func (r *room) open() (*queue.Queue, *batches.Batch, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queue, r.batch, r.fault
}

// missing says in general words what a room lacks; empty where it lacks nothing.
func (r *room) missing() string {
	q, _, fault := r.open()
	if q == nil && fault == nil {
		return "it begins"
	}
	if q != nil {
		fault = r.ping(q)
	}
	if fault != nil {
		return "the database does not answer"
	}
	return ""
}

// ping asks the database whether it answers, one at a time and not too often: a file
// has one connection, which episodes need.
func (r *room) ping(q *queue.Queue) error {
	r.asking.Lock()
	defer r.asking.Unlock()
	if time.Since(r.asked) < askAgain {
		return r.answer
	}
	// Who asks may go away, and the answer is for others, too.
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	r.answer = q.Ping(ctx)
	r.asked = time.Now()
	return r.answer
}

func (r *room) status(ctx context.Context) web.Queue {
	q, b, fault := r.open()
	if q == nil {
		if fault == nil {
			return web.Queue{Fault: "it begins"}
		}
		return web.Queue{Fault: fault.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*askTime)
	defer cancel()
	return web.Look(ctx, q, b, b.Limits())
}

// observe writes down what happens, and counts it.
func (r *room) observe(e batches.Event) {
	r.site.metrics.Observe(e)
	log := r.site.log.With("show", e.Show, "run", e.Run, "job", e.Job, "episode", e.Episode, "title", e.Title)
	switch {
	case e.Outcome != nil:
		log.Info("episode "+string(e.Outcome.State), "takes", e.Outcome.Made, "reused", e.Outcome.Reused, "cost", e.Outcome.Cost, "seconds", e.Outcome.Seconds)
	case e.Err != nil:
		log.Warn("episode not made", "error", e.Err)
	}
}
