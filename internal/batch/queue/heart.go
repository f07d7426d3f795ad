package queue

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// heart tells the others that this process lives, and this process what it lost.
type heart struct {
	queue *Queue
	ahead atomic.Int64 // of this clock is the database's, ns
	epoch atomic.Int64 // how often the process was taken for dead
	last  atomic.Int64 // beat, since born, ns by the monotonic clock
	born  time.Time
	fault atomic.Pointer[error] // of the last beat; nil where it was written

	// steady is since when hearts were heard without a break, by whomever; by the
	// database's clock in ms. It is asked and written by beat alone.
	steady atomic.Int64

	end, ended chan struct{}
	once       sync.Once

	mu   sync.Mutex
	jobs map[int64]*Job // by token
}

func newHeart(q *Queue) *heart {
	return &heart{queue: q, born: time.Now(), end: make(chan struct{}), ended: make(chan struct{}), jobs: map[int64]*Job{}}
}

// start beats once, so that the process is known before it claims anything.
func (h *heart) start(ctx context.Context) error {
	if err := h.beat(ctx); err != nil {
		return err
	}
	go h.run() //nolint:gosec // it lives until stop, not as long as whoever starts it
	return nil
}

func (h *heart) run() {
	defer close(h.ended)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-h.end:
			cancel()
		case <-ctx.Done():
		}
	}()
	swept, faint := time.Now(), rarely{}
	tick := time.NewTicker(h.queue.options.Beat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-h.end:
			return
		}
		if err := h.beat(ctx); err != nil {
			if ctx.Err() == nil {
				h.fault.Store(&err)
				if faint.due() {
					h.queue.log.WarnContext(ctx, "the heart could not beat", "worker", h.queue.worker, "error", err)
				}
			}
			continue
		}
		h.fault.Store(nil)
		faint.over()
		whole := time.Since(swept) > sweepEvery
		if h.bury(ctx, whole) && whole {
			swept = time.Now()
		}
	}
}

// bury takes over from the dead, and looks for stray jobs; it says whether it did.
// After a time in which nobody was heard, the database was away, or all machines
// were: the others get the same time to show that they live.
func (h *heart) bury(ctx context.Context, whole bool) bool {
	q := h.queue
	if q.millis()-h.steady.Load() < q.options.Stale.Milliseconds() {
		return false
	}
	if err := h.shortly(ctx, q.buryStale); err != nil && ctx.Err() == nil {
		q.log.WarnContext(ctx, "the dead could not be buried", "error", err)
	}
	if err := h.shortly(ctx, func(ctx context.Context) error { return q.sweep(ctx, whole) }); err != nil && ctx.Err() == nil {
		q.log.WarnContext(ctx, "stray jobs could not be looked for", "error", err)
	}
	return true
}

// shortly does something that may have to wait for others' locks, but not for so
// long that this heart is taken for dead.
func (h *heart) shortly(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, h.queue.options.Stale/2)
	defer cancel()
	return f(ctx)
}

// fresh says whether the last beat is less than d ago.
func (h *heart) fresh(d time.Duration) bool {
	return time.Since(h.born)-time.Duration(h.last.Load()) < d
}

func (h *heart) offset() time.Duration { return time.Duration(h.ahead.Load()) }

