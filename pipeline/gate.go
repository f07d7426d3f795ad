package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // covers
	_ "image/png"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// HeldError is an episode that was finished and that the gate keeps out of the
// feed.
type HeldError struct {
	Dir     string         // where it is
	Episode string         // that release is to be told: its slug
	Reasons []gate.Finding // that hold it
	Aside   bool           // an earlier build of it stays in the feed
	Report  bool           // there is one
}

func (e *HeldError) Error() string {
	s := "held by the gate: " + strings.Join(publish.Sentences(e.Reasons), " ")
	if e.Aside {
		s += " The version before stays in the feed."
	}
	s += " It is in " + e.Dir
	if e.Report {
		s += " with a report"
	}
	return s + fmt.Sprintf("; let it through with: narrapress release %s --note TEXT", e.Episode)
}

// judge measures a finished episode and asks the gate. Chance is what it warns
// of that is no part of the manifest: it is told of the run.
func (p *Press) judge(r *release, m *publish.Manifest, mat *publish.Material) (g *publish.Gate, chance []gate.Finding) {
	f := p.measured(r, m, mat)
	f.Retaken = p.retaken(m)
	return p.verdict(f)
}

// verdict is what the show's rules say of facts. What is chance is a part of
// it only where it holds the episode back: the same takes give the same
// manifest, however often an endpoint had to be asked.
func (p *Press) verdict(f gate.Facts) (g *publish.Gate, chance []gate.Finding) {
	g = &publish.Gate{Facts: f}
	held := false
	for _, found := range gate.Judge(p.cfg.Gate, f) {
		switch {
		case found.Rule != gate.RuleRetakes || found.Verdict == gate.Holds:
			held = held || found.Rule == gate.RuleRetakes
			g.Findings = append(g.Findings, found)
		case found.Verdict == gate.Warns:
			chance = append(chance, found)
		}
	}
	if !held {
		g.Facts.Retaken = 0
	}
	g.Held = gate.Held(g.Findings)
	return g, chance
}

// measured are the facts that the gate judges.
func (p *Press) measured(r *release, m *publish.Manifest, mat *publish.Material) gate.Facts {
	e := m.Episode
	f := gate.Facts{
		Length: e.Length, Segments: r.plan.Script.Len(), Missing: gate.Unheard(mat.Energies, mat.Cues),
		Silence:    gate.LongestSilence(mat.Energies),
		Integrated: e.Loudness.Integrated, Target: p.cfg.Audio.Loudness, TruePeak: e.Loudness.TruePeak, Ceiling: p.cfg.Audio.Peak,
		Chapters: len(e.Chapters), Words: p.words(r),
	}
	f.Speech, f.Expected = speechOf(r)
	for i, t := range m.Takes {
		if i < len(m.Takes)-1 {
			f.Pause = max(f.Pause, t.Pause)
		}
	}
	const full level.DB = -0.01 // the largest positive number of 16 bits is −0.0003 dBFS
	for _, t := range r.takes {
		if t.Peak >= full {
			f.Clipped = append(f.Clipped, t.Ordinal)
		}
	}
	for i, c := range e.Chapters {
		if strings.TrimSpace(c.Title) == "" {
			f.Untitled++
		}
		if i == 0 {
			f.First = c.Start
		}
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(mat.Art.Cover)); err == nil {
		f.Cover = &gate.Picture{Width: c.Width, Height: c.Height}
	}
	f.Costs = sums(m.Costs)
	for _, voice := range slices.Sorted(maps.Keys(m.Understudies)) {
		f.Understudies = append(f.Understudies, gate.Stand{Voice: voice, By: m.Understudies[voice]})
	}
	return f
}

// sums are bills by currency, in the order of their endpoints.
func sums(bills []publish.Bill) []gate.Sum {
	var out []gate.Sum
	for _, b := range bills {
		i := slices.IndexFunc(out, func(s gate.Sum) bool { return s.Currency == b.Currency })
		if i < 0 {
			i = len(out)
			out = append(out, gate.Sum{Currency: b.Currency, Priced: true})
		}
		out[i].Cost = millionth(out[i].Cost + b.Cost)
		out[i].Priced = out[i].Priced && b.Priced
	}
	return out
}

