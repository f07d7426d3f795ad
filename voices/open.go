package voices

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// OpenOptions are what Open needs from outside; each has a default.
type OpenOptions struct {
	Store  Store                                                // nil keeps nothing
	Client *http.Client                                         // for tests
	Log    *slog.Logger                                         // nil is silent
	Sleep  func(ctx context.Context, d time.Duration) error     // nil waits really
	Jitter func() float64                                       // in [0,1); nil is random
	Listen Listen                                               // by whom takes are heard; without a URL by nobody
	Spell  Speller                                              // for comparing what was heard with what was sent; nil leaves texts as they are
	Retry  func(endpoint string, wait time.Duration, err error) // told of every wait, by many requests at once; may be nil
	Meter  Meter                                                // told of every request, beside the meter of an order; may be nil
	Gate   Gate                                                 // limits of endpoints that reach beyond this process; may be nil
	Show   string                                               // whose requests these are, for the gate
}

// Studio is a show's endpoints, opened: a Synthesizer that speaks each request
// at its voice's endpoint, through the wrappers.
type Studio struct {
	store     Store
	endpoints map[string]*openEndpoint
	meter     Meter // may be nil
	ear       *ear  // nil: nobody listens
}

type openEndpoint struct {
	spec      Endpoint
	render    *renderer
	transport transport
	send      *sender
	keep      *keeper
	options   OpenOptions
}

// transport is how an endpoint is spoken to.
type transport interface {
	speak(ctx context.Context, c *call) (*spoken, error)
	voices(ctx context.Context) ([]string, error) // as it says itself; nil if it cannot be asked
	probe(ctx context.Context) error              // whether it is there
	identity(ctx context.Context) (string, error)
}

