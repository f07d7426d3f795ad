package voices

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// patience is how many times longer than our own longest wait an endpoint may
// ask us to wait. Longer, and the error says when to come back.
const patience = 5

// retried asks again where the fault calls for it. A wait holds no slot: the
// limit is inside. Once ctx has ended, nothing more is asked.
func retried(spec Endpoint, o OpenOptions, next speaker) speaker {
	sleep, jitter := o.Sleep, o.Jitter
	if sleep == nil {
		sleep = pause
	}
	if jitter == nil {
		jitter = rand.Float64
	}
	return func(ctx context.Context, c *call) (*spoken, error) {
		billed := 0
		for n := 1; ; n++ {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			answer, err := next(ctx, c)
			if err == nil {
				answer.attempts, answer.billed = n, billed+1
				return answer, nil
			}
			var e *Error
			if !errors.As(err, &e) {
				return nil, err
			}
			billed += e.Billed
			e.Attempts, e.Billed = n, billed
			wait, again := spec.Retry.next(n, e, jitter())
			if !again {
				return nil, e
			}
			if o.Retry != nil {
				o.Retry(spec.Name, wait, e)
			}
			if err := sleep(ctx, wait); err != nil {
				return nil, err
			}
		}
	}
}

// next says whether the n-th attempt's fault is worth another one, and after
// what wait: what the endpoint asked for and up to a tenth more, so that not
// all who were refused come back at once; else Base, doubled with every
// attempt up to Cap, less up to a quarter.
func (r Retry) next(n int, e *Error, jitter float64) (time.Duration, bool) {
	most := r.Attempts
	if e.most > 0 {
		most = min(most, e.most)
	}
	if e.Advice == GiveUp || n >= most || e.RetryAfter > patience*r.Cap {
		return 0, false
	}
	if e.RetryAfter > 0 {
		return e.RetryAfter + time.Duration(jitter*float64(e.RetryAfter)/10), true
	}
	wait := r.Base
	for range n - 1 {
		if wait >= r.Cap {
			break
		}
		wait *= 2
	}
	wait = min(wait, r.Cap)
	return wait - time.Duration(jitter*float64(wait)/4), true
}

// pause waits really.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
