package normalize

import (
	"strings"
)

// number is a number as it is written.
type number struct {
	from, to int
	whole    string // its digits; may be empty, as in ".5"
	frac     string // the digits after the point
	grouped  bool   // "1,000"
}

func (n number) decimal() bool { return n.frac != "" }
func (n number) one() bool     { return n.whole == "1" && n.frac == "" }

// plain says whether the number is digits alone.
func (n number) plain() bool { return !n.grouped && !n.decimal() && n.whole != "" }

// value is the number's whole part, or -1 where it is too long to matter.
func (n number) value() int { return value(n.whole) }

func value(digits string) int {
	if digits == "" || len(digits) > 9 {
		return -1
	}
	v := 0
	for i := range len(digits) {
		v = v*10 + int(digits[i]-'0')
	}
	return v
}

// scanNumber reads the number at i: "12", "1,234.5", "12,50,000", "1 234" with
// thin or no-break spaces, ".5".
func scanNumber(s string, i int) (number, bool) {
	n := number{from: i}
	j := digitsEnd(s, i)
	if digits, to := indian(s, i); to > i {
		n.whole, n.grouped, j = digits, true, to
	} else if j > i {
		n.whole = s[i:j]
		if j-i <= 3 {
			sep := groupMark(s, j)
			if sep != "" {
				var b strings.Builder
				b.WriteString(n.whole)
				for groupMark(s, j) == sep {
					j += len(sep)
					b.WriteString(s[j : j+3])
					j += 3
					n.grouped = true
				}
				n.whole = b.String()
			}
		}
	}
	if at(s, j) == '.' && digit(at(s, j+1)) {
		k := digitsEnd(s, j+1)
		n.frac = s[j+1 : k]
		j = k
	}
	n.to = j
	return n, j > i
}

// groupMark is the mark at i that divides three digits from those before it.
func groupMark(s string, i int) string {
	var sep string
	switch {
	case at(s, i) == ',' || at(s, i) == '\'': // 1'000 is Swiss
		sep = s[i : i+1]
	case at(s, i) == ' ':
		if !prefixed(s, i, " 000") { // "3 500" may be two numbers, see numberAt
			return ""
		}
		sep = " "
	case i < len(s) && grouping(runeAt(s, i)):
		sep = string(runeAt(s, i))
	default:
		return ""
	}
	j := i + len(sep)
	if j+3 <= len(s) && digitsEnd(s, j) == j+3 && (sep != "'" || closed(s, j+3)) {
		return sep
	}
	return ""
}

// longest is how many digits are said as one number: the names go to
// vigintillion, 10^63 (Conway and Guy, The Book of Numbers, 1996).
const longest = 66

func ones() []string {
	return strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
		"seventeen eighteen nineteen")
}

func tens() []string {
	return strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
}

func scales() []string {
	return strings.Fields("- thousand million billion trillion quadrillion quintillion sextillion septillion octillion nonillion " +
		"decillion undecillion duodecillion tredecillion quattuordecillion quindecillion sexdecillion septendecillion " +
		"octodecillion novemdecillion vigintillion")
}

// cardinal says a whole number: "one hundred five", in British English "one
// hundred and five".
func (e *english) cardinal(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return e.ones[0]
	}
	if len(digits) > longest {
		return e.spell(digits)
	}
	var parts []string
	for len(digits) > 0 {
		n := (len(digits)-1)%3 + 1
		group := value(digits[:n])
		digits = digits[n:]
		if group == 0 {
			continue
		}
		last := len(digits) == 0
		words := e.hundreds(group, e.and && (group >= 100 || last && len(parts) > 0))
		if !last {
			words += " " + e.scales[len(digits)/3]
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, " ")
}

// hundreds says a number below a thousand.
func (e *english) hundreds(n int, and bool) string {
	small := n % 100
	if n < 100 {
		if and {
			return "and " + e.small(small)
		}
		return e.small(small)
	}
	words := e.ones[n/100] + " hundred"
	if small == 0 {
		return words
	}
	if and {
		words += " and"
	}
	return words + " " + e.small(small)
}

// small says a number below a hundred.
func (e *english) small(n int) string {
	if n < 20 {
		return e.ones[n]
	}
	if n%10 == 0 {
		return e.tens[n/10]
	}
	return e.tens[n/10] + "-" + e.ones[n%10]
}

// ordinal says the place in an order: "twenty-first".
func (e *english) ordinal(digits string) string { return e.ordinalOf(e.cardinal(digits)) }

func (e *english) ordinalOf(words string) string {
	cut := strings.LastIndexAny(words, " -") + 1
	head, last := words[:cut], words[cut:]
	if irregular, ok := e.ordinals[last]; ok {
		return head + irregular
	}
	if strings.HasSuffix(last, "y") {
		return head + strings.TrimSuffix(last, "y") + "ieth"
	}
	return head + last + "th"
}

// plural puts the last of some words into the plural: "nineteen eighties".
func (e *english) plural(words string) string {
	switch {
	case strings.HasSuffix(words, "y"):
		return words[:len(words)-1] + "ies"
	case strings.HasSuffix(words, "x") || strings.HasSuffix(words, "ch"):
		return words + "es"
	case strings.HasSuffix(words, "s"):
		return words
	}
	return words + "s"
}

// spell says digits one by one.
func (e *english) spell(digits string) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.ones[digits[i]-'0'])
	}
	return b.String()
}

// pairs says up to four digits as years, house numbers and models are said:
// "nineteen oh five", "twenty hundred", "four oh one".
func (e *english) pairs(digits string) string {
	n := value(digits)
	switch {
	case digits[0] == '0' || len(digits) > 4:
		return e.spell(digits)
	case len(digits) < 3:
		return e.small(n)
	case n%1000 == 0:
		return e.cardinal(digits)
	case n%100 == 0:
		return e.small(n/100) + " hundred"
	case n%100 < 10:
		return e.small(n/100) + " oh " + e.ones[n%10]
	}
	return e.small(n/100) + " " + e.small(n%100)
}

// year says a year.
func (e *english) year(digits string) string {
	n := value(digits)
	if len(digits) != 4 || n < 1000 {
		if len(digits) == 3 {
			return e.pairs(digits)
		}
		return e.cardinal(digits)
	}
	if n%1000 < 10 {
		return e.cardinal(digits) // two thousand six
	}
	return e.pairs(digits)
}

// say is a number in words.
func (e *english) say(n number) string {
	if n.whole == "" {
		return "zero point " + e.spell(n.frac)
	}
	var words string
	switch {
	case len(n.whole) > 1 && n.whole[0] == '0' && !n.grouped:
		words = e.spell(n.whole)
	case !n.grouped && len(n.whole) > mostCounted:
		words = e.spell(n.whole)
	default:
		words = e.cardinal(n.whole)
	}
	if n.decimal() {
		words += " point " + e.spell(n.frac)
	}
	return words
}

// mostCounted is how many digits without commas are a quantity. More are a
// code, and are said one by one.
const mostCounted = 9