// Open makes endpoints (resolved) ready; it asks nothing of them.
func Open(endpoints map[string]Endpoint, o OpenOptions) (*Studio, error) {
	s := &Studio{store: o.Store, endpoints: make(map[string]*openEndpoint, len(endpoints))}
	var errs []error
	for _, name := range sorted(endpoints) {
		spec := endpoints[name]
		spec.Name = name
		if err := validate(spec); err != nil {
			errs = append(errs, fmt.Errorf("endpoint %s: %w", name, err))
			continue
		}
		e, err := openOne(spec, o)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.endpoints[name] = e
	}
	if o.Listen.There() {
		var err error
		if s.ear, err = newEar(o.Listen, o); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return s, nil
}

// openOne puts the wrappers around an endpoint's transport, from the inside.
func openOne(spec Endpoint, o OpenOptions) (*openEndpoint, error) {
	r, err := newRenderer(spec)
	if err != nil {
		return nil, err
	}
	e := &openEndpoint{spec: spec, render: r, options: o}
	switch spec.Transport {
	case "command":
		e.transport = newCommand(spec, r)
	case "polly":
		e.transport = newPolly(spec, r, o.Client)
	default:
		e.transport = newHTTP(spec, r, o.Client)
	}
	say := logged(spec, o.Log, e.transport.speak)
	say = metered(spec, o.Meter, say)
	e.send = limited(spec.Limits, say)
	e.send.beyond = beyond(spec, o)
	say = guarded(spec, o, e.send.speak)
	say = retried(spec, o, say)
	say = checked(spec, r, say)
	e.keep = &keeper{store: o.Store, identity: e.transport.identity, next: say, free: spec.Transport == "command", flights: map[string]*flight{}}
	return e, nil
}

func (s *Studio) endpoint(v Voice) (*openEndpoint, error) {
	e, ok := s.endpoints[v.Endpoint]
	if !ok {
		return nil, fmt.Errorf("voice %s: there is no endpoint %q%s", v.Name, v.Endpoint, didYouMean(v.Endpoint, sorted(s.endpoints)))
	}
	return e, nil
}

// call is the request in the terms of its endpoint.
func (s *Studio) call(ctx context.Context, req Request) (*openEndpoint, *call, error) {
	e, err := s.endpoint(req.Voice)
	if err != nil {
		return nil, nil, err
	}
	if err := checkPhonemes(req); err != nil {
		return nil, nil, e.refuse("voice %s: %s", req.Voice.Name, err)
	}
	c := &call{req: req, values: e.render.values(req), meter: s.meter}
	if c.form, err = e.render.render(c.values); err != nil {
		return nil, nil, e.refuse("voice %s: %s", req.Voice.Name, err)
	}
	identity, err := e.transport.identity(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c.key, err = takeKey(identity, c.form, req.Take); err != nil {
		return nil, nil, e.refuse("voice %s: %s", req.Voice.Name, err)
	}
	return e, c, nil
}

// refuse is a request that is not made.
func (e *openEndpoint) refuse(format string, a ...any) *Error {
	return &Error{Endpoint: e.spec.Name, Advice: GiveUp, Reason: newRedactor(e.spec).line(fmt.Sprintf(format, a...))}
}

// Synthesize speaks. The Speech of a request that another one in flight
// answered, or the store, is Stored and took no attempts.
func (s *Studio) Synthesize(ctx context.Context, req Request) (*Speech, error) {
	e, c, err := s.call(ctx, req)
	if err != nil {
		return nil, err
	}
	return s.speak(ctx, e, c)
}

func (s *Studio) speak(ctx context.Context, e *openEndpoint, c *call) (*Speech, error) {
	if strings.TrimSpace(c.req.Text) == "" {
		return nil, e.refuse("there is nothing to say: the text is empty")
	}
	speech, err := e.keep.speak(ctx, c)
	if err != nil {
		return nil, s.explain(ctx, e, c, err)
	}
	return speech, nil
}

// explain adds what to do to the refusal of a request: where it is of a voice,
// the name that was probably meant.
func (s *Studio) explain(ctx context.Context, e *openEndpoint, c *call, err error) error {
	var refused *Error
	if !errors.As(err, &refused) || refused.Remedy != "" || refused.Advice != GiveUp ||
		refused.Status < 400 || refused.Status > 499 {
		return err
	}
	explained := *refused
	explained.Remedy = fmt.Sprintf("check voices.%s and endpoints.%s: it does not take what they say", c.req.Voice.Name, e.spec.Name)
	if strings.Contains(strings.ToLower(refused.Reason), "voice") {
		names, err := s.Voices(ctx, e.spec.Name)
		if err == nil && len(names) > 0 && !hasVoice(names, c.values.voice) {
			explained.Remedy = newRedactor(e.spec).line(voiceRemedy(c.values.voice, names))
		}
	}
	return &explained
}

// Key is the key of the request's take. It asks nothing of the endpoint, but
// a local engine for its version, once.
func (s *Studio) Key(req Request) (string, error) {
	_, c, err := s.call(context.Background(), req)
	if err != nil {
		return "", err
	}
	return c.key, nil
}

// Stored says whether the take with the key is in the store, or an answer that
// waits to become it.
func (s *Studio) Stored(key string) bool {
	return s.store != nil && (s.store.Has(key) || s.store.Has(besideKey(key, 0)))
}

// Expect tells the store which takes will be asked for with Stored, where it
// wants to know: one that is far away looks for many at once.
func (s *Studio) Expect(keys []string) {
	store, ok := s.store.(interface{ Expect(keys []string) })
	if !ok {
		return
	}
	all := make([]string, 0, 2*len(keys))
	for _, key := range keys {
		all = append(all, key, besideKey(key, 0))
	}
	store.Expect(all)
}

// Limits of the voice's model at its endpoint, in characters or bytes.
func (s *Studio) Limits(v Voice) Limits {
	e, err := s.endpoint(v)
	if err != nil {
		return Limits{}
	}
	return e.spec.Limits.of(e.render.values(Request{Voice: v}).model, v.Speed)
}

// Parallel is how many segments of the voice are worth being under way at
// once, by what its endpoint is known to take now: some of them wait.
func (s *Studio) Parallel(v Voice) int {
	e, err := s.endpoint(v)
	if err != nil {
		return 0
	}
	return e.send.parallel()
}

// Price of the voice's model at its endpoint.
func (s *Studio) Price(v Voice) Price {
	e, err := s.endpoint(v)
	if err != nil {
		return Price{}
	}
	return e.spec.Price.of(e.render.values(Request{Voice: v}).model)
}

// Voices lists what the endpoint says it has (or its preset does), the
// preset's best first. It is empty where nobody says.
func (s *Studio) Voices(ctx context.Context, endpoint string) ([]string, error) {
	e, err := s.endpoint(Voice{Endpoint: endpoint})
	if err != nil {
		return nil, fmt.Errorf("there is no endpoint %q%s", endpoint, didYouMean(endpoint, sorted(s.endpoints)))
	}
	names, err := e.transport.voices(ctx)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return e.spec.Voices.Names, nil
	}
	return bestFirst(names, e.spec.Voices.Names), nil
}

// Check asks the endpoint whether it is there and has the voice, without
// synthesising. For doctor and before an episode starts.
func (s *Studio) Check(ctx context.Context, v Voice) error {
	e, c, err := s.call(ctx, Request{Voice: v, Text: "Hello."})
	if err != nil {
		return err
	}
	if err := e.transport.probe(ctx); err != nil {
		return err
	}
	names, err := s.Voices(ctx, v.Endpoint)
	if err != nil {
		return err
	}
	if len(names) == 0 || c.values.voice == "" {
		return nil
	}
	err = unknownVoice(e.spec, c.values.voice, names)
	if refused := new(Error); errors.As(err, &refused) && e.spec.Transport != "command" {
		refused.Remedy += fmt.Sprintf("; if it has it all the same, write it into endpoints.%s.voices.names", v.Endpoint)
	}
	return err
}

// Ready is Check with patience: what may pass is asked again a few times, as
// the endpoint's retry says, before it is taken to be down.
func (s *Studio) Ready(ctx context.Context, v Voice) error {
	e, err := s.endpoint(v)
	if err != nil {
		return err
	}
	spec := e.spec
	spec.Retry.Attempts = min(spec.Retry.Attempts, nobody)
	ask := retried(spec, e.options, func(ctx context.Context, _ *call) (*spoken, error) {
		if err := s.Check(ctx, v); err != nil {
			return nil, err
		}
		return &spoken{}, nil
	})
	_, err = ask(ctx, &call{})
	return err
}
