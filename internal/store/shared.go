package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Bucket is what several machines keep together: whole files by name, each put
// once. A *bucket.Bucket is one. Errors of what is not there wrap
// fs.ErrNotExist; any other one is a bucket that cannot be asked.
type Bucket interface {
	String() string // for messages: no secrets
	Ready(ctx context.Context) error
	Has(ctx context.Context, name string) (bool, error)
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	PutIfAbsent(ctx context.Context, name string, size int64, fill func(io.Writer) error) (stored bool, err error)
	Remove(ctx context.Context, name string) error
	List(ctx context.Context, prefix string, each func(name string, size int64, changed time.Time) error) error
}

// Shared is a bucket behind folders of this machine: a [Store] and a [Cache]
// that have it look there for what they do not have, and put there what they
// get. Its files:
//
//	takes/ab/abcdef….tar        an entry: entry.json, then the bytes
//	blocks/ab/abcdef…           a block, as the cache has it
//
// While it cannot be asked, it is left alone for a while, so that an episode
// under way goes on; it is told once, and what it did not get waits in the
// folder outbox of the Store. It is safe for concurrent use.
type Shared struct {
	bucket  Bucket
	ctx     context.Context
	now     func() time.Time
	log     *slog.Logger
	notice  func(string)
	flights singleflight.Group

	mu      sync.Mutex
	rests   time.Time // it is not asked before
	down    error     // why; nil: it answers
	blind   error     // why it could not be asked when somebody began to rely on it
	reached time.Time // last
	proved  bool      // it was found to be Ready once: whether it knows put-if-absent is known
	seen    map[string]sighting
}

// SharedOptions are what Shared needs from outside; each has a default.
type SharedOptions struct {
	Now    func() time.Time // nil is time.Now
	Log    *slog.Logger     // told of what costs only time; nil is silent
	Notice func(string)     // told what a person should know: that it is down, and whose answer won; may be nil
}

// sighting is whether a file was there when it was asked for.
type sighting struct {
	there bool
	at    time.Time
}

const (
	restFor = 20 * time.Second // that a bucket is left alone once it failed

	// How long it is believed that something is not there: for what a plan costs,
	// and before an endpoint is asked.
	absentForPlan = 5 * time.Minute
	absentForUse  = 10 * time.Second

	mostSeen = 1 << 17 // sightings: some 20 MB
)

// Share is the bucket b for folders of this machine. What is asked of it ends
// with ctx.
func Share(ctx context.Context, b Bucket, o SharedOptions) *Shared {
	s := &Shared{bucket: b, ctx: ctx, now: o.Now, log: o.Log, notice: o.Notice, seen: map[string]sighting{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.notice == nil {
		s.notice = func(string) {}
	}
	return s
}

// UnreachableError is a bucket that could not be asked for what may have been
// paid for.
type UnreachableError struct {
	Bucket string // its address
	Err    error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("nobody knows whether this was paid for before: %v: run it again when that bucket answers, or without it (output.bucket)", e.Err)
}

// Unwrap is the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// errResting is a bucket that is left alone, since it failed just now.
var errResting = errors.New("it failed just now, and is left alone for a while")

// ask does something with the bucket, unless that is left alone. What is not
// there is no failure of it.
func (s *Shared) ask(do func(context.Context, Bucket) error) error {
	if err := s.ctx.Err(); err != nil {
		return context.Cause(s.ctx)
	}
	s.mu.Lock()
	if s.down != nil {
		if s.now().Before(s.rests) {
			defer s.mu.Unlock()
			return fmt.Errorf("%w: %w", s.down, errResting)
		}
		s.rests = s.now().Add(4 * restFor) // one tries for all, however long it is kept waiting
	}
	s.mu.Unlock()
	err := do(s.ctx, s.bucket)
	if s.ctx.Err() != nil && err != nil {
		return context.Cause(s.ctx) // it is this process that ends
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*DamageError)) || errors.As(err, new(*localError)) {
		s.answered()
		return err
	}
	s.failed(err)
	return err
}

// localError is one of this machine, and says nothing of the bucket.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }

func (e *localError) Unwrap() error { return e.err }

func (s *Shared) answered() {
	s.mu.Lock()
	was := s.down
	s.down, s.blind, s.reached = nil, nil, s.now()
	s.mu.Unlock()
	if was != nil {
		s.notice(fmt.Sprintf("bucket %s answers again", s.bucket))
	}
}

func (s *Shared) failed(err error) {
	s.mu.Lock()
	was := s.down
	s.down, s.rests = err, s.now().Add(restFor)
	s.mu.Unlock()
	if was == nil {
		s.notice(fmt.Sprintf("%v: what is made meanwhile is kept on this machine, and sent later", err))
	}
}

// rely asks whether the bucket answers, for who begins to rely on it.
func (s *Shared) rely() {
	const lately = 10 * time.Second
	s.mu.Lock()
	fresh := s.down == nil && s.proved && s.now().Sub(s.reached) < lately
	s.mu.Unlock()
	if fresh {
		return
	}
	err := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blind = err
}

func (s *Shared) ready() error {
	err := s.ask(func(ctx context.Context, b Bucket) error {
		err := b.Ready(ctx)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("bucket %s: it is not there", b)
		}
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proved = s.proved || err == nil
	return err
}

// answers says whether there is any use in asking for much: of a bucket that
// failed, one asks again for all.
func (s *Shared) answers() bool {
	s.mu.Lock()
	down := s.down
	s.mu.Unlock()
	return down == nil || s.ready() == nil
}

// sees notes whether a file is there.
func (s *Shared) sees(name string, there bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) >= mostSeen {
		clear(s.seen)
	}
	s.seen[name] = sighting{there, s.now()}
}

// absent says whether a file was not there a short while ago.
func (s *Shared) absent(name string, lately time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, ok := s.seen[name]
	return ok && !was.there && s.now().Sub(was.at) < lately
}

// has says whether a file is there, as far as is known or can be asked.
func (s *Shared) has(name string) (there bool, err error) {
	s.mu.Lock()
	was, ok := s.seen[name]
	known := ok && (was.there || s.now().Sub(was.at) < absentForPlan)
	s.mu.Unlock()
	if known {
		return was.there, nil
	}
	err = s.ask(func(ctx context.Context, b Bucket) error {
		there, err = b.Has(ctx, name)
		return err
	})
	if err == nil {
		s.sees(name, there)
	}
	return there, err
}

// unasked is what becomes of looking for a file that could not be asked for:
// nothing is paid for that may be there, unless an episode is under way that
// began when the bucket answered.
func (s *Shared) unasked(name string, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() == nil && s.blind == nil && !s.seen[name].there && !s.reached.IsZero() {
		return fs.ErrNotExist
	}
	return &UnreachableError{s.bucket.String(), err}
}

func takeName(key string) string { return "takes/" + key[:2] + "/" + key + ".tar" }

func blockName(key string) string { return "blocks/" + key[:2] + "/" + key }

// keyOf is the key in a file's name; it is empty where the name is another's.
func keyOf(name string, nameOf func(string) string) string {
	const dir = len("ab/")
	for i := 0; i+dir < len(name); i++ {
		if name[i] != '/' {
			continue
		}
		key := name[i+1+dir:]
		if n := len(key) - len(".tar"); n > 0 && key[n:] == ".tar" {
			key = key[:n]
		}
		if valid(key) == nil && nameOf(key) == name {
			return key
		}
		break
	}
	return ""
}
