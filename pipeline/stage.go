package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/narrapress/narrapress/internal/subject"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// watch is one order under way: what its events say of it.
type watch struct {
	press  *Press
	source string
	start  time.Time
	stages []publish.StageTime
}

func (p *Press) watch(o Order) *watch {
	return &watch{press: p, source: o.Name(), start: p.o.Now()}
}

// elapsed is how long the order has been under way. A clock may go back.
func (w *watch) elapsed() time.Duration { return max(0, w.press.o.Now().Sub(w.start)) }

func (w *watch) emit(e Event) {
	e.Source = w.source
	w.press.emit(e)
}

// ofEpisode says in a context that what follows is of a script's episode.
func ofEpisode(ctx context.Context, sc *script.Script) context.Context {
	return subject.With(ctx, slog.String(subject.Episode, sc.ID))
}

// stage runs one stage: it tells that it began, how far it is and that it
// ended, takes the time, and names the stage in its error. Nothing else does.
func stage[T any](ctx context.Context, w *watch, s Stage, do func(progress func(count, total, stored int)) (T, error)) (T, error) {
	start := w.press.o.Now()
	elapsed := func() time.Duration { return max(0, w.press.o.Now().Sub(start)) }
	w.press.o.Log.DebugContext(ctx, "stage begins", "source", w.source, "stage", string(s))
	w.emit(Event{Stage: s})
	out, err := do(func(count, total, stored int) {
		w.emit(Event{Stage: s, Count: count, Total: total, Stored: stored, Elapsed: elapsed()})
	})
	if err != nil {
		err = &StageError{Stage: s, Err: err}
	}
	w.stages = append(w.stages, publish.StageTime{Stage: string(s), Elapsed: seconds(elapsed())})
	w.press.o.Log.DebugContext(ctx, "stage ends", "source", w.source, "stage", string(s), "elapsed", elapsed(), "error", err)
	w.emit(Event{Stage: s, Done: true, Err: err, Elapsed: elapsed()})
	return out, err
}