// beat writes down that the process lives, and compares what runs here with what
// the database says.
func (h *heart) beat(ctx context.Context) error {
	q := h.queue
	ctx, cancel := context.WithTimeout(ctx, max(q.options.Stale/2, time.Second))
	defer cancel()
	began := time.Now()
	mine := h.snapshot()
	claimed := make(map[int64]bool, len(mine)) // before the database is asked: what is claimed meanwhile is not missed
	for token, j := range mine {
		claimed[token] = j.started()
	}
	reborn := false
	var steady int64
	theirs := map[int64]bool{}
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		if err := h.setClock(ctx, tx); err != nil {
			return err
		}
		now := q.millis()
		var err error
		if steady, err = h.since(ctx, tx, now); err != nil {
			return err
		}
		n, err := q.db.exec(ctx, tx, `UPDATE narrapress_worker SET beat = ?, steady = ? WHERE id = ?`, now, steady, q.worker)
		if err != nil {
			return err
		}
		if reborn = n == 0; reborn {
			if _, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_worker (id, name, started, beat, steady) VALUES (?, ?, ?, ?, ?)`, q.worker, q.options.Worker, now, now, steady); err != nil {
				return err
			}
		}
		return q.db.each(ctx, tx, func(rows *sql.Rows) error {
			var token int64
			var stop bool
			if err := rows.Scan(&token, &stop); err != nil {
				return err
			}
			theirs[token] = stop
			return nil
		}, `SELECT token, stop <> 0 FROM narrapress_job WHERE worker = ? AND state = 'running'`, q.worker)
	})
	if err != nil {
		return err
	}
	if reborn && h.last.Load() > 0 {
		h.epoch.Add(1)
		q.log.WarnContext(ctx, "this worker was taken for dead; its jobs are others' now", "worker", q.worker)
	}
	h.last.Store(int64(began.Sub(h.born)))
	h.steady.Store(steady)
	h.compare(ctx, mine, claimed, theirs)
	return h.tell(ctx, mine)
}

// since is since when hearts were heard without a break: as long as whoever was
// heard just now says, and from now on where nobody was. So a process that begins
// need not listen for itself before it knows who is dead.
func (h *heart) since(ctx context.Context, tx *sql.Tx, now int64) (int64, error) {
	just := h.queue.options.Stale.Milliseconds() / 2 // with a beat missed
	var steady int64
	err := h.queue.db.row(ctx, tx, `SELECT coalesce(min(steady), 0) FROM narrapress_worker WHERE steady > 0 AND beat BETWEEN ? AND ?`, now-just, now+just).Scan(&steady)
	if steady == 0 {
		steady = now
	}
	return min(steady, now), err
}

// setClock learns how far the database's clock is ahead of this one.
func (h *heart) setClock(ctx context.Context, tx *sql.Tx) error {
	q := h.queue
	if !q.db.postgres {
		return nil
	}
	asked := q.options.Now()
	var millis int64
	if err := tx.QueryRowContext(ctx, `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`).Scan(&millis); err != nil {
		return err
	}
	middle := asked.Add(q.options.Now().Sub(asked) / 2)
	h.ahead.Store(int64(time.UnixMilli(millis).Sub(middle)))
	return nil
}

// compare ends what was lost or cancelled, and finds what runs nowhere.
func (h *heart) compare(ctx context.Context, mine map[int64]*Job, claimed, theirs map[int64]bool) {
	for token, j := range mine {
		stop, current := theirs[token]
		switch {
		case !current && claimed[token] && !j.finished():
			j.cancel(ErrFenced)
		case stop:
			j.cancel(ErrCancelled)
		}
	}
	for token := range theirs {
		if h.has(token) || mine[token] != nil {
			continue
		}
		// The claim was committed, and its answer never came.
		if err := h.queue.adopt(ctx, token); err != nil {
			h.queue.log.WarnContext(ctx, "an orphan could not be handed back", "error", err)
		}
	}
}

// tell writes down what the jobs say of themselves, and keeps River from taking
// those that run for stuck: all in one transaction.
func (h *heart) tell(ctx context.Context, mine map[int64]*Job) error {
	q := h.queue
	type change struct {
		said
		touch bool
	}
	changes := map[int64]change{}
	for token, j := range mine {
		j.mu.Lock()
		if c := (change{said{j.note, j.reached}, time.Since(j.touched) > rescue/4}); c.touch || c.said != j.noted {
			changes[token] = c
		}
		j.mu.Unlock()
	}
	if len(changes) == 0 {
		return nil
	}
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		for _, token := range slices.Sorted(maps.Keys(changes)) {
			if changes[token].touch {
				if _, err := q.db.exec(ctx, tx, `UPDATE river_job SET attempted_at = `+q.db.riverNow()+` WHERE id = ? AND state = 'running'`, token); err != nil {
					return err
				}
			}
			if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_job SET waits = ?, reached = CASE WHEN reached < ? THEN ? ELSE reached END WHERE id = ? AND token = ? AND state = 'running'`,
				changes[token].note, changes[token].reached, changes[token].reached, mine[token].ID, token); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for token, c := range changes {
		j := mine[token]
		j.mu.Lock()
		j.noted = c.said
		if c.touch {
			j.touched = time.Now()
		}
		j.mu.Unlock()
	}
	return nil
}

func (h *heart) add(j *Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs[j.token] = j
}

func (h *heart) remove(j *Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.jobs, j.token)
}

func (h *heart) has(token int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.jobs[token] != nil
}

func (h *heart) running() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.jobs)
}

func (h *heart) snapshot() map[int64]*Job {
	h.mu.Lock()
	defer h.mu.Unlock()
	jobs := make(map[int64]*Job, len(h.jobs))
	for token, j := range h.jobs {
		jobs[token] = j
	}
	return jobs
}

func (h *heart) cancelAll(cause error) {
	for _, j := range h.snapshot() {
		j.cancel(cause)
	}
}

// stop ends the heart. A process that leaves with nothing running says so; one
// that leaves jobs behind is found dead, and they with it.
func (h *heart) stop() {
	h.once.Do(func() {
		if h.queue.options.ReadOnly {
			return
		}
		close(h.end)
		<-h.ended
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := h.queue.leave(ctx); err != nil {
			h.queue.log.WarnContext(ctx, "the worker could not take leave", "worker", h.queue.worker, "error", err)
		}
	})
}
