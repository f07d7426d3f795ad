package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/narrapress/narrapress/internal/subject"
)

// State of a job.
type State string

const (
	Ready     State = "ready"     // waits for its time, and for a worker
	Held      State = "held"      // its show, or everything, is paused
	Behind    State = "behind"    // an older revision of the episode runs
	Running   State = "running"   // a worker makes it
	Done      State = "done"      //
	Dead      State = "dead"      // set aside: somebody must look at it
	Cancelled State = "cancelled" // by somebody
	Replaced  State = "replaced"  // by a newer revision
)

// Handler makes an episode. A nil error ends the job as done, if Finish has not.
// Its context ends when the job is lost (cause ErrFenced), cancelled
// (ErrCancelled), or must be handed back (ErrStopping).
type Handler func(ctx context.Context, j *Job) error

// Job is one attempt at a revision of an episode.
type Job struct {
	ID                      int64
	Show, Episode, Revision string
	Payload                 json.RawMessage // as ordered; null if there was none
	Attempt                 int             // 1 at first; waits and crashes do not count
	Crashes                 int             // how often its worker died, and the job was no further than at the death before

	// Log is the queue's log, and its last lines are kept with a failure.
	Log *slog.Logger

	queue *Queue
	river *river.Job[ticket]
	token int64
	lines *excerpt

	cancel context.CancelCauseFunc

	mu      sync.Mutex
	claimed bool
	note    string
	reached int64
	noted   said      // what the database has
	touched time.Time // when River was told last that it runs
	done    bool
}

func (j *Job) started() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.claimed
}

func (j *Job) finished() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.done
}

func (j *Job) ref() ref {
	return ref{id: j.ID, show: j.Show, episode: j.Episode, token: j.token, attempts: j.Attempt - 1, crashes: j.Crashes}
}

// Note says what the job does or waits for; the next beat writes it down.
func (j *Job) Note(what string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.note = cut(what, mostNote)
}

// Reach says how far the job has come, by a measure of the handler's own that
// grows; the next beat writes it down. Where each attempt gets further than the
// one before, the deaths of its workers do not count together: the job is not
// what kills them.
func (j *Job) Reach(far int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.reached = max(j.reached, far)
}

// said is what a job says of itself.
type said struct {
	note    string
	reached int64
}

// Finish ends the job as done, with what publish writes, in one transaction:
// all of it or nothing. It fails with ErrFenced where this attempt is no longer
// the current one, with ErrCancelled where the job was cancelled, and with
// publish's error.
//
// publish has the database to itself meanwhile (with SQLite nobody else writes):
// it uses tx for all it asks of the database, and does nothing slow.
//
// After an error that is neither of the two, the commit may have happened or not:
// the handler returns the error, and the queue finds out.
func (j *Job) Finish(ctx context.Context, publish func(tx *sql.Tx) error) error {
	q := j.queue
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		if err := q.lockEpisode(ctx, tx, j.Show, j.Episode); err != nil {
			return err
		}
		if err := j.check(ctx, tx); err != nil {
			return err
		}
		if publish != nil {
			if err := publish(tx); err != nil {
				return err
			}
		}
		if err := j.end(ctx, tx, Done, ""); err != nil {
			return err
		}
		return q.db.complete(ctx, tx, j.river)
	})
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, ErrFenced) || errors.Is(cause, ErrCancelled) {
			err = cause // and not that the context has ended
		}
		return fmt.Errorf("finish %s of %s: %w", j.Episode, j.Show, err)
	}
	j.mu.Lock()
	j.done = true
	j.mu.Unlock()
	q.log.InfoContext(ctx, "job done")
	return nil
}

// Guard calls publish while this attempt is the current one, in one transaction
// as Finish does, and goes on with the job. It fails as Finish does.
func (j *Job) Guard(ctx context.Context, publish func(tx *sql.Tx) error) error {
	q := j.queue
	return q.db.transact(ctx, func(tx *sql.Tx) error {
		if err := q.lockEpisode(ctx, tx, j.Show, j.Episode); err != nil {
			return err
		}
		if err := j.check(ctx, tx); err != nil {
			return err
		}
		return publish(tx)
	})
}

// check asks whether this attempt is the current one, and keeps it so until the
// transaction ends. The episode is locked.
func (j *Job) check(ctx context.Context, tx *sql.Tx) error {
	var stop bool
	n, err := j.queue.db.exec(ctx, tx, `UPDATE narrapress_job SET token = token WHERE id = ? AND token = ? AND state = 'running'`, j.ID, j.token)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrFenced
	}
	if err := j.queue.db.row(ctx, tx, `SELECT stop <> 0 FROM narrapress_job WHERE id = ?`, j.ID).Scan(&stop); err != nil {
		return err
	}
	if stop {
		return ErrCancelled
	}
	return nil
}

// end puts the job into a last state, and a newer revision on its way.
func (j *Job) end(ctx context.Context, tx *sql.Tx, state State, reason string) error {
	excerpt := ""
	if state == Dead {
		excerpt = j.lines.text()
	}
	if _, err := j.queue.db.exec(ctx, tx, `UPDATE narrapress_job SET state = ?, ended = ?, attempts = ?, worker = '', waits = '', error = ?, excerpt = ? WHERE id = ?`,
		state, j.queue.millis(), j.Attempt, cut(reason, mostReason), excerpt, j.ID); err != nil {
		return err
	}
	return j.queue.promote(ctx, tx, j.ref())
}

// about is what the log says of the attempt.
func (j *Job) about() []slog.Attr {
	all := append([]slog.Attr{slog.Int64(subject.Job, j.ID)}, j.queue.about(Order{Show: j.Show, Episode: j.Episode, Revision: j.Revision, Payload: j.Payload})...)
	return append(all, slog.Int(subject.Attempt, j.Attempt), slog.String(subject.Worker, j.queue.worker))
}
