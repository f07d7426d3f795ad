package script

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mail and posts have ends of sentences that no stop marks, where a line ended
// when they were written: after an address, a rule, a smile, the date of a
// forwarded message. A capital has to show that something new begins.

// unmarked finds where sentences begin that no stop comes before, in order.
func unmarked(text string, m manner) []int {
	out := inlineItems(text)
	l := stretch{manner: m}
	for from, to := word(text, 0); from < to; {
		nextFrom, nextTo := word(text, to)
		if l.begins(text[from:to], text[nextFrom:nextTo]) {
			out = append(out, from)
			l = stretch{manner: m}
		}
		l.add(text[from:to])
		from, to = nextFrom, nextTo
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stretch is what stands between the last end of a sentence and a word.
type stretch struct {
	manner
	words  int    // how many there are
	last   string // the last of them
	aside  bool   // it is in one pair of brackets, as "(Our own report)"
	header bool   // every one is a name or an address, as "From: Jo Roe"
	stamp  stamp  // how much of a date and a time it ends with
}

type stamp int

const (
	noStamp stamp = iota
	hasDate
	hasTime
	hasHalf // "AM", "PM"
)

// add puts a word on the stretch; a stop at its end empties it.
func (l *stretch) add(w string) {
	if r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(w, `)]”’"'*_`)); strings.ContainsRune(".!?…", r) {
		*l = stretch{manner: l.manner}
		return
	}
	switch {
	case dated(w):
		l.stamp = hasDate
	case l.stamp == hasDate && clock().MatchString(w):
		l.stamp = hasTime
	case l.stamp == hasTime && (w == "AM" || w == "PM"):
		l.stamp = hasHalf
	default:
		l.stamp = noStamp
	}
	first := l.words == 0
	l.aside = first && strings.HasPrefix(w, "(") && !enumerator(w) || l.aside && !l.closed() && !strings.Contains(w, "(")
	l.header = (first || l.header) && l.words < mostNamed && (begun(w) || address(w))
	l.words, l.last = l.words+1, w
}

// closed says whether the line ends with a bracket.
func (l *stretch) closed() bool { return strings.HasSuffix(l.last, ")") }

// mostNamed is how many words the names before the date of a message are.
const mostNamed = 6

// begins says whether a sentence begins with the word w, before the word after.
func (l *stretch) begins(w, after string) bool {
	if l.words == 0 || len(w) > longestAddress {
		return false
	}
	switch {
	case ruled(l.last):
		return begun(w)
	case smile(l.last):
		return begun(w) || l.loose && amongst(subjects, w)
	case l.aside && l.closed():
		return follow(w).starter || l.english && l.words > 1 && begun(w)
	case address(l.last):
		// Where nouns have capitals, one shows little.
		return linked(w) || begun(w) && (l.english || follow(w).starter || strings.HasSuffix(w, ":"))
	case l.stamp >= hasTime && w != "AM" && w != "PM":
		return begun(w) && !zone(w)
	case l.header && dated(w) && clock().MatchString(after):
		return true
	}
	return false
}

// longestAddress is the length in bytes of what is looked at as an address.
const longestAddress = 2000

var (
	date  = compiled(`^\d{1,2}/\d{1,2}/(\d{2}|\d{4})$`)
	clock = compiled(`^\d{1,2}:\d{2}(:\d{2})?$`)
	faces = compiled(`^([:;=]['-]?[)(DPp|\]\[]+|[xX]D+|[(][-]?[:;=]|\^_*\^|<3)$`)
	mail  = compiled(`^[^@]*[\w.]@[\w-]+(\.[\w-]+)+[>)]?$`)
	web   = compiled(`^[<(\[]?(https?://|www\.)[^\s,;:]*[^\s,;:.!?]$`)
)

// address says whether a word is the address of a page or of a mailbox.
func address(w string) bool {
	return len(w) <= longestAddress && (linked(w) || strings.Contains(w, "@") && mail().MatchString(w))
}

// linked says whether a word is the address of a page.
func linked(w string) bool {
	return (strings.Contains(w, "://") || strings.Contains(w, "www.")) && web().MatchString(w)
}

// dated says whether a word is a date. Most words have no digit, and a pattern is slow.
func dated(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' && date().MatchString(w) }

// smile says whether a word is a face made of marks.
func smile(w string) bool {
	return w != "" && len(w) <= 8 && strings.IndexByte(":;=xX(^<", w[0]) >= 0 && faces().MatchString(w)
}

// ruled says whether a word is a rule: the line of marks that mail and plain
// text are divided with. Short ones are dashes and blanks to fill in.
func ruled(w string) bool {
	if len(w) < 4 || strings.Trim(w, w[:1]) != "" {
		return w == "***"
	}
	return strings.Contains("-=*~#", w[:1]) || w[0] == '_' && len(w) >= 10
}

// begun says whether a word begins with a capital, after quotes and brackets.
func begun(w string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "\"'“‘„«([*_"))
	return unicode.IsUpper(r)
}

var itemMark = compiled(`(?:^|\s)(\(?)(\d{1,2}|[a-z])(\.\)|\)|\.)\s+[\p{Lu}"“]`)

// inlineItems finds where the second and later items of a list inside running
// text begin: "1.) Wash 2.) Rinse". The first has to stand where a sentence
// begins, and the marks have to count up in one form.
func inlineItems(text string) []int {
	if !mayList(text) {
		return nil
	}
	var out []int
	open, end, want := "", "", 0
	for at := 0; at < len(text); {
		m := itemMark().FindStringSubmatchIndex(text[at:])
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

// mayList says whether a text may hold the mark of an item: a digit or a letter
// alone before a stop or a bracket. The pattern is slow, and few texts do.
func mayList(text string) bool {
	for i := 1; i < len(text); i++ {
		if text[i] != '.' && text[i] != ')' {
			continue
		}
		j := i - 1
		if text[j] >= '0' && text[j] <= '9' {
			for j > 0 && j > i-2 && text[j-1] >= '0' && text[j-1] <= '9' {
				j--
			}
		} else if text[j] < 'a' || text[j] > 'z' {
			continue
		}
		if j == 0 || text[j-1] == '(' || text[j-1] == ' ' || text[j-1] <= '\r' {
			return true
		}
	}
	return false
}

// counted says whether a text ends with a word that a number belongs to.
func counted(before string) bool {
	word := strings.ToLower(before[strings.LastIndexFunc(before, unicode.IsSpace)+1:])
	return strings.Contains(" section chapter part step figure table page number no. vol. type phase and or to in of is was by ", " "+word+" ")
}
