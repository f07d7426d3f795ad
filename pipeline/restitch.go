package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// Restitching is an episode that is to be put together anew, of the takes that
// it was made of.
type Restitching struct {
	Dir     string // the episode's folder
	Fresh   bool   // ignore the levels of the last build
	DryRun  bool   // only say what would change
	Workers int    // blocks made at a time; 0 is one a core
}

// Restitch makes an episode again from its folder and the store: what is
// spoken, and by which takes, is as its manifest has it; tracks, levels, pauses,
// format, tags and pictures are the show's as they are now. No endpoint is
// asked for anything, and the show needs no voices. The folder of an older
// program, which does not hold its script, is made from its source, where that
// is what it was.
func Restitch(ctx context.Context, cfg *config.Config, r Restitching, o Options) (*Result, error) {
	show := *cfg
	res := &Result{Source: r.Dir, Bills: []publish.Bill{}}
	dir, err := byName(r.Dir)
	if err != nil {
		return res, err
	}
	r.Dir, show.Output.Dir = dir, filepath.Dir(dir)
	if !r.DryRun { // the build that a killed press was putting there is the last one
		if err := Settle(show.Output.Dir); err != nil {
			return res, err
		}
	}
	p := newBare(&show, o)
	if err := p.openTakes(ctx); err != nil {
		return res, err
	}
	w := p.watch(Order{Source: r.Dir})
	plan, last, err := p.restore(ctx, w, r.Dir)
	if errors.Is(err, publish.ErrNoScript) {
		return reread(ctx, &show, last, r, o)
	}
	if err == nil {
		err = p.restitch(ctx, w, plan, last, r, res)
	}
	res.Findings = append(res.Findings, p.damage()...)
	res.Elapsed = w.elapsed()
	return res, err
}

// openTakes opens the store and the bucket behind it and the cache, and keeps
// what it sets aside to be told.
func (p *Press) openTakes(ctx context.Context) error {
	if err := p.openBucket(ctx); err != nil {
		return err
	}
	p.blocks = p.blocks.With(p.shared)
	p.takes = store.Folder(p.cfg.Output.Store, store.Options{Now: p.o.Now, Shared: p.shared, Report: func(key string, err error) {
		found := fmt.Sprintf("store: take %.12s was damaged and is set aside, to be asked for again: %v", key, err)
		p.emit(Event{Stage: Record, Finding: found})
		p.events.Lock()
		p.damaged = append(p.damaged, found)
		p.events.Unlock()
	}})
	return nil
}

// restore is the plan that an episode was made from, as its folder has it.
func (p *Press) restore(ctx context.Context, w *watch, dir string) (*Plan, *publish.Manifest, error) {
	last, err := publish.ReadManifest(dir)
	if err != nil {
		return nil, nil, err
	}
	plan, err := stage(ctx, w, Read, func(func(int, int, int)) (*Plan, error) {
		sc, err := publish.ReadScript(dir, last)
		if err != nil {
			return nil, err
		}
		plan := &Plan{
			Script: sc, SHA256: last.Source.SHA256, Edited: last.Source.Plan != "",
			Understudies: last.Understudies, costs: last.Costs, edits: last.Source.Overlay,
		}
		for _, t := range last.Takes {
			plan.Segments = append(plan.Segments, Segment{Voice: t.Voice, Key: t.Key, Characters: t.Characters})
		}
		plan.Totals.Segments = len(plan.Segments)
		if !plan.Edited {
			p.frame(sc)
		}
		repaced, err := p.repaced(last)
		if repaced {
			sc.Pace(p.cfg.Audio.Pauses)
		}
		return plan, err
	})
	return plan, last, err
}

func (p *Press) restitch(ctx context.Context, w *watch, plan *Plan, last *publish.Manifest, r Restitching, res *Result) error {
	ctx = ofEpisode(ctx, plan.Script)
	o := Order{Source: Stdin, Fresh: r.Fresh, Workers: r.Workers}
	if last.Source.Plan != "" {
		o.Source = beside(p.cfg.Dir, filepath.FromSlash(last.Source.Plan))
	}
	pl := &place{slug: last.Episode.Slug, dir: r.Dir, last: last}
	if !r.DryRun {
		if err := p.ready(); err != nil {
			return err
		}
		var err error
		if pl, err = reenter(r.Dir, last); err != nil {
			return err
		}
		defer pl.leave()
		letGo, err := p.takes.Hold()
		if err != nil {
			return err
		}
		defer letGo()
		// The folder may have come from elsewhere: its takes are not to be pruned.
		if err := p.takes.AddUser(p.cfg.Output.Dir); err != nil {
			return err
		}
	}
	in, err := p.inputs(plan, pl, o)
	if err != nil {
		return err
	}
	if !r.Fresh && r.DryRun && pl.whole(in.build) {
		res.unchanged(pl)
		return nil
	}
	if !r.Fresh && !r.DryRun {
		if done, err := p.finished(pl, in, res); done || err != nil {
			return err
		}
	}
	res.Changes = changes(last, in)
	if r.DryRun {
		res.Episode, res.Dir = last.Episode, r.Dir
		return p.complete(plan)
	}
	music, err := p.listen(ctx, o)
	if err != nil {
		return &StageError{Stage: Mix, Err: err}
	}
	mem := p.memory(pl)
	takes, err := p.stored(ctx, w, plan, mem, res)
	if err != nil {
		return err
	}
	return p.finish(ctx, w, release{plan: plan, takes: takes, in: in, place: pl}, music, mem, o, res)
}

