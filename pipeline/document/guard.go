package document

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The Markdown parser takes time that grows with the square of some inputs
// that nobody writes. They were looked for among repetitions of one to three of
// 28 marks (19,700 of 22,800 were tried). Measured: 200 kB of ">" 12 s, of
// "[a](" 14 s, of "*a_ " 11 s; 120 kB of "[\n]" 3 s, of "“\" 3 s; 2 MB of
// marks of footnotes 44 s. These
// are refused before they are parsed. One that was found is not: 480 kB of
// "www.~~_" take 9 s, and no rule was found that would spare real addresses.
const (
	mostNested  = 100       // quotes and lists opened by one line
	mostLooked  = 100 << 20 // bytes looked at for the ends of links
	mostMatched = 20 << 20  // marks of emphasis looked at for their openings
	mostLines   = 1 << 28   // lines looked at for the ends of brackets
	mostTicks   = 1 << 28   // bytes looked at for the ends of code
	mostNoted   = 1 << 27   // footnotes looked at for their marks: 11,000 with a mark each
)

func (r *reader) guard(body int) error {
	text := r.src[body:]
	off := body
	marks := emphasis{}
	lines, bracketed := 0, 0 // of the paragraph, of all
	for line := range strings.Lines(text) {
		if n := nested(line); n > mostNested {
			return &Error{r.pos(off), fmt.Sprintf("opens %d quotes and lists in one line: %d are read", n, mostNested)}
		}
		if strings.TrimSpace(line) == "" {
			marks.open = [256]int{}
			lines = 0
		}
		lines++
		if startsBlock().MatchString(line) {
			lines = 1
		}
		if strings.ContainsAny(line, "[]") {
			bracketed += lines
		}
		if bracketed > mostLines {
			return &Error{r.pos(off), "has too many brackets in one paragraph: put blank lines into it"}
		}
		if at := marks.read(line); at >= 0 {
			return &Error{r.pos(off + at), "has too many marks of emphasis that are not closed: put \\ before a * or _ that is none"}
		}
		off += len(line)
	}
	if at := ticks(text); at >= 0 {
		return &Error{r.pos(body + at), "has too many ` that are not closed: put \\ before a ` that is none"}
	}
	looked := 0
	for at := 0; ; {
		i := strings.Index(text[at:], "](")
		if i < 0 {
			return nil
		}
		at += i + 2
		looked += destination(text[at:])
		if looked > mostLooked {
			return &Error{r.pos(body + at), "has too many links that are not closed: end each with a )"}
		}
	}
}

// startsBlock finds items of lists and headings, which end a paragraph.
var startsBlock = compiled(`^\s*([-*+]|\d{1,9}[.)]|#{1,6})\s`)

// nested counts the marks of quotes and lists that a line begins with. A line
// of nothing but "-" or "*" is a thematic break.
func nested(line string) int {
	n := 0
	if strings.Trim(line, "- \t\n") == "" || strings.Trim(line, "* \t\n") == "" {
		return 0
	}
	for i := range len(line) {
		switch c := line[i]; {
		case c == '>':
			n++
		case c == '-' || c == '*' || c == '+' || c == '.' || c == ')':
			if i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '\t' && line[i+1] != '\n' {
				return n
			}
			n++
		case c == ' ' || c == '\t' || '0' <= c && c <= '9':
		default:
			return n
		}
	}
	return n
}

// ticks follows the marks of code as the parser does, which looks for the end
// of each to the end of its paragraph. It gives the offset of the mark at which
// it is too much, or -1.
func ticks(text string) int {
	looked := 0
	for from := 0; from < len(text); {
		end := len(text)
		if i := strings.Index(text[from:], "\n\n"); i >= 0 {
			end = from + i + 2
		}
		for at := from; at < end; {
			i := strings.IndexByte(text[at:end], '`')
			if i < 0 {
				break
			}
			at += i
			if at > from && text[at-1] == '\\' {
				at++
				continue
			}
			n := runLength(text[at:end])
			closed := closing(text[at+n:end], n)
			if closed < 0 {
				looked += end - at
				at += n
			} else {
				looked += closed
				at += n + closed
			}
			if looked > mostTicks {
				return at
			}
		}
		from = end
	}
	return -1
}

// runLength is the number of backticks that a text begins with.
func runLength(text string) int {
	return len(text) - len(strings.TrimLeft(text, "`"))
}

// closing is the offset after the next run of just n backticks, or -1.
func closing(text string, n int) int {
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '`')
		if i < 0 {
			return -1
		}
		k := runLength(text[at+i:])
		at += i + k
		if k == n {
			return at
		}
	}
}

// destination is how far the parser looks for the end of a link's address.
func destination(text string) int {
	if strings.HasPrefix(text, "<") {
		if i := strings.IndexAny(text, ">\n"); i >= 0 {
			return i
		}
		return len(text)
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case ' ', '\n', '\t':
			return i
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(text)
}

// emphasis follows the marks of a paragraph and counts how many the parser
// looks at: a mark that closes looks back over all that are open.
type emphasis struct {
	open    [256]int // by mark
	matched int
}

// read reads a line and gives the offset of the mark at which it is too much,
// or -1.
func (e *emphasis) read(line string) int {
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c != '*' && c != '_' && c != '~' {
			continue
		}
		end := i + 1
		for end < len(line) && line[end] == c {
			end++
		}
		opens, closes := flanking(line, i, end)
		if n := end - i; c == '~' {
			e.matched += n * n // a run is tried from each of its marks
		}
		switch {
		case closes && e.open[c] > 0:
			e.open[c]--
			e.matched++
		case closes:
			e.matched += e.open['*'] + e.open['_'] + e.open['~']
		}
		if opens && (!closes || e.open[c] == 0) {
			e.open[c]++
		}
		if e.matched > mostMatched {
			return i
		}
		i = end - 1
	}
	return -1
}

// flanking says whether a run of marks may open or close emphasis (CommonMark
// 0.31.2, 6.2).
func flanking(line string, from, to int) (opens, closes bool) {
	before, after := ' ', ' '
	if from > 0 {
		before, _ = utf8.DecodeLastRuneInString(line[:from])
	}
	if to < len(line) {
		after, _ = utf8.DecodeRuneInString(line[to:])
	}
	punctBefore, punctAfter := isPunct(before), isPunct(after)
	left := !unicode.IsSpace(after) && (!punctAfter || unicode.IsSpace(before) || punctBefore)
	right := !unicode.IsSpace(before) && (!punctBefore || unicode.IsSpace(after) || punctAfter)
	if line[from] == '_' {
		return left && (!right || punctBefore), right && (!left || punctAfter)
	}
	return left, right
}

func isPunct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
