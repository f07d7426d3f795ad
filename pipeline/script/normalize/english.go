package normalize

import (
	"strings"
	"unicode/utf8"
)

// english reads the signs of English. What differs between countries is the
// order of dates and the "and" of "one hundred and one".
type english struct {
	tag      string
	and      bool
	dayFirst bool

	ones, tens, scales []string
	ordinals           map[string]string
	months             map[string]int
	monthNames         []string
	lexical
}

// newEnglish makes the rules for a region: "us", "gb", "" …
func newEnglish(region string) *english {
	e := &english{
		tag: "en", ones: ones(), tens: tens(), scales: scales(), lexical: englishTables(),
		ordinals: table(`one first
			two second
			three third
			five fifth
			eight eighth
			nine ninth
			twelve twelfth`),
		months: map[string]int{},
		monthNames: strings.Fields("- January February March April May June July August September October November " +
			"December"),
	}
	for n, name := range e.monthNames {
		if n > 0 {
			e.months[strings.ToLower(name)] = n
			e.months[strings.ToLower(name[:3])] = n
		}
	}
	e.months["sept"] = 9
	if region != "" {
		e.tag += "-" + strings.ToUpper(region)
	}
	switch region {
	case "gb", "uk", "ie", "au", "nz", "in", "za", "150":
		e.and, e.dayFirst = true, true
	}
	return e
}

// Tag is the BCP 47 tag.
func (e *english) Tag() string { return e.tag }

// rule is one family of rules at a place.
type rule func(e *english, p Passage, i int) (Reading, bool)

// Read asks the families that can begin with the character at i; the first
// that knows the place decides, so that longer forms stand before shorter.
func (e *english) Read(p Passage, i int, mode Mode) (Reading, bool) {
	c := p.Text[i]
	if lower(c) {
		// Most words: no sign touches them, and no table has them.
		end := i + 1
		for end < len(p.Text) && lower(p.Text[end]) {
			end++
		}
		if follows := at(p.Text, end); follows == ' ' || follows == ',' || follows == '\n' || follows == 0 {
			if !e.plain[p.Text[i:end]] {
				return Reading{}, false
			}
		}
	}
	rules := e.wordRules
	switch {
	case digit(c):
		rules = e.digitRules
	case c < utf8.RuneSelf && !alpha(c), c >= utf8.RuneSelf && wordEnd(p.Text, i) == i:
		rules = e.signRules
	}
	for _, r := range rules {
		reading, ok := r(e, p, i)
		if !ok {
			continue
		}
		if mode == Light && !e.light[reading.Rule] {
			// The engine reads the whole of it, so no part may be read here.
			reading.Spoken = p.Text[i:reading.To]
		}
		if n := mark(p.Text, reading.To, "'s", "’s"); n > 0 && strings.HasSuffix(reading.Spoken, "s") && closed(p.Text, reading.To+n) && reading.Spoken != p.Text[i:reading.To] {
			reading.To, reading.Spoken = reading.To+n, reading.Spoken+"'" // "$5's worth": five dollars' worth
		}
		return reading, true
	}
	return Reading{}, false
}
