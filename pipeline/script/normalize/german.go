package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// german reads the signs of German where the words are sure. Words agree with
// their nouns in case and gender, which is not known here: "1 Haus" and "der
// 2." stay as they are written.
type german struct {
	tag string
	germanNumbers
	signNames             map[byte]string
	short, inner, numbers map[string]string
	units                 map[string]germanUnit
	money                 map[string]string
	scaled                map[string]string
	light                 map[string]bool
	digitRules, wordRules []germanRule
	signRules             []germanRule
}

// germanUnit is a unit in words.
type germanUnit struct {
	one, many string
	feminine  bool
}

// germanRule is one family of rules at a place.
type germanRule func(g *german, s string, i int) (Reading, bool)

// newGerman makes the rules for a region: "de", "at", "ch" …
func newGerman(region string) *german {
	g := &german{
		tag: "de", germanNumbers: newGermanNumbers(),
		signNames: map[byte]string{
			'.': "Punkt", '-': "Bindestrich", '_': "Unterstrich", '/': "Schrägstrich", '+': "plus", '&': "und", '@': "at", '~': "Tilde",
		},
		short: table(germanShortLines), inner: table(germanInnerLines), numbers: table(germanNumberLines), units: germanUnits(),
		money:  table("€ Euro\n$ Dollar\n£ Pfund\n¥ Yen\nEUR Euro\nEuro Euro\nUSD US-Dollar\nCHF Schweizer Franken\nFr. Franken\nGBP Pfund\nDM D-Mark"),
		scaled: table("Mio. Millionen\nMrd. Milliarden\nBio. Billionen\nMio Millionen\nMrd Milliarden\nMillionen Millionen\nMilliarden Milliarden"),
		light:  list("url mail range sign"),
	}
	if region != "" {
		g.tag += "-" + strings.ToUpper(region)
	}
	g.digitRules = []germanRule{
		(*german).link, (*german).date, (*german).clock, (*german).ordered, (*german).span, (*german).sum, (*german).measure, (*german).number,
	}
	g.wordRules = []germanRule{(*german).link, (*german).abbreviation, (*german).street, (*german).sumFirst}
	g.signRules = []germanRule{(*german).sumFirst, (*german).sign}
	return g
}

// Tag is the BCP 47 tag.
func (g *german) Tag() string { return g.tag }

// Read asks the families that can begin with the character at i.
func (g *german) Read(p Passage, i int, mode Mode) (Reading, bool) {
	s := p.Text
	rules := g.wordRules
	switch {
	case digit(s[i]):
		rules = g.digitRules
	case wordEnd(s, i) == i:
		rules = g.signRules
	}
	for _, rule := range rules {
		r, ok := rule(g, s, i)
		if !ok {
			continue
		}
		if mode == Light && !g.light[r.Rule] {
			r.Spoken = s[i:r.To]
		}
		return r, true
	}
	return Reading{}, false
}

// link reads addresses of pages and of mail.
func (g *german) link(s string, i int) (Reading, bool) {
	if !open(s, i) || at(s, i-1) == '@' {
		return Reading{}, false
	}
	if name, end, file, ok := link(s, i); ok && !file {
		return Reading{end, "Link zu " + g.symbols(name), "url"}, true
	}
	if local, domain, end, ok := mailbox(s, i); ok {
		return Reading{end, g.symbols(local) + " at " + g.symbols(domain), "mail"}, true
	}
	return Reading{}, false
}

// symbols says an address: its signs by name, its digits one by one.
func (g *german) symbols(s string) string {
	var words []string
	for i := 0; i < len(s); {
		j := i + 1
		switch name := g.signNames[s[i]]; {
		case digit(s[i]):
			j = digitsEnd(s, i)
			words = append(words, g.spell(s[i:j]))
		case name != "":
			words = append(words, name)
		default:
			for j < len(s) && !digit(s[j]) && g.signNames[s[j]] == "" {
				j++
			}
			words = append(words, s[i:j])
		}
		i = j
	}
	return strings.Join(words, " ")
}

