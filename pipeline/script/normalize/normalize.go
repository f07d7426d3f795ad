// Package normalize answers how written signs are said: it turns "Dr. Lee
// paid $2.5m on 3/4/2026" into the words a narrator would read, and keeps the
// alignment to the author's text. Words without signs pass through unchanged.
//
// What is the same in every language (damaged and invisible characters) is
// done here; everything else is a Language: a table and rules behind one
// interface. Text in a language that has none is left to the endpoint.
//
// A Normalizer is safe for concurrent use.
package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mode says how much is put into words.
type Mode string

// The modes. Full is for engines that read plain words only. Light is for
// engines that read numbers, dates and abbreviations well in context: it keeps
// to what none of them says right, which is damaged and invisible characters,
// addresses of the web and of mail, file names, markup left in the text,
// ranges, fractions and the signs that engines skip or misread. Off changes
// nothing.
const (
	Full  Mode = "full"
	Light Mode = "light"
	Off   Mode = "off"
)

// Modes are the modes there are.
func Modes() []Mode { return []Mode{Full, Light, Off} }

// Language reads the signs of one language.
type Language interface {
	// Tag is the language's BCP 47 tag.
	Tag() string
	// Read gives the reading of what begins at byte i of the passage. It is
	// asked once at every token: a run of letters, a run of digits, or one
	// other character. It looks a bounded way behind and ahead of i, so that
	// a text takes time in proportion to its length.
	Read(p Passage, i int, mode Mode) (Reading, bool)
}

// Passage is the text that is read, without damage.
type Passage struct {
	Text   string
	Quoted bool // a straight double quote before the place is still open
}

// Reading is how a stretch of text is said.
type Reading struct {
	To     int    // the byte after the stretch
	Spoken string // may be empty: nothing is said
	Rule   string // which rule says so
}

// Edit is a stretch of the author's text that is said otherwise than it is
// written.
type Edit struct {
	From   int    `json:"from"` // bytes in the author's text
	To     int    `json:"to"`
	Spoken string `json:"spoken"`
	Rule   string `json:"rule"` // where several rules met, joined with "+"
}

// Spoken is a text as it is said. The stretches between the edits, joined with
// what the edits say, are Text.
type Spoken struct {
	Text  string `json:"text"`
	Edits []Edit `json:"edits,omitempty"` // in order, without overlap
}

// Span is a stretch of text in bytes.
type Span struct{ From, To int }

// Normalizer puts text into words.
type Normalizer struct {
	language Language // nil: the language has no rules here
	mode     Mode
}

// New makes a normalizer for text in the language of a BCP 47 tag.
func New(tag string, mode Mode) *Normalizer {
	language, _ := For(tag)
	return &Normalizer{language: language, mode: mode}
}

// For finds the rules of a language by its BCP 47 tag.
func For(tag string) (Language, bool) {
	primary, rest, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	for _, l := range languages() {
		if primary == l.two || primary == l.three {
			return l.make(rest), true
		}
	}
	return nil, false
}

// maker makes the rules of a language for a region: "us", "gb", "" …
type maker struct {
	two, three string // ISO 639-1 and ISO 639-2/T
	make       func(region string) Language
}

// languages are the languages that have rules.
func languages() []maker {
	return []maker{
		{"en", "eng", func(region string) Language { return newEnglish(region) }},
		{"de", "deu", func(region string) Language { return newGerman(region) }},
	}
}

// Text puts a text into words. No edit touches a kept stretch: a lexicon's
// words are kept, for example.
func (n *Normalizer) Text(s string, kept ...Span) Spoken {
	if n.mode == Off {
		return Spoken{Text: s}
	}
	clean, repairs := repair(s)
	edits := repairs
	if n.language != nil {
		edits = compose(clean, repairs, n.read(clean))
	}
	if len(kept) > 0 {
		edits = slices.DeleteFunc(edits, Touching(kept))
	}
	return apply(s, edits)
}

