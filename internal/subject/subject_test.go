package subject_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/narrapress/narrapress/internal/subject"
)

func TestHandler(t *testing.T) {
	t.Parallel()
	ctx := subject.With(context.Background(), slog.String(subject.Run, "r1"), slog.String(subject.Episode, "a.md"))
	tests := map[string]struct {
		ctx  context.Context
		log  func(context.Context, *slog.Logger)
		want string
	}{
		"nothing":     {context.Background(), func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "a", 1) }, "msg=m a=1\n"},
		"of context":  {ctx, func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "a", 1) }, "msg=m a=1 run=r1 episode=a.md\n"},
		"deeper":      {subject.With(ctx, slog.Int(subject.Segment, 3)), func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m") }, "msg=m run=r1 episode=a.md segment=3\n"},
		"another one": {subject.With(ctx, slog.String(subject.Run, "r2")), func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m") }, "msg=m episode=a.md run=r2\n"},
		"said in it":  {ctx, func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "run", "r0") }, "msg=m run=r0 episode=a.md\n"},
		"said before": {ctx, func(ctx context.Context, l *slog.Logger) { l.With("run", "r0").InfoContext(ctx, "m") }, "msg=m run=r0 episode=a.md\n"},
		"in a group":  {ctx, func(ctx context.Context, l *slog.Logger) { l.WithGroup("g").InfoContext(ctx, "m") }, "msg=m g.run=r1 g.episode=a.md\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			text := slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
					return slog.Attr{}
				}
				return a
			}})
			tt.log(tt.ctx, slog.New(subject.NewHandler(text)))
			if got := b.String(); got != tt.want {
				t.Errorf("it writes %q, want %q", got, tt.want)
			}
		})
	}
	// The outer context is as it was.
	var b bytes.Buffer
	slog.New(subject.NewHandler(slog.NewTextHandler(&b, nil))).InfoContext(ctx, "m")
	if bytes.Contains(b.Bytes(), []byte("r2")) || bytes.Contains(b.Bytes(), []byte("segment")) {
		t.Errorf("what is said deeper is said above: %s", b.Bytes())
	}
}
