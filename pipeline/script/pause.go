package script

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Edge is what ends or begins where one segment meets the next: the kind of an
// element, or the length of a silence that its author asked for, such as "2s".
type Edge string

// The edges. Where an element holds others, several end or begin at once.
const (
	EdgeWord         Edge = "word"         // inside of a sentence: no silence
	EdgeClause       Edge = "clause"       // of a sentence that is too long for one request
	EdgeSentence     Edge = "sentence"     // of a paragraph
	EdgeAnnouncement Edge = "announcement" // and what it announces
	EdgeParagraph    Edge = "paragraph"
	EdgeTurn         Edge = "turn" // of a dialogue
	EdgeChapter      Edge = "chapter"
	EdgeHeading      Edge = "heading"    // of levels 1 and 2
	EdgeSubheading   Edge = "subheading" // of levels 3 to 6
	EdgeItem         Edge = "item"
	EdgeList         Edge = "list"
	EdgeRow          Edge = "row"
	EdgeTable        Edge = "table"
	EdgeCode         Edge = "code"
	EdgeFormula      Edge = "formula"
	EdgeImage        Edge = "image"
	EdgeBox          Edge = "box" // a call-out, or what is folded away
	EdgeEmbed        Edge = "embed"
	EdgeLine         Edge = "line" // of a poem or of code
	EdgeStanza       Edge = "stanza"
	EdgeVerse        Edge = "verse"
	EdgeQuote        Edge = "quote"
	EdgeInnerQuote   Edge = "inner_quote"
	EdgeNote         Edge = "note" // a footnote in the text
	EdgeEndnote      Edge = "endnote"
	EdgeRule         Edge = "rule"
	EdgeOpening      Edge = "opening"
	EdgeClosing      Edge = "closing"
	EdgeLeftOut      Edge = "left_out" // what is said at the end of what was left out
	EdgeCredits      Edge = "credits"
)

// Edges are all of them, without lengths.
func Edges() []Edge {
	return []Edge{
		EdgeWord, EdgeClause, EdgeSentence, EdgeAnnouncement, EdgeParagraph, EdgeTurn, EdgeChapter, EdgeHeading, EdgeSubheading,
		EdgeItem, EdgeList, EdgeRow, EdgeTable, EdgeCode, EdgeFormula, EdgeImage, EdgeBox, EdgeEmbed, EdgeLine, EdgeStanza, EdgeVerse,
		EdgeQuote, EdgeInnerQuote, EdgeNote, EdgeEndnote, EdgeRule, EdgeOpening, EdgeClosing, EdgeLeftOut, EdgeCredits,
	}
}

// silenceOf is the edge of a silence that an author asked for.
func silenceOf(d time.Duration) Edge { return Edge(d.String()) }

// length is what was asked for.
func (e Edge) length() (time.Duration, bool) {
	d, err := time.ParseDuration(string(e))
	return d, err == nil && d >= 0 && d <= longestPause
}

// sides are the silences that an edge wants before and after it.
func (p *Pauses) sides(e Edge) (before, after time.Duration) {
	switch e {
	case EdgeSentence, EdgeAnnouncement:
		return 0, p.Sentence
	case EdgeClause:
		return 0, p.Sentence / 2
	case EdgeParagraph, EdgeTurn, EdgeStanza, EdgeList:
		return 0, p.Paragraph
	case EdgeTable, EdgeCode, EdgeFormula, EdgeImage, EdgeBox, EdgeEmbed, EdgeEndnote:
		return p.Paragraph, p.Paragraph
	case EdgeHeading:
		return p.HeadingBefore, p.HeadingAfter
	case EdgeSubheading:
		return p.SubBefore, p.SubAfter
	case EdgeItem, EdgeRow:
		return 0, p.Item
	case EdgeLine:
		return 0, p.Line
	case EdgeQuote, EdgeVerse:
		return p.Quote, p.Quote
	case EdgeInnerQuote:
		return p.Item, p.Item
	case EdgeNote:
		return p.Note, p.Note
	case EdgeRule:
		return 0, p.Rule
	case EdgeOpening:
		return 0, p.Opening
	case EdgeClosing, EdgeLeftOut:
		return p.Closing, p.Closing
	case EdgeCredits:
		return p.Closing, 0
	}
	return 0, 0
}

// anyEdge stands for every edge in a key of Pauses.Between.
const anyEdge = "*"

// pair is a key of Pauses.Between.
func pair(ends, begins Edge) string { return string(ends) + "/" + string(begins) }

