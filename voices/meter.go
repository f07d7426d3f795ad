package voices

import (
	"context"
	"errors"
)

// Meter is told of every request to an endpoint before it is sent, and of what
// became of it. Implementations are safe for concurrent use.
type Meter interface {
	// Reserve keeps a request from being sent by an error. Else settle is
	// called once, after it.
	Reserve(c Charge) (settle func(Outcome), err error)
}

// Charge is a request in terms of money.
type Charge struct {
	Endpoint   string  // its name in the show
	Characters int     // 0 of a listener, which is paid by the minute
	Cost       float64 // by the endpoint's price; 0 where it is not known
	Price      Price   // of the model
}

// Outcome of a request that was sent.
type Outcome int

// The outcomes.
const (
	Refused  Outcome = iota // no sound came: most providers charge nothing
	Answered                // sound came, be it of use or not
	Unknown                 // nobody waited for the answer any more: it may be charged
)

// Metered is the same studio, whose requests m is told of. Of requests in
// flight with the same key, the meter of the first one is.
func (s *Studio) Metered(m Meter) *Studio {
	own := *s
	own.meter = m
	return &own
}

// metered tells the call's meter of each attempt, and then the studio's. It is
// inside the limit and the retries: what waits reserves nothing.
func metered(spec Endpoint, all Meter, next speaker) speaker {
	return reserved(spec, func(c *call) Meter { return c.meter }, reserved(spec, func(*call) Meter { return all }, next))
}

// reserved tells one meter, where there is one.
func reserved(spec Endpoint, of func(*call) Meter, next speaker) speaker {
	return func(ctx context.Context, c *call) (*spoken, error) {
		m := of(c)
		if m == nil {
			return next(ctx, c)
		}
		settle, err := m.Reserve(charge(spec, c))
		if err != nil {
			return nil, err
		}
		answer, err := next(ctx, c)
		settle(outcomeOf(ctx, err))
		return answer, err
	}
}

func charge(spec Endpoint, c *call) Charge {
	price := spec.Price.of(c.values.model)
	if c.hears != nil {
		return Charge{Endpoint: spec.Name, Cost: c.hears.minutes * price.PerMinute, Price: price}
	}
	n := c.req.Characters()
	return Charge{Endpoint: spec.Name, Characters: n, Cost: float64(n) * price.PerMChars / 1e6, Price: price}
}

func outcomeOf(ctx context.Context, err error) Outcome {
	var e *Error
	switch {
	case err == nil:
		return Answered
	case errors.As(err, &e) && e.Billed > 0:
		return Answered
	case errors.As(err, &e) && (e.Status != 0 || e.most != givenUp):
		return Refused
	case e == nil && ctx.Err() == nil:
		return Refused // it was not sent
	}
	return Unknown
}
