package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// buryStale takes over from workers whose hearts have stopped. A beat that is yet
// to come was of before the database's clock went back: whoever lives has beaten since.
func (q *Queue) buryStale(ctx context.Context) error {
	before, after := q.now().Add(-q.options.Stale).UnixMilli(), q.now().Add(q.options.Stale).UnixMilli()
	dead, err := q.workers(ctx, `SELECT id FROM narrapress_worker WHERE (beat < ? OR beat > ?) AND id <> ? ORDER BY id`, before, after, q.worker)
	if err != nil {
		return err
	}
	for _, id := range dead {
		if err := q.bury(ctx, id, before, after); err != nil {
			return err
		}
	}
	return nil
}

// buryAll is for a process that knows itself alone: everybody else is dead, and
// what River holds for running does not run.
func (q *Queue) buryAll(ctx context.Context) error {
	dead, err := q.workers(ctx, `SELECT id FROM narrapress_worker ORDER BY id`)
	if err != nil {
		return err
	}
	const whenever = int64(1) << 62
	for _, id := range dead {
		if err := q.bury(ctx, id, whenever, whenever); err != nil {
			return err
		}
	}
	return q.sweepOlder(ctx, q.now().Add(time.Hour), true)
}

func (q *Queue) workers(ctx context.Context, statement string, args ...any) ([]string, error) {
	var ids []string
	err := q.db.each(ctx, q.db, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, statement, args...)
	return ids, err
}

// bury removes a worker that has not beaten between before and after, with its shares of the
// limits, and gives its jobs to the others: one transaction, so that exactly one
// process does it, wholly.
func (q *Queue) bury(ctx context.Context, worker string, before, after int64) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error {
		n, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_worker WHERE id = ? AND (beat < ? OR beat > ?)`, worker, before, after)
		if err != nil || n == 0 {
			return err
		}
		if _, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_share WHERE worker = ?`, worker); err != nil {
			return err
		}
		jobs, err := q.runningOf(ctx, tx, worker)
		if err != nil {
			return err
		}
		q.log.WarnContext(ctx, "worker died", "worker", worker, "jobs", len(jobs))
		for _, r := range jobs {
			if err := q.takeOver(ctx, tx, r, true); err != nil {
				return err
			}
		}
		return nil
	})
}

// leave removes this process, if nothing of it runs any more.
func (q *Queue) leave(ctx context.Context) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error {
		n, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_worker WHERE id = ? AND NOT EXISTS (SELECT 1 FROM narrapress_job WHERE worker = ? AND state = 'running')`, q.worker, q.worker)
		if err != nil || n == 0 {
			return err
		}
		_, err = q.db.exec(ctx, tx, `DELETE FROM narrapress_share WHERE worker = ?`, q.worker)
		return err
	})
}

func (q *Queue) runningOf(ctx context.Context, tx *sql.Tx, worker string) ([]ref, error) {
	var jobs []ref
	err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var r ref
		err := r.scan(rows.Scan)
		jobs = append(jobs, r)
		return err
	}, `SELECT `+refColumns+` FROM narrapress_job WHERE worker = ? AND state = 'running' ORDER BY show, episode`, worker)
	return jobs, err
}

// takeOver sends a job that was r when it was looked at on its way again, unless
// it went on meanwhile. Where its worker died, deaths are counted since the job
// got no further: workers that die of something else set no job aside.
func (q *Queue) takeOver(ctx context.Context, tx *sql.Tx, r ref, died bool) error {
	if err := q.lockEpisode(ctx, tx, r.show, r.episode); err != nil {
		return err
	}
	count := `crashes = crashes`
	if died {
		count = `crashes = CASE WHEN reached > died_at THEN 1 ELSE crashes + 1 END, died_at = reached`
	}
	err := q.db.row(ctx, tx, `UPDATE narrapress_job SET `+count+` WHERE id = ? AND token = ? AND state = ? RETURNING crashes`, r.id, r.token, r.state).Scan(&r.crashes)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := q.forget(ctx, tx, r.token); err != nil {
		return err
	}
	var stop bool
	if err := q.db.row(ctx, tx, `SELECT stop <> 0 FROM narrapress_job WHERE id = ?`, r.id).Scan(&stop); err != nil {
		return err
	}
	_, behind, err := q.openJobs(ctx, tx, r.show, r.episode)
	switch {
	case err != nil:
		return err
	case stop:
		return q.close(ctx, tx, r, Cancelled, "")
	case behind != nil:
		return q.close(ctx, tx, r, Replaced, "")
	case died && r.crashes >= q.options.MaxCrashes:
		reason := fmt.Sprintf("its worker died %d times", r.crashes)
		q.log.ErrorContext(q.subject(ctx, tx, r.id), "job set aside", "error", reason)
		return q.close(ctx, tx, r, Dead, reason)
	}
	return q.dispatch(ctx, tx, r, time.UnixMilli(r.due), "")
}

// close puts a job into a last state from outside, and sends the one behind it on
// its way.
func (q *Queue) close(ctx context.Context, tx *sql.Tx, r ref, state State, reason string) error {
	if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = ?, ended = ?, worker = '', waits = '', error = CASE WHEN ? = '' THEN error ELSE ? END WHERE id = ?`,
		state, q.millis(), reason, reason, r.id); err != nil {
		return err
	}
	return q.promote(ctx, tx, r)
}

// adopt hands back a job that this worker has claimed without knowing it.
func (q *Queue) adopt(ctx context.Context, token int64) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error {
		jobs, err := q.runningOf(ctx, tx, q.worker)
		if err != nil {
			return err
		}
		for _, r := range jobs {
			if r.token == token {
				return q.takeOver(ctx, tx, r, false)
			}
		}
		return nil
	})
}
