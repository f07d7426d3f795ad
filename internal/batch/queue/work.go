package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"github.com/narrapress/narrapress/internal/subject"
)

// WorkOptions say how a process works.
type WorkOptions struct {
	Jobs  int           // at once; 1 at least, and one more that may be to blame for its workers' deaths
	Grace time.Duration // for jobs to end by themselves when the work is to stop; 0 is none
}

const (
	// handBack is how long a job may take to notice that it is handed back, and
	// the database to be told.
	handBack = 10 * time.Second
	// rescue is when River takes a job of its own for stuck. It is a backstop for
	// River's rows alone: what is stuck of ours is found by heart and sweep.
	rescue = time.Hour
)

// Work makes jobs until ctx ends; then it fetches no more, lets those that run
// end within the grace, and hands the others back to the queue. The error is nil
// after a stop that ctx asked for, however it went.
func (q *Queue) Work(ctx context.Context, o WorkOptions, handle Handler) error {
	if o.Jobs < 1 {
		o.Jobs = 1
	}
	w := &worker{queue: q, handle: handle, quit: make(chan struct{})}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, w); err != nil {
		return err
	}
	client, err := river.NewClient(q.db.driver, &river.Config{
		ID:                   q.worker,
		Logger:               silent(),
		JobTimeout:           -1, // see worker.Timeout
		RescueStuckJobsAfter: rescue,
		MaxAttempts:          1,
		Queues:               map[string]river.QueueConfig{queueJobs: {MaxWorkers: o.Jobs}, queueSuspects: {MaxWorkers: 1}},
		Workers:              workers,
	})
	if err != nil {
		return fmt.Errorf("work: %w", err)
	}
	// River's context never ends by ours: jobs that run are to end first.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("work: %w", err)
	}
	q.log.InfoContext(ctx, "worker starts", "worker", q.worker, "jobs", o.Jobs)
	<-ctx.Done()
	q.log.InfoContext(ctx, "worker stops", "worker", q.worker, "running", q.heart.running(), "grace", o.Grace)
	return w.stop(context.WithoutCancel(ctx), client, o.Grace)
}

// worker is River's way to the handler.
type worker struct {
	river.WorkerDefaults[ticket]
	queue    *Queue
	handle   Handler
	stopping atomic.Bool
	quit     chan struct{} // closed when nothing is tried again any more
}

// Timeout is none for a job that runs: its heart beats, or it is buried. River
// asks again before it rescues what it takes for stuck, and does not where there
// is no timeout: a row that the beats have long left alone is.
func (w *worker) Timeout(job *river.Job[ticket]) time.Duration {
	if job.AttemptedAt != nil && w.queue.now().Sub(*job.AttemptedAt) > rescue {
		return time.Nanosecond
	}
	return -1
}

func (w *worker) stop(ctx context.Context, client *river.Client[*sql.Tx], grace time.Duration) error {
	stopped := make(chan error, 1)
	go func() { stopped <- client.Stop(ctx) }()
	select {
	case err := <-stopped:
		return err
	case <-time.After(grace):
	}
	w.stopping.Store(true)
	w.queue.heart.cancelAll(ErrStopping)
	select {
	case err := <-stopped:
		return err
	case <-time.After(handBack):
	}
	close(w.quit)
	w.queue.log.WarnContext(ctx, "jobs do not end; they are left to be taken over", "worker", w.queue.worker, "running", w.queue.heart.running())
	return nil
}

// Work makes one attempt.
func (w *worker) Work(ctx context.Context, r *river.Job[ticket]) error {
	q := w.queue
	j := &Job{ID: r.Args.Job, queue: q, river: r, token: r.ID, lines: &excerpt{}}
	// River's context is kept for what it carries. What ends the job is ours.
	ctx, j.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	ctx = subject.With(ctx, slog.Int64(subject.Job, j.ID), slog.String(subject.Show, r.Args.Show))
	defer j.cancel(nil)
	q.heart.add(j) // before it is claimed: what is claimed and not here is an orphan
	defer q.heart.remove(j)
	var claimed bool
	if err := w.insist(ctx, "claim", func() error {
		var err error
		claimed, err = j.claim(ctx, r.Args)
		return err
	}); err != nil || !claimed {
		return err
	}
	j.mu.Lock()
	j.claimed, j.touched = true, time.Now()
	j.mu.Unlock()
	about := j.about()
	j.Log = slog.New(j.lines.logger(q.log).Handler().WithAttrs(about)) // for lines without a context, too
	ctx = subject.With(ctx, about...)
	q.log.InfoContext(ctx, "job starts")
	err := w.call(ctx, j)
	// The handler is over, so its context may be; what it did is still written down.
	settled := w.insist(context.WithoutCancel(ctx), "settle", func() error {
		return j.settle(context.WithoutCancel(ctx), context.Cause(ctx), err)
	})
	return errors.Join(err, settled)
}

// again is the wait between two tries to tell the database something.
const again = 500 * time.Millisecond

// insist tries until it is done, the job is lost, or the process gives up: at once,
// where there is no room for it.
func (w *worker) insist(ctx context.Context, what string, f func() error) error {
	for unheard := (rarely{}); ; {
		err := f()
		if err == nil || errors.Is(err, ErrFenced) || w.stopping.Load() && errors.Is(roomless(err), ErrFull) {
			return err
		}
		if unheard.due() {
			w.queue.log.WarnContext(ctx, "the database does not answer; the worker asks again", "to", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-w.quit:
			return err
		case <-time.After(again):
		}
	}
}

// call calls the handler; a panic is its error.
func (w *worker) call(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			j.Log.ErrorContext(ctx, "panic", "value", fmt.Sprint(p), "stack", cut(string(debug.Stack()), mostExcerpt/2))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.handle(ctx, j)
}
