package gate

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Verdict is what a rule says of an episode.
type Verdict string

// The verdicts.
const (
	Passes Verdict = "pass"
	Warns  Verdict = "warn"
	Holds  Verdict = "hold"
)

// The names of the rules, as a show's file has them below gate.
const (
	RuleLength     = "length"
	RuleSegments   = "segments"
	RuleRetakes    = "retakes"
	RuleSilence    = "silence"
	RuleLoudness   = "loudness"
	RulePeak       = "peak"
	RuleClipping   = "clipping"
	RuleChapters   = "chapters"
	RuleArtwork    = "artwork"
	RuleUnknown    = "unknown"
	RuleCost       = "cost"
	RuleUnderstudy = "understudy"
)

// Finding is what one rule says.
type Finding struct {
	Rule     string  `json:"rule"`
	Verdict  Verdict `json:"verdict"`
	Measured string  `json:"measured"` // with its unit
	Bound    string  `json:"bound"`    // likewise
	Text     string  `json:"text"`     // a sentence for the producer
}

// Judge asks every rule that is not off. The findings come in the order of
// the rules.
func Judge(r Rules, f Facts) []Finding {
	j := judgement{f: f}
	j.length(r.Length)
	j.segments(r.Segments)
	j.retakes(r.Retakes)
	j.silence(r.Silence)
	j.loudness(r.Loudness)
	j.peak(r.Peak)
	j.clipping(r.Clipping)
	j.chapters(r.Chapters)
	j.artwork(r.Artwork)
	j.unknown(r.Unknown)
	j.cost(r.Cost)
	j.understudy(r.Understudy)
	return j.findings
}

// Held says whether a finding holds the episode back.
func Held(findings []Finding) bool { return len(Reasons(findings)) > 0 }

// Reasons are the findings that hold an episode back.
func Reasons(findings []Finding) []Finding { return with(findings, Holds) }

// Warnings are those that only warn.
func Warnings(findings []Finding) []Finding { return with(findings, Warns) }

func with(findings []Finding, v Verdict) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Verdict == v {
			out = append(out, f)
		}
	}
	return out
}

// judgement is one under way.
type judgement struct {
	f        Facts
	findings []Finding
}

// say adds what a rule says.
func (j *judgement) say(rule string, then Then, ok bool, measured, bound, text string) {
	v := Passes
	switch {
	case then == Off:
		return
	case ok:
	case then == Hold:
		v = Holds
	default:
		v = Warns
	}
	j.findings = append(j.findings, Finding{Rule: rule, Verdict: v, Measured: measured, Bound: bound, Text: text})
}

// slack keeps a sum of floats from breaking a bound that it meets.
const slack = 1e-9

func (j *judgement) length(r Length) {
	if j.f.Expected <= 0 {
		return
	}
	ratio := float64(j.f.Speech / j.f.Expected)
	ok := ratio >= r.Least-slack && ratio <= r.Most+slack
	text := fmt.Sprintf("The voices speak for %s, where the text makes expect %s.", clock(j.f.Speech), clock(j.f.Expected))
	switch {
	case ok:
	case ratio < r.Least:
		text += " Something may be missing, or be spoken too fast."
	default:
		text += " Something may have been added, or be spoken too slowly."
	}
	j.say(RuleLength, r.Then, ok, fmt.Sprintf("%.2f times the expected", ratio), fmt.Sprintf("%g to %g", r.Least, r.Most), text)
}

func (j *judgement) segments(r Segments) {
	n := len(j.f.Missing)
	text := "Every segment is heard."
	if n > 0 {
		text = fmt.Sprintf("Nothing is heard of %s.", numbered("segment", j.f.Missing))
	}
	j.say(RuleSegments, r.Then, n == 0, fmt.Sprintf("%d of %d missing", n, j.f.Segments), "none", text)
}

func (j *judgement) retakes(r Retakes) {
	is := share(j.f.Retaken, j.f.Segments)
	text := "No take had to be made again."
	if j.f.Retaken > 0 {
		text = fmt.Sprintf("The first answer to %d of %s was refused by a check, and another one was asked for: listen whether the voice is well today.",
			j.f.Retaken, count(j.f.Segments, "segment"))
	}
	j.say(RuleRetakes, r.Then, is <= r.Most+slack, percent(is), "at most "+percent(r.Most), text)
}

func (j *judgement) silence(r Silence) {
	bound := j.f.Pause + podcast.Seconds(r.Beyond.Seconds())
	text := fmt.Sprintf("The longest silence is %s, at %s; the longest planned pause is %s.",
		short(j.f.Silence.Length), clock(j.f.Silence.At), short(j.f.Pause))
	j.say(RuleSilence, r.Then, j.f.Silence.Length <= bound+slack, short(j.f.Silence.Length), "at most "+short(bound), text)
}

func (j *judgement) loudness(r Loudness) {
	off := float64(j.f.Integrated - j.f.Target)
	text := fmt.Sprintf("The episode measures %v, where audio.loudness wants %v.", j.f.Integrated, j.f.Target)
	j.say(RuleLoudness, r.Then, math.Abs(off) <= r.Within+slack, j.f.Integrated.String(), fmt.Sprintf("%v ± %g LU", j.f.Target, r.Within), text)
}

func (j *judgement) peak(r Peak) {
	over := float64(j.f.TruePeak - j.f.Ceiling)
	text := fmt.Sprintf("Its true peak is %v, where audio.peak allows %v.", j.f.TruePeak, j.f.Ceiling)
	j.say(RulePeak, r.Then, over <= float64(r.Over)+slack, j.f.TruePeak.String(), fmt.Sprintf("%v + %v", j.f.Ceiling, r.Over), text)
}

