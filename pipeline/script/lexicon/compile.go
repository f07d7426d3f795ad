package lexicon

import (
	"slices"
	"strings"
	"unicode"
)

// node is a place in the tree of all forms, token by token.
type node struct {
	next  map[string]*node // by the token in lower case
	forms []form           // that end here: entries' own before inflected ones, the highest first
}

// form is an entry as it is found in texts: its own words, or inflected.
type form struct {
	entry  int
	ending ending
	exact  []string // as it has to be written; nil in any case
}

// ending of an inflected form.
type ending int

const (
	none ending = iota
	possessive
	plural
)

// shortestInflected is the least number of letters of a word that is inflected
// by itself: "Los" is not the plural of "Lo".
const shortestInflected = 3

// shortestCapitals is the least number of letters of a word with a capital that
// is found in capitals too: shorter ones are acronyms as often.
const shortestCapitals = 5

// compile puts all entries into the tree.
func (l *Lexicon) compile() {
	if len(l.known) > 0 {
		l.wellSaid = &Lexicon{}
		for _, w := range l.known {
			l.wellSaid.entries = append(l.wellSaid.entries, Entry{Words: w, Say: w})
		}
		l.wellSaid.compile()
	}
	l.root = &node{}
	for i := len(l.entries) - 1; i >= 0; i-- {
		e := &l.entries[i]
		l.add(e.Words, form{entry: i, exact: e.exact("")})
	}
	for i := len(l.entries) - 1; i >= 0; i-- {
		e := &l.entries[i]
		if e.Uninflect || letters(e.Words) < shortestInflected || !letterEnds(e.Words) {
			continue
		}
		l.add(e.Words+"'s", form{i, possessive, e.exact("'s")})
		if s := pluralOf(e.Words); s != "" {
			l.add(s, form{i, plural, e.exact(strings.TrimPrefix(s, e.Words))})
		}
	}
}

func (l *Lexicon) add(words string, f form) {
	at := l.root
	for _, t := range tokens(words) {
		t = strings.ToLower(t)
		to := at.next[t]
		if to == nil {
			to = &node{}
			if at.next == nil {
				at.next = map[string]*node{}
			}
			at.next[t] = to
		}
		at = to
	}
	at.forms = append(at.forms, f)
}

// exact are the ways in which the entry, with an ending, may be written; nil
// if the case does not matter.
func (e *Entry) exact(ending string) []string {
	if e.Case == AnyCase || e.Case != Exact && !capital(e.Words) {
		return nil
	}
	words := strings.Join(tokens(e.Words), "")
	all := []string{words + ending}
	if e.Case != Exact && letters(words) >= shortestCapitals {
		upper := strings.ToUpper(words)
		all = append(all, upper+ending, upper+strings.ToUpper(ending))
	}
	return slices.Compact(all)
}

func letterEnds(s string) bool {
	r := []rune(s)
	return unicode.IsLetter(r[len(r)-1])
}

// hisses says whether a word ends in a letter after which the plural is -es.
func hisses(s string) bool {
	s = strings.ToLower(s)
	for _, end := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

func pluralOf(words string) string {
	if hisses(words) {
		return words + "es"
	}
	return words + "s"
}

// respelled is a respelling with the ending.
func respelled(say string, e ending) string {
	switch e {
	case possessive:
		return say + "'s"
	case plural:
		return pluralOf(say)
	}
	return say
}

// phonemes is IPA with the ending: both are said alike, by the last sound
// (English: [ɪz] after sibilants, [s] after other voiceless sounds, else [z]).
func phonemes(ipa string, e ending) string {
	if e == none || ipa == "" {
		return ipa
	}
	sounds := strings.TrimRightFunc(ipa, func(r rune) bool { return unicode.IsMark(r) || strings.ContainsRune("ːˑʰ. ", r) })
	for _, sibilant := range []string{"s", "z", "ʃ", "ʒ", "ʂ", "ʐ", "ɕ", "ʑ"} {
		if strings.HasSuffix(sounds, sibilant) {
			return ipa + "ɪz"
		}
	}
	for _, voiceless := range []string{"p", "t", "k", "f", "θ", "q", "x", "χ", "c", "ʔ", "ʈ"} {
		if strings.HasSuffix(sounds, voiceless) {
			return ipa + "s"
		}
	}
	return ipa + "z"
}