// abbreviation reads "z. B.", "usw.", "Dr. Meier", "Nr. 5".
func (g *german) abbreviation(s string, i int) (Reading, bool) {
	if !open(s, i) || at(s, i-1) == '.' {
		return Reading{}, false
	}
	if said, to, ok := g.innerAt(s, i); ok {
		return Reading{to, said, "abbreviation"}, true
	}
	j := wordEnd(s, i)
	if at(s, j) != '.' || j-i > 8 {
		return Reading{}, false
	}
	word, next := s[i:j], j+1+space(s, j+1)
	if said, ok := g.numbers[word]; ok && digit(at(s, next)) {
		if next == j+1 {
			said += " "
		}
		return Reading{j + 1, said, "abbreviation"}, true
	}
	said, ok := g.short[word]
	if !ok || upper(word[0]) && g.titled(word) && (next == j+1 || !unicode.IsUpper(runeAt(s, next))) {
		return Reading{}, false
	}
	if g.titled(word) {
		return Reading{j + 1, said, "abbreviation"}, true
	}
	if next := j + 1; next < len(s) && word != "usw" && word != "etc" {
		return Reading{next, said, "abbreviation"}, true // nouns have capitals: no sentence begins
	}
	return Reading{stop(s, j), said, "abbreviation"}, true
}

// titled says whether a short form stands before a name.
func (g *german) titled(word string) bool {
	return word == "Dr" || word == "Prof" || word == "St" || word == "Hr" || word == "Fr"
}

// innerAt reads short forms of several letters: "z. B.", "z.B.", "v. Chr.".
func (g *german) innerAt(s string, i int) (said string, to int, ok bool) {
	var key strings.Builder
	for j := i; len(key.String()) < 6; {
		end := wordEnd(s, j)
		if end == j || end-j > 3 || at(s, end) != '.' {
			break
		}
		key.WriteString(s[j:end] + ".")
		if words, is := g.inner[key.String()]; is {
			said, to, ok = words, end+1, true
			if said == "vor Christus" || said == "nach Christus" {
				to = stop(s, end)
			}
		}
		j = end + 1
		j += space(s, j)
	}
	return said, to, ok
}

// street reads "Hauptstr. 5".
func (g *german) street(s string, i int) (Reading, bool) {
	j := wordEnd(s, i)
	if !open(s, i) || j-i < 6 || !strings.HasSuffix(s[i:j], "str") || at(s, j) != '.' || !unicode.IsUpper(runeAt(s, i)) {
		return Reading{}, false
	}
	return Reading{stop(s, j), s[i:j-1] + "raße", "address"}, true
}

// sign reads signs between numbers and before them.
func (g *german) sign(s string, i int) (Reading, bool) {
	r, n := utf8.DecodeRuneInString(s[i:])
	tight := digit(at(s, i+n)) && !wordRune(runeBefore(s, i))
	spaced := at(s, i-1) == ' ' && at(s, i+n) == ' '
	switch {
	case r == '&' && spaced:
		return Reading{i + n, "und", "sign"}, true
	case r == '§' && (digit(at(s, i+n)) || space(s, i+n) > 0 && digit(at(s, i+n+space(s, i+n)))):
		if i >= n && prefixed(s, i-n, "§") {
			return Reading{}, false
		}
		return Reading{i + n, "Paragraf", "sign"}, true
	case r == '§' && prefixed(s, i+n, "§"):
		return Reading{i + 2*n, "Paragrafen", "sign"}, true
	case (r == '−' || r == '-') && tight && (i == 0 || s[i-1] == ' ' || s[i-1] == '('):
		return Reading{i + n, "minus ", "sign"}, true
	case r == '+' && (tight && (i == 0 || s[i-1] == ' ') || spaced):
		return Reading{i + n, spacedGerman("plus", tight), "sign"}, true
	case r == '=' && spaced:
		return Reading{i + n, "gleich", "sign"}, true
	case r == '×' && spaced:
		return Reading{i + n, "mal", "sign"}, true
	}
	return Reading{}, false
}

func spacedGerman(word string, tight bool) string {
	if tight {
		return word + " "
	}
	return word
}