// speechOf is how long the segments are together, and how long their texts
// make expect that.
func speechOf(r *release) (speech, expected podcast.Seconds) {
	i := -1
	for _, seg := range r.plan.Script.Segments() {
		i++
		cue := r.timeline.Cues[i]
		speech += r.timeline.Seconds(cue.End - cue.Start)
		speed := 1.0
		if r.plan.terms != nil {
			if v := r.plan.terms.cast.Voice(seg.Part()); v.Speed > 0 {
				speed = v.Speed
			}
		}
		expected += podcast.Seconds(weightOf(seg.Text) / (charsPerSecond * speed))
	}
	if last := r.place.last; r.plan.terms == nil && last != nil && last.Gate != nil {
		expected = last.Gate.Facts.Expected // the voices are not known here, and the words are the same
	}
	return hundredth(speech), hundredth(expected)
}

// weightOf is the length of a text in letters of an alphabet: a sign of Han,
// kana or Hangul is a syllable, which takes as long as three of them.
func weightOf(text string) float64 {
	n := 0.0
	for _, r := range text {
		n++
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n += 2
		}
	}
	return n
}

func hundredth(s podcast.Seconds) podcast.Seconds {
	return podcast.Seconds(float64(int64(float64(s)*100+0.5)) / 100)
}

// taken is what the store knows of a take.
type taken struct {
	Endpoint string `json:"endpoint"` // identity
	Refused  int    `json:"refused"`
}

// known is what the store knows of a take; nothing where it is gone.
func (p *Press) known(key string) taken {
	var t taken
	if p.takes != nil {
		if b, err := p.takes.Describe(key); err == nil {
			_ = json.Unmarshal(b, &t) // of an older program, it says less
		}
	}
	return t
}

// retaken counts the segments whose first answer was refused, where a rule
// wants to know.
func (p *Press) retaken(m *publish.Manifest) int {
	if p.cfg.Gate.Retakes.Then == gate.Off {
		return 0
	}
	n := 0
	for _, t := range m.Takes {
		if p.known(t.Key).Refused > 0 {
			n++
		}
	}
	return n
}

// judgeAgain judges an episode that is not made again, by the rules as they
// are now. It touches its folder only where they say something else than they
// did. The error is a *HeldError where it is held.
func (p *Press) judgeAgain(dir string, m *publish.Manifest, aside bool) error {
	if m.Gate == nil {
		return nil // an older program let it out
	}
	f := m.Gate.Facts
	if p.cfg.Gate.Retakes.Then == gate.Hold {
		f.Retaken = p.retaken(m)
	}
	now, _ := p.verdict(f)
	if !reflect.DeepEqual(now.Findings, m.Gate.Findings) {
		m.Gate = now
		// The manifest last: who is killed in between judges again.
		if err := publish.RewriteVerdict(dir, m); err != nil {
			return err
		}
		if err := publish.WriteManifest(dir, *m); err != nil {
			return err
		}
	}
	return p.heldIn(dir, m, aside)
}

// judged says what the gate found, and what is chance.
func (res *Result) judged(m *publish.Manifest, chance ...gate.Finding) {
	if m.Gate != nil {
		res.Gate = slices.DeleteFunc(slices.Clone(m.Gate.Findings), func(f gate.Finding) bool { return f.Verdict == gate.Passes })
		res.Gate = append(res.Gate, chance...)
	}
}

// heldIn is the error of an episode that is held.
func (p *Press) heldIn(dir string, m *publish.Manifest, aside bool) error {
	if passed, _ := publish.Passed(dir, m); passed {
		return nil
	}
	return &HeldError{
		Dir: dir, Episode: m.Episode.Slug, Reasons: gate.Reasons(m.Gate.Findings), Aside: aside, Report: publish.HasReport(dir),
	}
}

// aside is the folder of builds of the place's episode that are held.
func (pl *place) aside() string {
	in := filepath.Join(filepath.Dir(pl.dir), publish.HeldDir)
	return filepath.Join(in, publish.UniqueSlug(pl.slug, func(s string) bool { return anothers(filepath.Join(in, s), pl.id) }))
}
