package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
)

// ahead masters blocks while takes are still being recorded, where the levels
// are known from earlier builds: then an episode is finished soon after its
// last take. What it makes is in the cache; that it cannot costs only time.
type ahead struct {
	maker *master.Ahead
	mix   func([]record.Take) (*mix.Timeline, error)
	known func(voice string) bool // its trim

	mu    sync.Mutex
	takes []record.Take
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
	a := &ahead{news: make(chan struct{}, 1), ended: make(chan struct{}), takes: make([]record.Take, plan.Totals.Segments)}
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
	a.maker = master.NewAhead(p, p.masterOptions(p.blocks), last.Gain)
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
	a.takes[t.Ordinal-1] = t.Take
	a.mu.Unlock()
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
		if err != nil || a.maker.Make(ctx, tl) != nil {
			return
		}
		select {
		case <-time.After(aheadEvery):
		case <-ctx.Done():
			return
		}
	}
}

// stop ends it. Blocks that are under way are dropped.
func (a *ahead) stop() {
	if a != nil {
		a.quit()
		<-a.ended
	}
}
