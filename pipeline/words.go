package pipeline

import (
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish/gate"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Heard is a sentence that will be spoken: where its source has it, and the
// lexicon that it is said with.
type Heard struct {
	Segment int // ordinal
	Text    string
	At      string // line:column in the source; empty where it is not known
	Lexicon *lexicon.Lexicon
	For     lexicon.For
}

// Sentences are those of a plan as their author wrote them.
func (p *Plan) Sentences() []Heard {
	var out []Heard
	for place, seg := range p.Script.Segments() {
		words, who := p.Lexicon(seg.Part())
		for _, s := range script.Sentences(seg.Words()) {
			out = append(out, Heard{Segment: place.Ordinal, Text: s, At: seg.At(), Lexicon: words, For: who})
		}
	}
	return out
}

// Unknown is a word of a plan that an engine may say wrong.
type Unknown struct {
	Word     string
	Count    int
	Reason   lexicon.Reason
	Segments []int // ordinals of the first that it stands in
}

// Unknown lists the words that nobody knows how to say, the most frequent first.
// Of a language whose words are not known there are none.
func (p *Plan) Unknown() ([]Unknown, error) {
	survey, err := lexicon.NewSurvey()
	if err != nil {
		return nil, err
	}
	if !survey.Covers(p.Script.Language) {
		return nil, nil
	}
	sentences := p.Sentences()
	for _, s := range sentences {
		survey.Add(s.Text, s.Lexicon, s.For)
	}
	var out []Unknown
	for _, u := range survey.Unknown() {
		one := Unknown{Word: u.Word, Count: u.Count, Reason: u.Reason}
		for _, i := range u.Sentences {
			if at := sentences[i].Segment; !slices.Contains(one.Segments, at) {
				one.Segments = append(one.Segments, at)
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// words counts the words of an episode that nobody knows how to say, whatever
// the rule is: another one may judge it without its text. A folder
// that is put together anew says what it always said.
func (p *Press) words(r *release) *gate.Words {
	if r.plan.terms == nil {
		if last := r.place.last; last != nil && last.Gate != nil {
			return last.Gate.Facts.Words
		}
		return nil
	}
	survey, err := lexicon.NewSurvey()
	if err != nil || !survey.Covers(r.plan.Script.Language) {
		return nil
	}
	const examples = 5
	w := &gate.Words{}
	for _, s := range r.plan.Sentences() {
		survey.Add(s.Text, s.Lexicon, s.For)
		w.All += len(strings.Fields(s.Text))
	}
	for _, u := range survey.Unknown() {
		w.Unknown += u.Count
		if len(w.Examples) < examples {
			w.Examples = append(w.Examples, u.Word)
		}
	}
	return w
}
