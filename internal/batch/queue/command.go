package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Retry sends a job that is dead or cancelled, or that waits for its time, on its
// way now. Its attempts and crashes are counted anew. ErrState is for others, and
// where the episode has another job under way.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error { return q.RetryTx(ctx, tx, id, nil) })
}

// RetryTx is Retry in a transaction of this queue's, with another payload; nil keeps
// that which it has. Who retries several does so in the order of shows and episodes.
func (q *Queue) RetryTx(ctx context.Context, tx *sql.Tx, id int64, payload json.RawMessage) error {
	return q.changeTx(ctx, tx, "retry", id, func(tx *sql.Tx, r ref) error {
		current, _, err := q.openJobs(ctx, tx, r.show, r.episode)
		if err != nil {
			return err
		}
		switch {
		case r.state != Dead && r.state != Cancelled && r.state != Ready:
			return fmt.Errorf("%w: it is %s", ErrState, r.state)
		case current != nil && current.id != r.id:
			return fmt.Errorf("%w: job %d of the same episode is %s", ErrState, current.id, current.state)
		}
		r.attempts, r.crashes = 0, 0
		if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET attempts = 0, crashes = 0, reached = 0, died_at = 0, ended = 0 WHERE id = ?`, id); err != nil {
			return err
		}
		if payload != nil {
			if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET payload = ? WHERE id = ?`, string(payload), id); err != nil {
				return err
			}
		}
		return q.dispatch(ctx, tx, r, time.Time{}, "")
	})
}

// Cancel ends a job. One that runs is told with its worker's next beat, and then
// cannot finish any more; ErrState is for one that has ended.
func (q *Queue) Cancel(ctx context.Context, id int64) error {
	return q.change(ctx, "cancel", id, func(tx *sql.Tx, r ref) error {
		switch r.state {
		case Running:
			_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET stop = 1 WHERE id = ?`, id)
			return err
		case Ready, Held, Dead:
			return q.close(ctx, tx, r, Cancelled, "")
		case Behind:
			_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'cancelled', ended = ? WHERE id = ?`, q.millis(), id)
			return err
		}
		return fmt.Errorf("%w: it is %s", ErrState, r.state)
	})
}

// change changes one job with its episode locked.
func (q *Queue) change(ctx context.Context, what string, id int64, f func(*sql.Tx, ref) error) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error { return q.changeTx(ctx, tx, what, id, f) })
}

func (q *Queue) changeTx(ctx context.Context, tx *sql.Tx, what string, id int64, f func(*sql.Tx, ref) error) error {
	read := func() (r ref, err error) {
		err = r.scan(q.db.row(ctx, tx, `SELECT `+refColumns+` FROM narrapress_job WHERE id = ?`, id).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrNotFound
		}
		return r, err
	}
	r, err := read()
	if err == nil {
		err = q.lockEpisode(ctx, tx, r.show, r.episode)
	}
	if err == nil {
		r, err = read() // as it is now that nobody else changes it
	}
	if err == nil {
		err = f(tx, r)
	}
	if err != nil {
		return fmt.Errorf("%s job %d: %w", what, id, err)
	}
	q.log.InfoContext(q.subject(ctx, tx, id), "job command", "command", what)
	return nil
}

// Pause holds a show's jobs back, or all jobs where show is empty; those that run
// go on. The reason is what they are said to wait for.
func (q *Queue) Pause(ctx context.Context, show, reason string) error {
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		if _, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_pause (show, since, reason) VALUES (?, ?, ?) ON CONFLICT (show) DO UPDATE SET reason = excluded.reason`,
			show, q.millis(), cut(reason, mostNote)); err != nil {
			return err
		}
		// Their River jobs come to nothing: the token is no longer theirs. A job that
		// is claimed in this moment runs, or is held by who claims it.
		_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'held', token = 0, waits = ? WHERE state = 'ready' AND (show = ? OR ? = '')`,
			cut(reason, mostNote), show, show)
		return err
	})
	if err != nil {
		return fmt.Errorf("pause: %w", err)
	}
	q.log.InfoContext(ctx, "paused", "show", show, "reason", reason)
	return nil
}

// Resume ends a pause. A show that was paused by itself stays so when the pause
// of all ends, and the other way round.
func (q *Queue) Resume(ctx context.Context, show string) error {
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		if _, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_pause WHERE show = ?`, show); err != nil {
			return err
		}
		var held []ref
		if err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
			var r ref
			err := r.scan(rows.Scan)
			held = append(held, r)
			return err
		}, `SELECT `+refColumns+` FROM narrapress_job WHERE state = 'held' AND (show = ? OR ? = '') ORDER BY show, episode`, show, show); err != nil {
			return err
		}
		for _, r := range held {
			if err := q.lockEpisode(ctx, tx, r.show, r.episode); err != nil {
				return err
			}
			// Replaced or cancelled while the lock was waited for?
			n, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET token = 0 WHERE id = ? AND state = 'held'`, r.id)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if err := q.dispatch(ctx, tx, r, time.UnixMilli(r.due), ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	q.log.InfoContext(ctx, "resumed", "show", show)
	return nil
}