// Touching gives a test of edits, which are to be asked for in their order: it
// says whether an edit touches one of the spans.
func Touching(spans []Span) func(Edit) bool {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return func(e Edit) bool {
		for len(spans) > 0 && spans[0].To <= e.From {
			spans = spans[1:]
		}
		return len(spans) > 0 && spans[0].From < e.To
	}
}

// apply is a text as it is said.
func apply(s string, edits []Edit) Spoken {
	if len(edits) == 0 {
		return Spoken{Text: s}
	}
	return Spoken{Text: Apply(s, edits), Edits: edits}
}

// Apply joins the stretches of a text between edits, which are in order and do
// not overlap, with what the edits say.
func Apply(s string, edits []Edit) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	at := 0
	for _, e := range edits {
		b.WriteString(s[at:e.From])
		b.WriteString(e.Spoken)
		at = e.To
	}
	b.WriteString(s[at:])
	return b.String()
}

// read goes through a clean text token by token.
func (n *Normalizer) read(s string) []Edit {
	var edits []Edit
	p := Passage{Text: s}
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c == '\n' {
			if c == '\n' && at(s, i+1) == '\n' {
				p.Quoted = false // a new paragraph: a quote was not closed
			}
			i++
			continue
		}
		if c == '"' {
			p.Quoted = !p.Quoted
		}
		if r, ok := n.language.Read(p, i, n.mode); ok && r.To > i {
			if strings.Count(s[i:r.To], `"`)%2 == 1 && c != '"' {
				p.Quoted = !p.Quoted
			}
			if r.Spoken != s[i:r.To] {
				from := i
				if r.Spoken == "" && at(s, r.To) == ' ' && (i == 0 || s[i-1] == '\n') {
					r.To++ // the mark of an item goes with its space
				}
				if r.Spoken == "" && bare(s, edits, i, r.To) || r.Rule == "separator" && (len(edits) == 0 || edits[len(edits)-1].To < i) {
					from-- // its space goes with it
				}
				edits = append(edits, Edit{From: from, To: r.To, Spoken: fit(s, edits, i, r), Rule: r.Rule})
			}
			i = r.To
			continue
		}
		i = tokenEnd(s, i)
	}
	return edits
}

// bare says whether dropping a stretch would leave its space without a word.
func bare(s string, edits []Edit, i, to int) bool {
	if i == 0 || s[i-1] != ' ' || len(edits) > 0 && edits[len(edits)-1].To >= i {
		return false
	}
	return to == len(s) || strings.IndexByte(" \n.,;:!?)", s[to]) >= 0
}

// fit sets words into their surroundings: a space where they would touch
// other words, a capital where a sentence begins, no second space where
// nothing is said.
func fit(s string, edits []Edit, i int, r Reading) string {
	before, rest := s[:i], ""
	if k := len(edits) - 1; k >= 0 {
		// What was last said, where nothing of the source stands between.
		if e := edits[k]; e.To == i && e.Rule == "dash" {
			before = "," + e.Spoken
		} else if e.To == i && e.Spoken != "" {
			before = e.Spoken
		} else if e.To == i {
			before = s[:e.From]
		} else if gap := s[e.To:i]; strings.TrimLeft(gap, " \n\"'“‘([") == "" && e.Spoken != "" {
			before, rest = e.Spoken, gap
		}
	}
	spoken := r.Spoken
	if spoken == "" {
		return ""
	}
	if r.Rule != Markup && begins(before, rest) && !(digit(s[i]) && shortened(s[:i], edits)) {
		first, n := utf8.DecodeRuneInString(spoken)
		spoken = string(unicode.ToUpper(first)) + spoken[n:]
	}
	if last, _ := utf8.DecodeLastRuneInString(before); rest == "" && (wordRune(last) || last == ',' || last == ';') && before != "" {
		if first, _ := utf8.DecodeRuneInString(spoken); wordRune(first) {
			spoken = " " + spoken
		}
	}
	if rest == "" && (strings.HasSuffix(before, " ") || strings.HasSuffix(before, "\n")) {
		spoken = strings.TrimLeft(spoken, " ")
	}
	if next, _ := utf8.DecodeRuneInString(s[r.To:]); r.To < len(s) && wordRune(next) {
		if last, _ := utf8.DecodeLastRuneInString(spoken); wordRune(last) {
			spoken += " "
		}
	}
	return spoken
}