// Of is the pause where some edges end and others begin: what Between has for a
// pair of them, else the longest silence that one of them wants; of several
// the longest, and never less than an author asked for.
func (p *Pauses) Of(ends, begins []Edge) time.Duration {
	var paired, wanted, least time.Duration
	found := false
	for _, e := range ends {
		for _, b := range begins {
			if d, ok := p.Between[pair(e, b)]; ok {
				paired, found = max(paired, d), true
			}
		}
		_, after := p.sides(e)
		if d, ok := p.Between[pair(e, anyEdge)]; ok {
			after = d
		}
		wanted = max(wanted, after)
	}
	for _, b := range begins {
		before, _ := p.sides(b)
		if d, ok := p.Between[pair(anyEdge, b)]; ok {
			before = d
		}
		wanted = max(wanted, before)
	}
	for _, e := range slices.Concat(ends, begins) {
		if d, ok := e.length(); ok {
			least = max(least, d)
		}
	}
	if found {
		wanted = paired
	}
	return max(wanted, least)
}

// validatePairs finds keys of Between that name no edges.
func (p *Pauses) validatePairs() []error {
	var errs []error
	known := Edges()
	for key, d := range p.Between {
		bad := func(value, reason string) { errs = append(errs, &OptionError{"between." + key, value, reason}) }
		ends, begins, ok := strings.Cut(key, "/")
		wrong := ""
		for _, e := range []string{begins, ends} {
			if e != anyEdge && !slices.Contains(known, Edge(e)) {
				wrong = e
			}
		}
		switch {
		case !ok || ends == anyEdge && begins == anyEdge:
			bad(key, "is no pair: write what ends and what begins, such as quote/paragraph, and * for whatever it is on one side")
		case wrong != "":
			bad(wrong, "neither ends nor begins: use "+edgeText(known, ", "))
		case d < 0 || d > longestPause:
			bad(d.String(), "is not from 0 to 1h")
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

func edgeText(es []Edge, between string) string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = string(e)
	}
	return strings.Join(out, between)
}

// Joint is where a segment meets the next, and the pause that a table of
// pauses had for it.
type Joint struct {
	Ends   []Edge
	Begins []Edge
	Pause  time.Duration
}

// joint is where these edges meet. Where nothing is said to end or begin, a
// sentence goes on.
func (p *Pauses) joint(ends, begins edges) Joint {
	neutral := func(es edges) []Edge {
		if len(es) == 0 {
			return []Edge{EdgeWord}
		}
		return slices.Clone(es)
	}
	j := Joint{Ends: neutral(ends), Begins: neutral(begins)}
	j.Pause = p.Of(j.Ends, j.Begins)
	return j
}

// String writes "paragraph+quote/heading 1.2s", or "sentence 250ms" where the
// same ends and begins.
func (j Joint) String() string {
	if len(j.Ends) == 0 {
		return ""
	}
	text := edgeText(j.Ends, "+")
	if !slices.Equal(j.Ends, j.Begins) {
		text += "/" + edgeText(j.Begins, "+")
	}
	return text + " " + j.Pause.String()
}

// mostEdges is how many edges can meet on one side: each once, and a length.
const mostEdges = 40

var errJoint = errors.New("is not what ends, what begins and a pause, such as paragraph/heading 1.2s: remove it if in doubt")

// ParseJoint reads what String writes.
func ParseJoint(text string) (Joint, error) {
	var j Joint
	meet, pause, ok := strings.Cut(text, " ")
	d, err := time.ParseDuration(pause)
	if !ok || err != nil || d < 0 || d > longestPause {
		return j, errJoint
	}
	ends, begins, two := strings.Cut(meet, "/")
	if !two {
		begins = ends
	}
	j.Pause = d
	for _, side := range []struct {
		text string
		into *[]Edge
	}{{ends, &j.Ends}, {begins, &j.Begins}} {
		for name := range strings.SplitSeq(side.text, "+") {
			e := Edge(name)
			if _, length := e.length(); !length && !slices.Contains(Edges(), e) {
				return Joint{}, errJoint
			}
			*side.into = append(*side.into, e)
		}
		if len(*side.into) > mostEdges {
			return Joint{}, errJoint
		}
	}
	return j, nil
}

// Pace sets the pauses of a script by a table, without its text: those that
// the table of its making had set. A pause that somebody has written stays.
func (s *Script) Pace(p Pauses) {
	for _, g := range s.Segments() {
		if len(g.Between.Ends) == 0 || g.Pause != g.Between.Pause {
			continue
		}
		g.Between.Pause = p.Of(g.Between.Ends, g.Between.Begins)
		g.Pause = g.Between.Pause
	}
}

// edges are what ends or begins at a place, each once.
type edges []Edge

// with adds edges; of the lengths that were asked for, the longest stays.
func (es edges) with(more ...Edge) edges {
	out := slices.Clone(es)
	for _, e := range more {
		d, asked := e.length()
		old := slices.IndexFunc(out, func(x Edge) bool {
			_, length := x.length()
			return x == e || asked && length
		})
		if old < 0 {
			out = append(out, e)
		} else if was, _ := out[old].length(); asked && was < d {
			out[old] = e
		}
	}
	return out
}
