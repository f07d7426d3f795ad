package pipeline

import (
	"context"
	"errors"
	"sync"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// Produce makes an episode. On error the Result still says what was made and
// spent; every finished take is kept in the store.
func (p *Press) Produce(ctx context.Context, o Order) (*Result, error) {
	w := p.watch(o)
	res := &Result{Source: o.Name(), Currency: p.currency(), Bills: []publish.Bill{}}
	account := p.account(o)
	err := p.produce(ctx, w, o, account, res)
	res.Findings = append(res.Findings, account.findings()...)
	res.Findings = append(res.Findings, p.damage()...)
	res.Elapsed = p.o.Now().Sub(w.start)
	return res, err
}

func (p *Press) produce(ctx context.Context, w *watch, o Order, acc *account, res *Result) error {
	plan, err := p.plan(ctx, w, o)
	if err != nil {
		return err
	}
	if plan.Draft && o.Sample == 0 {
		return ErrDraft
	}
	if err := p.ready(); err != nil {
		return err
	}
	pl, err := p.enter(plan.Script)
	if err != nil {
		return err
	}
	defer pl.leave()
	letGo, err := p.rely(plan)
	if err != nil {
		return err
	}
	defer letGo()
	acc.episode = pl.slug
	plan, in, err := p.rehearse(ctx, w, plan, pl, o, acc, res)
	if err != nil || in == nil {
		return err
	}

	music, err := p.listen(ctx, o)
	if err != nil {
		return &StageError{Stage: Mix, Err: err}
	}
	takes, err := p.takesOf(ctx, w, plan, acc, o, res)
	if err != nil {
		return err
	}
	timeline, err := stage(w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.mix(plan, takes, music, pl, o)
	})
	if err != nil {
		return err
	}
	return p.finish(ctx, w, release{plan: plan, takes: takes, timeline: timeline, in: in, place: pl}, o, res)
}

// finish makes the sound of an episode and its files.
func (p *Press) finish(ctx context.Context, w *watch, r release, o Order, res *Result) error {
	var err error
	if r.master, err = p.master(ctx, w, r.timeline, r.place, o); err != nil {
		return err
	}
	r.sample = o.Sample > 0
	_, err = stage(w, Publish, func(func(int, int, int)) (struct{}, error) {
		r.run = p.facts(w, r.takes, res)
		return struct{}{}, p.publish(ctx, r, res)
	})
	return err
}

// rely keeps what is in the store from being pruned until letGo, and notes the
// folder whose manifests will name takes. What was planned is counted again: a
// take may have gone since.
func (p *Press) rely(plan *Plan) (letGo func(), err error) {
	if letGo, err = p.takes.Hold(); err != nil {
		return nil, err
	}
	if err = p.takes.AddUser(p.cfg.Output.Dir); err == nil {
		err = p.cost(plan)
	}
	if err != nil {
		letGo()
		return nil, err
	}
	return letGo, nil
}

func (p *Press) takesOf(ctx context.Context, w *watch, plan *Plan, acc *account, o Order, res *Result) ([]record.Take, error) {
	if o.Offline {
		return p.stored(ctx, w, plan, res)
	}
	return p.record(ctx, w, plan, acc, res)
}

func (p *Press) record(ctx context.Context, w *watch, plan *Plan, acc *account, res *Result) ([]record.Take, error) {
	return stage(w, Record, func(progress func(int, int, int)) ([]record.Take, error) {
		s := record.Session{
			Studio: p.studio.Metered(acc).Episode(), Cast: plan.terms.cast, Parallel: p.parallel(plan), Now: p.o.Now, Whole: plan.whole,
		}
		var done, stored int
		takes, err := s.Record(ctx, plan.Script, func(t record.Told) {
			switch {
			case t.Err != nil, t.Again:
				return
			case t.Stored:
				stored++
				res.Reused++
			default:
				res.Made++
			}
			done++
			progress(done, plan.Totals.Segments, stored)
		})
		acc.tell(res)
		if held := new(CostError); errors.As(err, &held) {
			return nil, held // which segment it was is of no interest
		}
		return takes, err
	})
}

// parallel says how many segments are to be under way at once: what the
// endpoints of the plan's voices take together, now.
func (p *Press) parallel(plan *Plan) func() int {
	endpoints := map[string]voices.Voice{} // one voice of each
	for _, seg := range plan.Script.Segments() {
		v := plan.terms.cast.Voice(seg.Part())
		endpoints[v.Endpoint] = v
	}
	return func() int {
		sum := 0
		for _, v := range endpoints {
			sum += p.studio.Parallel(v)
		}
		return sum
	}
}

// music is the show's tracks, listened to; nil where there is none.
type music struct{ intro, credits *record.Sound }

// listen decodes and measures the tracks, before anything is paid for.
func (p *Press) listen(ctx context.Context, o Order) (music, error) {
	var m music
	var errs [2]error
	var wg sync.WaitGroup
	track := func(file string, into **record.Sound, err *error) {
		if file == "" {
			return
		}
		wg.Go(func() {
			*into, *err = p.track(ctx, file)
		})
	}
	track(p.cfg.Tracks.Intro.File, &m.intro, &errs[0])
	if o.Sample == 0 {
		track(p.cfg.Tracks.Credits.File, &m.credits, &errs[1])
	}
	wg.Wait()
	return m, errors.Join(errs[:]...)
}

// track listens to a track, or remembers it.
func (p *Press) track(ctx context.Context, file string) (*record.Sound, error) {
	h, err := look(file)
	if err != nil {
		_, err = record.ListenFile(ctx, file) // its words
		return nil, err
	}
	h.Streamed, h.track = true, true
	if err := h.listen(ctx, p.blocks, p.o.Now); err != nil {
		return nil, err
	}
	return &h.Sound, nil
}

func (p *Press) mix(plan *Plan, takes []record.Take, m music, pl *place, o Order) (*mix.Timeline, error) {
	opts := p.mixOptions(m)
	opts.VoiceGains = map[string]level.DB{}
	for _, t := range takes {
		opts.VoiceGains[t.Voice] = p.cfg.Voices[t.Voice].Gain
	}
	if pl.last != nil && !o.Fresh {
		opts.VoiceTrims = pl.last.Gains.Voices
	}
	return mix.Arrange(plan.Script, takes, opts)
}

// mixOptions are what the show's file says of a mix.
func (p *Press) mixOptions(m music) mix.Options {
	mp3 := p.cfg.Audio.Formats.MP3
	return mix.Options{
		Rate: mp3.Rate, Channels: map[string]int{"mono": 1, "stereo": 2}[mp3.Channels],
		Loudness: p.cfg.Audio.Loudness, Tracks: p.cfg.Tracks, Intro: m.intro, Credits: m.credits,
	}
}

var _ record.Studio = (*voices.Episode)(nil)
