package pipeline

import (
	"context"
	"errors"
	"fmt"
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
	res.Elapsed = w.elapsed()
	return res, err
}

func (p *Press) produce(ctx context.Context, w *watch, o Order, acc *account, res *Result) error {
	plan, err := p.plan(ctx, w, o)
	if err != nil {
		return err
	}
	ctx = ofEpisode(ctx, plan.Script)
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
	if o.Sample == 0 {
		res.Changes = revised(plan, pl, in)
	}

	music, err := p.listen(ctx, o)
	if err != nil {
		return &StageError{Stage: Mix, Err: err}
	}
	if o.Begin != nil {
		o.Begin(ctx, plan.Totals)
	}
	mem := p.memory(pl)
	r := release{plan: plan, in: in, place: pl}
	err = p.perform(ctx, w, r, music, mem, o, acc, res)
	if lost, ok := errors.AsType[*LostTakeError](err); ok && !o.Offline {
		// It was there when it was heard. It is asked for again.
		mem.forget(lost.Key)
		res.Reused = 0
		err = p.perform(ctx, w, r, music, mem, o, acc, res)
	}
	return err
}

// perform records an episode and finishes it.
func (p *Press) perform(ctx context.Context, w *watch, r release, tracks music, mem *memory, o Order, acc *account, res *Result) error {
	early := p.ahead(ctx, r.plan, tracks, r.place, o)
	var err error
	if o.Offline {
		r.takes, err = p.stored(ctx, w, r.plan, mem, res)
	} else {
		r.takes, err = p.record(ctx, w, r.plan, mem, early, acc, res)
	}
	early.stop()
	if err != nil {
		return err
	}
	return p.finish(ctx, w, r, tracks, mem, o, res)
}

// finish arranges the takes of an episode, makes its sound and its files.
func (p *Press) finish(ctx context.Context, w *watch, r release, tracks music, mem *memory, o Order, res *Result) error {
	var err error
	r.timeline, err = stage(ctx, w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.mix(r.plan, r.takes, tracks, r.place, o)
	})
	if err != nil {
		return err
	}
	if r.master, err = p.master(ctx, w, r.timeline, r.place, o); err != nil {
		return err
	}
	mem.save()
	p.blocks.Sweep()
	r.sample, r.from = o.Sample > 0, p.levels(r.place, o).from
	r.formats, r.commit = p.formats(o), o.Commit
	_, err = stage(ctx, w, Publish, func(progress func(int, int, int)) (struct{}, error) {
		r.run = p.facts(w, r.takes, res)
		return struct{}{}, p.publish(ctx, r, res, progress)
	})
	p.blocks.Flush(ctx)
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

func (p *Press) record(ctx context.Context, w *watch, plan *Plan, mem *memory, early *ahead, acc *account, res *Result) ([]record.Take, error) {
	return stage(ctx, w, Record, func(progress func(int, int, int)) ([]record.Take, error) {
		episode := p.studio.Metered(acc).Episode()
		s := record.Session{
			Studio: episode, Cast: plan.terms.cast, Parallel: p.parallel(plan), Now: p.o.Now, Whole: plan.whole,
		}
		if mem != nil {
			s.Memory = mem
		}
		var done, stored int
		takes, err := s.Record(ctx, plan.Script, func(t record.Told) {
			early.tell(t)
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
		if n, why := episode.Unheard(); n > 0 {
			found := fmt.Sprintf("%d of %d takes are not checked by their words, for nobody listened to them: %v", n, plan.Totals.Segments, why)
			res.Findings = append(res.Findings, found)
			p.emit(Event{Stage: Record, Finding: found})
		}
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
		sum := p.studio.ListenersParallel() // who is listened to is under way
		for _, v := range endpoints {
			sum += p.studio.Parallel(v)
		}
		return sum
	}
}

// music is the show's tracks, listened to, by their names in its file.
type music map[string]*record.Sound

// listen decodes and measures the tracks, before anything is paid for. A
// sample has no credits.
func (p *Press) listen(ctx context.Context, o Order) (music, error) {
	tracks := p.cfg.Tracks.Named()
	sounds := make([]record.Sound, len(tracks))
	errs := make([]error, len(tracks))
	var wg sync.WaitGroup
	m := music{}
	for i, t := range tracks {
		if o.Sample > 0 && t.Name == mix.CreditsName {
			continue
		}
		m[t.Name] = &sounds[i]
		wg.Go(func() {
			var s *record.Sound
			if s, errs[i] = p.track(ctx, t.File); errs[i] == nil {
				sounds[i] = *s
				errs[i] = t.Fits(s)
			}
		})
	}
	wg.Wait()
	return m, errors.Join(errs...)
}

// track listens to a track, or remembers it.
func (p *Press) track(ctx context.Context, file string) (*record.Sound, error) {
	h, err := look(file)
	if err != nil {
		_, err = record.ListenFile(ctx, file) // its words
		return nil, err
	}
	h.Streamed, h.track = true, true
	if err := h.listen(ctx, p.blocks, nil, p.o.Now); err != nil {
		return nil, err
	}
	return &h.Sound, nil
}

func (p *Press) mix(plan *Plan, takes []record.Take, m music, pl *place, o Order) (*mix.Timeline, error) {
	opts := p.mixOptions(m)
	opts.VoiceGains, opts.VoiceTrims = p.voiceGains(plan), p.levels(pl, o).gains.Voices
	return mix.Arrange(plan.Script, takes, opts)
}

// voiceGains are the show's own, of the voices of a plan. A plan that was read
// back from its episode has no terms of its own.
func (p *Press) voiceGains(plan *Plan) map[string]level.DB {
	known := p.cfg.Voices
	if plan.terms != nil {
		known = plan.terms.cfg.Voices
	}
	gains := map[string]level.DB{}
	for _, s := range plan.Segments {
		gains[s.Voice] = known[s.Voice].Gain
	}
	return gains
}

// mixOptions are what the show's file says of a mix.
func (p *Press) mixOptions(m music) mix.Options {
	mp3 := p.cfg.Audio.Formats.MP3
	return mix.Options{
		Rate: mp3.Rate, Channels: map[string]int{"mono": 1, "stereo": 2}[mp3.Channels],
		Loudness: p.cfg.Audio.Loudness, Tracks: p.cfg.Tracks, Chapter: p.cfg.Script.Chapters.Least,
		Intro: m[mix.IntroName], Credits: m[mix.CreditsName], Sting: m[mix.StingName], Bed: m[mix.BedName],
	}
}

var _ record.Studio = (*voices.Episode)(nil)
