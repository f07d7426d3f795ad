package normalize

import "strings"

// decadeAt reads "1980s", "1980's", "80s" at i.
func (e *english) decadeAt(s string, i int) (words string, to int, ok bool) {
	j := digitsEnd(s, i)
	if n := j - i; n != 2 && n != 4 || s[j-1] != '0' {
		return "", 0, false
	}
	k := j + mark(s, j, "'", "’")
	if at(s, k) != 's' || !closed(s, k+1) {
		return "", 0, false
	}
	digits := s[i:j]
	switch {
	case len(digits) == 2:
		if digits == "00" {
			return "two thousands", k + 1, true
		}
		words = e.plural(e.small(value(digits)))
	case digits[0] == '0':
		return "", 0, false
	default:
		words = e.plural(e.year(digits))
	}
	return words, k + 1, true
}

// decade reads decades: "the 1990s", "'80s".
func (e *english) decade(p Passage, i int) (Reading, bool) {
	s := p.Text
	j := i + mark(s, i, "'", "’", "‘")
	if !open(s, i) || !digit(at(s, j)) {
		return Reading{}, false
	}
	if words, to, ok := e.decadeAt(s, j); ok {
		return Reading{to, words, "decade"}, true
	}
	if j > i && digitsEnd(s, j) == j+2 && closed(s, j+2) && !strings.HasSuffix(s[:i], " ") == (i == 0) && !quoteCloses(s, j+2) {
		// "the class of '98"
		words := e.cardinal(s[j : j+2])
		if s[j] == '0' {
			words = "oh " + words
		}
		return Reading{j + 2, words, "year"}, true
	}
	return Reading{}, false
}

// quoteCloses says whether a single quote follows: the one before the digits
// was an opening quote.
func quoteCloses(s string, i int) bool { return mark(s, i, "'", "’") > 0 }

// era reads years with their era: "340 A.D.", "44 BC".
func (e *english) era(p Passage, i int) (Reading, bool) { return e.eraUntil(p.Text, i, true) }

// eraUntil reads a year with its era and, where it is the first of two, the
// other.
func (e *english) eraUntil(s string, i int, two bool) (Reading, bool) {
	if !open(s, i) {
		return Reading{}, false
	}
	n, ok := scanNumber(s, i)
	if !ok || n.decimal() || n.value() < 0 || len(n.whole) > 4 {
		return Reading{}, false
	}
	words := e.eraYear(n)
	j := n.to
	if sep, gap := e.between(s, j); sep {
		if m, ok := scanNumber(s, j+gap); ok && digit(s[j+gap]) && !m.decimal() && m.value() >= 0 && len(m.whole) <= 4 {
			words, j = words+" to "+e.eraYear(m), m.to
		}
	}
	gap := space(s, j)
	if gap == 0 {
		return Reading{}, false
	}
	j += gap
	for _, name := range []string{"A.D", "B.C.E", "B.C", "C.E", "BCE", "BC", "AD", "CE"} {
		if !prefixed(s, j, name) {
			continue
		}
		end := j + len(name)
		if strings.Contains(name, ".") {
			if at(s, end) == '.' {
				end = stop(s, end)
			}
		} else if !closed(s, end) {
			continue
		}
		words += " " + strings.ReplaceAll(name, ".", "")
		if sep, gap := e.between(s, end); sep && two {
			// "500 BC – AD 200", "27 BC – 14 AD"
			k := end + gap
			lead := mark(s, k, "AD ")
			if m, ok := scanNumber(s, k+lead); ok && digit(s[k+lead]) && lead > 0 && m.plain() && len(m.whole) <= 4 {
				return Reading{m.to, words + " to AD " + e.eraYear(m), "range"}, true
			}
			if r, ok := e.eraUntil(s, k, false); ok && digit(at(s, k)) {
				return Reading{r.To, words + " to " + r.Spoken, "range"}, true
			}
		}
		return Reading{end, words, "year"}, true
	}
	return Reading{}, false
}

func (e *english) eraYear(n number) string {
	if n.grouped || len(n.whole) < 3 {
		return e.cardinal(n.whole)
	}
	return e.year(n.whole)
}

