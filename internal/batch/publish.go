package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// How long a show that could not be published is left alone: longer each time, as
// whoever mends a web server or a password takes minutes or hours for it. What nobody
// tried for a week is of a show that is served no longer.
const (
	publishSoon  = 15 * time.Second
	publishLate  = time.Hour
	publishNever = 7 * 24 * time.Hour
)

// kindUnpublished is the kind of records of what is still to be published, by show.
const kindUnpublished = "unpublished"

// Published is what came of publishing a show: of writing its feed and sending what
// is not where its listeners ask for it yet.
type Published struct {
	Problems []Problem
	Findings []string
	Failed   error // why it is to be tried again; nil where all is where it is to be
}

// Fault adds what went wrong.
func (p *Published) Fault(reason Reason, what string, err error) {
	p.Problems = append(p.Problems, Problem{Source: what, Reason: reason, Message: err.Error(), Temporary: true})
}

// Unpublished is a show that is still to be published: the last try failed, somebody
// asked for one, or one is under way.
type Unpublished struct {
	Show  string    `json:"show"`
	Since time.Time `json:"since"`
	Tries int       `json:"tries"`           // that failed
	Next  time.Time `json:"next"`            // try
	By    string    `json:"by,omitempty"`    // the process that is publishing it, as the queue calls it
	Asked int       `json:"asked,omitempty"` // how often somebody asked for it
	Error string    `json:"error,omitempty"` // of the last try

	was  json.RawMessage // as it was read; nil where it was not noted
	done bool            // nothing is left to be published
}

// Unpublished are the shows that are still to be published.
func (b *Batch) Unpublished(ctx context.Context) ([]Unpublished, error) {
	recs, err := b.queue.Records(ctx, kindUnpublished)
	var out []Unpublished
	for _, rec := range recs {
		u := Unpublished{was: rec.Value}
		if json.Unmarshal(rec.Value, &u) == nil {
			out = append(out, u)
		}
	}
	return out, err
}

// Publish asks for a show to be published soon, by whoever follows its schedules.
func (b *Batch) Publish(ctx context.Context, show string) error {
	for {
		u, err := b.unpublished(ctx, show)
		if err != nil {
			return err
		}
		u.Next = b.o.Now().UTC()
		u.Asked++ // so that a try that is under way sees it
		if done, err := b.write(ctx, nil, &u); done || err != nil {
			return err
		}
	}
}

// unpublished is a show as one that is to be published, from now on or since it was noted.
func (b *Batch) unpublished(ctx context.Context, show string) (Unpublished, error) {
	now := b.o.Now().UTC()
	u := Unpublished{Show: show, Since: now, Next: now}
	rec, err := b.queue.Record(ctx, kindUnpublished, show)
	if errors.Is(err, queue.ErrNotFound) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	u.was = rec.Value
	return u, json.Unmarshal(rec.Value, &u)
}

// write notes u, or forgets it where it is done, where what is noted still is as it was
// read, and says whether it was.
// With a nil tx it is a transaction of its own.
func (b *Batch) write(ctx context.Context, tx *sql.Tx, u *Unpublished) (bool, error) {
	if u.done {
		return b.queue.Drop(ctx, tx, queue.Record{Kind: kindUnpublished, Key: u.Show, Value: u.was})
	}
	value, err := json.Marshal(u)
	if err != nil {
		return false, err
	}
	done, err := b.queue.SwapTx(ctx, tx, u.was, queue.Record{Kind: kindUnpublished, Key: u.Show, Value: value})
	if done && err == nil {
		u.was = value
	}
	return done, err
}

// takeUp makes this process the one that publishes a show: one alone does at a time,
// or an older feed could come last. It says whether it is.
func (b *Batch) takeUp(ctx context.Context, u *Unpublished) (bool, error) {
	if elsewhere, err := b.elsewhere(ctx, u); elsewhere || err != nil {
		return false, err
	}
	u.By = b.queue.Worker()
	return b.write(ctx, nil, u)
}

