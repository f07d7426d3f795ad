package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"

	"github.com/narrapress/narrapress/internal/subject"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// segment of the script with its ordinal.
type segment struct {
	ordinal int
	at      script.Place
	*script.Segment
}

// about says in a context that what follows is of a segment.
func about(ctx context.Context, seg segment) context.Context {
	return subject.With(ctx, slog.Int(subject.Segment, seg.ordinal))
}

// recording is one script under way.
type recording struct {
	*Session
	script  *script.Script
	observe func(Told)

	mu     sync.Mutex
	takes  []Take
	failed *SegmentError
}

// round records segments, Parallel of them at once. After a failure none is begun.
func (r *recording) round(ctx context.Context, todo []segment, again bool) {
	r.each(ctx, todo, func(seg segment) error {
		take, err := r.take(about(ctx, seg), r.script, seg.at, seg.Segment)
		take.Ordinal = seg.ordinal
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.observe != nil {
			r.observe(Told{Take: take, Again: again, Err: err})
		}
		if err == nil {
			before := r.takes[seg.ordinal-1]
			take.Attempts, take.Billed = take.Attempts+before.Attempts, take.Billed+before.Billed
			take.Stored, take.Elapsed = take.Stored && (!again || before.Stored), take.Elapsed+before.Elapsed
			r.takes[seg.ordinal-1] = take
		}
		return err
	})
}

// refused are the segments whose takes are to be recorded anew.
func (r *recording) refused(all []segment, refusals []voices.Refusal) []segment {
	anew := map[string]error{}
	for _, f := range refusals {
		anew[f.Key] = f.Err
	}
	var todo []segment
	for _, seg := range all {
		err, ok := anew[r.takes[seg.ordinal-1].Key]
		if ok && err != nil {
			r.fail(seg, err)
		}
		if ok {
			todo = append(todo, seg)
		}
	}
	return todo
}

// settled reads back what had to wait and did not become the take: where
// another process was faster, its answer is the one.
func (r *recording) settled(ctx context.Context, all []segment) {
	r.each(ctx, all, func(seg segment) error {
		t := &r.takes[seg.ordinal-1] // this segment's alone
		if !t.waiting || r.Studio.Kept(t.Key) {
			t.waiting = false
			return nil
		}
		speech, err := r.Studio.Synthesize(about(ctx, seg), Request(r.Cast, r.script, seg.at))
		if err != nil {
			return err
		}
		t.waiting = false
		if sum := sha256.Sum256(speech.Audio); hex.EncodeToString(sum[:]) != t.SHA256 {
			t.Sound, err = Listen(ctx, speech.Audio)
			t.Marks = speech.Marks
		}
		return err
	})
}

// each does the same for several segments at once, and keeps the failure of
// the first of them.
func (r *recording) each(ctx context.Context, segments []segment, do func(segment) error) {
	var wg sync.WaitGroup
	ended := make(chan struct{}, len(segments))
	under := 0
	for _, seg := range segments {
		for under >= r.parallel() && ctx.Err() == nil {
			select {
			case <-ended:
				under--
			case <-ctx.Done():
			}
		}
		r.mu.Lock()
		stop := r.failed != nil
		r.mu.Unlock()
		if stop || ctx.Err() != nil {
			break
		}
		under++
		wg.Go(func() {
			defer func() { ended <- struct{}{} }()
			if err := do(seg); err != nil {
				r.fail(seg, err)
			}
		})
	}
	wg.Wait()
}

func (r *recording) fail(seg segment, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil || seg.ordinal < r.failed.Ordinal {
		r.failed = &SegmentError{Ordinal: seg.ordinal, Of: len(r.takes), At: seg.At(), Err: err}
	}
}

// end is why there is no going on; nil if there is none.
func (r *recording) end(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if r.failed != nil {
		return r.failed
	}
	return nil
}
