package queue

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/riverqueue/river"
)

// Options of a queue; the zero value of each is its default.
type Options struct {
	Worker string           // the process's name in status and logs; default is HOST-PID
	Log    *slog.Logger     // nil is silent
	Now    func() time.Time // nil is time.Now; with PostgreSQL its clock is followed

	Beat  time.Duration // between the heart's beats; 2 s
	Stale time.Duration // a heart that has not beaten for so long has stopped; four beats

	MaxAttempts int // failed attempts after which a job is set aside; 5
	MaxCrashes  int // deaths of its worker after which a job is set aside; 5

	// Backoff is the wait before the next attempt; attempt is 1 after the first
	// failed one. nil is 10 s, doubled each time, at most 15 minutes.
	Backoff func(err error, attempt int) time.Duration

	// About is what the log says of a job, beside its number, attempt and worker;
	// nil says its show and episode.
	About func(o Order) []slog.Attr

	// Keep is how long jobs that are done, replaced or cancelled are listed; 30 days.
	Keep time.Duration

	// ReadOnly is for looking: no lock, no heart, and a database that is there.
	ReadOnly bool
}

// Queue is a process's door to the jobs. It is safe for concurrent use.
type Queue struct {
	db      *database
	options Options
	log     *slog.Logger
	worker  string // this process, among all that ever were
	river   *river.Client[*sql.Tx]
	heart   *heart
}

// Open opens the queue in the database at address: postgres://…, or the path of
// an SQLite file, which is then this process's alone (*LockedError where it is
// another's). Tables are made and brought up to date. What a dead process left
// in an SQLite file is taken up at once.
func Open(ctx context.Context, address string, o Options) (*Queue, error) {
	o.Now = orNow(o.Now)
	o.Beat = cmp.Or(o.Beat, 2*time.Second)
	o.Stale = cmp.Or(o.Stale, 4*o.Beat)
	o.MaxAttempts = cmp.Or(o.MaxAttempts, 5)
	o.MaxCrashes = cmp.Or(o.MaxCrashes, 5)
	o.Keep = cmp.Or(o.Keep, 30*24*time.Hour)
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if o.Log == nil {
		o.Log = silent()
	}
	if o.Worker == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "worker"
		}
		o.Worker = fmt.Sprintf("%s-%d", host, os.Getpid())
	}
	db, err := openDatabase(address, o.ReadOnly, o.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return nil, err
	}
	q := &Queue{db: db, options: o, log: o.Log, worker: o.Worker + "-" + rand.Text()[:8]}
	q.heart = newHeart(q)
	if err := q.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the queue: %w", inLine{db.unopened(err)}), db.close())
	}
	return q, nil
}

func (q *Queue) open(ctx context.Context) error {
	if q.options.ReadOnly {
		return q.db.PingContext(ctx)
	}
	if err := q.db.migrate(ctx); err != nil {
		return err
	}
	var err error
	if q.river, err = river.NewClient(q.db.driver, &river.Config{Logger: silent()}); err != nil {
		return err
	}
	if !q.db.postgres { // under the lock nobody else is alive
		if err := q.buryAll(ctx); err != nil {
			return err
		}
	}
	return q.heart.start(ctx)
}

// Close stops the heart and takes leave. Jobs that still run are left to the others.
func (q *Queue) Close() error {
	q.heart.stop()
	return q.db.close()
}

// Worker is what this process is called among all that ever were.
func (q *Queue) Worker() string { return q.worker }

// Unwritable is why the database cannot be written to, by the last beat, though it
// may well be read. It is nil where it can; [ErrFull] is in it where there is no room.
func (q *Queue) Unwritable() error {
	if err := q.heart.fault.Load(); err != nil {
		return fmt.Errorf("write to the queue: %w", inLine{roomless(*err)})
	}
	return nil
}

// MaxCrashes is how many deaths of its workers a job is set aside for.
func (q *Queue) MaxCrashes() int { return q.options.MaxCrashes }

// Workers are the processes that have the queue open, as Worker has them.
func (q *Queue) Workers(ctx context.Context) ([]string, error) {
	ids, err := q.workers(ctx, `SELECT id FROM narrapress_worker WHERE beat >= ?`, q.now().Add(-q.options.Stale).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list workers: %w", err)
	}
	return ids, nil
}

// now is the time by the database's clock, as far as the heart knows it.
func (q *Queue) now() time.Time { return q.options.Now().Add(q.heart.offset()) }

func (q *Queue) millis() int64 { return q.now().UnixMilli() }

func orNow(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// firstBackoff and mostBackoff: a provider's trouble is over in seconds or in
// minutes; what is not over after an hour in all is for a person to see.
const (
	firstBackoff = 10 * time.Second
	mostBackoff  = 15 * time.Minute
)

func backoff(_ error, attempt int) time.Duration {
	return min(firstBackoff<<min(attempt-1, 10), mostBackoff)
}