// begins says whether a sentence begins after this text.
func begins(before, rest string) bool {
	before += rest
	trimmed := before
	for len(trimmed) > 0 && strings.IndexByte(" \n\"'([", trimmed[len(trimmed)-1]) >= 0 {
		trimmed = trimmed[:len(trimmed)-1]
	}
	if trimmed == "" {
		return true
	}
	n := len(trimmed)
	if last := trimmed[n-1]; last != '.' && last != '!' && last != '?' {
		return false
	}
	if n > 3 && trimmed[n-1] == '.' && upper(trimmed[n-2]) && trimmed[n-3] == '.' {
		return false // "D.C.", "U.S."
	}
	gap := before[len(trimmed):]
	return strings.IndexByte(gap, ' ') >= 0 || strings.IndexByte(gap, '\n') >= 0
}

// shortened says whether a text ends with the stop of a short form that a number
// follows, as in "Gen. 1", "n. 12" and "Rt. 66": one letter, letters that are no
// word, or one of those that everybody knows. No sentence begins there. What was
// read, as in "5 km. 12 people came", has its own words.
func shortened(text string, edits []Edit) bool {
	text, stopped := strings.CutSuffix(strings.TrimRight(text, " "), ".")
	word := lastLetters(text)
	switch k := len(edits) - 1; {
	case !stopped || word == "" || word == "I" || k >= 0 && edits[k].To > len(text)-len(word):
		return false
	case len(word) == 1:
		return open(text, len(text)-1)
	case strings.ToUpper(word) == word:
		return false // "on TV. 12 people came"
	}
	return !strings.ContainsAny(strings.ToLower(word), "aeiouy") && len(word) < 5 || contains(numberedForms, word)
}

// numberedForms are short forms with a vowel that numbers follow and that are no
// words: titles, routes and books.
const numberedForms = `Gen Exod Lev Deut Judg Neh Esth Prov Eccl Isa Jer Lam Ezek Hos Mic Hab Zech Rom Cor Gal Eph Phil Col Heb Jas Rev Macc
	Matt Ave Rte Div Reg Ser Suppl Abt Kap Abs Bd Anm`

// lastLetters are the ASCII letters that a text ends with, a few of them.
func lastLetters(text string) string {
	i := len(text)
	for i > 0 && len(text)-i < reach && alpha(text[i-1]) {
		i--
	}
	return text[i:]
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// compose gives the edits of the author's text from the repairs to it and the
// readings of the repaired text. A repair inside a reading becomes part of it.
func compose(clean string, repairs, readings []Edit) []Edit {
	if len(repairs) == 0 {
		return readings
	}
	out := make([]Edit, 0, len(repairs)+len(readings))
	shift := 0 // source offset less clean offset, after the repairs so far
	k := 0
	for _, e := range readings {
		// Repairs that end before the reading stay on their own.
		for k < len(repairs) {
			from := repairs[k].From - shift
			to := from + len(repairs[k].Spoken)
			if to > e.From {
				break
			}
			shift = repairs[k].To - to
			out = append(out, repairs[k])
			k++
		}
		start, rules, whole := e.From+shift, e.Rule, e
		for k < len(repairs) {
			from := repairs[k].From - shift
			to := from + len(repairs[k].Spoken)
			if from >= e.To {
				break
			}
			if from < e.From {
				start, whole.Spoken = repairs[k].From, clean[from:e.From]+whole.Spoken
			}
			if to > e.To {
				whole.Spoken, whole.To = whole.Spoken+clean[e.To:to], to
			}
			if !strings.Contains(rules, repairs[k].Rule) {
				rules += "+" + repairs[k].Rule
			}
			shift = repairs[k].To - to
			k++
		}
		out = append(out, Edit{From: start, To: whole.To + shift, Spoken: whole.Spoken, Rule: rules})
	}
	return append(out, repairs[k:]...)
}
