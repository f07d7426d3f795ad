// Package subject answers what a line of the log is about: a show, a run, a job, an
// episode, a segment. Who begins something says so in its context; every line that
// is written with that context has it, however deep the code is that writes it.
package subject

import (
	"context"
	"log/slog"
	"maps"
	"slices"
)

// The names that a log has them under; docs/serve.md lists them.
const (
	Show    = "show"    // by its name in the queue
	Run     = "run"     // of a batch, by its ID
	Job     = "job"     // of the queue, by its number
	Attempt = "attempt" // at a job, from 1
	Worker  = "worker"  // the process that does it
	Episode = "episode" // by its ID
	Segment = "segment" // by its ordinal, from 1
)

type key struct{}

// With says what is done with a context from here on. An attribute takes the place
// of one with its name.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	all := slices.Clone(of(ctx))
	for _, a := range attrs {
		all = slices.DeleteFunc(all, func(b slog.Attr) bool { return b.Key == a.Key })
		all = append(all, a)
	}
	return context.WithValue(ctx, key{}, all)
}

func of(ctx context.Context) []slog.Attr {
	all, _ := ctx.Value(key{}).([]slog.Attr)
	return all
}

// Handler writes lines with what their contexts say they are about.
type Handler struct {
	next slog.Handler
	said map[string]bool // attributes that next writes by itself
}

// NewHandler makes a handler that writes to next.
func NewHandler(next slog.Handler) *Handler { return &Handler{next: next} }

// Enabled asks the next.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle writes a line. What it says itself is not said again.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	about := of(ctx)
	if len(about) == 0 {
		return h.next.Handle(ctx, r)
	}
	own := map[string]bool{}
	r.Attrs(func(a slog.Attr) bool {
		own[a.Key] = true
		return true
	})
	r = r.Clone()
	for _, a := range about {
		if !own[a.Key] && !h.said[a.Key] {
			r.AddAttrs(a)
		}
	}
	return h.next.Handle(ctx, r)
}

// WithAttrs is a handler whose lines have attributes.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	said := maps.Clone(h.said)
	if said == nil {
		said = map[string]bool{}
	}
	for _, a := range attrs {
		said[a.Key] = true
	}
	return &Handler{next: h.next.WithAttrs(attrs), said: said}
}

// WithGroup is a handler whose lines are in a group. What they are about is in it, too.
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{next: h.next.WithGroup(name)}
}