// counted says whether a word is a plural noun, so that the number before it
// counts something.
func (e *english) counted(word string) bool {
	if word == "" || !lower(word[0]) {
		return false
	}
	switch word {
	case "people", "men", "women", "children", "percent", "feet", "mice", "fish", "sheep", "cattle", "million", "billion", "trillion",
		"thousand", "hundred", "dozen":
		return true
	}
	return len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "'s") &&
		!e.words[word]
}

// bare reads numbers that nothing else explains: years where they look like
// years, amounts otherwise.
func (e *english) bare(p Passage, i int) (Reading, bool) {
	s := p.Text
	n, ok := e.numberAt(s, i)
	if !ok {
		return Reading{}, false
	}
	if n.whole == "" {
		return Reading{n.to, "point " + e.spell(n.frac), "decimal"}, true
	}
	if r, ok := e.series(s, n); ok {
		return r, true
	}
	if at(s, n.to) == '/' && at(s, n.to+1) == ' ' && upper(at(s, n.to+2)) && n.plain() && len(n.whole) < 3 && (i == 0 || s[i-1] == '\n') {
		return Reading{n.to + 1, e.say(n) + ".", "cardinal"}, true // the first, the second … of a thread
	}
	if end, ok := suffix(s, n.to, n.whole); ok && !n.decimal() && (n.whole[0] != '0' || n.whole == "0") {
		words := e.ordinal(n.whole)
		if sep, gap := e.between(s, end); sep {
			j := digitsEnd(s, end+gap)
			if to, ok := suffix(s, j, "0"+s[end+gap:j]); ok && j > end+gap && value(s[end+gap:j]) > n.value() {
				return Reading{to, words + " to " + e.ordinal(s[end+gap:j]), "range"}, true
			}
		}
		return Reading{end, words, "ordinal"}, true
	}
	if prefixed(s, n.to, "ths") && closed(s, n.to+3) && !n.decimal() {
		return Reading{n.to + 3, e.plural(e.ordinal(n.whole)), "ordinal"}, true
	}
	if prefixed(s, n.to, "er") && n.plain() {
		if to := n.to + 2 + mark(s, n.to+2, "s"); closed(s, to) {
			return Reading{to, strings.TrimSuffix(e.say(n), "e") + s[n.to:to], "plural"}, true // "the 49ers"
		}
	}
	if words, to, ok := e.roundPlural(s, n); ok && prefixed(s, to, " of") {
		return Reading{to, words, "plural"}, true
	}
	if !n.decimal() {
		if to, ok := plural(s, n.to); ok {
			return Reading{to, e.plural(e.name(n)), "plural"}, true
		}
	}
	if at(s, n.to) == '!' && n.plain() && e.equation(s, n.to+1, n.to+1) {
		return Reading{n.to + 1, e.say(n) + " factorial", "cardinal"}, true
	}
	switch {
	case n.decimal() && at(s, n.to) == '.' && digit(at(s, n.to+1)):
		return e.dotted(s, i)
	case n.decimal() && e.versioned[before(s, i)] && len(n.frac) < 4 && n.frac[0] != '0':
		return Reading{n.to, e.cardinal(n.whole) + " point " + e.cardinal(n.frac), "version"}, true
	case n.decimal():
		return Reading{n.to, e.say(n), "decimal"}, true
	case n.plain() && len(n.whole) > 2 && e.isCode(s, i, n):
		return Reading{n.to, e.spell(n.whole), "digits"}, true
	case n.plain() && len(n.whole) == 5 && e.postal(s, i):
		return Reading{n.to, e.spell(n.whole), "address"}, true
	case n.plain() && len(n.whole) == 4 && n.value()%1000 > 0 && n.whole[0] != '0' && capitals(before(s, i)):
		return Reading{n.to, e.pairs(n.whole), "model"}, true
	case n.plain() && e.isYear(s, i, n):
		return Reading{n.to, e.year(n.whole), "year"}, true
	case n.plain() && len(n.whole) == 4 && e.modelled[before(s, i)]:
		return Reading{n.to, e.pairs(n.whole), "model"}, true
	case n.plain() && len(n.whole) == 3 && n.whole[0] == '7' && n.whole[2] == '7' && n.whole[1] != '0' && (prefixed(s, n.to, " MAX") || prefixed(s, n.to, " jet") || at(s, n.to) == '-' && digit(at(s, n.to+1))):
		return Reading{n.to, e.pairs(n.whole), "model"}, true // Boeing's
	case n.plain() && len(n.whole) == 3 && n.whole[0] != '0' && s[i-b2i(i > 0)] == ' ' && capitals(before(s, i)) && !e.countedNext(s, n.to) && n.whole[1:] != "00":
		return Reading{n.to, e.pairs(n.whole), "model"}, true
	case n.plain() && len(n.whole) == 3 && n.whole[1:] == "11" && e.emergency(s, n.to):
		return Reading{n.to, e.spell(n.whole), "telephone"}, true
	case n.plain() && len(n.whole) == 3 && n.whole[0] != '0' && (e.modelled[before(s, i)] || at(s, i-1) == '-' && alpha(at(s, i-2))):
		return Reading{n.to, e.pairs(n.whole), "model"}, true
	}
	return Reading{n.to, e.say(n), "cardinal"}, true
}