func (j *judgement) clipping(r Clipping) {
	n := len(j.f.Clipped)
	is := share(n, j.f.Segments)
	text := "No take reaches full scale."
	if n > 0 {
		text = fmt.Sprintf("The take of %s reaches full scale, and may be clipped: its voice may be too loud at its endpoint.", numbered("segment", j.f.Clipped))
	}
	j.say(RuleClipping, r.Then, is <= r.Most+slack, percent(is), "at most "+percent(r.Most), text)
}

func (j *judgement) chapters(r Chapters) {
	f := j.f
	var faults []string
	if float64(f.Length) > r.Over.Seconds() && f.Chapters < r.Least {
		faults = append(faults, fmt.Sprintf("it has %s, and is longer than %s: give the text headings", count(f.Chapters, "chapter"), r.Over))
	}
	if f.Untitled > 0 {
		faults = append(faults, fmt.Sprintf("%s without a title", count(f.Untitled, "chapter")))
	}
	const atOnce = 0.0005 // s: chapters are written to the millisecond
	if f.Chapters > 0 && f.First > atOnce {
		faults = append(faults, fmt.Sprintf("the first begins at %s only", short(f.First)))
	}
	text := fmt.Sprintf("It has %s.", count(f.Chapters, "chapter"))
	if len(faults) > 0 {
		text = "Of the chapters: " + strings.Join(faults, "; ") + "."
	}
	j.say(RuleChapters, r.Then, len(faults) == 0, count(f.Chapters, "chapter"),
		fmt.Sprintf("at least %d over %s, with titles, the first at 0", r.Least, r.Over), text)
}

func (j *judgement) artwork(r Artwork) {
	c := j.f.Cover
	measured, text, ok := "none", "There is no cover: most directories refuse an episode or a show without one. Name one as show.cover.", false
	switch {
	case c == nil && r.Drawn:
		measured, text, ok = "drawn", "There is no cover: the feed has one of words, which is drawn.", true
	case c != nil:
		measured = fmt.Sprintf("%d × %d pixels", c.Width, c.Height)
		switch {
		case c.Width != c.Height:
			text = fmt.Sprintf("The cover is not square: %s.", measured)
		case c.Width < r.Least:
			text = fmt.Sprintf("The cover is small: %s.", measured)
		default:
			text, ok = fmt.Sprintf("The cover is square: %s.", measured), true
		}
	}
	j.say(RuleArtwork, r.Then, ok, measured, fmt.Sprintf("square, at least %d pixels a side", r.Least), text)
}

func (j *judgement) unknown(r Unknown) {
	w := j.f.Words
	if w == nil {
		return
	}
	is := share(w.Unknown, w.All)
	text := "Every word is in the word list or in a lexicon."
	if w.Unknown > 0 {
		text = fmt.Sprintf("%d of %s may be said wrong, such as %s: narrapress plan --unknown lists them, and a lexicon says how they are said.",
			w.Unknown, count(w.All, "word"), strings.Join(w.Examples, ", "))
	}
	j.say(RuleUnknown, r.Then, is <= r.Most+slack, percent(is), "at most "+percent(r.Most), text)
}

func (j *judgement) cost(r Cost) {
	if r.Most <= 0 {
		return
	}
	ok := true
	var sums []string
	text := "Its takes cost nothing."
	for _, s := range j.f.Costs {
		sums = append(sums, fmt.Sprintf("%.2f %s", s.Cost, s.Currency))
		ok = ok && s.Priced && s.Cost <= r.Most+slack
		if !s.Priced {
			text = "What its takes cost is not known: write the prices of the endpoints."
		}
	}
	if len(sums) == 0 {
		sums = []string{"0.00"}
	} else if !strings.Contains(text, "not known") {
		text = fmt.Sprintf("Its takes cost %s.", strings.Join(sums, " and "))
	}
	j.say(RuleCost, r.Then, ok, strings.Join(sums, " and "), fmt.Sprintf("at most %.2f", r.Most), text)
}

func (j *judgement) understudy(r Understudy) {
	var who []string
	for _, s := range j.f.Understudies {
		who = append(who, s.By+" speaks in place of "+s.Voice)
	}
	text := "Every voice speaks for itself."
	if len(who) > 0 {
		text = "An endpoint was down when the episode was made: " + strings.Join(who, "; ") + "."
	}
	j.say(RuleUnderstudy, r.Then, len(who) == 0, count(len(who), "understudy"), "none", text)
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

func percent(v float64) string { return fmt.Sprintf("%.3g %%", v*100) }

func short(s podcast.Seconds) string { return fmt.Sprintf("%.1f s", float64(s)) }

// clock is a length to the second, such as 1:02:03.
func clock(s podcast.Seconds) string {
	t := s.Duration().Round(time.Second)
	h, m, sec := int(t.Hours()), int(t.Minutes())%60, int(t.Seconds())%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, sec)
	}
	return fmt.Sprintf("%d:%02d", m, sec)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(what, "y"))
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// numbered names the first of some ordinals.
func numbered(what string, all []int) string {
	const most = 5
	if len(all) == 1 {
		return fmt.Sprintf("%s %d", what, all[0])
	}
	var names []string
	for _, n := range all[:min(len(all), most)] {
		names = append(names, fmt.Sprint(n))
	}
	s := what + "s " + strings.Join(names, ", ")
	if more := len(all) - most; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}
