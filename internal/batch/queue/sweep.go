package queue

import (
	"context"
	"database/sql"
	"time"
)

// sweepEvery is how often all that is ready is looked through for what River has
// lost, and what is old is deleted. Nothing should be found.
const sweepEvery = time.Minute

// sweep sends on their way again: jobs that were fetched and never claimed, for
// their worker died in between; with whole, also those whose River job is gone or
// over, those that run at a worker that there is not, and those held by no pause.
func (q *Queue) sweep(ctx context.Context, whole bool) error {
	return q.sweepOlder(ctx, q.now().Add(-q.options.Stale), whole)
}

// sweepOlder is sweep for what was fetched before a time.
func (q *Queue) sweepOlder(ctx context.Context, before time.Time, whole bool) error {
	strays, err := q.strays(ctx, before, `SELECT j.id, j.show, j.episode, j.revision, j.state, j.token, j.due, j.attempts, j.crashes, r.attempted_at
		FROM river_job r JOIN narrapress_job j ON j.token = r.id WHERE r.state = 'running' AND j.state = 'ready'`)
	if err != nil {
		return err
	}
	if whole {
		more, err := q.strays(ctx, before, `SELECT j.id, j.show, j.episode, j.revision, j.state, j.token, j.due, j.attempts, j.crashes, NULL
			FROM narrapress_job j LEFT JOIN river_job r ON r.id = j.token WHERE j.state = 'ready' AND (r.id IS NULL OR r.state IN ('completed', 'cancelled', 'discarded'))
			UNION ALL SELECT j.id, j.show, j.episode, j.revision, j.state, j.token, j.due, j.attempts, j.crashes, NULL
			FROM narrapress_job j LEFT JOIN narrapress_worker w ON w.id = j.worker WHERE j.state = 'running' AND w.id IS NULL
			UNION ALL SELECT j.id, j.show, j.episode, j.revision, j.state, j.token, j.due, j.attempts, j.crashes, NULL
			FROM narrapress_job j WHERE j.state = 'held' AND NOT EXISTS (SELECT 1 FROM narrapress_pause p WHERE p.show IN ('', j.show))`)
		if err != nil {
			return err
		}
		strays = append(strays, more...)
	}
	for _, r := range strays {
		q.log.WarnContext(q.subject(ctx, q.db, r.id), "a stray job is sent on its way again", "state", r.state)
		if err := q.db.transact(ctx, func(tx *sql.Tx) error { return q.takeOver(ctx, tx, r, false) }); err != nil {
			return err
		}
	}
	if whole {
		return q.prune(ctx)
	}
	return nil
}

func (q *Queue) strays(ctx context.Context, before time.Time, statement string) ([]ref, error) {
	var found []ref
	err := q.db.each(ctx, q.db, func(rows *sql.Rows) error {
		var r ref
		var fetched sql.NullTime
		if err := rows.Scan(&r.id, &r.show, &r.episode, &r.revision, &r.state, &r.token, &r.due, &r.attempts, &r.crashes, &fetched); err != nil {
			return err
		}
		if !fetched.Valid || fetched.Time.Before(before) {
			found = append(found, r)
		}
		return nil
	}, statement)
	return found, err
}

// prune deletes what ended long ago. What is dead stays until somebody decides.
func (q *Queue) prune(ctx context.Context) error {
	return q.db.transact(ctx, func(tx *sql.Tx) error {
		_, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_job WHERE state IN ('done', 'replaced', 'cancelled') AND ended < ?`, q.now().Add(-q.options.Keep).UnixMilli())
		return err
	})
}