func (e *english) countedNext(s string, i int) bool {
	next, _, _ := after(s, i)
	return e.counted(next)
}

// emergency says whether what follows a number of three digits is a call.
func (e *english) emergency(s string, to int) bool {
	next, _, _ := after(s, to)
	switch strings.ToLower(next) {
	case "call", "calls", "caller", "callers", "operator", "operators", "dispatcher", "dispatchers", "hotline":
		return true
	}
	return false
}

// roundPlural reads "100s" and "1,000s": hundreds, thousands.
func (e *english) roundPlural(s string, n number) (words string, to int, ok bool) {
	if n.decimal() || n.whole == "" || at(s, n.to) != 's' || !closed(s, n.to+1) {
		return "", 0, false
	}
	name := map[string]string{
		"10": "tens", "100": "hundreds", "1000": "thousands", "10000": "tens of thousands", "100000": "hundreds of thousands",
		"1000000": "millions",
	}[n.whole]
	return name, n.to + 1, name != ""
}

// capitals says whether a word is a short run of capitals: "RTX 4090".
func capitals(word string) bool {
	return len(word) > 1 && len(word) < 6 && strings.ToUpper(word) == word && strings.IndexByte(word, '\'') < 0
}

// isCode says whether a number is a code, which is said digit by digit: the
// words before it say so, or it is a long part of a longer code.
func (e *english) isCode(s string, i int, n number) bool {
	prev := strings.ToLower(before(s, i))
	if e.coded[prev] {
		return true
	}
	if prev == "in" || prev == "with" {
		switch head := strings.ToLower(before(s, i-1-len(prev))); head {
		case "ending", "ends":
			return true
		case "starting", "beginning":
			return prev == "with" || !e.isYear(s, i, n)
		}
	}
	if len(n.whole) < 5 {
		return false
	}
	c := at(s, i-1)
	return (c == '-' || c == '/' || c == '_') && wordRune(runeBefore(s, i-1)) || e.dashed(s, n.to) && alpha(at(s, n.to+1))
}

// name is a number in the plural's stem: "the 747s", "the 1100s".
func (e *english) name(n number) string {
	if n.plain() && len(n.whole) >= 3 && len(n.whole) <= 4 {
		return e.pairs(n.whole)
	}
	return e.say(n)
}

// plural is the end of the "s" of a number: "747s". What stands after an
// apostrophe is left as it is: "2016's best".
func plural(s string, i int) (int, bool) {
	if at(s, i) == 's' && closed(s, i+1) && (digit(at(s, i-2)) || at(s, i-2) == '-' && alpha(at(s, i-3)) || many(before(s, i-1))) {
		return i + 1, true
	}
	return i, false
}

