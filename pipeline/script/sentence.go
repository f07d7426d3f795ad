package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A sentence that is split wrongly falls in pitch where nobody would; one that
// is not split only makes a longer request. So a boundary needs a reason.

// Sentences splits text into its sentences, without the white space between
// them. A line feed is white space: it ends a sentence only where punctuation
// does. No character but white space is lost.
func Sentences(text string) []string {
	var out []string
	for _, s := range sentences(text) {
		out = append(out, strings.Join(strings.Fields(text[s.from:s.to]), " "))
	}
	return out
}

// span is a stretch of bytes of a text.
type span struct{ from, to int }

// sentences finds where the sentences of a text stand.
func sentences(text string) []span {
	s := splitter{text: text, manner: mannerOf(text), from: skipSpace(text, 0), open: -1}
	begins := unmarked(text, s.manner)
	for i := s.from; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case len(begins) > 0 && i >= begins[0]:
			s.begin(begins[0])
			begins = begins[1:]
			continue
		case isFullStop(r):
			end := closers(text, stops(text, i))
			if wideBoundary(text, i, end) {
				s.cut(end)
			}
			i = max(end, i+n)
			continue
		case r == '.' || r == '!' || r == '?' || r == '…':
			last := stops(text, i)
			end := cited(text, i, closers(text, last))
			if s.boundary(i, last, end) {
				s.cut(end)
			}
			i = max(end, i+n)
			continue
		case r == '(' || r == '[':
			s.open = i
		}
		s.worded = s.worded || speakable(r)
		i += n
	}
	if to := trimmed(text, s.from, len(text)); to > s.from {
		if s.worded || len(s.out) == 0 {
			s.out = append(s.out, span{s.from, to})
		} else {
			s.out[len(s.out)-1].to = to // marks without a word belong to the sentence before
		}
	}
	return s.out
}

// splitter goes through a text once, from stop to stop. What it keeps spares
// it from looking back further than a word, so that the time is linear.
type splitter struct {
	text string
	manner
	out    []span
	from   int  // where the sentence begins
	open   int  // the last opening bracket
	worded bool // the sentence has a letter or a figure
}

// cut ends the sentence, if it is more than marks.
func (s *splitter) cut(to int) {
	if s.worded && to > s.from {
		s.out = append(s.out, span{s.from, trimmed(s.text, s.from, to)})
		s.from, s.worded = skipSpace(s.text, to), false
	}
}

// begin ends the sentence because another begins at i. Marks without a word
// between the two belong to the sentence before.
func (s *splitter) begin(i int) {
	if !s.worded && len(s.out) > 0 {
		s.out[len(s.out)-1].to, s.from = trimmed(s.text, s.from, i), i
	}
	s.cut(i)
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isFullStop says whether a character ends a sentence without a space after
// it: the stops of Chinese and Japanese, and those of Indic, Arabic, Ethiopic,
// Armenian, Khmer and Burmese script.
func isFullStop(r rune) bool {
	return strings.ContainsRune("。！？．｡।॥։።፧؟۔។။", r)
}

func skipSpace(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

func trimmed(text string, from, to int) int {
	return from + len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
}

// stops is the end of the run of stops at i: "?!", "...", ". . .", and "! !".
func stops(text string, i int) int {
	end := i
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		switch {
		case strings.ContainsRune(".!?…", r) || isFullStop(r):
			end += n
		case r == ' ' && end > i && standsAlone(text[end+1:]):
			end++
		default:
			return end
		}
	}
	return end
}

// standsAlone says whether a text begins with stops that no word comes right
// after, unlike ".NET".
func standsAlone(text string) bool {
	rest := strings.TrimLeft(text, ".!?…")
	return len(rest) < len(text) && (rest == "" || startsSpace(rest) || closers(rest, 0) > 0)
}

// closers is the end of the quotes and brackets that close after a stop.
func closers(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune(`”’»)]}"'」』）】〉》*_`, r):
		case r == '“' && (i+n == len(text) || startsSpace(text[i+n:])): // German closing quote
		default:
			return i
		}
		i += n
	}
	return i
}

func startsSpace(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsSpace(r)
}

// wideBoundary decides about a stop that needs no space: not inside quotation
// marks that the sentence goes on after.
func wideBoundary(text string, i, end int) bool {
	if end == len(text) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(text[end:])
	first, n := utf8.DecodeRuneInString(text[i:])
	closed := end > i+n && closes(text[:end])
	switch {
	case strings.ContainsRune("、，,", r):
		return false
	case first == '．': // also a decimal point
		return !unicode.IsDigit(r)
	case closed && (unicode.Is(unicode.Hiragana, r) || r == '的'):
		return false // 「…。」と言った。
	}
	return true
}

// closes says whether a text ends with a closing quote or bracket.
func closes(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(`”’»)]}"'」』）】〉》“`, r)
}

