package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Speak has some segments of a plan spoken: those of the ordinals whose takes
// are not stored, each asked for once. What is spent counts for the order's
// episode. The takes are in the store, where the plan's keys find them; what no
// episode is made of is pruned with other old takes.
func (p *Press) Speak(ctx context.Context, o Order, plan *Plan, ordinals ...int) (*Result, error) {
	w := p.watch(o)
	res := &Result{Source: o.Name(), Currency: p.currency(), Bills: []publish.Bill{}}
	acc := p.account(o)
	acc.episode = plan.Script.Slug
	err := p.speak(ctx, w, plan, ordinals, acc, res)
	res.Findings = append(append(res.Findings, acc.findings()...), p.damage()...)
	res.Elapsed = w.elapsed()
	return res, err
}

func (p *Press) speak(ctx context.Context, w *watch, plan *Plan, ordinals []int, acc *account, res *Result) error {
	ctx = ofEpisode(ctx, plan.Script)
	letGo, err := p.takes.Hold()
	if err != nil {
		return err
	}
	defer letGo()
	_, err = stage(ctx, w, Record, func(progress func(int, int, int)) (struct{}, error) {
		s := record.Session{
			Studio: p.studio.Metered(acc).Episode(), Cast: plan.terms.cast, Parallel: p.parallel(plan), Now: p.o.Now,
			Whole: plan.whole, Only: slices.Sorted(slices.Values(ordinals)),
		}
		_, err := s.Record(ctx, plan.Script, func(t record.Told) {
			switch {
			case t.Err != nil, t.Again:
				return
			case t.Stored:
				res.Reused++
			default:
				res.Made++
			}
			progress(res.Made+res.Reused, len(ordinals), res.Reused)
		})
		acc.tell(res)
		if held, ok := errors.AsType[*CostError](err); ok {
			return struct{}{}, held
		}
		return struct{}{}, err
	})
	return err
}

// Take is one of the takes that there may be of a segment.
type Take struct {
	Number int    // 0; a retake is 1, 2 …
	Key    string // in the store
	Stored bool
	Chosen bool // the plan uses it
}

// mostTakes is how many takes of a segment are looked for.
const mostTakes = 32

// Takes are those of a segment of a plan that are stored, and the one that it
// uses, in the order of their numbers.
func (p *Press) Takes(plan *Plan, ordinal int) ([]Take, error) {
	for place, seg := range plan.Script.Segments() {
		if place.Ordinal != ordinal {
			continue
		}
		req := record.Request(plan.terms.cast, plan.all(), place)
		var out []Take
		for n := range max(mostTakes, seg.Take+1) {
			req.Take = n
			key, err := p.studio.Key(req)
			if err != nil {
				return nil, err
			}
			if t := (Take{n, key, p.studio.Stored(key), n == seg.Take}); t.Stored || t.Chosen {
				out = append(out, t)
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("the plan has no segment %d: it has %d", ordinal, plan.Script.Len())
}

// Excerpt is some segments of a plan in a row, as they are heard in the episode
// but for its music.
type Excerpt struct {
	MP3    []byte
	Cues   []podcast.Cue // of the segments, in the excerpt
	Length podcast.Seconds
}

// Excerpt puts the segments from one ordinal to another together, with the
// pauses between them, at the level that the episode has. It asks for nothing: a
// take that is not stored is a *MissingError.
func (p *Press) Excerpt(ctx context.Context, o Order, plan *Plan, from, to int) (*Excerpt, error) {
	part, err := plan.cut(from, to)
	if err != nil {
		return nil, err
	}
	for i := range part.Script.Chapters {
		part.Script.Chapters[i].Kind = script.Body // without its music
	}
	return p.excerpt(ctx, o, part, from, func(takes []record.Take, pl *place) (*mix.Timeline, error) {
		return p.mix(part, takes, music{}, pl, o)
	}, p.masterOptions)
}

// excerpt makes the sound of a part of a plan, which begins at the segment from.
func (p *Press) excerpt(ctx context.Context, o Order, part *Plan, from int, arrange func([]record.Take, *place) (*mix.Timeline, error), options func(*store.Cache) master.Options) (*Excerpt, error) {
	if err := p.ready(); err != nil {
		return nil, err
	}
	w := p.watch(o)
	// Its level is that of the episode's last build, else of the show's others. Where
	// its folder has another name, nobody looks through thousands of manifests for it.
	pl := &place{slug: part.Script.Slug, dir: filepath.Join(p.cfg.Output.Dir, part.Script.Slug)}
	if m, err := publish.ReadManifest(pl.dir); err == nil && m.Episode.ID == part.Script.ID {
		pl.last = m
	}
	var err error
	if pl.work, err = os.MkdirTemp("", "narrapress-excerpt-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(pl.work)
	letGo, err := p.takes.Hold()
	if err != nil {
		return nil, err
	}
	defer letGo()
	takes, err := p.stored(ctx, w, part, p.memory(pl), &Result{})
	if err != nil {
		return nil, err
	}
	timeline, err := stage(ctx, w, Mix, func(func(int, int, int)) (*mix.Timeline, error) { return arrange(takes, pl) })
	if err != nil {
		return nil, err
	}
	opts := options(p.cache(pl))
	opts.Last = p.levels(pl, o).last()
	mastered, err := p.sound(ctx, w, timeline, p, opts)
	if err != nil {
		return nil, err
	}
	out := &Excerpt{Length: timeline.Seconds(timeline.Frames)}
	for i, c := range timeline.Cues {
		out.Cues = append(out.Cues, podcast.Cue{Segment: from + i, Start: timeline.Seconds(c.Start), End: timeline.Seconds(c.End)})
	}
	var b bytes.Buffer
	if _, err := mastered.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing the excerpt: %w", err)
	}
	out.MP3 = b.Bytes()
	return out, nil
}

// cut is the part of a plan from one segment to another.
func (p *Plan) cut(from, to int) (*Plan, error) {
	if from < 1 || to < from || to > len(p.Segments) {
		return nil, fmt.Errorf("segments %d to %d: the plan has those from 1 to %d", from, to, len(p.Segments))
	}
	sc := *p.Script
	sc.Chapters = nil
	at := -1
	for place, seg := range p.Script.Segments() {
		if place.Ordinal < from || place.Ordinal > to {
			continue
		}
		if place.Chapter != at {
			at = place.Chapter
			c := p.Script.Chapters[at]
			c.Segments = nil
			sc.Chapters = append(sc.Chapters, c)
		}
		c := &sc.Chapters[len(sc.Chapters)-1]
		c.Segments = append(c.Segments, *seg)
	}
	return &Plan{Script: &sc, Segments: p.Segments[from-1 : to], Totals: Totals{Segments: to - from + 1}, terms: p.terms, whole: p.all()}, nil
}
