package script

import (
	"slices"
	"strings"
)

// Respeak gives a segment other words to be spoken, by a rule. What its author
// wrote stays: the words that are spoken otherwise are an edit of their own, and
// the others keep the rules that made them, and their phonemes. A segment whose
// words are all the script's own has nothing that was written.
func (s *Segment) Respeak(text, rule string) {
	text = strings.Join(strings.Fields(text), " ")
	if text == s.Text {
		return
	}
	var phonemes [][2]string
	for _, p := range s.Phonemes {
		phonemes = append(phonemes, [2]string{s.Text[p.From:p.To], p.IPA})
	}
	if !s.Announcement || len(s.Edits) > 0 {
		if len(s.Edits) == 0 {
			s.Written = s.Text
		}
		e := changed(s.Text, text)
		e.Rule = rule
		s.Edits = compose(s.Text, slices.Clone(s.Edits), []Edit{e})
	}
	s.Text, s.Phonemes = text, nil
	s.pronounce(phonemes)
}

// Speakable says whether a text has anything that can be spoken: a letter or a
// number.
func Speakable(text string) bool { return strings.ContainsFunc(text, speakable) }
