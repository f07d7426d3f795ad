package record

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Take is one recorded attempt at a segment.
type Take struct {
	Ordinal    int    // of the segment, from 1
	Role       string //
	Voice      string // name in the show
	Key        string // in the store
	Characters int    // of the text
	Stored     bool   // was in the store: nothing was asked for
	Attempts   int    // requests made; 0 if stored
	Billed     int    // of them, those that were answered with sound, useless ones too
	RequestID  string // the provider's
	Endpoint   string // its name in the show
	Elapsed    time.Duration
	Sound

	waiting bool // for the others of its voice
}

// Studio has segments spoken, stored and read back, and judges them by each
// other: a *voices.Episode.
type Studio interface {
	voices.Synthesizer
	Key(req voices.Request) (string, error)
	Settle(ctx context.Context) ([]voices.Refusal, error)
	// Kept says of a take that Settle made whether it is the answer that was given.
	Kept(key string) bool
	// Recall counts a stored take among those that others are judged by.
	Recall(ctx context.Context, req voices.Request) error
}

// Memory has what was heard of takes before, so that nobody has to read and
// decode those of a whole episode to change a sentence of it. A take whose file
// is not as it was is not known.
type Memory interface {
	Recall(key string) (Sound, bool)
	Remember(key string, s Sound)
}

// Told is what Record tells as a segment ends: its take, or why there is none.
// Billed counts the answers with sound in both cases. A take that turned out to
// be unlike the others of its voice is told of again, once it is retaken, with
// what that took.
type Told struct {
	Take
	Again bool
	Err   error
}

// Session records scripts with a cast. It is safe for concurrent use.
type Session struct {
	Studio   Studio
	Cast     *voices.Cast
	Parallel func() int       // segments under way at once, asked again as each one ends; nil is 1
	Memory   Memory           // nil listens to every take
	Whole    *script.Script   // of which the recorded one is the beginning, for the context of its last segment; nil is itself
	Only     []int            // ordinals of the segments that are recorded, ascending; nil is all
	Now      func() time.Time // nil is time.Now
}

// SegmentError is a segment that could not be recorded.
type SegmentError struct {
	Ordinal int    // from 1
	Of      int    // segments in all
	At      string // place in the source, where known
	Err     error
}

func (e *SegmentError) Error() string {
	s := fmt.Sprintf("segment %d of %d", e.Ordinal, e.Of)
	if e.At != "" {
		s += " (" + e.At + ")"
	}
	return s + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *SegmentError) Unwrap() error { return e.Err }

// Record returns one take for each segment that is recorded, in order. observe is told of each
// segment as it ends, one call at a time, in any order; it may be nil. The
// error is a *SegmentError of the first segment that failed, or the context's.
//
// When all are there they are judged by each other, and those that are refused
// are recorded anew, until none is or one has failed too often.
func (s *Session) Record(ctx context.Context, sc *script.Script, observe func(Told)) ([]Take, error) {
	whole := s.Whole
	if whole == nil {
		whole = sc
	}
	r := &recording{Session: s, script: whole, observe: observe, takes: make([]Take, sc.Len())}
	var all []segment
	for place, seg := range sc.Segments() {
		if s.Only == nil || slices.Contains(s.Only, place.Ordinal) {
			all = append(all, segment{place.Ordinal, place, seg})
		}
	}
	todo, err := r.recall(ctx, all)
	if err != nil {
		return nil, err
	}
	for again := false; len(todo) > 0; again = true {
		r.round(ctx, todo, again)
		if err := r.end(ctx); err != nil {
			return nil, err
		}
		refused, err := s.Studio.Settle(ctx)
		if err != nil {
			return nil, err
		}
		todo = r.refused(all, refused)
	}
	r.settled(ctx, all)
	if err := r.end(ctx); err != nil {
		return nil, err
	}
	r.remember(all)
	if s.Only == nil {
		return r.takes, nil
	}
	out := make([]Take, len(all))
	for i, seg := range all {
		out[i] = r.takes[seg.ordinal-1]
	}
	return out, nil
}

func (s *Session) parallel() int {
	if s.Parallel == nil {
		return 1
	}
	return max(1, s.Parallel())
}

func (s *Session) take(ctx context.Context, sc *script.Script, at script.Place, seg *script.Segment) (Take, error) {
	req := Request(s.Cast, sc, at)
	key, err := s.Studio.Key(req)
	if err != nil {
		return Take{}, err
	}
	now := s.Now
	if now == nil {
		now = time.Now
	}
	start := now()
	speech, err := s.Studio.Synthesize(ctx, req)
	if err != nil {
		return Take{Billed: voices.Billed(err)}, err
	}
	elapsed := max(0, now().Sub(start)) // a clock may go back
	sound, err := Listen(ctx, speech.Audio)
	if err != nil {
		return Take{Billed: speech.Billed}, fmt.Errorf("listening to take %.12s: %w", key, err)
	}
	sound.Marks = speech.Marks
	if sound.Silent() {
		return Take{Billed: speech.Billed}, fmt.Errorf("take %.12s of voice %s is silent: ask for a retake (take: %d) in the plan, or choose another voice",
			key, req.Voice.Name, seg.Take+1)
	}
	return Take{
		Role: seg.Role, Voice: req.Voice.Name, Key: key, Characters: req.Characters(),
		Stored: speech.Stored, Attempts: speech.Attempts, Billed: speech.Billed, RequestID: speech.RequestID,
		Endpoint: req.Voice.Endpoint, Elapsed: elapsed, Sound: sound, waiting: speech.Waiting,
	}, nil
}
