package script

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/formula"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// mostFormula is how many words a formula that is set apart may have to be
// spoken: a listener cannot hold more without the page.
const mostFormula = 25

// formula renders mathematics that is set apart: in words, or where nobody
// could follow them, by saying that it is there.
func (r *renderer) formula(e *document.Element, role string) {
	choice := r.Options.Elements.Math
	if choice == "skip" {
		r.find(e.Pos, "a formula is left out: %s", shortened(e.Raw))
		return
	}
	expr, words := r.read(e.Raw, e.Pos), 0
	if expr != nil {
		words = formula.Words(expr)
	}
	switch {
	case choice == "announce":
		r.find(e.Pos, "a formula is not spoken: %s", shortened(e.Raw))
	case expr == nil:
		r.find(e.Pos, "formulas are read in English only: %s is not spoken", shortened(e.Raw))
	case words > mostFormula:
		r.find(e.Pos, "a formula of %d words is not spoken, which is more than %d: %s", words, mostFormula, shortened(e.Raw))
	case words == 0:
		r.find(e.Pos, "a formula without words is left out: %s", shortened(e.Raw))
		return
	default:
		l := &line{}
		l.mark(e.Pos.Line, e.Pos.Col)
		l.words(strings.Join(strings.Fields(e.Raw), " "), ended(capital(expr.Speak(formula.Options{}))), RuleMath)
		r.say(passage{role: role, line: l, pos: e.Pos, begins: edges{EdgeFormula}, ends: edges{EdgeFormula}})
		return
	}
	r.announce(role, r.words[sayFormula], e.Pos, edges{EdgeFormula}, edges{EdgeFormula})
}

// read reads TeX that begins at a place and reports its faults. It is nil in
// languages whose mathematics is not known.
func (r *renderer) read(tex string, at document.Pos) *formula.Expr {
	if !r.english {
		return nil
	}
	expr, err := formula.Parse(tex)
	for _, err := range faults(err) {
		var fault *formula.SyntaxError
		if !errors.As(err, &fault) {
			continue
		}
		r.find(movedPlace(at, tex[:min(fault.Offset, len(tex))]), "formula: %s", fault.Reason)
	}
	return expr
}

// faults are the errors that were joined.
func faults(err error) []error {
	var all interface{ Unwrap() []error }
	if errors.As(err, &all) {
		return all.Unwrap()
	}
	return nil
}

// movedPlace is the place behind a text that begins at a place.
func movedPlace(at document.Pos, text string) document.Pos {
	if at.Line == 0 {
		return at
	}
	if n := strings.Count(text, "\n"); n > 0 {
		at.Line += n
		at.Col = 1
		text = text[strings.LastIndexByte(text, '\n')+1:]
	}
	at.Col += utf8.RuneCountInString(text)
	return at
}

// math speaks mathematics in running text.
func (s *speech) math(in document.Inline) {
	pos := s.from
	if in.Line > 0 {
		pos.Line, pos.Col = in.Line, in.Col
	}
	written := strings.Join(strings.Fields(in.Text), " ")
	expr := s.by.read(in.Text, pos)
	if expr == nil {
		s.kept = append(s.kept, normalize.Span{From: len(s.said), To: len(s.said) + len(written) + 2})
		s.put("$" + written + "$") // as it is written
		return
	}
	words := expr.Speak(formula.Options{})
	if before := bytes.TrimRight(s.said, " "); len(before) == 0 || len(before) < len(s.said) && bytes.ContainsAny(before[len(before)-1:], ".!?") {
		words = capital(words)
	}
	s.words(written, words, RuleMath)
}

// capital is a text that begins as a sentence does.
func capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}
