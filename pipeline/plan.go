package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Stdin is the name of the source that is read from standard input.
const Stdin = "-"

// charsPerSecond is how fast the engines measured speak English at speed 1
// (13 to 18); only estimates rest on it.
const charsPerSecond = 15.5

// Plan reads and scripts a source, and asks nothing of any endpoint.
func (p *Press) Plan(ctx context.Context, o Order) (*Plan, error) {
	plan, err := p.plan(ctx, p.watch(o), o)
	if err != nil || o.Sample <= 0 {
		return plan, err
	}
	return plan, p.sample(plan, o.Sample)
}

func (p *Press) plan(ctx context.Context, w *watch, o Order) (*Plan, error) {
	src, err := stage(ctx, w, Read, func(func(int, int, int)) (*content, error) {
		if o.content != nil {
			return o.content, nil
		}
		return p.recall.read(ctx, o)
	})
	if err != nil {
		return nil, err
	}
	plan := &Plan{Script: src.script, SHA256: src.sha256, Edited: src.doc == nil, Understudies: o.instead, content: src}
	if plan.Overlay, err = edits(src, o); err != nil {
		return nil, err
	}
	if plan.terms, err = p.terms(src.doc, plan.Overlay, o); err != nil {
		return nil, err
	}
	if src.doc != nil {
		plan.Findings, plan.Draft = slices.Clip(src.doc.Findings), src.doc.Meta.Draft
		_, err = stage(ctx, w, Script, func(func(int, int, int)) (*script.Script, error) {
			sc, findings, draft, err := src.drafts.script(o, plan.Overlay.Words(), func() (*script.Script, []document.Finding, error) {
				return script.Plan(src.doc, p.brief(plan.terms))
			})
			if err != nil {
				return nil, err
			}
			plan.draft = draft
			sc.Source = "" // as identify names it, not as the user typed it
			plan.Script, plan.Findings = sc, append(plan.Findings, findings...)
			return sc, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if src.doc != nil {
		fromBook(plan.Script, src.doc.Meta, o)
	}
	if err := p.identify(plan.Script, o); err != nil {
		return nil, err
	}
	if src.doc != nil {
		chapterOf(plan.Script, src.doc.Meta)
	}
	if plan.Edited {
		plan.Script.Pace(plan.terms.cfg.Audio.Pauses)
		if err := p.fits(plan, func(int) (document.Pos, bool) { return document.Pos{File: o.Source}, true }); err != nil {
			return nil, err
		}
	}
	if src.doc != nil {
		plan.Findings = append(plan.Findings, p.pictures(plan.Script, o)...)
	}
	if err := p.edit(plan); err != nil {
		return nil, err
	}
	plan.Findings = append(plan.Findings, plan.uncast(o)...)
	plan.Findings = append(plan.Findings, plan.bare(o)...)
	if text, voice := primary(plan.Script.Language), primary(p.cfg.Show.Language); p.local != "" && text != voice {
		plan.Findings = append(plan.Findings, document.Finding{Pos: document.Pos{File: o.Source}, Text: fmt.Sprintf(
			"the text is in %s, and the voice that was found on this machine speaks %s: name a voice of the text's language, or write language: %s under show (eSpeak NG has most)", text, voice, text)})
	}
	if len(o.instead) == 0 { // else they were told before
		for _, f := range plan.Findings {
			w.emit(Event{Stage: Script, Finding: f.String()})
		}
	}
	return plan, p.cost(plan)
}

// primary is the language of a BCP 47 tag; of none, English.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return cmp.Or(language, "en")
}

// identify gives a script the identity and the names it will be published by.
func (p *Press) identify(sc *script.Script, o Order) error {
	if o.Title != "" {
		sc.Title = o.Title
	}
	if o.Source != Stdin {
		if sc.Source == "" && IsURL(o.Source) {
			sc.Source = o.Source
		}
		if sc.Source == "" {
			sc.Source = p.relative(o.Source)
		}
		if sc.Title == "" {
			sc.Title = titleOf(o.Source)
		}
		if sc.Slug == "" && !IsURL(sc.Source) {
			sc.Slug = publish.Slug(document.TitleFromName(sc.Source))
		}
	}
	if sc.Title == "" {
		return &document.Error{Pos: document.Pos{File: o.Source}, Reason: "the episode has no title: give one with --title, or as title: in front matter"}
	}
	if sc.Slug == "" {
		sc.Slug = publish.Slug(sc.Title)
	}
	if safe := publish.Slug(sc.Slug); safe != sc.Slug {
		return &document.Error{Pos: document.Pos{File: o.Source}, Reason: fmt.Sprintf("the slug %q cannot name an episode's folder: write slug: %s", sc.Slug, safe)}
	}
	sc.ID = cmp.Or(identity(o.own(sc.ID), cmp.Or(o.ID, o.own(sc.Link)), sc.Source), "stdin/"+sc.Slug)
	if sc.Author == "" {
		sc.Author = p.cfg.Show.Author
	}
	if sc.Language == "" {
		sc.Language = p.cfg.Show.Language
	}
	return nil
}

// cost finds the take of every segment, whether it is stored, and what asking
// for it costs. Equal segments are asked for once.
func (p *Press) cost(plan *Plan) error {
	plan.Segments = slices.Grow(plan.Segments[:0], plan.Script.Len())
	plan.Totals = Totals{Currency: p.currency(), Priced: true}
	asked := make(map[string]bool, plan.Script.Len())
	var pauses time.Duration
	var speech float64
	var bills bills
	takes, err := p.look(plan)
	if err != nil {
		return err
	}
	for place, seg := range plan.Script.Segments() {
		req, key := takes[place.Ordinal-1].req, takes[place.Ordinal-1].key
		s := Segment{Voice: req.Voice.Name, Key: key, Stored: takes[place.Ordinal-1].stored, Repeated: asked[key], Characters: req.Characters()}
		price := p.studio.Price(req.Voice)
		s.Price = float64(s.Characters) * price.PerMChars / 1e6
		s.charge = voices.Charge{Endpoint: req.Voice.Endpoint, Characters: s.Characters, Cost: s.Price, Price: price}
		switch {
		case s.Stored:
			plan.Totals.Stored++
		case !s.Repeated:
			s.Cost = s.Price
			plan.Totals.New++
			plan.Totals.Characters += s.Characters
			bills.add(s.charge)
			if c, ok := p.studio.Listening(speaking(req)); ok {
				bills.add(c)
				if !c.Price.Known() {
					plan.Totals.Priced, plan.Totals.Unpriced = false, c.Endpoint
				}
			}
			if !price.Known() {
				plan.Totals.Priced = false
				plan.Totals.Unpriced = req.Voice.Endpoint
			}
		}
		asked[key] = true
		speech += speaking(req)
		pauses += seg.Pause
		plan.Segments = append(plan.Segments, s)
	}
	plan.Totals.Segments = len(plan.Segments)
	plan.Totals.Endpoints = bills.list()
	plan.Totals.Cost = bills.sum(plan.Totals.Currency)
	plan.Length = (time.Duration(speech*float64(time.Second)) + pauses).Round(time.Second)
	return nil
}

// sought is the take that a segment asks for.
type sought struct {
	req    voices.Request
	key    string
	stored bool
}

// look looks for the takes of a plan's segments.
func (p *Press) look(plan *Plan) ([]sought, error) {
	draft := plan.draft
	if plan.whole != nil { // a part of it
		draft = nil
	}
	all, err := draft.requests(plan.Overlay, func() ([]sought, error) {
		all := make([]sought, 0, plan.Script.Len())
		for place := range plan.Script.Segments() {
			all = append(all, sought{req: record.Request(plan.terms.cast, plan.all(), place)})
		}
		return all, onEveryCore(all, func(s *sought) (err error) {
			s.key, err = p.studio.Key(s.req)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(all))
	for i := range all {
		keys[i] = all[i].key
	}
	p.studio.Expect(keys)
	return all, onEveryCore(all, func(s *sought) error {
		s.stored = p.studio.Stored(s.key)
		return nil
	})
}

// onEveryCore does something with each of what a plan seeks: a book has thousands.
func onEveryCore(all []sought, do func(*sought) error) error {
	const piece = 256
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(all, piece) {
		g.Go(func() error {
			for i := range part {
				if err := do(&part[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// speaking is how many seconds a request's speech takes, estimated.
func speaking(req voices.Request) float64 {
	speed := req.Voice.Speed
	if speed == 0 {
		speed = 1
	}
	return float64(req.Characters()) / (charsPerSecond * speed)
}

// sample cuts a plan to the segments of about its first d.
func (p *Press) sample(plan *Plan, d time.Duration) error {
	var speech time.Duration
	kept := *plan.Script
	kept.Chapters = nil
	for place, seg := range plan.Script.Segments() {
		if speech >= d {
			break
		}
		for len(kept.Chapters) <= place.Chapter {
			c := plan.Script.Chapters[len(kept.Chapters)]
			c.Segments = nil
			kept.Chapters = append(kept.Chapters, c)
		}
		c := &kept.Chapters[place.Chapter]
		c.Segments = append(c.Segments, *seg)
		speech += seg.Pause + time.Duration(float64(len([]rune(seg.Text)))/charsPerSecond*float64(time.Second))
	}
	plan.whole, plan.Script = plan.all(), &kept
	plan.Origin = plan.Origin[:min(kept.Len(), len(plan.Origin))]
	return p.cost(plan)
}

// isData says that a source's name is that of a plan: YAML and JSON are never
// read aloud.
func isData(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// fits refuses a segment of people's making that its endpoint does not take; at
// is where it was made, if it was.
func (p *Press) fits(plan *Plan, at func(ordinal int) (document.Pos, bool)) error {
	for place, seg := range plan.Script.Segments() {
		pos, made := at(place.Ordinal)
		if !made {
			continue
		}
		if _, ok := p.cfg.Voices[seg.Voice]; seg.Voice != "" && !ok {
			return &document.Error{Pos: pos, Reason: fmt.Sprintf(
				"segment %d is for the voice %q, and the show has none of that name: name one of those under voices:", place.Ordinal, seg.Voice)}
		}
		limits := p.studio.Limits(plan.terms.cast.Voice(seg.Part()))
		n, unit := len([]rune(seg.Text)), "characters"
		if limits.Unit == "bytes" {
			n, unit = len(seg.Text), "bytes"
		}
		if limits.Most > 0 && n > limits.Most {
			return &document.Error{Pos: pos, Reason: fmt.Sprintf(
				"segment %d has %d %s, and its endpoint takes %d in one request: divide it", place.Ordinal, n, unit, limits.Most)}
		}
	}
	return nil
}

// bare finds a bed that has nothing to lie under.
func (p *Plan) bare(o Order) []document.Finding {
	t := p.terms.cfg.Tracks.Bed
	if t.File == "" || slices.Contains([]string{mix.UnderBody, mix.UnderOpening, mix.UnderAll}, t.Under) ||
		slices.ContainsFunc(p.Script.Chapters, func(c script.Chapter) bool { return strings.EqualFold(c.Title, t.Under) }) {
		return nil
	}
	return []document.Finding{{Pos: document.Pos{File: o.Source}, Text: fmt.Sprintf(
		"no chapter is called %q, which the bed is to lie under: the episode has no bed", t.Under)}}
}

// uncast finds the roles of a plan that are neither the script's own nor cast
// by the show: they are spoken by the voice of the text, which may be a slip.
func (p *Plan) uncast(o Order) []document.Finding {
	var out []document.Finding
	seen := map[string]bool{}
	for _, seg := range p.Script.Segments() {
		if _, ok := p.terms.cfg.Roles[seg.Role]; ok || seen[seg.Role] || slices.Contains(script.Roles(), seg.Role) {
			continue
		}
		seen[seg.Role] = true
		if name, ok := strings.CutPrefix(seg.Role, "speaker:"); ok {
			out = append(out, document.Finding{
				Pos: document.Pos{File: o.Source},
				Text: fmt.Sprintf("%s has no voice of their own: %s speaks for them; name one under roles, as speaker:%s",
					name, p.terms.cast.Voice(seg.Role).Name, name),
			})
			continue
		}
		out = append(out, document.Finding{
			Pos: document.Pos{File: o.Source},
			Text: fmt.Sprintf("the show casts nobody as %q: %s speaks it; the roles are %s, and those under roles: of the show",
				seg.Role, p.terms.cast.Voice(seg.Role).Name, strings.Join(script.Roles(), ", ")),
		})
	}
	return out
}