// many says whether a word before digits makes their "s" a plural: "two 5s".
func many(word string) bool {
	switch word {
	case "the", "two", "three", "four", "these", "those", "both", "all", "of", "rolled":
		return true
	}
	return false
}

// isYear says whether four digits are a year.
func (e *english) isYear(s string, i int, n number) bool {
	if len(n.whole) != 4 || n.whole[0] == '0' {
		return false
	}
	y := n.value()
	prev := strings.ToLower(before(s, i))
	if e.dating[prev] && y < 2200 {
		next, _, _ := after(s, n.to)
		return prev != "of" && prev != "by" && prev != "about" && prev != "around" && prev != "the" && prev != "from" || !e.counted(next) || y >= 1700 && y < 2100 && prev == "the"
	}
	if y < 1100 || y >= 2100 {
		return false
	}
	if digit(at(s, i-1)) || at(s, i-1) == ',' && digit(at(s, i-2)) || strings.HasSuffix(s[:i], "= ") {
		return false
	}
	next, _, _ := after(s, n.to)
	return !e.counted(next)
}

// postal says whether five digits are the code after a state.
func (e *english) postal(s string, i int) bool {
	prev := before(s, i)
	if e.states[prev] != "" || e.stateNames[prev] {
		return true
	}
	if strings.HasSuffix(s[:i], "D.C. ") {
		return true
	}
	j := i
	for j > 0 && s[j-1] == ' ' {
		j--
	}
	return j > 0 && s[j-1] == ',' && e.states[before(s, j-1)] != ""
}

// dotted reads versions, sections and addresses of the internet: "1.2.3",
// "192.168.0.1".
func (e *english) dotted(s string, i int) (Reading, bool) {
	var parts []string
	j, count := i, 0
	address := true
	for {
		end := digitsEnd(s, j)
		count++
		address = address && end-j <= 3
		parts = append(parts, s[j:end])
		if at(s, end) != '.' || !digit(at(s, end+1)) || count > 8 {
			j = end
			break
		}
		j = end + 1
	}
	if count < 3 {
		return Reading{}, false
	}
	address = address && count == 4
	sep := " point "
	if address {
		sep = " dot "
	}
	for k, part := range parts {
		if address || len(part) > 1 && part[0] == '0' {
			parts[k] = e.spell(part)
		} else {
			parts[k] = e.say(number{whole: part})
		}
	}
	if address {
		if port, to := e.port(s, j); port != "" {
			return Reading{to, strings.Join(parts, sep) + port, "address"}, true
		}
	}
	rule := "version"
	if address {
		rule = "address"
	}
	return Reading{j, strings.Join(parts, sep), rule}, true
}

// series reads the versions that "1.x" and "1.2.x" stand for.
func (e *english) series(s string, n number) (Reading, bool) {
	if at(s, n.to) != '.' || at(s, n.to+1) != 'x' || !closed(s, n.to+2) || n.grouped || len(n.whole) > 2 {
		return Reading{}, false
	}
	words := e.cardinal(n.whole)
	if n.decimal() {
		words += " point " + e.cardinal(n.frac)
	}
	return Reading{n.to + 2, words + " point x", "version"}, true
}

// version reads "v1.2" and "1.2.3".
func (e *english) version(p Passage, i int) (Reading, bool) {
	s := p.Text
	if digit(s[i]) {
		if !open(s, i) || at(s, i-1) == '.' {
			return Reading{}, false
		}
		return e.dotted(s, i)
	}
	if (s[i] != 'v' && s[i] != 'V') || !digit(at(s, i+1)) || !open(s, i) {
		return Reading{}, false
	}
	if r, ok := e.dotted(s, i+1); ok {
		return Reading{r.To, "version " + r.Spoken, "version"}, true
	}
	n, ok := scanNumber(s, i+1)
	if r, is := e.series(s, n); ok && is {
		return Reading{r.To, "version " + r.Spoken, "version"}, true
	}
	if !ok || !n.decimal() && s[i] == 'V' || !closed(s, n.to) {
		return Reading{}, false
	}
	return Reading{n.to, "version " + e.say(n), "version"}, true
}
