package lexicon

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// pattern is a regular expression (RE2) and what is said for its matches.
type pattern struct {
	re    *regexp.Regexp
	say   string // as regexp.Regexp.Expand takes it
	scope scope
	place Place
}

// apply adds the pattern's edits to those there are, where it touches none.
func (p *pattern) apply(text string, f For, fixed []span, edits []Edit) []Edit {
	if !p.scope.holds(f) {
		return edits
	}
	matches := p.re.FindAllStringSubmatchIndex(text, -1)
	if len(matches) == 0 {
		return edits
	}
	out := make([]Edit, 0, len(edits)+len(matches))
	for _, m := range matches {
		from, to := m[0], m[1]
		for len(edits) > 0 && edits[0].To <= from {
			out, edits = append(out, edits[0]), edits[1:]
		}
		fixed = behind(fixed, from)
		if from == to || len(edits) > 0 && edits[0].From < to || cuts(fixed, from, to) {
			continue
		}
		say := string(p.re.ExpandString(nil, p.say, text, m))
		if len(say) > mostSay || strings.TrimSpace(say) == "" || !utf8.ValidString(text[from:to]) {
			continue
		}
		out = append(out, Edit{from, to, fit(text, from, to, say), "", Rule, p.place})
	}
	return append(out, edits...)
}

// reference is a group in what a pattern says: $1, $name, ${1}, ${name}.
var reference = regexp.MustCompile(`\$(\$|\w+|\{\w+\})?`)

// compile reads the regular expression, and checks that what is said names
// only groups that it has.
func (p *pattern) compile(match string) error {
	fault := func(format string, args ...any) error { return &Error{p.place, fmt.Sprintf(format, args...)} }
	p.say = strings.Join(strings.Fields(p.say), " ")
	switch {
	case match == "":
		return fault("a pattern without match")
	case p.say == "":
		return fault("the pattern %s is said as nothing: write say", shown(match))
	case len(match) > mostPattern || len(p.say) > mostSay:
		return fault("the pattern %s is longer than %d bytes, or what it says than %d", shown(match), mostPattern, mostSay)
	}
	var err error
	if p.re, err = regexp.Compile(match); err != nil {
		return fault("match is no regular expression (RE2): %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if p.re.MatchString("") {
		return fault("the pattern %s also matches nothing at all: let it ask for a character", shown(match))
	}
	for _, m := range reference.FindAllStringSubmatch(p.say, -1) {
		name := strings.Trim(m[1], "{}")
		number, notNumber := strconv.Atoi(name)
		switch {
		case name == "$":
		case name == "":
			return fault("say: $ alone says nothing: write $$ for the sign, $1 or ${name} for a group")
		case notNumber == nil && number <= p.re.NumSubexp(), notNumber != nil && p.re.SubexpIndex(name) > 0:
		default:
			return fault("say: %s names no group of %s; write ${1} before a letter or digit", m[0], shown(match))
		}
	}
	return p.scope.check(p.place)
}
