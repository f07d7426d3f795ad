package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Order asks for one revision of an episode.
type Order struct {
	Show, Episode string
	Revision      string          // a hash of what it is made from
	Payload       json.RawMessage // the handler's; JSON, or empty
	Due           time.Time       // not before; zero is now
}

// Outcome is what became of an order.
type Outcome string

const (
	Added         Outcome = "added"     // a job of its own
	ReplacedOlder Outcome = "replaced"  // a job, in place of an older revision's that had not begun
	BehindOlder   Outcome = "behind"    // a job that begins when the older revision's has ended
	Duplicate     Outcome = "duplicate" // none: this revision is on its way or being made
)

// Inserted is an order's job.
type Inserted struct {
	ID      int64
	Outcome Outcome
}

// Insert takes orders, all or none. The answers are in their order.
func (q *Queue) Insert(ctx context.Context, orders ...Order) ([]Inserted, error) {
	var out []Inserted
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		var err error
		out, err = q.InsertTx(ctx, tx, orders...)
		return err
	})
	return out, err
}

// InsertTx is Insert in a transaction of this queue's (in Slots and Finish).
func (q *Queue) InsertTx(ctx context.Context, tx *sql.Tx, orders ...Order) ([]Inserted, error) {
	out := make([]Inserted, len(orders))
	byEpisode := make([]int, len(orders))
	for i := range orders {
		byEpisode[i] = i
	}
	// Episodes are locked in one order, so that two inserters cannot wait for each other.
	slices.SortStableFunc(byEpisode, func(a, b int) int {
		return compareEpisodes(orders[a].Show, orders[a].Episode, orders[b].Show, orders[b].Episode)
	})
	for _, i := range byEpisode {
		var err error
		if out[i], err = q.insert(ctx, tx, orders[i]); err != nil {
			return nil, fmt.Errorf("order %s of %s: %w", orders[i].Episode, orders[i].Show, err)
		}
	}
	return out, nil
}

func (q *Queue) insert(ctx context.Context, tx *sql.Tx, o Order) (Inserted, error) {
	if o.Show == "" || o.Episode == "" || o.Revision == "" {
		return Inserted{}, errors.New("an order names a show, an episode and a revision")
	}
	for _, text := range []string{o.Show, o.Episode, o.Revision, string(o.Payload)} {
		if cut(text, len(text)) != text {
			return Inserted{}, errors.New("what it says is not UTF-8, or has a NUL in it")
		}
	}
	if len(o.Payload) > 0 && !json.Valid(o.Payload) {
		return Inserted{}, errors.New("the payload is no JSON")
	}
	if err := q.lockEpisode(ctx, tx, o.Show, o.Episode); err != nil {
		return Inserted{}, err
	}
	current, behind, err := q.openJobs(ctx, tx, o.Show, o.Episode)
	if err != nil {
		return Inserted{}, err
	}
	cancelled, err := q.isCancelled(ctx, tx, current)
	if err != nil {
		return Inserted{}, err
	}
	switch {
	case current != nil && current.revision == o.Revision && !cancelled:
		// It is being made already, and what should have come after it is out of date.
		return Inserted{current.id, Duplicate}, q.replace(ctx, tx, behind)
	case behind != nil && behind.revision == o.Revision:
		return Inserted{behind.id, Duplicate}, nil
	case current != nil && current.state == Running:
		if err := q.replace(ctx, tx, behind); err != nil {
			return Inserted{}, err
		}
		id, err := q.add(ctx, tx, o, Behind)
		return Inserted{id, BehindOlder}, err
	}
	outcome := Added
	if current != nil {
		outcome = ReplacedOlder
	}
	if err := q.replace(ctx, tx, current); err != nil {
		return Inserted{}, err
	}
	// What failed before is settled by what is asked for now.
	if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'replaced' WHERE show = ? AND episode = ? AND state = 'dead'`, o.Show, o.Episode); err != nil {
		return Inserted{}, err
	}
	id, err := q.add(ctx, tx, o, Held)
	if err != nil {
		return Inserted{}, err
	}
	waits := ""
	if o.Due.After(q.now()) {
		waits = "its time"
	}
	return Inserted{id, outcome}, q.dispatch(ctx, tx, ref{id: id, show: o.Show, episode: o.Episode}, o.Due, waits)
}

// isCancelled says whether a job runs whose end was asked for: it makes nothing
// any more, whatever revision it is of.
func (q *Queue) isCancelled(ctx context.Context, tx *sql.Tx, r *ref) (stop bool, err error) {
	if r == nil || r.state != Running {
		return false, nil
	}
	err = q.db.row(ctx, tx, `SELECT stop <> 0 FROM narrapress_job WHERE id = ?`, r.id).Scan(&stop)
	return stop, err
}

// ref is as much of a job as it takes to send it on its way.
type ref struct {
	id            int64
	show, episode string
	revision      string
	state         State
	token         int64
	due           int64
	attempts      int
	crashes       int
}

const refColumns = `id, show, episode, revision, state, token, due, attempts, crashes`

func (r *ref) scan(scan func(...any) error) error {
	return scan(&r.id, &r.show, &r.episode, &r.revision, &r.state, &r.token, &r.due, &r.attempts, &r.crashes)
}

// openJobs is an episode's job that is on its way or runs, and the one behind it.
func (q *Queue) openJobs(ctx context.Context, tx *sql.Tx, show, episode string) (current, behind *ref, err error) {
	err = q.db.each(ctx, tx, func(rows *sql.Rows) error {
		r := &ref{}
		if err := r.scan(rows.Scan); err != nil {
			return err
		}
		if r.state == Behind {
			behind = r
		} else {
			current = r
		}
		return nil
	}, `SELECT `+refColumns+` FROM narrapress_job WHERE show = ? AND episode = ? AND state IN ('ready', 'running', 'held', 'behind')`, show, episode)
	return current, behind, err
}

func (q *Queue) replace(ctx context.Context, tx *sql.Tx, old *ref) error {
	if old == nil {
		return nil
	}
	_, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET state = 'replaced', ended = ? WHERE id = ?`, q.millis(), old.id)
	return err
}

func (q *Queue) add(ctx context.Context, tx *sql.Tx, o Order, state State) (int64, error) {
	payload := o.Payload
	if len(payload) == 0 {
		payload = json.RawMessage("null")
	}
	now := q.now()
	due := now
	if o.Due.After(now) {
		due = o.Due
	}
	var id int64
	err := q.db.row(ctx, tx, `INSERT INTO narrapress_job (show, episode, revision, payload, state, due, added) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		o.Show, o.Episode, o.Revision, string(payload), state, due.UnixMilli(), now.UnixMilli()).Scan(&id)
	return id, err
}

// lockEpisode keeps others from an episode's jobs until the transaction ends.
// All that changes a job's state holds it. SQLite has one writer anyway.
func (q *Queue) lockEpisode(ctx context.Context, tx *sql.Tx, show, episode string) error {
	if !q.db.postgres {
		return nil
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "narrapress %q %q", show, episode)
	_, err := q.db.exec(ctx, tx, `SELECT pg_advisory_xact_lock(?)`, int64(h.Sum64()))
	return err
}
