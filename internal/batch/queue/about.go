package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"

	"github.com/narrapress/narrapress/internal/subject"
)

// about is what the log says of a job.
func (q *Queue) about(o Order) []slog.Attr {
	if q.options.About != nil {
		return q.options.About(o)
	}
	return []slog.Attr{slog.String(subject.Show, o.Show), slog.String(subject.Episode, o.Episode)}
}

// rower is a database or a transaction.
type rower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// subject says in a context of what job is done what follows, by the database: for
// what befalls a job from outside. Of one that is not there it says the number.
// Who is in a transaction asks in it: SQLite has one connection.
func (q *Queue) subject(ctx context.Context, in rower, job int64) context.Context {
	ctx = subject.With(ctx, slog.Int64(subject.Job, job))
	var o Order
	var payload string
	err := in.QueryRowContext(ctx, q.db.sql(`SELECT show, episode, revision, payload FROM narrapress_job WHERE id = ?`), job).
		Scan(&o.Show, &o.Episode, &o.Revision, &payload)
	if err != nil {
		return ctx
	}
	o.Payload = json.RawMessage(payload)
	return subject.With(ctx, q.about(o)...)
}