// boundary decides whether the stops from i to last, with what closes after
// them up to end, end the sentence.
func (s *splitter) boundary(i, last, end int) bool {
	text, from := s.text, s.from
	if end >= len(text) {
		return true
	}
	next := skipSpace(text, end)
	if next >= len(text) {
		return true
	}
	stop := text[i:last]
	w := follow(text[next:])
	if next == end {
		return s.run(i, last, end, w) // "3.5", "example.com", "e.g.,", "Yahoo!'s"
	}
	newline := strings.Contains(text[end:next], "\n")
	if w.word == "http" || w.word == "https" {
		return true // an address in small letters begins nothing else
	}
	closed := end > last
	w.lower = w.lower && !s.small(i, last, closed, w)
	switch {
	case enumerator(text[from:end]), strings.HasSuffix(text[from:i], "["), strings.HasSuffix(text[from:i], "("):
		return false // "1.) First", "[...]"
	case w.first == 0 || strings.ContainsRune(",;:–—-&", w.first) && !w.dash:
		return false
	case strings.ContainsAny(stop, "!?"):
		return asked(text, from, i, closed, newline, w)
	case trailsOff(stop):
		// An ellipsis trails off; a new sentence shows itself by its capital.
		return w.upper && !(w.pronoun && strings.Count(stop, ".") == 3) || newline && !w.lower
	case w.lower && !w.brand:
		return false
	case closed && s.parenthesis(i, end):
		return w.upper || w.opens
	}
	return fullStop(text, from, i, closed, newline, w)
}

// trailsOff says whether stops are an ellipsis.
func trailsOff(stop string) bool {
	return strings.Contains(stop, "…") || strings.Count(stop, ".") > 1
}

// run decides about stops that the next word follows without a space. In
// English a small word before and a word that begins sentences after show a
// space that was forgotten: "it fell.The next".
func (s *splitter) run(i, last, end int, w next) bool {
	if !s.english || end > last || !w.plain || !w.upper {
		return false
	}
	if trailsOff(s.text[i:last]) {
		return !w.pronoun && plainWord(s.text, s.from, i)
	}
	before := wordBefore(s.text, s.from, i)
	after, _ := utf8.DecodeRuneInString(s.text[end+len(w.word):])
	return w.starter && !w.pronoun && unicode.IsSpace(after) && smallWord(before) && plainWord(s.text, s.from, i)
}

// small says whether a small letter may begin a sentence after the stops: in
// the text of somebody who writes so, and in English where the words on both
// sides leave no doubt. No abbreviation may come before.
func (s *splitter) small(i, last int, closed bool, w next) bool {
	if !w.plain {
		return false
	}
	stop := s.text[i:last]
	loose := s.loose || startsLower(s.text[s.from:])
	switch {
	case strings.ContainsAny(stop, "!?"):
		return !closed && loose && (s.english || plainWord(s.text, s.from, i))
	case trailsOff(stop):
		return loose && !s.loose && plainWord(s.text, s.from, i)
	case loose && plainWord(s.text, s.from, i):
		return true
	case !s.english || closed || !amongst(subjects, w.word):
		return false
	}
	before := strings.ToLower(wordBefore(s.text, s.from, i))
	return plainWord(s.text, s.from, i) || s.loose && (amongst(looseWords, before) || before == "etc")
}

// parenthesis says whether the stop stands inside a bracket that was opened in
// the middle of this sentence, as in "(No. 2)" or "(etc.)".
func (s *splitter) parenthesis(i, end int) bool {
	return strings.ContainsAny(s.text[i:end], ")]") && s.open > s.from
}

// asked decides about "!" and "?": the sentence goes on after a cry or a
// question only in a small letter (unless it was a loud one), and after a name
// that has the mark in it.
func asked(text string, from, i int, closed, newline bool, w next) bool {
	loud := strings.HasPrefix(text[i:], "!!") || strings.HasPrefix(text[i:], "??")
	switch {
	case w.lower && (closed || !loud):
		return false
	case closed || newline || loud:
		return true
	}
	return !amongst(exclaimed, strings.ToLower(wordBefore(text, from, i))) || w.starter
}

// exclaimed are names that are written with a mark.
const exclaimed = " yahoo jeopardy oklahoma yum kahoot "

// cited is the end of the marks of notes that stand after a stop, as in
// "martyr.[1]" and, with its raised figures lost, "thinking.10 This".
func cited(text string, i, end int) int {
	if loc := brackets().FindStringIndex(text[end:min(len(text), end+mostCited)]); loc != nil {
		return end + loc[1]
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if !unicode.IsLetter(before) && before != ')' {
		return end
	}
	word := strings.ToLower(wordBefore(text, 0, i))
	if strings.Contains(beforeNumber, " "+word+" ") || strings.Contains(word, ".") {
		return end // "No.5 The"
	}
	m := figures().FindStringSubmatchIndex(text[end:min(len(text), end+mostCited)])
	if m == nil {
		return end
	}
	if r, _ := utf8.DecodeRuneInString(text[end+m[1]:]); !unicode.IsUpper(r) {
		return end
	}
	return end + m[3]
}

// mostCited is how far the marks of notes are looked for, in bytes.
const mostCited = 40

var (
	brackets = compiled(`^(\[\d{1,3}\])+`)
	figures  = compiled(`^(\d{1,3}(?:[, ]\d{1,3})*)\s+`)
	listMark = compiled(`^\(?(\d{1,2}|[a-zA-Z]|[ivx]{1,4})(\.\)|\)|\.)$`)
)

// enumerator says whether a text is only the mark of an item: "1.", "a.)".
func enumerator(text string) bool {
	return len(text) <= 6 && listMark().MatchString(text) && text != "I."
}

// plainWord says whether the word before i is one, and no abbreviation.
func plainWord(text string, from, i int) bool {
	word := strings.ToLower(wordBefore(text, from, trimmed(text, from, i)))
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		return false
	}
	if utf8.RuneCountInString(word) < 3 {
		return amongst(shortWords, word)
	}
	for _, list := range []string{beforeName, beforeNumber, months, midway, atEnd, cutShort} {
		if amongst(list, word) {
			return false
		}
	}
	return true
}

// smallWord says whether a word has small letters only.
func smallWord(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) })
}
