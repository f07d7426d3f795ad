package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"sync"
	"time"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// ahead masters blocks while takes are still being recorded, where the levels
// are known from earlier builds: then an episode is finished soon after its
// last take. What it makes is in the cache; that it cannot costs only time.
type ahead struct {
	files *Press
	maker *master.Ahead
	mix   func([]record.Take) (*mix.Timeline, error)
	known func(voice string) bool // its trim

	mu    sync.Mutex
	takes []record.Take
	sums  map[string]string // of the takes that were told of, by key
	news  chan struct{}
	quit  context.CancelFunc
	ended chan struct{}
}

// aheadEvery is how often what is ready is looked for: laying out an hour takes
// a millisecond or two.
const aheadEvery = 250 * time.Millisecond

// ahead begins to master a plan's episode ahead; nil where the levels are not
// known, or nothing is to be waited for.
func (p *Press) ahead(ctx context.Context, plan *Plan, tracks music, pl *place, o Order) *ahead {
	l := p.levels(pl, o)
	last := l.last()
	if last == nil || p.blocks == nil || plan.Totals.New == 0 {
		return nil
	}
	a := &ahead{sums: map[string]string{}, news: make(chan struct{}, 1), ended: make(chan struct{}), takes: make([]record.Take, plan.Totals.Segments)}
	a.known = func(voice string) bool { _, ok := l.gains.Voices[voice]; return ok }
	i := 0
	for place, seg := range plan.Script.Segments() {
		// A second stands for what is not there yet: what comes after it is cut
		// at the same distance from its own start wherever that is.
		a.takes[i] = record.Take{Ordinal: place.Ordinal, Role: seg.Role, Sound: record.Sound{Rate: 44100, Channels: 1, Frames: 44100, Out: 44100}}
		i++
	}
	opts := p.mixOptions(tracks)
	opts.VoiceGains, opts.VoiceTrims, opts.Frozen = p.voiceGains(plan), l.gains.Voices, true
	a.mix = func(takes []record.Take) (*mix.Timeline, error) { return mix.Arrange(plan.Script, takes, opts) }
	a.files = p
	a.maker = master.NewAhead(a, p.masterOptions(p.blocks), last.Gain)
	ctx, a.quit = context.WithCancel(ctx)
	go a.run(ctx)
	return a
}

// tell that a segment was recorded.
func (a *ahead) tell(t record.Told) {
	if a == nil || t.Err != nil || !a.known(t.Voice) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if was, ok := a.sums[t.Key]; ok && was != t.SHA256 {
		// It was recorded anew. A block under way may be keyed by the answer
		// before, and must not be made of this one: it is not made ahead.
		a.sums[t.Key] = ""
		a.takes[t.Ordinal-1].Key = ""
		return
	}
	a.takes[t.Ordinal-1] = t.Take
	a.sums[t.Key] = t.SHA256
	select {
	case a.news <- struct{}{}:
	default:
	}
}

func (a *ahead) run(ctx context.Context) {
	defer close(a.ended)
	for {
		select {
		case <-a.news:
		case <-ctx.Done():
			return
		}
		a.mu.Lock()
		takes := append([]record.Take(nil), a.takes...)
		a.mu.Unlock()
		tl, err := a.mix(takes)
		if err != nil {
			return
		}
		_ = a.maker.Make(ctx, tl) // what is left is made when all are there
		select {
		case <-time.After(aheadEvery):
		case <-ctx.Done():
			return
		}
	}
}

// mostWaiting is how many answers to a take are looked at: more are hardly ever
// asked for.
const mostWaiting = 4

// Take is the file of a take that was told of. Until all are there it is an
// answer that waits; it is known by its hash.
func (a *ahead) Take(key string) ([]byte, error) {
	a.mu.Lock()
	want := a.sums[key]
	a.mu.Unlock()
	places := []string{key}
	for n := range mostWaiting {
		places = append(places, voices.WaitingKey(key, n))
	}
	for _, at := range places {
		if !a.files.takes.Has(at) {
			continue
		}
		b, err := a.files.Take(at)
		if sum := sha256.Sum256(b); err == nil && hex.EncodeToString(sum[:]) == want {
			return b, nil
		}
	}
	return nil, &LostTakeError{key, fs.ErrNotExist}
}

// stop ends it. Blocks that are under way are dropped.
func (a *ahead) stop() {
	if a != nil {
		a.quit()
		<-a.ended
	}
}
