package queue

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/riverqueue/river"
)

// Jobs are fetched from two River queues. In suspects are those whose worker died
// so often that they are set aside the next time: each process runs one of them at
// a time, so that none is set aside for the deeds of another that ran beside it.
const (
	queueJobs     = "narrapress"
	queueSuspects = "narrapress_suspects"
)

// ticket is what River carries: which job, and for people which episode.
type ticket struct {
	Job     int64  `json:"job"`
	Show    string `json:"show"`
	Episode string `json:"episode"`
}

func (ticket) Kind() string { return "narrapress_job" }

// dispatch makes a job ready: from now on a new token is the current one. Where
// the show is paused it is held instead. The caller has locked the episode.
func (q *Queue) dispatch(ctx context.Context, tx *sql.Tx, r ref, due time.Time, waits string) error {
	if now := q.now(); due.Before(now) {
		due = now
	}
	reason, paused, err := q.paused(ctx, tx, r.show)
	if err != nil {
		return err
	}
	if paused {
		_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'held', token = 0, worker = '', stop = 0, due = ?, waits = ? WHERE id = ?`,
			due.UnixMilli(), cmp.Or(reason, "paused"), r.id)
		return err
	}
	priority, err := q.priority(ctx, tx, r)
	if err != nil {
		return err
	}
	o := &river.InsertOpts{MaxAttempts: 1, Priority: priority, Queue: queueJobs}
	if r.crashes > 0 && r.crashes >= q.options.MaxCrashes-1 {
		o.Queue = queueSuspects
	}
	if due.After(q.now()) {
		o.ScheduledAt = due
	}
	inserted, err := q.river.InsertTx(ctx, tx, ticket{Job: r.id, Show: r.show, Episode: r.episode}, o)
	if err != nil {
		return err
	}
	_, err = q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'ready', token = ?, worker = '', stop = 0, due = ?, waits = ? WHERE id = ?`,
		inserted.Job.ID, due.UnixMilli(), waits, r.id)
	return err
}

// promote sends the newer revision on its way, where one waited for r to end.
func (q *Queue) promote(ctx context.Context, tx *sql.Tx, r ref) error {
	_, behind, err := q.openJobs(ctx, tx, r.show, r.episode)
	if err != nil || behind == nil {
		return err
	}
	return q.dispatch(ctx, tx, *behind, time.UnixMilli(behind.due), "")
}

// paused says whether a show's jobs are held back, and why.
func (q *Queue) paused(ctx context.Context, tx *sql.Tx, show string) (reason string, paused bool, err error) {
	err = q.db.row(ctx, tx, `SELECT reason FROM narrapress_pause WHERE show IN ('', ?) ORDER BY show LIMIT 1`, show).Scan(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return reason, err == nil, err
}

// priority puts what was on its way before in front of all that is new, and of
// that a show with a long line behind one with a short one: 2 with fewer than 8
// jobs ready, 3 with fewer than 64, then 4. River's are 1 to 4.
func (q *Queue) priority(ctx context.Context, tx *sql.Tx, r ref) (int, error) {
	if r.token != 0 {
		return 1, nil
	}
	var ready int
	err := q.db.row(ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM narrapress_job WHERE state = 'ready' AND show = ? LIMIT 64) AS line`, r.show).Scan(&ready)
	switch {
	case ready < 8:
		return 2, err
	case ready < 64:
		return 3, err
	}
	return 4, err
}

// forget ends the River job of an attempt that its worker cannot end any more.
func (q *Queue) forget(ctx context.Context, tx *sql.Tx, token int64) error {
	_, err := q.db.exec(ctx, tx, `UPDATE river_job SET state = 'discarded', finalized_at = `+q.db.riverNow()+` WHERE id = ? AND state = 'running'`, token)
	return err
}

func compareEpisodes(show1, episode1, show2, episode2 string) int {
	return cmp.Or(cmp.Compare(show1, show2), cmp.Compare(episode1, episode2))
}
