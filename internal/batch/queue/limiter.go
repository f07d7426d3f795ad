package queue

import (
	"context"
	"fmt"
	"maps"
	"math"
	"sync"
	"time"
)

// Limits of an endpoint over all workers; 0 is no limit.
type Limits struct {
	Concurrency      int     // requests in flight
	PerMinute        int     // requests started, in any 60 s
	CharactersPerDay int64   // of a day in UTC
	MoneyPerMonth    float64 // of a month in UTC, in the endpoint's currency
}

// SpentError is a request that would pass what an endpoint may use in a day or a
// month. Nothing was taken for it.
type SpentError struct {
	Endpoint string
	What     string    // "characters of the day" or "money of the month"
	Until    time.Time // when there is more
}

func (e *SpentError) Error() string {
	return fmt.Sprintf("endpoint %s: the %s are used up until %s", e.Endpoint, e.What, e.Until.UTC().Format(time.RFC3339))
}

// nano is money in the database: whole parts of so small a size.
const nano = 1e9

// Limiter keeps the limits of endpoints over all workers of a database. Each
// process holds shares of them, so that a request seldom waits for the database.
// What a process holds of slots is free again when it has died; what it holds of
// characters and money counts as used, for it may have been.
type Limiter struct {
	queue  *Queue
	mu     sync.Mutex
	limits map[string]Limits
	shares map[string]*share
	closed bool
}

// NewLimiter keeps limits, by endpoint. Two shows with an account of their own
// each at one provider are two endpoints: the name is the caller's to choose.
func (q *Queue) NewLimiter(limits map[string]Limits) *Limiter {
	return &Limiter{queue: q, limits: maps.Clone(limits), shares: map[string]*share{}}
}

// Set puts other limits in place. Who waits, waits by those; requests in flight
// are counted to their ends, by whichever limits they began.
func (l *Limiter) Set(limits map[string]Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = maps.Clone(limits)
	for endpoint, s := range l.shares {
		s.set(limits[endpoint])
	}
}

// Limits are the limits that are kept now, by endpoint.
func (l *Limiter) Limits() map[string]Limits {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.limits)
}

// Acquire waits until a request may be made, and takes what it needs: a slot,
// which release frees (once; it may be called again), a start in the minute, its
// characters and its money, which are gone. Shows that wait have turns. The error
// is a *SpentError, or ctx's.
func (l *Limiter) Acquire(ctx context.Context, endpoint, show string, characters int, money float64) (release func(), err error) {
	s := l.share(endpoint)
	if s == nil {
		return func() {}, ctx.Err()
	}
	w := &waiter{show: show, characters: int64(characters), money: int64(math.Ceil(money * nano)), ready: make(chan struct{})}
	s.enter(w)
	select {
	case <-w.ready:
	case <-ctx.Done():
		if s.withdraw(w) {
			return nil, context.Cause(ctx)
		}
		<-w.ready
	}
	if w.err != nil {
		return nil, w.err
	}
	return sync.OnceFunc(func() { s.leave(w) }), nil
}

// share is this process's part of an endpoint's limits; nil where it has none.
func (l *Limiter) share(endpoint string) *share {
	l.mu.Lock()
	defer l.mu.Unlock()
	limits := l.limits[endpoint]
	if limits == (Limits{}) {
		return nil
	}
	s := l.shares[endpoint]
	if s == nil {
		s = newShare(l.queue, endpoint, limits)
		l.shares[endpoint] = s
		if l.closed {
			close(s.end)
		}
		go s.run()
	}
	return s
}

// Close gives the shares back. Who waits goes on waiting until its context ends.
func (l *Limiter) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	for _, s := range l.shares {
		close(s.end)
	}
	for _, s := range l.shares {
		<-s.ended
	}
}
