package voices

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/time/rate"
)

// sender is the one way to an endpoint, for all of its voices together: it
// keeps to the requests in flight, and to the requests and characters a minute.
type sender struct {
	gate  *gate
	tuner *tuner        // nil where the number in flight is known
	turn  chan struct{} // of who waits for the pace; nil where there is none
	tempo tempo
	next  speaker

	beyond func(context.Context, *call) (release func(), err error) // limits beyond this process; nil where there are none
}

// limited keeps to the endpoint's limits.
func limited(l Limits, next speaker) *sender {
	s := &sender{gate: newGate(l.Concurrency), tempo: newTempo(l), next: next}
	if l.Adaptive {
		s.tuner = newTuner(l.most())
	}
	if l.PerMinute > 0 || l.CharsPerMinute > 0 {
		s.turn = make(chan struct{}, 1)
	}
	return s
}

// adaptiveMost is how many requests are ever in flight at an endpoint whose
// limit is not known: more than any plan in the providers' lists has.
const adaptiveMost = 64

// most is how many requests there may ever be in flight.
func (l Limits) most() int {
	if l.Adaptive {
		return max(adaptiveMost, l.Concurrency)
	}
	return l.Concurrency
}

// stand is a call's place in the gate. A call that has an answer holds it until the
// answer is kept, or something is asked again: what is paid for and would be lost with
// the process is never more than may be in flight.
type stand struct{ free func() }

func (p *stand) leave() {
	if p == nil || p.free == nil {
		return
	}
	free := p.free
	p.free = nil
	free()
}

func (s *sender) speak(ctx context.Context, c *call) (*spoken, error) {
	if err := s.enter(ctx, c.req.Characters()); err != nil {
		return nil, err
	}
	start, answer, err := s.pass(ctx, c)
	out, cut := outcome{began: start, ended: time.Now(), characters: c.req.Characters(), err: err}, ctx.Err() != nil
	leave := func() {
		s.gate.leave(func(limit, inside int) int {
			if s.tuner == nil || cut {
				return limit
			}
			return s.tuner.judge(limit, inside, out)
		})
	}
	if err != nil || c.held == nil {
		leave()
	} else {
		c.held.free = leave
	}
	return answer, err
}

// pass goes through the gate beyond this process, where there is one, and asks.
// start is when the endpoint was asked: a wait at the gate is no haste of its own.
func (s *sender) pass(ctx context.Context, c *call) (start time.Time, answer *spoken, err error) {
	if s.beyond != nil {
		release, err := s.beyond(ctx, c)
		if err != nil {
			return time.Now(), nil, err
		}
		defer release()
	}
	start = time.Now()
	answer, err = s.next(ctx, c)
	return start, answer, err
}

// enter waits for the pace and then for a place. One request at a time waits
// for the pace: the others would only stand in line behind it, and those that
// had waited it out before there was a place would go all at once.
func (s *sender) enter(ctx context.Context, characters int) error {
	if s.turn != nil {
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := s.tempo.wait(ctx, characters); err != nil {
			return err
		}
	}
	return s.gate.enter(ctx)
}

// parallel is how many segments are worth being under way: as many as may be
// in flight, and half as many again, for some wait before they ask again,
// and others are listened to by a listener. With one at a time, it is one at a time.
func (s *sender) parallel() int {
	n := s.gate.size()
	return n + n/2
}

// tempo is how fast requests may be started.
type tempo struct {
	requests, characters *rate.Limiter // nil: as fast as one likes
}

func newTempo(l Limits) tempo {
	var p tempo
	if l.PerMinute > 0 {
		// Evenly, without a burst: providers count in windows of their own.
		p.requests = rate.NewLimiter(rate.Every(time.Minute/time.Duration(l.PerMinute)), 1)
	}
	if l.CharsPerMinute > 0 {
		// A burst of one request, the longest that there is.
		burst := max(l.CharsPerMinute/60, 1)
		if l.Unit == "chars" {
			burst = max(burst, min(l.Most, l.CharsPerMinute))
		}
		p.characters = rate.NewLimiter(rate.Limit(float64(l.CharsPerMinute)/60), burst)
	}
	return p
}

// wait until a request of so many characters may be started.
func (p tempo) wait(ctx context.Context, characters int) error {
	if p.characters != nil {
		burst := p.characters.Burst()
		for left := characters; left > 0; left -= burst {
			if err := waitFor(ctx, p.characters, min(left, burst)); err != nil {
				return err
			}
		}
	}
	if p.requests != nil {
		return waitFor(ctx, p.requests, 1)
	}
	return nil
}

func waitFor(ctx context.Context, l *rate.Limiter, n int) error {
	err := l.WaitN(ctx, n)
	if err != nil && ctx.Err() == nil { // its deadline would pass while it waits
		err = context.DeadlineExceeded
	}
	return err
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
			l.DebugContext(ctx, "request failed", "error", err)
			return nil, err
		}
		if c.hears != nil {
			l.DebugContext(ctx, "listened", "bytes", len(c.hears.audio), "request_id", answer.requestID)
			return answer, nil
		}
		l.DebugContext(ctx, "speech", "media_type", answer.mediaType, "bytes", len(answer.audio), "request_id", answer.requestID)
		return answer, nil
	}
}
