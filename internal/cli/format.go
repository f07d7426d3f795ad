package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// clockTime is a length or a position as players show it: 0:07, 12:34, 1:02:03.
func clockTime(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// startTime is where a chapter begins, in whole seconds that have passed, as
// players show it.
func startTime(s podcast.Seconds) string { return clockTime(s.Duration().Truncate(time.Second)) }

// seconds is a short time, such as a pause or a wait: "0.25 s", "4 s".
func seconds(d time.Duration) string {
	return strconv.FormatFloat(math.Round(d.Seconds()*100)/100, 'f', -1, 64) + " s"
}

// number groups digits by thousands: 12,345.
func number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// money is an amount, to the cent or, where it is less, to the first figures
// that say something.
func money(amount float64, currency string) string {
	digits := 2
	if amount != 0 && math.Abs(amount) < 0.1 {
		digits = 4
	}
	s := strconv.FormatFloat(amount, 'f', digits, 64)
	if currency == "" {
		return s
	}
	return s + " " + currency
}

// cost is an amount, or that there is no price to count with.
func cost(amount float64, currency string, priced bool) string {
	switch {
	case priced && amount == 0:
		return "free"
	case priced:
		return money(amount, currency)
	case amount > 0:
		return "at least " + money(amount, currency) + " (not every endpoint has a price)"
	default:
		return "not priced"
	}
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// wrap breaks text at spaces into lines of at most columns cells, each after
// indent. A word that is longer than a line stands on its own.
func wrap(text, indent string, columns int) string {
	room := max(columns-cells(indent), 1)
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		n := cells(word)
		switch {
		case used == 0:
			b.WriteString(indent)
		case used+1+n > room:
			b.WriteString("\n" + indent)
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	if used > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// cells is how many columns of a terminal a text takes: two for East Asian
// wide characters (Unicode Standard Annex 11), one for others.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// clip shortens a text to columns cells, so that a live line never wraps.
func clip(s string, columns int) string {
	if cells(s) <= columns {
		return s
	}
	for cells(s) > max(columns-1, 0) && s != "" {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s + "…"
}

// paint colours text where colours may be shown.
type paint bool

func (p paint) sgr(code, s string) string {
	if !p || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) bold(s string) string   { return p.sgr("1", s) }
func (p paint) faint(s string) string  { return p.sgr("2", s) }
func (p paint) red(s string) string    { return p.sgr("31", s) }
func (p paint) green(s string) string  { return p.sgr("32", s) }
func (p paint) yellow(s string) string { return p.sgr("33", s) }
