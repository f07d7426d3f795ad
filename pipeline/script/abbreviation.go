package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// next is what follows a stop.
type next struct {
	first   rune // its first character
	word    string
	upper   bool // begins with a capital, after quotes and brackets
	lower   bool
	digit   bool
	opens   bool // begins with a quote or a bracket
	plain   bool // a word of letters only
	dash    bool // begins with a dash and a space: a list, or a turn of dialogue
	brand   bool // a small letter before a capital, as in "iPhone"
	pronoun bool // "I" alone
	starter bool // a word that begins sentences more often than it is a name
}

func follow(text string) next {
	var w next
	w.first, _ = utf8.DecodeRuneInString(text)
	if r, n := utf8.DecodeRuneInString(text); strings.ContainsRune("-–—•*", r) && startsSpace(text[n:]) {
		w.dash = true
	}
	rest := strings.TrimLeftFunc(text, func(r rune) bool {
		return strings.ContainsRune("\"'“‘„«‹([{*_¿¡「『（【 \u00a0-–—•", r)
	})
	w.opens = len(rest) < len(text)
	end := strings.IndexFunc(rest, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
	if end < 0 {
		end = len(rest)
	}
	w.word = rest[:end]
	w.plain = w.word != "" && !w.opens
	r, n := utf8.DecodeRuneInString(rest)
	w.digit = unicode.IsDigit(r)
	w.lower = unicode.IsLower(r)
	w.upper = unicode.IsLetter(r) && !w.lower
	second, _ := utf8.DecodeRuneInString(rest[min(n, len(rest)):])
	w.brand = w.lower && unicode.IsUpper(second)
	w.pronoun = w.word == "I" || strings.HasPrefix(w.word, "I'") || strings.HasPrefix(w.word, "I’")
	low := strings.ToLower(w.word)
	if apostrophe := strings.IndexAny(low, "'’"); apostrophe > 0 {
		low = low[:apostrophe]
	}
	w.starter = w.upper && strings.Contains(starters, " "+low+" ")
	return w
}

// wordBefore is the word, with its inner stops, that ends at i.
func wordBefore(text string, from, i int) string {
	from = max(from, i-longestWord) // a longer one is none
	start := i
	for start > from {
		r, n := utf8.DecodeLastRuneInString(text[from:start])
		if unicode.IsSpace(r) || strings.ContainsRune("([{\"“‘«/,;:—–", r) {
			break
		}
		if before, _ := utf8.DecodeLastRuneInString(text[from : start-n]); r == '\'' && !unicode.IsLetter(before) {
			break // it opens a quotation; that of "don't" does not
		}
		start -= n
	}
	return text[start:i]
}

// fullStop decides about a single full stop with a space and no small letter
// after it: the word before tells whether it is an abbreviation's.
func fullStop(text string, from, i int, closed, newline bool, w next) bool {
	word := strings.Trim(wordBefore(text, from, i), "*_")
	low := strings.ToLower(strings.TrimLeft(word, "-"))
	key := " " + low + " "
	switch {
	case digits(low) && !newline && len(low) <= 2 && strings.Contains(beforeOrdinal, " "+strings.ToLower(wordBefore(text, from, len(strings.TrimRight(text[:i-len(word)], " "))))+" "):
		return false // "für den 2. Platz"
	case !closed && w.digit && lettered(word) && len(word) < i-from && text[i-len(word)-1] == '(':
		return false // "(est. 1990)"
	case closed && !strings.Contains(low, ".") && !strings.Contains(beforeName, key):
		return true
	case strings.Contains(beforeName, key):
		return low == "st" && w.starter // Mr. Smith; but: Main St. The
	case strings.Contains(beforeNumber, key) && len(word) <= mostAbbreviated:
		return !(w.digit || roman(w.word)) && (newline || w.starter || w.upper && !numbered(key))
	case strings.Contains(months, key):
		return w.upper
	case w.digit && strings.Contains(" str nr bd kap abb ", " "+low[strings.LastIndexAny(low, "-.")+1:]+" "):
		return false // "St.-Johann-Str. 14"
	case strings.Contains(low, "."):
		return dotted(low, newline, w)
	case utf8.RuneCountInString(word) == 1:
		return single(text, from, i, word, newline, w)
	case strings.Contains(midway, key):
		return newline && w.upper || w.starter
	case strings.Contains(atEnd, key):
		if low == "etc" {
			return w.upper || w.opens || w.plain && !w.digit && !w.lower
		}
		return w.upper && (newline || w.starter)
	case digits(word) && (enumerates(text, from, i) || strings.Contains(dayMonths, " "+w.word+" ")):
		return false // "1. First", "am 5. Mai"
	}
	return true
}

// beforeOrdinal are German words that a number with a stop follows as an
// ordinal, and hardly ever as the last word of a sentence.
const beforeOrdinal = " der die das den dem des am im zum zur beim vom ins jeder jede jedes jeden jedem ein eine einen einem einer sein seine seinen ihr ihre ihren "

// mostAbbreviated is the length of the longest abbreviation of a reference.
const mostAbbreviated = 5

// numbered are the references that are hardly ever words of their own.
func numbered(key string) bool { return strings.Contains(" pp vol vols fig figs eq eqs sec ch ", key) }

// dotted decides about abbreviations with stops inside: "U.S.", "a.m.", "e.g.".
func dotted(low string, newline bool, w next) bool {
	switch {
	case strings.Contains(" e.g i.e c.f p.s n.b ", " "+low+" "):
		return false
	case low == "a.m" || low == "p.m":
		return w.upper && !zone(w.word) || w.opens && !w.digit
	}
	for _, part := range strings.Split(low, ".") {
		if utf8.RuneCountInString(part) > 2 {
			return w.upper || w.digit || w.opens || newline // "example.com. It"
		}
	}
	return w.starter || newline && w.upper || w.opens && w.upper && w.starter
}

// single decides about one letter before the stop: an initial, as in
// "J. Smith", or a letter that ends a sentence, as in "vitamin C. It".
func single(text string, from, i int, word string, newline bool, w next) bool {
	r, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.IsDigit(r):
		return !enumerates(text, from, i) && !strings.Contains(dayMonths, " "+w.word+" ")
	case !unicode.IsLetter(r):
		return true
	case word == "I":
		return w.starter || newline // "so am I. The"
	case unicode.IsUpper(r):
		before := strings.TrimRightFunc(text[from:i-len(word)], unicode.IsSpace)
		// A capital letter after a small word is a name for something.
		last := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
		lower, _ := utf8.DecodeRuneInString(last)
		return w.starter && (unicode.IsLower(lower) || newline)
	case unicode.IsLower(r):
		return w.starter
	}
	return true // a letter without case: 「我。」
}

