package pipeline

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Audition is the same lines by several voices, in one file.
type Audition struct {
	Names   []string // of roles and voices of the show; none are all its voices
	Text    string   // the lines, as plain text; empty is AuditionText
	File    string   // MP3 that is written
	MaxCost *float64 // as an Order's
}

// AuditionText are lines that tell voices apart: numbers, names, a question, a
// quote.
const AuditionText = `On 14 March 2019, at 7:45 in the evening, 3,250 people stood in line and paid $4.20 each.

Zoë Nguyen and Siobhán O'Rourke had come from Worcester; Dr. Jóhannsson, as ever, was late.

Would you have waited in the rain for an hour, without knowing whether anybody would open the door?

"Nobody told me," she said, "and had they told me, I would not have believed it."
`

// NameError is a name that is neither a role nor a voice of the show.
type NameError struct {
	Name  string
	Known []string // voices
}

func (e *NameError) Error() string {
	return fmt.Sprintf("the show has no voice and no role %q; its voices are %s", e.Name, strings.Join(e.Known, ", "))
}

// Audition lets voices speak the same lines, a chapter a voice. They are said
// as in an episode: normalised for speech, with the voice's lexicon. Their takes
// are kept: to hear them again costs nothing.
func (p *Press) Audition(ctx context.Context, a Audition) (*Result, error) {
	o := Order{Source: Stdin, MaxCost: a.MaxCost, Fresh: true}
	w := p.watch(o)
	res := &Result{Source: a.File, Currency: p.currency(), Bills: []publish.Bill{}}
	acc := p.account(o)
	acc.episode = "audition"
	err := p.audition(ctx, w, a, acc, res)
	res.Findings = append(append(res.Findings, acc.findings()...), p.damage()...)
	res.Elapsed = p.o.Now().Sub(w.start)
	return res, err
}

func (p *Press) audition(ctx context.Context, w *watch, a Audition, acc *account, res *Result) error {
	names, err := p.auditioned(a.Names)
	if err != nil {
		return err
	}
	plan, err := p.lines(ctx, names, a.Text)
	if err != nil {
		return err
	}
	if err := p.ready(); err != nil {
		return err
	}
	letGo, err := p.takes.Hold()
	if err != nil {
		return err
	}
	defer letGo()
	if err := p.cost(plan); err != nil {
		return err
	}
	if err := acc.affordable(plan); err != nil {
		return err
	}
	away, why, err := p.away(ctx, plan)
	if len(away) > 0 { // an understudy is not the voice that is to be heard
		err = why[away[0]]
	}
	if err != nil {
		return &StageError{Stage: Record, Err: err}
	}
	work, err := os.MkdirTemp(filepath.Dir(a.File), ".narrapress-")
	if err != nil {
		return unwritable(filepath.Dir(a.File), err)
	}
	defer os.RemoveAll(work)
	takes, err := p.record(ctx, w, plan, nil, nil, acc, res)
	if err != nil {
		return err
	}
	timeline, err := stage(ctx, w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.mix(plan, takes, music{}, &place{}, Order{Fresh: true})
	})
	if err != nil {
		return err
	}
	mastered, err := p.master(ctx, w, timeline, &place{work: work}, Order{Fresh: true})
	if err != nil {
		return err
	}
	r := release{plan: plan, timeline: timeline, master: mastered, place: &place{slug: "audition"}, in: &inputs{}}
	ep := r.episode()
	enclosure, err := publish.MP3(ctx, a.File, mastered, ep, p.cfg.Show, publish.Art{})
	if err != nil {
		return err
	}
	ep.Enclosure = &enclosure
	res.Episode, res.Dir, res.Files = ep, filepath.Dir(a.File), []string{a.File}
	return nil
}

// Lines plans the same text for each of some voices or roles of the show, a
// chapter each, as Audition has it spoken. No text is AuditionText.
func (p *Press) Lines(ctx context.Context, text string, names ...string) (*Plan, error) {
	voices, err := p.auditioned(names)
	if err != nil {
		return nil, err
	}
	plan, err := p.lines(ctx, voices, text)
	if err != nil {
		return nil, err
	}
	return plan, p.cost(plan)
}

// auditioned are the voices of roles and voices, each once.
func (p *Press) auditioned(names []string) ([]string, error) {
	known := slices.Sorted(maps.Keys(p.cfg.Voices))
	if len(names) == 0 {
		return known, nil
	}
	var out []string
	for _, name := range names {
		_, voice := p.cfg.Voices[name]
		_, role := p.cfg.Roles[name]
		switch {
		case voice:
		case role, slices.Contains(script.Roles(), name), strings.HasPrefix(name, "speaker:"):
			name = p.cast.Voice(name).Name
		default:
			return nil, &NameError{Name: name, Known: known}
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}

// lines plan the text for each voice, as if it alone were cast.
func (p *Press) lines(ctx context.Context, names []string, text string) (*Plan, error) {
	if text == "" {
		text = AuditionText
	}
	sc := &script.Script{Version: script.Version, ID: "audition", Slug: "audition", Title: "Audition: " + strings.Join(names, ", "), Language: p.cfg.Show.Language}
	alone := *p.cfg
	alone.Script.Opening, alone.Script.Closing, alone.Show.Credits, alone.Tracks = "", "", "", mix.Tracks{}
	for _, name := range names {
		cast, err := voices.NewCast(map[string]string{script.RoleBody: name}, p.cfg.Voices)
		if err != nil {
			return nil, err
		}
		doc, err := document.Read(ctx, Stdin, strings.NewReader(text), document.Options{Type: document.TypeText, Title: sc.Title})
		if err != nil {
			return nil, err
		}
		spoken, _, err := script.Plan(doc, p.brief(&terms{cfg: &alone, cast: cast, lexicons: p.lexicons}))
		if err != nil {
			return nil, err
		}
		chapter := script.Chapter{Title: name}
		for _, seg := range spoken.Segments() {
			own := *seg
			own.Voice = name
			chapter.Segments = append(chapter.Segments, own)
		}
		sc.Chapters = append(sc.Chapters, chapter)
	}
	return &Plan{Script: sc, terms: &terms{cfg: p.cfg, cast: p.cast, lexicons: p.lexicons}}, nil
}
