package voices

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Episode speaks the segments of one episode and judges their takes by each
// other, where one answer alone does not tell: is it as long as its text, at
// this voice's pace, and as loud as the voice?
//
// Until then an answer is kept beside its take, under a key of its own: it was
// paid for, and a run that is killed finds it again. Settle looks at all of
// them together. What is sound becomes the take, put-if-absent, and is never
// judged again; what is not is asked for anew by the next Synthesize of the
// same request. So the verdicts do not depend on which answer came first.
//
// It is safe for concurrent use, but for Settle, which runs alone. Without a
// store nothing is kept, so nothing can be judged later.
type Episode struct {
	studio *Studio

	mu      sync.Mutex
	waiting map[string]waiting         // by the key of the take
	refused map[string]int             // answers of it that were refused
	last    map[string]pace            // the last of them
	sound   map[string]map[string]pace // takes, by the key of their voice's record and by their own
	kept    map[string]bool            // by the key of the take: it is the answer that was given

	ears *listeners
}

// waiting is an answer that waits for the others.
type waiting struct {
	endpoint *openEndpoint
	call     *call
	voice    string // key of the voice's record
	pace     pace
	heard    *heard // nil: nobody listened
}

// Episode begins one.
func (s *Studio) Episode() *Episode {
	return &Episode{studio: s, waiting: map[string]waiting{}, refused: map[string]int{}, last: map[string]pace{}, sound: map[string]map[string]pace{}, kept: map[string]bool{}, ears: newListeners()}
}

// Key of the request's take.
func (e *Episode) Key(req Request) (string, error) { return e.studio.Key(req) }

// Synthesize speaks as Studio.Synthesize does. Where the Speech is Waiting, it
// may yet be refused by Settle. Where somebody listens (see Listen), what says
// other words than the text is taken again as what is refused by Settle is.
func (e *Episode) Synthesize(ctx context.Context, req Request) (*Speech, error) {
	if e.studio.store == nil {
		return e.studio.Synthesize(ctx, req)
	}
	o, first, err := e.studio.call(ctx, req)
	if err != nil {
		return nil, err
	}
	voice, err := o.recordKey(ctx, req)
	if err != nil {
		return nil, err
	}
	for t := (tally{}); ; {
		c := *first
		e.mu.Lock()
		c.tried = e.refused[c.key]
		e.mu.Unlock()
		c.beside = besideKey(c.key, c.tried)
		speech, err := e.speak(ctx, o, &c)
		if err != nil {
			return nil, t.with(err)
		}
		t.attempts, t.billed = t.attempts+speech.Attempts, t.billed+speech.Billed
		why, err := e.answered(ctx, o, &c, voice, speech)
		if err != nil {
			return nil, &unkeptError{err, t.billed}
		}
		if why == "" {
			speech.Attempts, speech.Billed = t.attempts, t.billed
			return speech, nil
		}
		if e.refusedAgain(&c, o.spec.Check.retakes()) {
			return nil, e.misheard(o, why, t)
		}
	}
}

