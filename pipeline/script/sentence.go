package script

import (
	"regexp"
	"strconv"
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
	var out []span
	from := skipSpace(text, 0)
	items := inlineItems(text)
	cut := func(to int) {
		if to > from && strings.ContainsFunc(text[from:to], speakable) {
			out = append(out, span{from, trimmed(text, from, to)})
			from = skipSpace(text, to)
		}
	}
	for i := from; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case len(items) > 0 && i >= items[0]:
			cut(items[0])
			items = items[1:]
			continue
		case isFullStop(r):
			end := closers(text, stops(text, i))
			if wideBoundary(text, i, end) {
				cut(end)
			}
			i = max(end, i+n)
		case r == '.' || r == '!' || r == '?' || r == '…':
			last := stops(text, i)
			end := cited(text, i, closers(text, last))
			if boundary(text, from, i, last, end) {
				cut(end)
			}
			i = max(end, i+n)
		default:
			i += n
		}
	}
	if to := trimmed(text, from, len(text)); to > from {
		if strings.ContainsFunc(text[from:to], speakable) || len(out) == 0 {
			out = append(out, span{from, to})
		} else {
			out[len(out)-1].to = to // marks without a word belong to the sentence before
		}
	}
	return out
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isFullStop says whether a character ends a sentence without a space after
// it: the stops of Chinese and Japanese, and those of Indic scripts.
func isFullStop(r rune) bool { return strings.ContainsRune("。！？．｡।॥։።", r) }

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

// stops is the end of the run of stops at i: "?!", "...", and ". . .".
func stops(text string, i int) int {
	end := i
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		switch {
		case strings.ContainsRune(".!?…", r) || isFullStop(r):
			end += n
		case r == ' ' && end > i && text[end-1] == '.' && strings.HasPrefix(text[end:], " ."):
			end++
		default:
			return end
		}
	}
	return end
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

// boundary decides whether the stops text[i:last], with what closes after them
// up to end, end the sentence that begins at from.
func boundary(text string, from, i, last, end int) bool {
	if end >= len(text) {
		return true
	}
	next := skipSpace(text, end)
	if next == end {
		return false // "3.5", "example.com", "e.g.,", "Yahoo!'s"
	}
	if next >= len(text) {
		return true
	}
	newline := strings.Contains(text[end:next], "\n")
	stop := text[i:last]
	w := follow(text[next:])
	if w.word == "http" || w.word == "https" {
		return true // an address in small letters begins nothing else
	}
	w.lower = w.lower && !(w.plain && plainWord(text, from, i) && startsLower(text[from:]))
	closed := end > last
	switch {
	case enumerator(text[from:end]), strings.HasSuffix(text[from:i], "["), strings.HasSuffix(text[from:i], "("):
		return false // "1.) First", "[...]"
	case w.first == 0 || strings.ContainsRune(",;:–—-&", w.first) && !w.dash:
		return false
	case strings.ContainsAny(stop, "!?"):
		return asked(text, from, i, closed, newline, w)
	case strings.Contains(stop, "…") || strings.Count(stop, ".") > 1:
		// An ellipsis trails off; a new sentence shows itself by its capital.
		return w.upper && !(w.pronoun && strings.Count(stop, ".") == 3) || newline && !w.lower
	case w.lower && !w.brand:
		return false
	case closed && parenthesis(text, from, i, end):
		return w.upper || w.opens
	}
	return fullStop(text, from, i, closed, newline, w)
}

// parenthesis says whether the stop stands inside a bracket that was opened in
// the middle of this sentence, as in "(No. 2)" or "(etc.)".
func parenthesis(text string, from, i, end int) bool {
	if !strings.ContainsAny(text[i:end], ")]") {
		return false
	}
	open := strings.LastIndexAny(text[from:i], "([")
	return open > 0 && strings.TrimSpace(text[from:from+open]) != ""
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
	word := wordBefore(text, from, i)
	return !strings.Contains(exclaimed, " "+strings.ToLower(word)+" ") || w.starter
}

// exclaimed are names that are written with a mark.
const exclaimed = " yahoo jeopardy oklahoma yum kahoot "

// cited is the end of the marks of notes that stand after a stop, as in
// "martyr.[1]" and, with its raised figures lost, "thinking.10 This".
func cited(text string, i, end int) int {
	if loc := brackets.FindStringIndex(text[end:min(len(text), end+mostCited)]); loc != nil {
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
	m := figures.FindStringSubmatchIndex(text[end:min(len(text), end+mostCited)])
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
	brackets = regexp.MustCompile(`^(\[\d{1,3}\])+`)
	figures  = regexp.MustCompile(`^(\d{1,3}(?:[, ]\d{1,3})*)\s+`)
	listMark = regexp.MustCompile(`^\(?(\d{1,2}|[a-zA-Z]|[ivx]{1,4})(\.\)|\)|\.)$`)
	itemMark = regexp.MustCompile(`(?:^|\s)(\(?)(\d{1,2}|[a-z])(\.\)|\)|\.)\s+[\p{Lu}"“]`)
)

// enumerator says whether a text is only the mark of an item: "1.", "a.)".
func enumerator(text string) bool {
	return len(text) <= 6 && listMark.MatchString(text) && text != "I."
}

// inlineItems finds where the second and later items of a list inside running
// text begin: "1.) Wash 2.) Rinse". The first has to stand where a sentence
// begins, and the marks have to count up in one form.
func inlineItems(text string) []int {
	var out []int
	open, end, want := "", "", 0
	for at := 0; at < len(text); {
		m := itemMark.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		start := at + m[2]
		mark, o, e := text[at+m[4]:at+m[5]], text[at+m[2]:at+m[3]], text[at+m[6]:at+m[7]]
		n := int(mark[0] - 'a' + 1)
		if v, err := strconv.Atoi(mark); err == nil {
			n = v
		}
		before := strings.TrimRightFunc(text[:start], unicode.IsSpace)
		switch {
		case want > 1 && n == want && o == open && e == end && !counted(before):
			out = append(out, start)
			want++
		case n == 1 && (before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:\")")):
			open, end, want = o, e, 2
		}
		at += m[7]
	}
	return out
}

// counted says whether a text ends with a word that a number belongs to.
func counted(before string) bool {
	word := strings.ToLower(before[strings.LastIndexFunc(before, unicode.IsSpace)+1:])
	return strings.Contains(" section chapter part step figure table page number no. vol. type phase and or to in of is was by ", " "+word+" ")
}

// plainWord says whether the word before i is one, and no abbreviation.
func plainWord(text string, from, i int) bool {
	word := strings.ToLower(wordBefore(text, from, i))
	if utf8.RuneCountInString(word) < 3 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		return false
	}
	for _, list := range []string{beforeName, beforeNumber, months, midway, atEnd} {
		if strings.Contains(list, " "+word+" ") {
			return false
		}
	}
	return true
}

// startsLower says whether a sentence begins with a small letter: then its
// author writes without capitals, and the next one may too.
func startsLower(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[n:])
	return unicode.IsLower(r) && !unicode.IsUpper(second)
}
