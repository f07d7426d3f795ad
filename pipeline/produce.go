package pipeline

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// Produce makes an episode. On error the Result still says what was made and
// spent; every finished take is kept in the store.
func (p *Press) Produce(ctx context.Context, o Order) (*Result, error) {
	w := p.watch(o)
	res := &Result{Source: o.Source, Currency: p.currency()}
	err := p.produce(ctx, w, o, res)
	res.Elapsed = p.o.Now().Sub(w.start)
	return res, err
}

func (p *Press) produce(ctx context.Context, w *watch, o Order, res *Result) error {
	plan, err := p.plan(ctx, w, o)
	if err != nil {
		return err
	}
	for _, f := range plan.Findings {
		res.Findings = append(res.Findings, f.String())
	}
	if o.Sample > 0 {
		if err := p.sample(plan, o.Sample); err != nil {
			return err
		}
	}
	if err := p.ready(); err != nil {
		return err
	}
	pl, err := p.enter(plan.Script)
	if err != nil {
		return err
	}
	defer pl.leave()
	res.Dir = pl.dir

	in, err := p.inputs(plan, pl, o)
	if err != nil {
		return err
	}
	if o.Sample == 0 && !o.Fresh && pl.whole(in.build) {
		res.unchanged(pl)
		return nil
	}
	if err := p.affordable(plan, o); err != nil {
		return err
	}
	if err := p.reachable(ctx, plan); err != nil {
		return &StageError{Stage: Record, Err: err}
	}

	takes, err := p.record(ctx, w, plan, res)
	if err != nil {
		return err
	}
	timeline, err := stage(w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.mix(ctx, plan, takes, pl, o)
	})
	if err != nil {
		return err
	}
	mastered, err := stage(w, Master, func(progress func(int, int, int)) (*master.Master, error) {
		return master.Make(ctx, timeline, p, filepath.Join(pl.work, "audio.mp3"), master.Options{
			Loudness: p.cfg.Audio.Loudness, Peak: p.cfg.Audio.Peak, MP3: p.cfg.Audio.Formats.MP3,
		}, func(done, total int64) { progress(int(done), int(total), 0) })
	})
	if err != nil {
		return err
	}
	_, err = stage(w, Publish, func(func(int, int, int)) (struct{}, error) {
		return struct{}{}, p.publish(ctx, release{
			plan: plan, takes: takes, timeline: timeline, master: mastered, in: in, place: pl, sample: o.Sample > 0,
			run: p.facts(w, takes, res),
		}, res)
	})
	return err
}

// affordable refuses a plan that costs more than it may, before the first request.
func (p *Press) affordable(plan *Plan, o Order) error {
	limit, setting := o.MaxCost, "--max-cost"
	if limit == 0 {
		limit, setting = p.cfg.Limits.Cost.Episode, "limits.cost.episode"
	}
	if limit > 0 && plan.Totals.Cost > limit {
		return &CostError{Cost: plan.Totals.Cost, Limit: limit, Currency: plan.Totals.Currency, Setting: setting}
	}
	return nil
}

// reachable asks the endpoints that will be needed whether they are there and
// have the voices, so that a fault is found before anything is paid for.
func (p *Press) reachable(ctx context.Context, plan *Plan) error {
	asked := map[string]bool{}
	i := 0
	for _, seg := range plan.Script.Segments() {
		v := p.cast.Voice(seg.Role)
		if !plan.Segments[i].Stored && !asked[v.Name] {
			asked[v.Name] = true
			if err := p.studio.Check(ctx, v); err != nil {
				return err
			}
		}
		i++
	}
	return nil
}

func (p *Press) record(ctx context.Context, w *watch, plan *Plan, res *Result) ([]record.Take, error) {
	return stage(w, Record, func(progress func(int, int, int)) ([]record.Take, error) {
		s := record.Session{Studio: p.studio, Cast: p.cast, Parallel: p.parallel(plan), Now: p.o.Now}
		var done, stored int
		return s.Record(ctx, plan.Script, func(t record.Take) {
			done++
			if t.Stored {
				stored++
				res.Reused++
			} else {
				seg := plan.Segments[t.Ordinal-1]
				res.Made++
				res.Sent += seg.Characters
				res.Cost += seg.Cost
			}
			progress(done, plan.Totals.Segments, stored)
		})
	})
}

// parallel is how many segments are under way at once: what the endpoints of
// the plan's voices take together.
func (p *Press) parallel(plan *Plan) int {
	sum := 0
	seen := map[string]bool{}
	for _, seg := range plan.Script.Segments() {
		v := p.cast.Voice(seg.Role)
		if !seen[v.Endpoint] {
			seen[v.Endpoint] = true
			sum += max(1, p.studio.Limits(v).Concurrency)
		}
	}
	return sum
}

func (p *Press) mix(ctx context.Context, plan *Plan, takes []record.Take, pl *place, o Order) (*mix.Timeline, error) {
	opts := mix.Options{
		Rate: p.cfg.Audio.Formats.MP3.Rate, Channels: map[string]int{"mono": 1, "stereo": 2}[p.cfg.Audio.Formats.MP3.Channels],
		Loudness: p.cfg.Audio.Loudness, Tracks: p.cfg.Tracks, VoiceGains: map[string]level.DB{},
	}
	for _, t := range takes {
		opts.VoiceGains[t.Voice] = p.cast.Voice(t.Role).Gain
	}
	if pl.last != nil && !o.Fresh {
		opts.VoiceTrims = pl.last.Gains.Voices
	}
	var wg sync.WaitGroup
	listen := func(file string, into **record.Sound, err *error) {
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
	var ierr, cerr error
	listen(p.cfg.Tracks.Intro.File, &opts.Intro, &ierr)
	if o.Sample == 0 {
		listen(p.cfg.Tracks.Credits.File, &opts.Credits, &cerr)
	}
	wg.Wait()
	if err := errors.Join(ierr, cerr); err != nil {
		return nil, err
	}
	return mix.Arrange(plan.Script, takes, opts)
}

var _ record.Studio = (*voices.Studio)(nil)
