package batch

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/internal/subject"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/voices"
)

// How long a job waits for what another process has to do first.
const (
	elsewhere = 20 * time.Second // for one that serves its show
	busy      = 5 * time.Second  // for a press that makes the same episode by hand
	down      = time.Minute      // for an endpoint that is not well
)

// About is what the log says of a job of a batch: its show, run and episode. A job
// that looks through sources is of no episode.
func About(o queue.Order) []slog.Attr {
	all := []slog.Attr{slog.String(subject.Show, o.Show)}
	var p payload
	if json.Unmarshal(o.Payload, &p) == nil && p.Run != "" {
		all = append(all, slog.String(subject.Run, p.Run))
	}
	if p.List == nil {
		all = append(all, slog.String(subject.Episode, o.Episode))
	}
	return all
}

// Handle carries out a job; it is a queue.Handler.
func (b *Batch) Handle(ctx context.Context, j *queue.Job) error {
	var p payload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return queue.Permanent(fmt.Errorf("the job is of another version of this program: %w", err))
	}
	s := b.show(j.Show)
	switch {
	case s == nil:
		return queue.Wait(b.o.Now().Add(elsewhere), "a worker that serves the show "+j.Show)
	case p.List != nil:
		return b.enlist(ctx, s, j, p)
	case p.Item != nil:
		return b.make(ctx, s, j, p)
	}
	return queue.Permanent(errors.New("the job is of another version of this program"))
}

// make makes the episode of a post, or those of its chapters.
func (b *Batch) make(ctx context.Context, s *show, j *queue.Job, p payload) error {
	title := p.Item.Title
	if title == "" {
		title = p.Item.Location
	}
	tell := func(e Event) {
		e.Show, e.Run, e.Job, e.Episode, e.Title = j.Show, p.Run, j.ID, j.Episode, title
		b.tell(e)
	}
	tell(Event{Began: true})
	out, err := b.produce(ctx, s, j, p, tell)
	if err != nil {
		verdict, own := b.verdict(err)
		if own {
			if e := b.putAside(ctx, j, p, err); e != nil {
				verdict = err // it is tried again, and then written down
			}
		}
		tell(Event{Err: verdict})
		return verdict
	}
	tell(Event{Outcome: out})
	return nil
}

func (b *Batch) produce(ctx context.Context, s *show, j *queue.Job, p payload, tell func(Event)) (*Outcome, error) {
	out := newOutcome(p, j)
	began := b.o.Now()
	done := false
	var before tally // of a book's chapters but for the last
	// finish ends the job, and whatever put does, together with the record.
	finish := func(ctx context.Context, put func() error) error {
		out.Seconds = b.o.Now().Sub(began).Seconds()
		out.At = b.o.Now().UTC()
		err := j.Finish(ctx, b.withRecord(ctx, s, p, out, put))
		done = err == nil
		return err
	}
	order, err := s.lister.Order(ctx, *p.Item)
	if err != nil {
		return nil, err
	}
	order.ID = p.Item.Keeps
	orders, err := s.press.Divide(ctx, order)
	if err != nil {
		return nil, err
	}
	for i, o := range orders {
		last := i == len(orders)-1
		o.Commit = func(ctx context.Context, r *pipeline.Result, put func() error) error {
			// Counted with the rest, for the record is written with it; not where
			// the end of the job fails.
			before := *out
			counted := func() error {
				err := put()
				if err == nil {
					out.add(r)
				}
				return err
			}
			var err error
			if last {
				err = finish(ctx, counted)
			} else {
				err = j.Guard(ctx, func(*sql.Tx) error { return counted() })
			}
			if err != nil {
				*out = before
			}
			return err
		}
		if err := b.one(ctx, s, j, p, o, chapter{i, last}, out, tell); err != nil {
			return nil, err
		}
		if !last { // it is booked by now: another attempt would find it made, at no cost
			before = before.plus(out.tally())
			out.set(tally{})
		}
	}
	if !done {
		err = finish(ctx, nil)
	}
	out.set(out.tally().plus(before))
	return out, err
}

