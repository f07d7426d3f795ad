package voices

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// guard leaves an endpoint alone that has failed many times in a row, and
// then has one request try whether it is back. Who comes meanwhile waits, and
// holds no slot. Whoever waited for a try that failed has tried as well: so
// many waits are worth it as attempts are, and no request goes on alone when
// the others gave up.
type guard struct {
	spec    Endpoint
	breaker circuitbreaker.CircuitBreaker[any]
	sleep   func(context.Context, time.Duration) error
	tell    func(endpoint string, wait time.Duration, err error)

	mu       sync.Mutex
	changed  chan struct{} // closed when the breaker changes its state
	openings int
	last     *Error // what it failed with
}

// guarded keeps requests from an endpoint that is down.
func guarded(spec Endpoint, o OpenOptions, next speaker) speaker {
	g := &guard{spec: spec, sleep: o.Sleep, tell: o.Retry, changed: make(chan struct{})}
	if g.sleep == nil {
		g.sleep = pause
	}
	g.breaker = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(max(1, spec.Breaker.Failures))).WithSuccessThreshold(1).WithDelay(spec.Breaker.Rest).
		OnStateChanged(g.turn).Build()
	return func(ctx context.Context, c *call) (*spoken, error) {
		if err := g.enter(ctx, c); err != nil {
			return nil, err
		}
		answer, err := next(ctx, c)
		g.leave(err)
		return answer, err
	}
}

// enter waits until the endpoint may be asked.
func (g *guard) enter(ctx context.Context, c *call) error {
	for waits := 0; ; {
		g.mu.Lock()
		changed, opening := g.changed, g.openings
		g.mu.Unlock()
		if g.breaker.TryAcquirePermit() {
			return nil
		}
		if g.breaker.IsHalfOpen() { // another request is trying
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		down, rest := g.down(), g.breaker.RemainingDelay()
		if waits++; waits > 1 {
			c.tries++
		}
		if c.tries > g.spec.Retry.most(down) || !g.spec.Retry.grants(c, rest) {
			down.unasked = true
			down.Reason = "it is down, and did not come back: " + down.Reason
			return down
		}
		if g.tell != nil && rest > 0 {
			g.tell(g.spec.Name, rest, down)
		}
		if err := g.sleep(ctx, rest); err != nil {
			return err
		}
		g.mu.Lock()
		same := opening == g.openings
		g.mu.Unlock()
		if same && g.breaker.IsOpen() { // who has waited may try, by whichever clock
			g.breaker.HalfOpen()
		}
	}
}

// leave tells the breaker how the endpoint did. A refusal is an answer: it is
// there. A request that was given up says nothing, but one that was to try
// the endpoint makes room for the next.
func (g *guard) leave(err error) {
	var e *Error
	switch failed := errors.As(err, &e); {
	case failed && e.Advice == Again:
		last := *e // whoever asked goes on to write into its own
		g.mu.Lock()
		g.last = &last
		g.mu.Unlock()
		g.breaker.RecordFailure()
	case err == nil, failed:
		g.breaker.RecordSuccess()
	case g.breaker.IsHalfOpen():
		g.breaker.RecordFailure()
	}
}

// turn is told of every change of the breaker's state.
func (g *guard) turn(e circuitbreaker.StateChangedEvent) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.NewState == circuitbreaker.OpenState {
		g.openings++
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// down is what the endpoint failed with, as the reason for a wait.
func (g *guard) down() *Error {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := *g.last
	e.Attempts, e.Billed, e.RetryAfter = 0, 0, 0
	return &e
}
