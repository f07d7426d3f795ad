package voices

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// patience is how many times longer than our own longest wait an endpoint may
// ask us to wait. Longer, and the error says when to come back.
const patience = 5

// retried asks again where the fault calls for it. A wait holds no slot: the
// limit is inside, and the one of an answer before this, which was of no use or is half
// of the text, is left. Once ctx has ended, nothing more is asked.
func retried(spec Endpoint, o OpenOptions, next speaker) speaker {
	jitter := o.Jitter
	if jitter == nil {
		jitter = rand.Float64
	}
	policy := retrying(o)
	return func(ctx context.Context, c *call) (*spoken, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.held.leave()
		billed := 0
		c.tries = 0
		return failsafe.With[*spoken](policy).WithContext(ctx).GetWithExecution(func(x failsafe.Execution[*spoken]) (*spoken, error) {
			n := x.Attempts()
			c.tries++
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
			if e.unasked {
				e.Attempts--
			}
			e.wait, e.again = spec.Retry.next(c.tries, e, jitter())
			if e.again {
				e.again = spec.Retry.grants(c, e.wait)
			}
			return nil, e
		})
	}
}

// retrying is the policy of every endpoint: each error says by itself whether
// it is worth another attempt, and after what wait.
func retrying(o OpenOptions) retrypolicy.RetryPolicy[*spoken] {
	of := func(err error) *Error {
		e, _ := errors.AsType[*Error](err)
		return e
	}
	b := retrypolicy.NewBuilder[*spoken]().WithMaxRetries(-1).ReturnLastFailure()
	b.AbortIf(func(_ *spoken, err error) bool { return err != nil && (of(err) == nil || !of(err).again) })
	b.WithDelayFunc(func(x failsafe.ExecutionAttempt[*spoken]) time.Duration {
		if o.Sleep != nil {
			return 0 // it is waited for below
		}
		return of(x.LastError()).wait
	})
	b.OnRetryScheduled(func(x failsafe.ExecutionScheduledEvent[*spoken]) {
		e := of(x.LastError())
		if o.Retry != nil {
			o.Retry(e.Endpoint, e.wait, e)
		}
		if o.Sleep != nil {
			_ = o.Sleep(x.Context(), e.wait) // the policy sees by itself that the context has ended
		}
	})
	return b.Build()
}

// next says whether the n-th attempt's fault is worth another one, and after
// what wait: what the endpoint asked for and up to a tenth more, so that not
// all who were refused come back at once; else Base, doubled with every
// attempt up to Cap, less up to a quarter.
func (r Retry) next(n int, e *Error, jitter float64) (time.Duration, bool) {
	if e.Advice == GiveUp || n >= r.most(e) || e.unasked || e.RetryAfter > patience*r.Cap {
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

// most is how many attempts a fault is worth.
func (r Retry) most(e *Error) int {
	if e.most > 0 {
		return min(r.Attempts, e.most)
	}
	return r.Attempts
}

// grants says whether a request may wait so long, with what it has waited
// before, and counts it.
func (r Retry) grants(c *call, d time.Duration) bool {
	c.waited += d
	return r.Total == 0 || c.waited <= r.Total
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
