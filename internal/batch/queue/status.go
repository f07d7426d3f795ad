package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Entry is a job as it stands.
type Entry struct {
	ID                      int64
	Show, Episode, Revision string
	Payload                 json.RawMessage
	State                   State
	Attempts, Crashes       int       // attempts that ended by themselves; deaths of its worker, since it got no further
	Worker                  string    // where it runs
	Waits                   string    // what for; of one that runs, what it does
	Due                     time.Time // not before
	Added, Started, Ended   time.Time // zero: not yet
	Error, Excerpt          string    // of the last attempt that failed
}

// Ping asks the database for nothing: whether it is there.
func (q *Queue) Ping(ctx context.Context) error {
	var one int
	if err := q.db.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("the database does not answer: %w", inLine{err})
	}
	return nil
}

// Alive says whether a process has the queue open, and is not taken for dead.
func (q *Queue) Alive(ctx context.Context, worker string) (bool, error) {
	var n int
	err := q.db.QueryRowContext(ctx, q.db.sql(`SELECT count(*) FROM narrapress_worker WHERE id = ?`), worker).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for worker %s: %w", worker, err)
	}
	return n > 0, nil
}

// Filter chooses jobs; its zero value takes the first 100 of all.
type Filter struct {
	Show   string
	States []State
	After  int64 // IDs above it
	Limit  int   // 100 where it is 0
	Brief  bool  // without payloads and excerpts, which may be large
}

// List lists jobs by ID.
func (q *Queue) List(ctx context.Context, f Filter) ([]Entry, error) {
	where, args := "id > ?", []any{f.After}
	if f.Show != "" {
		where += " AND show = ?"
		args = append(args, f.Show)
	}
	if len(f.States) > 0 {
		where += " AND state IN (?" + strings.Repeat(", ?", len(f.States)-1) + ")"
		for _, s := range f.States {
			args = append(args, s)
		}
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	columns := entryColumns
	if f.Brief {
		columns = briefColumns
	}
	return q.entries(ctx, "list jobs", columns, where+" ORDER BY id LIMIT ?", append(args, f.Limit)...)
}

// Get is one job; ErrNotFound where there is none.
func (q *Queue) Get(ctx context.Context, id int64) (Entry, error) {
	found, err := q.entries(ctx, "look up a job", entryColumns, "id = ?", id)
	if err != nil {
		return Entry{}, err
	}
	if len(found) == 0 {
		return Entry{}, fmt.Errorf("job %d: %w", id, ErrNotFound)
	}
	return found[0], nil
}

const (
	entryColumns = `id, show, episode, revision, payload, state, attempts, crashes, worker, waits, due, added, started, ended, error, excerpt`
	briefColumns = `id, show, episode, revision, 'null', state, attempts, crashes, worker, waits, due, added, started, ended, error, ''`
)

func (q *Queue) entries(ctx context.Context, what, columns, where string, args ...any) ([]Entry, error) {
	var out []Entry
	err := q.db.each(ctx, q.db, func(rows *sql.Rows) error {
		var e Entry
		var payload string
		var due, added, started, ended int64
		if err := rows.Scan(&e.ID, &e.Show, &e.Episode, &e.Revision, &payload, &e.State, &e.Attempts, &e.Crashes, &e.Worker, &e.Waits, &due, &added, &started, &ended, &e.Error, &e.Excerpt); err != nil {
			return err
		}
		e.Payload = json.RawMessage(payload)
		e.Due, e.Added, e.Started, e.Ended = instant(due), instant(added), instant(started), instant(ended)
		out = append(out, e)
		return nil
	}, `SELECT `+columns+` FROM narrapress_job WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

func instant(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

// Pause is a show that is paused; an empty Show is all of them.
type Pause struct {
	Show, Reason string
	Since        time.Time
}

// Worker is a process that has the queue open.
type Worker struct {
	ID, Name      string
	Started, Beat time.Time
	Running       int
}

// Usage is what an endpoint has used of its limits, shares in hand included.
type Usage struct {
	Endpoint   string
	Slots      int    // requests that may be in flight now, over all workers
	Day        string // UTC, such as 2026-11-26
	Characters int64
	Month      string // UTC, such as 2026-11
	Money      float64
}

// Status is the whole at a glance.
type Status struct {
	Counts  map[string]map[State]int // by show
	Oldest  map[string]time.Time     // since when the job has waited, of those that might run, that has done so the longest; by show
	Paused  []Pause
	Workers []Worker
	Usage   []Usage
}

// Status counts.
func (q *Queue) Status(ctx context.Context) (Status, error) {
	s := Status{Counts: map[string]map[State]int{}, Oldest: map[string]time.Time{}}
	err := q.db.transact(ctx, func(tx *sql.Tx) error { return q.status(ctx, tx, &s) })
	if err != nil {
		return Status{}, fmt.Errorf("status of the queue: %w", err)
	}
	return s, nil
}

func (q *Queue) status(ctx context.Context, tx *sql.Tx, s *Status) error {
	if err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var show string
		var state State
		var n int
		if err := rows.Scan(&show, &state, &n); err != nil {
			return err
		}
		if s.Counts[show] == nil {
			s.Counts[show] = map[State]int{}
		}
		s.Counts[show][state] = n
		return nil
	}, `SELECT show, state, count(*) FROM narrapress_job GROUP BY show, state`); err != nil {
		return err
	}
	if err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var show string
		var due int64
		err := rows.Scan(&show, &due)
		s.Oldest[show] = instant(due)
		return err
	}, `SELECT show, min(CASE WHEN due > added THEN due ELSE added END) FROM narrapress_job WHERE state = 'ready' AND due <= ? GROUP BY show`, q.millis()); err != nil {
		return err
	}
	if err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var p Pause
		var since int64
		err := rows.Scan(&p.Show, &p.Reason, &since)
		p.Since = instant(since)
		s.Paused = append(s.Paused, p)
		return err
	}, `SELECT show, reason, since FROM narrapress_pause ORDER BY show`); err != nil {
		return err
	}
	if err := q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var w Worker
		var started, beat int64
		err := rows.Scan(&w.ID, &w.Name, &started, &beat, &w.Running)
		w.Started, w.Beat = instant(started), instant(beat)
		s.Workers = append(s.Workers, w)
		return err
	}, `SELECT id, name, started, beat, (SELECT count(*) FROM narrapress_job j WHERE j.worker = w.id AND j.state = 'running') FROM narrapress_worker w ORDER BY name, id`); err != nil {
		return err
	}
	return q.db.each(ctx, tx, func(rows *sql.Rows) error {
		var u Usage
		var money int64
		err := rows.Scan(&u.Endpoint, &u.Day, &u.Characters, &u.Month, &money, &u.Slots)
		u.Money = float64(money) / nano
		s.Usage = append(s.Usage, u)
		return err
	}, `SELECT endpoint, day, characters, month, money, (SELECT coalesce(sum(slots), 0) FROM narrapress_share s WHERE s.endpoint = l.endpoint) FROM narrapress_limit l ORDER BY endpoint`)
}