// enumerates says whether the number before a stop is a list's: it stands
// where the sentence begins.
func enumerates(text string, from, i int) bool {
	return i-from <= longestWord && strings.TrimSpace(strings.TrimLeft(text[from:i], "0123456789(")) == ""
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func lettered(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

func roman(s string) bool {
	return s != "" && s != "I" && strings.Trim(s, "IVXLC") == ""
}

// zone says whether a word behind a time belongs to it: its zone, or its day.
func zone(s string) bool {
	return strings.Contains(" EST EDT CST CDT MST MDT PST PDT GMT UTC CET BST ET CT PT Eastern Central Mountain Pacific Atlantic Greenwich"+
		" Monday Tuesday Wednesday Thursday Friday Saturday Sunday ", " "+s+" ")
}

// Words before a full stop, by what the stop means.
const (
	// a name comes next
	beforeName = " mr mrs ms mx messrs dr drs prof rev hon st ste sen rep gov gen col maj capt cmdr lt sgt cpl pvt adm pres supt" +
		" fr atty det insp mme mlle mgr msgr v mt ft "
	// a number comes next
	beforeNumber = " no nos p pp vol vols fig figs eq eqs sec ch art nr op cf al ver rs "
	dayMonths    = " Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember "
	months       = " jan feb mar apr jun jul aug sep sept oct nov dec "
	// more of the same sentence comes next, as a rule
	midway = " approx apt appt ave blvd bldg dept dist div ed eds est ext hwy inst min max misc mon tue tues wed thu thur thurs fri ru" +
		" rd ste tel temp trans univ vs viz ca circa cf incl excl resp gal oz lb lbs tbsp tsp sq hrs hr mins secs pls orig "
	// the sentence may end with it
	atEnd = " jr sr inc ltd co corp bros cos llc plc etc esq phd md ph.d al assn intl natl comm "
	// cut short, and known to plainWord alone
	cutShort = " sat sun govt assoc corps proc encl incl excl prob specs conf info intro exec exp ext ave bldg cont orig tech def diff config" +
		" ref refs para esp usu abbr illus transl trad anon auth biol chem comp eng geog hist lang lit math mus phil phys psych" +
		" sing plur masc fem neut subj obj adj adv prep conj pron syn ant resp max avg std env dir mgmt mgr acct amt bal qty req rec" +
		" bzw usw evtl ggf vgl inkl exkl zzgl etw jmd tel abs abt allg ehem entspr geb gest hrsg insb kath sog verh vorm zus "
	// words of two letters, which are seldom cut short
	shortWords = " it me us up so go on to do be he we by ok "
	// more of them, in the texts of people who write without capitals
	looseWords = " in is am no an at as of or my if tv pc dvd cd "
	// begin sentences even in a small letter, as what is spoken about
	subjects = " the they there this these those it it's its he he's she she's we you you're my your i i'm i've i'll i'd if what why how" +
		" does please thanks thank "
	// begin sentences
	starters = " the a an this that these those it he she we you they i there here his her their its our my your what when where" +
		" why how who which if but and or so then yet as at in on for from with by after before while although though because since" +
		" not no yes is are was were do does did have has had can could will would should may might must let all some many most" +
		" each every one another both few now today however therefore moreover meanwhile also still even once to of please thanks" +
		" neither either during within without until unless whether besides thus hence instead nevertheless furthermore" +
		" people nobody everyone everybody someone maybe perhaps just only "
)
