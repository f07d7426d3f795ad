package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// How long a show that could not be published is left alone: longer each time, as
// whoever mends a web server or a password takes minutes or hours for it.
const (
	publishSoon = 15 * time.Second
	publishLate = time.Hour
)

// kindUnpublished is the kind of records of what is still to be published, by show.
const kindUnpublished = "unpublished"

// Published is what came of publishing a show: of writing its feed and sending what
// is not where its listeners ask for it yet.
type Published struct {
	Problems []Problem
	Findings []string
	Again    error // what may pass: it is to be tried again; nil where all went well, or nothing would change
}

// Fault adds what went wrong. Where it may pass it is tried again.
func (p *Published) Fault(reason Reason, what string, err error, passes bool) {
	p.Problems = append(p.Problems, Problem{Source: what, Reason: reason, Message: err.Error(), Temporary: true})
	if passes {
		p.Again = fmt.Errorf("%s: %w", reason, err)
	}
}

// Unpublished is a show that is still to be published: its last try failed, or
// somebody asked for one.
type Unpublished struct {
	Show  string    `json:"show"`
	Since time.Time `json:"since"`
	Tries int       `json:"tries"` // that failed
	Next  time.Time `json:"next"`  // try
	Error string    `json:"error,omitempty"`

	was queue.Record
}

// Unpublished are the shows that are still to be published.
func (b *Batch) Unpublished(ctx context.Context) ([]Unpublished, error) {
	recs, err := b.queue.Records(ctx, kindUnpublished)
	var out []Unpublished
	for _, rec := range recs {
		u := Unpublished{was: rec}
		if json.Unmarshal(rec.Value, &u) == nil {
			out = append(out, u)
		}
	}
	return out, err
}

// Publish asks for a show to be published soon, by whoever follows its schedules.
func (b *Batch) Publish(ctx context.Context, show string) error {
	u, err := b.unpublished(ctx, show)
	if err != nil {
		return err
	}
	u.Next = b.o.Now().UTC()
	return b.put(ctx, nil, kindUnpublished, show, u)
}

// unpublished is a show as one that is to be published, from now on or since it was noted.
func (b *Batch) unpublished(ctx context.Context, show string) (Unpublished, error) {
	u := Unpublished{Show: show, Since: b.o.Now().UTC()}
	rec, err := b.queue.Record(ctx, kindUnpublished, show)
	if errors.Is(err, queue.ErrNotFound) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	u.was = rec
	return u, json.Unmarshal(rec.Value, &u)
}

// swapPublished writes a run whose show was just published where it still is as it
// was read, and with it whether the show is to be published again. It says whether it did.
func (b *Batch) swapPublished(ctx context.Context, r *run, a *aftermath) (done bool, err error) {
	u := a.before
	if a.again == nil && u.was.Value == nil {
		return b.swap(ctx, r)
	}
	value, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	err = b.queue.Transact(ctx, func(tx *sql.Tx) error {
		if done, err = b.queue.SwapTx(ctx, tx, r.was, queue.Record{Kind: kindRun, Key: r.ID, Value: value}); err != nil || !done {
			return err
		}
		if a.again == nil {
			_, err := b.queue.Drop(ctx, tx, u.was) // what was asked for meanwhile stays
			return err
		}
		u.failed(b.o.Now().UTC(), a.again)
		return b.put(ctx, tx, kindUnpublished, u.Show, u)
	})
	if done && err == nil {
		r.was = value
	}
	return done && err == nil, err
}

// failed counts a try that failed, and sets the time of the next.
func (u *Unpublished) failed(now time.Time, err error) {
	wait := publishSoon
	for range u.Tries {
		wait = min(2*wait, publishLate)
	}
	u.Tries++
	u.Next, u.Error = now.Add(wait), err.Error()
}

// due says whether a show is to be published now. A clock that went back does not
// put it off for longer than a try that failed.
func (u *Unpublished) due(now time.Time) bool {
	wait := u.Next.Sub(now)
	return wait <= 0 || wait > publishLate
}

// publishDue publishes the shows that are to be, and waits for none of them.
func (b *Batch) publishDue(ctx context.Context, going *sync.WaitGroup) error {
	if b.o.Publish == nil {
		return nil
	}
	all, err := b.Unpublished(ctx)
	if err != nil {
		return err
	}
	for _, u := range all {
		// Who has just begun, or has new settings, does not wait: maybe somebody mended it.
		s := b.show(u.Show)
		if s == nil || !u.due(b.o.Now()) && s.tried.Load() {
			continue
		}
		key := "show " + u.Show
		if !b.alone(key) {
			continue
		}
		s.tried.Store(true)
		going.Go(func() {
			defer b.left(key)
			if err := b.publishAgain(ctx, s.cfg, u); err != nil && ctx.Err() == nil {
				b.o.Log.ErrorContext(ctx, "what became of publishing could not be noted; it is done again", "show", u.Show, "error", err)
			}
		})
	}
	return nil
}

// publishAgain publishes a show that is to be, where no other process is about to.
func (b *Batch) publishAgain(ctx context.Context, cfg *config.Config, u Unpublished) error {
	// As if it failed: nobody else tries meanwhile, and somebody does where this process dies.
	was, next := u.was.Value, u
	next.failed(b.o.Now().UTC(), errDied)
	value, err := json.Marshal(next)
	if err != nil {
		return err
	}
	claimed := queue.Record{Kind: kindUnpublished, Key: u.Show, Value: value}
	if ours, err := b.queue.Swap(ctx, was, claimed); !ours || err != nil {
		return err
	}
	p := b.o.Publish(ctx, cfg, "")
	last, cancel := parting(ctx)
	defer cancel()
	if ctx.Err() == nil && p.Again == nil {
		_, err := b.queue.Drop(last, nil, claimed) // what failed meanwhile, in another process, stays
		return err
	}
	u.failed(b.o.Now().UTC(), cmp.Or(p.Again, ctx.Err()))
	if value, err = json.Marshal(u); err != nil {
		return err
	}
	_, err = b.queue.Swap(last, claimed.Value, queue.Record{Kind: kindUnpublished, Key: u.Show, Value: value})
	return err
}

// errDied is why a try failed that nothing more was heard of.
var errDied = errors.New("the process that published ended before it was done")
