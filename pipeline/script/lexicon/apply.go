package lexicon

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a stretch of a text between two boundaries of words.
type token struct {
	from, to int
	plain    string // see the function of that name
}

func split(s string) []token {
	out := make([]token, 0, len(s)/2+1)
	for i := 0; i < len(s); {
		to := next(s, i)
		if p := plain(s[i:to]); p != "" {
			out = append(out, token{i, to, p})
		}
		i = to
	}
	return out
}

// Apply finds the lexicon's words in a text. Edits are in order and do not
// overlap; they take time in proportion to the length of the text (and, for
// patterns, to their number). A nil lexicon finds nothing.
func (l *Lexicon) Apply(text string, f For) ([]Edit, []Unsaid) {
	if l == nil || len(l.entries)+len(l.patterns) == 0 {
		return nil, nil
	}
	fixed := addresses(text)
	var edits []Edit
	var unsaid []Unsaid
	if len(l.entries) > 0 {
		edits, unsaid = l.words(text, f, fixed)
	}
	for i := range l.patterns {
		edits = l.patterns[i].apply(text, f, fixed, edits)
	}
	return edits, unsaid
}

func (l *Lexicon) words(text string, f For, fixed []span) (edits []Edit, unsaid []Unsaid) {
	all := split(text)
	for i := 0; i < len(all); {
		n, said, ok := l.longest(all[i:], f)
		if n == 0 {
			i++
			continue
		}
		from, to := all[i].from, all[i+n-1].to
		if fixed = behind(fixed, from); cuts(fixed, from, to) {
			i++
			continue
		}
		i += n
		e := &l.entries[said.entry]
		switch phoneme := phonemes(e.IPA, said.ending); {
		case !ok:
			unsaid = append(unsaid, Unsaid{from, to, e.Place})
		case f.takes(phoneme):
			edits = append(edits, Edit{from, to, text[from:to], phoneme, Rule, e.Place})
		default:
			spoken := fit(text, from, to, respelled(e.Say, said.ending))
			edits = append(edits, Edit{from, to, spoken, "", Rule, e.Place})
		}
	}
	return edits, unsaid
}

// longest is the longest form at the first token, and its length in tokens. It
// is not ok if the endpoint cannot say any entry of these words.
func (l *Lexicon) longest(all []token, f For) (n int, said form, ok bool) {
	at := l.root
	for k := range all {
		if at = at.next[strings.ToLower(all[k].plain)]; at == nil {
			break
		}
		if len(at.forms) == 0 {
			continue
		}
		if one, can, found := l.choose(at.forms, all[:k+1], f); found {
			n, said, ok = k+1, one, can
		}
	}
	return n, said, ok
}

// choose is the first form that holds and can be said, else the first that holds.
func (l *Lexicon) choose(forms []form, written []token, f For) (said form, ok, found bool) {
	text := ""
	for _, one := range forms {
		if one.exact != nil {
			if text == "" {
				text = joined(written)
			}
			if !slices.Contains(one.exact, text) {
				continue
			}
		}
		e := &l.entries[one.entry]
		if !e.holds(f) || one.ending != none && !english(f.Language) {
			continue
		}
		if e.Say != "" || f.takes(phonemes(e.IPA, one.ending)) {
			return one, true, true
		}
		if !found {
			said, found = one, true
		}
	}
	return said, false, found
}

func joined(all []token) string {
	if len(all) == 1 {
		return all[0].plain
	}
	var b strings.Builder
	for _, t := range all {
		b.WriteString(t.plain)
	}
	return b.String()
}

func (f For) takes(ipa string) bool { return ipa != "" && f.Takes != nil && f.Takes(ipa) }

// holds says whether the entry is for this language, voice and document.
func (e *Entry) holds(f For) bool { return scope{e.Languages, e.Voices, e.Documents}.holds(f) }

// scope says where an entry or a pattern holds.
type scope struct{ languages, voices, documents []string }

func (s scope) holds(f For) bool {
	return anyOf(s.languages, func(tag string) bool { return speaks(f.Language, tag) }) &&
		anyOf(s.voices, func(name string) bool { return f.Voice == name }) &&
		anyOf(s.documents, func(pattern string) bool { return within(f.Document, pattern) })
}

// anyOf says whether one of a list is right; nothing in it is everything.
func anyOf(list []string, right func(string) bool) bool {
	return len(list) == 0 || slices.ContainsFunc(list, right)
}

// speaks says whether a language is another one, or a variant of it.
func speaks(language, wanted string) bool {
	language, wanted = tag(language), tag(wanted)
	return language == wanted || strings.HasPrefix(language, wanted+"-")
}

func tag(language string) string { return strings.ToLower(strings.ReplaceAll(language, "_", "-")) }

// english says whether English inflects a text's words; a text that says
// nothing of its language is taken for English, as everywhere.
func english(language string) bool { return language == "" || speaks(language, "en") }

func within(document, pattern string) bool {
	whole, _ := path.Match(pattern, document) // patterns were tried when they were read
	last, _ := path.Match(pattern, path.Base(document))
	return document != "" && (whole || last)
}

// fit sets a respelling into its surroundings: a capital where a sentence
// begins with one, the full stop of a last abbreviation kept, a space where it
// would touch another word.
func fit(text string, from, to int, say string) string {
	first, n := utf8.DecodeRuneInString(say)
	if r, _ := utf8.DecodeRuneInString(text[from:]); unicode.IsUpper(r) && unicode.IsLower(first) && begins(text[:from]) {
		say = string(unicode.ToUpper(first)) + say[n:]
	}
	const closing = 16 // bytes that may stand behind the last word of a text
	if text[to-1] == '.' && !strings.HasSuffix(say, ".") && len(text)-to <= closing && strings.Trim(text[to:], " \n\"'”’)]") == "" {
		say += "."
	}
	next, _ := utf8.DecodeRuneInString(text[to:])
	last, _ := utf8.DecodeLastRuneInString(say)
	if to < len(text) && wordly(next) && wordly(last) && !wordly(lastRune(text[:to])) {
		say += " "
	}
	return say
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// begins says whether a sentence begins after this text.
func begins(before string) bool {
	before = strings.TrimRight(before, " \n\"'“‘([")
	return before == "" || strings.IndexByte(".!?", before[len(before)-1]) >= 0
}