// chapter is one of a job's episodes.
type chapter struct {
	nth  int // from 0
	last bool
}

// one makes one episode.
func (b *Batch) one(ctx context.Context, s *show, j *queue.Job, p payload, o pipeline.Order, c chapter, out *Outcome, tell func(Event)) error {
	off := s.watch.on(o.Name(), func(e pipeline.Event) {
		j.Note(note(e))
		j.Reach(reached(c.nth, e))
		tell(Event{Stage: e})
	})
	defer off()
	if p.MaxCost > 0 {
		if err := b.reserve(ctx, s, j, p, &o); err != nil {
			return err
		}
	}
	begun := false
	o.Begin = func(ctx context.Context, t pipeline.Totals) {
		begun = true
		if err := b.intend(ctx, j, p, c.nth, t); err != nil { // it is made all the same
			b.o.Log.WarnContext(ctx, "what an episode is to ask for is not booked", "run", p.Run, "job", j.ID, "error", err)
		}
	}
	res, err := s.press.Produce(ctx, o)
	if _, held := errors.AsType[*pipeline.HeldError](err); held {
		err, res.Held = nil, true // it is made, and its outcome says so
	}
	b.settle(ctx, j, p, c, begun, res, err != nil)
	switch {
	case errors.Is(err, pipeline.ErrDraft):
		out.State = StateDraft
		return nil
	case err != nil:
		return err
	case res.Unchanged:
		out.unchanged(res)
	}
	return nil
}

// reached orders what is told of a job by how far it has come: chapter, stage,
// count.
func reached(chapter int, e pipeline.Event) int64 {
	const stages, counts = 16, 1 << 24
	stage := slices.Index([]pipeline.Stage{pipeline.Read, pipeline.Script, pipeline.Record, pipeline.Mix, pipeline.Master, pipeline.Publish}, e.Stage)
	return (int64(chapter)*stages+int64(max(0, stage)))*counts + int64(min(max(0, e.Count), counts-1))
}

// note is what a job does, in a few words.
func note(e pipeline.Event) string {
	switch {
	case e.Wait > 0:
		return fmt.Sprintf("asks again in %s", e.Wait.Round(time.Second))
	case e.Total > 0:
		return fmt.Sprintf("%s %d of %d", e.Stage, e.Count, e.Total)
	}
	return string(e.Stage)
}

// verdict says what comes after an error: nothing, another attempt, or a wait;
// and whether it is the post's own fault, so that the same post fails again.
func (b *Batch) verdict(err error) (verdict error, own bool) {
	var (
		problem *source.Problem
		cost    *pipeline.CostError
		inUse   *pipeline.BusyError
		doc     *document.Error
		empty   *document.EmptyError
		one     *config.Error
		all     config.Errors
		asked   *voices.Error
		missing *pipeline.MissingError
		spent   *queue.SpentError
	)
	switch {
	case errors.Is(err, queue.ErrFenced), errors.Is(err, queue.ErrCancelled), errors.Is(err, queue.ErrStopping), errors.Is(err, context.Canceled):
		return err, false
	case errors.As(err, &inUse):
		return queue.Wait(b.o.Now().Add(busy), "another narrapress that makes the same episode"), false
	case errors.As(err, &spent) && b.o.Stay:
		return queue.Wait(spent.Until, err.Error()), false
	case errors.As(err, &cost) && b.o.Stay && !cost.Until.IsZero():
		return queue.Wait(cost.Until, err.Error()), false
	case voices.Down(err) && b.o.Stay && errors.As(err, &asked):
		return queue.Wait(b.o.Now().Add(max(down, asked.RetryAfter)), err.Error()), false
	case errors.As(err, &cost), errors.As(err, &spent), errors.As(err, &missing), errors.As(err, &asked) && asked.Advice == voices.GiveUp:
		return queue.Permanent(err), false
	case errors.As(err, &problem) && !problem.Temporary(), errors.As(err, &doc), errors.As(err, &empty), errors.As(err, &one), errors.As(err, &all):
		return queue.Permanent(err), true
	}
	return err, false
}
