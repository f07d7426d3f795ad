package voices

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/time/rate"
)

// limited keeps to the endpoint's requests in flight and requests a minute.
func limited(l Limits, next speaker) speaker {
	slots := make(chan struct{}, l.Concurrency)
	starts := rate.NewLimiter(rate.Inf, 1)
	if l.PerMinute > 0 {
		// Evenly, without a burst: providers count in windows of their own.
		starts = rate.NewLimiter(rate.Every(time.Minute/time.Duration(l.PerMinute)), 1)
	}
	return func(ctx context.Context, c *call) (*spoken, error) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if err := starts.Wait(ctx); err != nil {
			if ctx.Err() == nil { // its deadline would pass while it waits
				err = context.DeadlineExceeded
			}
			return nil, err
		}
		return next(ctx, c)
	}
}

// logged tells the log of every attempt: no texts, no addresses, no secrets.
func logged(spec Endpoint, log *slog.Logger, next speaker) speaker {
	if log == nil {
		return next
	}
	return func(ctx context.Context, c *call) (*spoken, error) {
		start := time.Now()
		answer, err := next(ctx, c)
		l := log.With("endpoint", spec.Name, "voice", c.values.voice, "characters", c.req.Characters(), "elapsed", time.Since(start))
		if err != nil {
			l.DebugContext(ctx, "speech failed", "error", err)
			return nil, err
		}
		l.DebugContext(ctx, "speech", "media_type", answer.mediaType, "bytes", len(answer.audio), "request_id", answer.requestID)
		return answer, nil
	}
}