// answered notes an answer, once it was listened to. why says what was heard
// against it.
func (e *Episode) answered(ctx context.Context, o *openEndpoint, c *call, voice string, speech *Speech) (why string, err error) {
	s := speech.sound
	if s.Speech == 0 { // kept by an earlier program
		if s, err = listen(ctx, speech.Audio); err != nil {
			return "", err
		}
	}
	p := paceOf(c.req.Text, s)
	var h *heard
	if speech.Waiting {
		if h, why, err = e.hear(ctx, c, speech, s); why != "" || err != nil {
			return why, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if speech.Waiting {
		e.waiting[c.key] = waiting{o, c, voice, p, h}
	} else {
		e.add(voice, c.key, p)
	}
	return "", nil
}

// refusedAgain counts an answer that was refused, unless another segment of the
// same text has counted it. It says whether nothing is left to try.
func (e *Episode) refusedAgain(c *call, retakes int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refused[c.key] == c.tried {
		e.refused[c.key]++
	}
	return nothingLeft(e.refused[c.key], retakes)
}

// nothingLeft says whether so many refused answers to a text were all that are
// asked for: the last one but for the retakes is that in two halves; without
// retakes there is neither.
func nothingLeft(refused, retakes int) bool { return retakes == 0 || refused > retakes+1 }

// speak asks once more where one request after the other was answered with
// something of no use: among the hundreds of an episode that happens by chance,
// and is no reason to end it.
func (e *Episode) speak(ctx context.Context, o *openEndpoint, c *call) (*Speech, error) {
	speech, err := e.studio.speak(ctx, o, c)
	first, ok := errors.AsType[*Error](err)
	if !ok || first.Advice != Again || first.most != paidFor {
		return speech, err
	}
	speech, err = e.studio.speak(ctx, o, c)
	if err == nil {
		speech.Attempts, speech.Billed = speech.Attempts+first.Attempts, speech.Billed+first.Billed
	} else if last, ok := errors.AsType[*Error](err); ok {
		both := *last
		both.Attempts, both.Billed = last.Attempts+first.Attempts, last.Billed+first.Billed
		err = &both
	}
	return speech, err
}

func (e *Episode) add(voice, key string, p pace) {
	if e.sound[voice] == nil {
		e.sound[voice] = map[string]pace{}
	}
	e.sound[voice][key] = p
}

// Refusal is an answer that is unlike the others of its voice.
type Refusal struct {
	Key    string // of the take that it would have been
	Reason string
	Err    error // what to report, where nothing is left to try; nil: Synthesize asks anew
}

// Settle judges the answers that wait, by all takes of their voice in this
// episode, and by the voice's record in the store where that has enough.
func (e *Episode) Settle(ctx context.Context) ([]Refusal, error) {
	manners, err := e.manners()
	if err != nil {
		return nil, err
	}
	var out []Refusal
	sound := map[string]waiting{} // by the key of the take
	for _, key := range sorted(e.waiting) {
		w := e.waiting[key]
		delete(e.waiting, key)
		before, asked := e.last[key]
		why := manners[w.voice].against(w.pace, w.endpoint.spec.Check)
		if why != "" && asked && w.pace.like(before) {
			why = manners[w.voice].evenSo(w.pace, w.endpoint.spec.Check)
		}
		if why != "" {
			out = append(out, e.refuse(key, w, why))
			continue
		}
		sound[key] = w
	}
	if err := e.settleAll(ctx, sound); err != nil {
		return nil, err
	}
	good := map[string][]pace{}
	for _, key := range sorted(sound) {
		w := sound[key]
		e.add(w.voice, key, w.pace)
		good[w.voice] = append(good[w.voice], w.pace)
	}
	for _, voice := range sorted(good) {
		if err := e.studio.remember(voice, good[voice]); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// Kept says of the take under a key whether Settle made it of the answer that
// Synthesize gave. Else, whoever wants to know what it says must read it.
func (e *Episode) Kept(key string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.kept[key]
}

// settling is how many answers become takes at once: each is synced to the disk,
// and a file system syncs several in the time of one.
const settling = 8

// settleAll makes takes of answers, by the key of their take.
func (e *Episode) settleAll(ctx context.Context, sound map[string]waiting) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(settling)
	for _, key := range sorted(sound) {
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			w := sound[key]
			kept, err := e.studio.settle(w.call, w.heard)
			if err != nil {
				return err
			}
			e.mu.Lock()
			e.kept[key] = kept
			e.mu.Unlock()
			return e.forget(key)
		})
	}
	return g.Wait()
}

// manners of the voices for which answers wait.
func (e *Episode) manners() (map[string]manner, error) {
	all := map[string][]pace{}
	for _, w := range e.waiting {
		all[w.voice] = append(all[w.voice], w.pace)
	}
	manners := map[string]manner{}
	for voice, takes := range all {
		record, err := e.studio.record(voice)
		if err != nil {
			return nil, err
		}
		if len(record) >= enough {
			takes = append(takes, record...)
		}
		manners[voice] = mannerOf(slices.AppendSeq(takes, maps.Values(e.sound[voice])))
	}
	return manners, nil
}

func (e *Episode) refuse(key string, w waiting, why string) Refusal {
	e.refused[key]++
	e.last[key] = w.pace
	r := Refusal{Key: key, Reason: why}
	if nothingLeft(e.refused[key], w.endpoint.spec.Check.retakes()) {
		red := newRedactor(w.endpoint.spec)
		r.Err = &Error{
			Endpoint: w.endpoint.spec.Name, Advice: GiveUp, Reason: red.line("the answer is unlike the voice's others: " + why),
			Remedy: red.line(fmt.Sprintf("listen to what it says to this text; if it is right, widen endpoints.%s.check.pace or level", w.endpoint.spec.Name)),
		}
	}
	return r
}