// elsewhere says whether another process, which lives, is publishing a show.
func (b *Batch) elsewhere(ctx context.Context, u *Unpublished) (bool, error) {
	if u.By == "" || u.By == b.queue.Worker() {
		return false, nil
	}
	return b.queue.Alive(ctx, u.By)
}

// errCutOff is a try that a stop of this process cut off: it did not fail.
var errCutOff = errors.New("it was cut off")

// errMeanwhile is what was noted while a transaction was about to.
var errMeanwhile = errors.New("it was noted otherwise meanwhile")

// putDown notes what came of publishing a show that was taken up: it is forgotten
// where all went well. What is done with it is done in the same transaction; it may be nil.
func (b *Batch) putDown(ctx context.Context, taken *Unpublished, cfg *config.Config, p Published, with func(*sql.Tx) error) error {
	for {
		u, err := b.unpublished(ctx, taken.Show)
		if err != nil {
			return err
		}
		now := b.o.Now().UTC()
		ours := u.By == taken.By
		u.By = ""
		switch {
		case errors.Is(p.Failed, errCutOff):
			u.Next = now
		case p.Failed != nil:
			u.failed(now, p.Failed)
		case u.Asked != taken.Asked || b.show(u.Show) != nil && b.show(u.Show).cfg != cfg: // what is new may have come too late
			u.Since, u.Tries, u.Next, u.Error = now, 0, now, ""
		default:
			u.done = true
		}
		err = b.queue.Transact(ctx, func(tx *sql.Tx) error {
			if with != nil {
				if err := with(tx); err != nil {
					return err
				}
			}
			if !ours {
				return nil
			}
			if noted, err := b.write(ctx, tx, &u); !noted || err != nil {
				return cmp.Or(err, errMeanwhile)
			}
			return nil
		})
		if !errors.Is(err, errMeanwhile) {
			return err
		}
	}
}

// failed counts a try that failed, and sets the time of the next.
func (u *Unpublished) failed(now time.Time, err error) {
	wait := publishSoon
	for range u.Tries {
		wait = min(2*wait, publishLate)
	}
	u.Tries++
	u.Next, u.Error = now.Add(wait), cut(oneLine(err.Error()), mostError)
}

// mostError bounds what is kept of an error, in characters: clients quote whole answers.
const mostError = 300

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// due says whether a show is to be published now. A clock that went back does not
// put it off for much longer than a try that failed.
func (u *Unpublished) due(now time.Time) bool {
	wait := u.Next.Sub(now)
	return wait <= 0 || wait > 2*publishLate
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
	var errs []error
	for _, u := range all {
		s, now := b.show(u.Show), b.o.Now()
		if s == nil {
			if now.Sub(u.Next) > publishNever {
				u.done = true
				_, err := b.write(ctx, nil, &u)
				errs = append(errs, err)
			}
			continue
		}
		elsewhere, err := b.elsewhere(ctx, &u)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		// Who has just begun, or has new settings, does not wait: maybe somebody mended
		// it. Nor is what a process was at that is gone.
		if elsewhere || u.By == "" && !u.due(now) && s.tried.Load() {
			continue
		}
		key := "show " + u.Show
		if !b.alone(key) {
			continue
		}
		going.Go(func() {
			defer b.left(key)
			if err := b.publishAgain(ctx, s, u); err != nil && ctx.Err() == nil {
				b.o.Log.ErrorContext(ctx, "what became of publishing could not be noted; it is done again", "show", u.Show, "error", err)
			}
		})
	}
	return errors.Join(errs...)
}

// publishAgain publishes a show that is to be, where no other process is at it.
func (b *Batch) publishAgain(ctx context.Context, s *show, u Unpublished) error {
	if ours, err := b.takeUp(ctx, &u); !ours || err != nil {
		return err
	}
	s.tried.Store(true)
	p := b.o.Publish(ctx, s.cfg, "")
	if p.Failed != nil && ctx.Err() != nil {
		p.Failed = errCutOff
	}
	last, cancel := parting(ctx)
	defer cancel()
	return b.putDown(last, &u, s.cfg, p, nil)
}
