package pipeline

import (
	"context"
	"errors"
	"sync"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/master"
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
	if err := p.encodable(ctx, o); err != nil {
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
	mem := p.memory(pl)
	takes, timeline, mastered, err := p.sound(ctx, w, plan, music, pl, mem, o, acc, res)
	if lost, ok := errors.AsType[*LostTakeError](err); ok {
		// It was there when it was heard. It is asked for again.
		mem.forget(lost.Key)
		res.Reused = 0
		takes, timeline, mastered, err = p.sound(ctx, w, plan, music, pl, mem, o, acc, res)
	}
	if err != nil {
		return err
	}
	mem.save()
	_, err = stage(w, Publish, func(progress func(int, int, int)) (struct{}, error) {
		return struct{}{}, p.publish(ctx, release{
			plan: plan, takes: takes, timeline: timeline, master: mastered, in: in, place: pl, sample: o.Sample > 0,
			formats: p.formats(o), run: p.facts(w, takes, res),
		}, res, progress)
	})
	return err
}

// sound records, arranges and masters.
func (p *Press) sound(
	ctx context.Context, w *watch, plan *Plan, tracks music, pl *place, mem *memory, o Order, acc *account, res *Result,
) ([]record.Take, *mix.Timeline, *master.Master, error) {
	takes, err := p.record(ctx, w, plan, mem, acc, res)
	if err != nil {
		return nil, nil, nil, err
	}
	timeline, err := stage(w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.mix(plan, takes, tracks, pl, o)
	})
	if err != nil {
		return nil, nil, nil, err
	}
	mastered, err := p.master(ctx, w, timeline, pl, o)
	return takes, timeline, mastered, err
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

func (p *Press) record(ctx context.Context, w *watch, plan *Plan, mem *memory, acc *account, res *Result) ([]record.Take, error) {
	return stage(w, Record, func(progress func(int, int, int)) ([]record.Take, error) {
		s := record.Session{
			Studio: p.studio.Metered(acc).Episode(), Cast: plan.terms.cast, Parallel: p.parallel(plan), Now: p.o.Now, Whole: plan.whole,
		}
		if mem != nil {
			s.Memory = mem
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
			var s record.Sound
			if s, *err = record.ListenFile(ctx, file); *err == nil {
				*into = &s
			}
		})
	}
	track(p.cfg.Tracks.Intro.File, &m.intro, &errs[0])
	if o.Sample == 0 {
		track(p.cfg.Tracks.Credits.File, &m.credits, &errs[1])
	}
	wg.Wait()
	return m, errors.Join(errs[:]...)
}

func (p *Press) mix(plan *Plan, takes []record.Take, m music, pl *place, o Order) (*mix.Timeline, error) {
	mp3 := p.cfg.Audio.Formats.MP3
	opts := mix.Options{
		Rate: mp3.Rate, Channels: map[string]int{"mono": 1, "stereo": 2}[mp3.Channels],
		Loudness: p.cfg.Audio.Loudness, Tracks: p.cfg.Tracks, Intro: m.intro, Credits: m.credits,
		VoiceGains: map[string]level.DB{},
	}
	for _, t := range takes {
		opts.VoiceGains[t.Voice] = plan.terms.cast.Voice("voice:" + t.Voice).Gain
	}
	if pl.last != nil && !o.Fresh {
		opts.VoiceTrims = pl.last.Gains.Voices
	}
	return mix.Arrange(plan.Script, takes, opts)
}

var _ record.Studio = (*voices.Episode)(nil)