// reread makes the episode of a folder without a script from its source.
func reread(ctx context.Context, cfg *config.Config, last *publish.Manifest, r Restitching, o Options) (*Result, error) {
	source := last.Source.Path
	if last.Source.Plan != "" {
		source = last.Source.Plan
	}
	failed := func(reason string) error {
		return fmt.Errorf("%w, for an older narrapress made it, and %s %s: produce that again", publish.ErrNoScript, source, reason)
	}
	res := &Result{Source: r.Dir, Bills: []publish.Bill{}}
	if source == "" || IsURL(source) {
		return res, failed("is not a file here")
	}
	p, err := New(ctx, cfg, o)
	if err != nil {
		return res, err
	}
	order := Order{Source: beside(cfg.Dir, filepath.FromSlash(source)), Fresh: r.Fresh, Workers: r.Workers, Offline: true}
	sum, err := hashFile(order.Source)
	switch {
	case err != nil:
		return res, failed("cannot be read (" + err.Error() + ")")
	case sum != last.Source.SHA256:
		return res, failed("has changed since")
	}
	orders, err := p.Divide(ctx, order)
	if err != nil {
		return res, err
	}
	for _, order := range orders {
		plan, err := p.Plan(ctx, order)
		if err != nil {
			return res, err
		}
		if plan.Script.ID != last.Episode.ID {
			continue
		}
		if r.DryRun {
			res.Episode, res.Dir, res.Changes = last.Episode, r.Dir, []string{"its script is read from " + source + " again"}
			return res, p.complete(plan)
		}
		made, err := p.Produce(ctx, order)
		if made != nil {
			made.Source = r.Dir
		}
		return made, err
	}
	return res, failed("holds no such episode any more")
}

// stored reads the takes of a plan back and listens to them, one a core at a
// time. It asks for none.
func (p *Press) stored(ctx context.Context, w *watch, plan *Plan, mem *memory, res *Result) ([]record.Take, error) {
	return stage(ctx, w, Record, func(progress func(int, int, int)) ([]record.Take, error) {
		if err := p.complete(plan); err != nil {
			return nil, err
		}
		takes := make([]record.Take, plan.Script.Len())
		i := -1
		for place, seg := range plan.Script.Segments() {
			i++
			known := plan.Segments[i]
			takes[i] = record.Take{
				Ordinal: place.Ordinal, Role: seg.Role, Voice: known.Voice, Key: known.Key, Characters: known.Characters, Stored: true,
			}
		}
		var listen []int // to takes that are not remembered
		for i := range takes {
			if sound, ok := mem.recall(takes[i].Key); ok {
				takes[i].Sound = sound
			} else {
				listen = append(listen, i)
			}
		}
		known := len(takes) - len(listen)
		err := each(ctx, len(listen), func(k int) error {
			i := listen[k]
			file, err := p.Take(takes[i].Key)
			if err != nil {
				return err
			}
			takes[i].Sound, err = record.Listen(ctx, file)
			if meta, err := p.takes.Describe(takes[i].Key); err == nil {
				takes[i].Marks = voices.StoredMarks(meta)
			}
			switch {
			case err != nil:
				return fmt.Errorf("listening to take %.12s: %w", takes[i].Key, err)
			case takes[i].Sound.Silent():
				return fmt.Errorf("take %.12s is silent", takes[i].Key)
			}
			return nil
		}, func(done int) { progress(known+done, len(takes), known+done) })
		if err == nil {
			res.Reused = len(takes)
			mem.learn(takes)
		}
		return takes, err
	})
}

// MissingError is a take that an episode is to be made of without asking for
// it, and that the store does not have.
type MissingError struct {
	Ordinal int    // of the segment, from 1
	Of      int    // segments
	Text    string // that it speaks
	Missing int    // takes, in all
	Store   string // folder
	Source  string // that the episode was made from
}

func (e *MissingError) Error() string {
	what := fmt.Sprintf("segment %d of %d (%q): its take", e.Ordinal, e.Of, cutText(e.Text))
	if e.Missing > 1 {
		what += fmt.Sprintf(" and %d more", e.Missing-1)
	}
	verb := "is"
	if e.Missing > 1 {
		verb = "are"
	}
	return fmt.Sprintf("%s %s not in the store %s: produce %s without --offline, which asks for what is missing", what, verb, e.Store, e.Source)
}

func cutText(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// complete says whether the store has every take of a plan.
func (p *Press) complete(plan *Plan) error {
	var missing *MissingError
	gone := map[string]bool{}
	i := -1
	for place, seg := range plan.Script.Segments() {
		i++
		key := plan.Segments[i].Key
		if gone[key] || p.takes.Has(key) {
			continue
		}
		gone[key] = true
		if missing == nil {
			missing = &MissingError{
				Ordinal: place.Ordinal, Of: len(plan.Segments), Text: seg.Text, Store: p.cfg.Output.Store, Source: plan.Script.Source,
			}
		}
		missing.Missing++
	}
	if missing != nil {
		return missing
	}
	return nil
}
