package queue

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// claim makes the job this worker's. It is not to be made where its River job is
// an old one, or its show is paused.
func (j *Job) claim(ctx context.Context, t ticket) (claimed bool, err error) {
	q := j.queue
	err = q.db.transact(ctx, func(tx *sql.Tx) error {
		claimed = false
		if err := q.lockEpisode(ctx, tx, t.Show, t.Episode); err != nil {
			return err
		}
		reason, paused, err := q.paused(ctx, tx, t.Show)
		if err != nil {
			return err
		}
		if paused {
			_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'held', token = 0, waits = ? WHERE id = ? AND token = ? AND state = 'ready'`, reason, j.ID, j.token)
			return err
		}
		var payload string
		err = q.db.row(ctx, tx, `UPDATE narrapress_job SET state = 'running', worker = ?, started = ?, waits = '' WHERE id = ? AND token = ? AND state = 'ready'
			RETURNING show, episode, revision, payload, attempts + 1, crashes`, q.worker, q.millis(), j.ID, j.token).
			Scan(&j.Show, &j.Episode, &j.Revision, &payload, &j.Attempt, &j.Crashes)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		j.Payload, claimed = []byte(payload), err == nil
		return err
	})
	return claimed, err
}

// settle writes down how the attempt ended: cause is why its context did, err is
// the handler's. It may be called again after an error.
func (j *Job) settle(ctx context.Context, cause, err error) error {
	if j.finished() {
		if err != nil {
			j.Log.WarnContext(ctx, "an error after the job was finished changes nothing", "error", err)
		}
		return nil
	}
	if err == nil {
		return j.settleDone(ctx)
	}
	q := j.queue
	err = j.queue.db.transact(ctx, func(tx *sql.Tx) error {
		if err := q.lockEpisode(ctx, tx, j.Show, j.Episode); err != nil {
			return err
		}
		switch e := j.check(ctx, tx); {
		case errors.Is(e, ErrCancelled):
			return j.end(ctx, tx, Cancelled, "")
		case e != nil:
			return e
		}
		return j.goOn(ctx, tx, cause, err)
	})
	if errors.Is(err, ErrFenced) && j.isDone(ctx) { // the commit of Finish went through, its answer did not
		return nil
	}
	if errors.Is(err, ErrFenced) {
		q.log.WarnContext(ctx, "job lost")
	}
	return err
}

// settleDone is for a handler that left it to the queue to finish.
func (j *Job) settleDone(ctx context.Context) error {
	err := j.Finish(ctx, nil)
	if errors.Is(err, ErrCancelled) {
		return j.settle(ctx, ErrCancelled, err)
	}
	if errors.Is(err, ErrFenced) && j.isDone(ctx) {
		return nil
	}
	return err
}

// isDone says whether this attempt is the one that finished the job.
func (j *Job) isDone(ctx context.Context) bool {
	var done bool
	err := j.queue.db.QueryRowContext(ctx, j.queue.db.sql(`SELECT state = 'done' FROM narrapress_job WHERE id = ? AND token = ?`), j.ID, j.token).Scan(&done)
	return err == nil && done
}

// goOn decides what comes after an attempt that did not finish.
func (j *Job) goOn(ctx context.Context, tx *sql.Tx, cause, err error) error {
	q := j.queue
	if _, behind, e := q.openJobs(ctx, tx, j.Show, j.Episode); e != nil {
		return e
	} else if behind != nil { // it has begun to be out of date
		return j.end(ctx, tx, Replaced, text(err))
	}
	if errors.Is(cause, ErrStopping) {
		q.log.InfoContext(ctx, "job handed back")
		return q.dispatch(ctx, tx, j.ref(), time.Time{}, "")
	}
	if wait, ok := errors.AsType[*waitError](err); ok {
		q.log.InfoContext(ctx, "job waits", "until", wait.until, "for", wait.what)
		return q.dispatch(ctx, tx, j.ref(), wait.until, cut(wait.what, mostNote))
	}
	_, permanent := errors.AsType[*permanentError](err)
	if permanent || j.Attempt >= q.options.MaxAttempts {
		q.log.ErrorContext(ctx, "job set aside", "error", err)
		return j.end(ctx, tx, Dead, text(err))
	}
	wait := q.options.Backoff(err, j.Attempt)
	q.log.WarnContext(ctx, "attempt failed", "error", err, "again_in", wait)
	if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET attempts = ?, error = ?, excerpt = ? WHERE id = ?`,
		j.Attempt, cut(text(err), mostReason), j.lines.text(), j.ID); err != nil {
		return err
	}
	return q.dispatch(ctx, tx, j.ref(), q.now().Add(wait), "another attempt")
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
