package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is read as an address: RFC 5321 section 4.5.3.1 allows 64 and
// 255 characters to the parts of an address of mail, RFC 1035 section 2.3.4
// 255 to a domain. Addresses of pages have no bound of their own.
const (
	mostLocal   = 64
	mostDomain  = 255
	mostAddress = 2048
	mostPath    = 40 // characters of a path that is read aloud
)

// electronic reads addresses of pages and of mail, file names, handles.
func (e *english) electronic(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !open(s, i) && !strings.HasSuffix(s[:i], "_") || at(s, i-1) == '@' {
		return Reading{}, false
	}
	if end, ok := disk(s, i); ok {
		return Reading{end, e.symbols(s[i:end]), "file"}, true
	}
	if r, ok := e.page(s, i); ok {
		return r, true
	}
	if r, ok := e.mail(s, i); ok {
		return r, true
	}
	if at(s, i-1) == '.' && i > 1 && wordRune(runeBefore(s, i-1)) {
		return Reading{}, false
	}
	if r, ok := e.domain(s, i); ok {
		return r, true
	}
	return e.identifier(s, i)
}

// page reads "https://…" and "www.…" as a link to the host.
func (e *english) page(s string, i int) (Reading, bool) {
	host := -1
	for _, scheme := range []string{"https://", "http://", "ftp://", "sftp://", "ssh://", "git://", "s3://", "ws://", "wss://", "www."} {
		if i+len(scheme) <= len(s) && strings.EqualFold(s[i:i+len(scheme)], scheme) {
			host = i + len(scheme)
			break
		}
	}
	file := false
	if host < 0 && i+7 <= len(s) && strings.EqualFold(s[i:i+7], "file://") {
		host, file = i+7, true
	}
	if host < 0 {
		return Reading{}, false
	}
	if !file && len(s) >= host+4 && strings.EqualFold(s[host:host+4], "www.") {
		host += 4
	}
	end := host
	depth := 0
	for end < len(s) && end-i < mostAddress && s[end] > ' ' && (s[end] < 0x7f || s[end] >= 0x80 && unicode.IsLetter(runeAt(s, start(s, end)))) && strings.IndexByte("<>\"`|\\^{}", s[end]) < 0 {
		if s[end] == '(' {
			depth++
		} else if s[end] == ')' {
			if depth--; depth < 0 {
				break
			}
		}
		end++
	}
	for end > host && strings.IndexByte(".,;:!?'*_]", s[end-1]) >= 0 {
		end--
	}
	if file {
		name := s[host:end]
		if slash := strings.LastIndexByte(strings.TrimSuffix(name, "/"), '/'); slash >= 0 {
			name = name[slash+1:]
		}
		return Reading{end, strings.TrimSpace("file " + e.symbols(name)), "url"}, end > host
	}
	if name, _, ok := strings.Cut(s[host:end], "/"); ok || name != "" {
		// A name and a password before the host are nobody's business.
		host += strings.LastIndexByte(name, '@') + 1
	}
	stopAt := host
	for stopAt < end && (alpha(s[stopAt]) || digit(s[stopAt]) || s[stopAt] >= 0x80 || s[stopAt] == '.' || s[stopAt] == '-') {
		stopAt++
	}
	name := strings.Trim(s[host:stopAt], ".-")
	if name == "" {
		return Reading{}, false
	}
	return Reading{end, "link to " + e.symbols(name), "url"}, true
}

// start is the beginning of the character that the byte at i belongs to.
func start(s string, i int) int {
	for k := i; k > i-utf8.UTFMax && k >= 0; k-- {
		if utf8.RuneStart(s[k]) {
			return k
		}
	}
	return i
}

// mail reads "name@example.com".
func (e *english) mail(s string, i int) (Reading, bool) {
	if len(s) >= i+7 && strings.EqualFold(s[i:i+7], "mailto:") {
		r, ok := e.mail(s, i+7)
		return r, ok
	}
	j := i
	for j < len(s) && j-i <= mostLocal && (alpha(s[j]) || digit(s[j]) || strings.IndexByte("._%+-&'", s[j]) >= 0) {
		j++
	}
	if at(s, j) != '@' || j == i {
		return Reading{}, false
	}
	end, dots := domainEnd(s, j+1)
	if end == j+1 || dots == 0 {
		return Reading{}, false
	}
	last := strings.LastIndexByte(s[j+1:end], '.') + j + 2
	if digit(s[last]) || end-last < 2 {
		return Reading{}, false
	}
	to, path := e.path(s, end)
	words := e.symbols(s[i:j]) + " at " + e.symbols(s[j+1:end])
	return Reading{to, words + path, "mail"}, true
}

// domainEnd is the end of labels divided by dots, and how many dots they have.
func domainEnd(s string, i int) (end, dots int) {
	j := i
	for j < len(s) && j-i <= mostDomain {
		c := s[j]
		switch {
		case alpha(c) || digit(c) || c == '_':
		case c == '-' && j > i && wordRune(runeAt(s, j+1)):
		case c == '.' && j > i && (alpha(at(s, j+1)) || digit(at(s, j+1))) && s[j-1] != '.':
			dots++
		default:
			return j, dots
		}
		j++
	}
	return j, dots
}

// path reads a short path after a domain: "/docs/intro".
func (e *english) path(s string, i int) (int, string) {
	if at(s, i) != '/' {
		return i, ""
	}
	end := i
	for end < len(s) && end-i < mostAddress && (alpha(s[end]) || digit(s[end]) || strings.IndexByte("/._-~%?=&#+:", s[end]) >= 0) {
		end++
	}
	for end > i && strings.IndexByte(".?:", s[end-1]) >= 0 {
		end--
	}
	written := s[i:end]
	if len(written) > mostPath || strings.ContainsAny(written, "?=%&#") {
		return end, ""
	}
	for k := 1; k < len(written); k++ {
		// Letters and digits in one word are a number of the site's own.
		if a, b := written[k-1], written[k]; digit(a) && alpha(b) || alpha(a) && digit(b) {
			return end, ""
		}
	}
	if written == "/" {
		return end, ""
	}
	return end, " " + e.symbols(strings.TrimSuffix(written, "/"))
}

// domain reads "example.com/docs" and file names: "main.go".
func (e *english) domain(s string, i int) (Reading, bool) {
	end, dots := domainEnd(s, i)
	if dots == 0 || end-i < 4 {
		return Reading{}, false
	}
	labels := strings.Split(s[i:end], ".")
	last := labels[len(labels)-1]
	known := e.endings[last] || e.endings[strings.ToLower(last)] && strings.ToUpper(last) == last
	file := e.files[last] || len(last) > 1 && e.files[strings.ToLower(last)] && strings.ToUpper(last) == last
	for n, label := range labels {
		if label == "" || len(label) < 2 && !(known || file) || digitsEnd(label, 0) == len(label) && !(n < len(labels)-1 && (known || file) && len(labels) > 1 && n == 0) {
			return Reading{}, false
		}
		// A capital after a stop is a sentence without its space.
		if n > 0 && upper(label[0]) && !known && !file {
			return Reading{}, false
		}
		if !known && !file && (wordEnd(label, 0) != len(label) || strings.ToLower(label) != label || e.words[label] || len(label) < 3 && n < len(labels)-1) {
			return Reading{}, false
		}
	}
	if !known && !file && (dots > 1 || e.words[labels[0]]) {
		return Reading{}, false
	}
	if !closed(s, end) || known && e.words[last] && !file && at(s, end) != '/' {
		return Reading{}, false // "pepper.no onions" lacks a space
	}
	to, path := end, ""
	if known {
		to, path = e.path(s, end)
	}
	if path == "" && to == end {
		var port string
		if port, to = e.port(s, end); port != "" {
			path = port
		}
	}
	rule := "domain"
	if file && !known || file && strings.Contains(s[i:end], "_") {
		rule = "file"
	}
	return Reading{to, e.symbols(s[i:end]) + path, rule}, true
}

// disk is the end of a path of Windows: "C:\Users\bob".
func disk(s string, i int) (int, bool) {
	if !upper(at(s, i)) || at(s, i+1) != ':' || at(s, i+2) != '\\' {
		return 0, false
	}
	j := i + 3
	for j < len(s) && j-i < mostDomain && (alpha(s[j]) || digit(s[j]) || strings.IndexByte(`\._-`, s[j]) >= 0) {
		j++
	}
	for s[j-1] == '.' {
		j--
	}
	return j, true
}

// port reads the number after a host: ":8080".
func (e *english) port(s string, i int) (words string, to int) {
	end := digitsEnd(s, i+1)
	if at(s, i) != ':' || end < i+3 || end > i+6 || !closed(s, end) {
		return "", i
	}
	return " colon " + e.spell(s[i+1:end]), end
}

// identifier reads names of programs' things: "max_value", "src/main".
func (e *english) identifier(s string, i int) (Reading, bool) {
	j, lows, letters := i, 0, false
	for j < len(s) && j-i < mostLocal && (alpha(s[j]) || digit(s[j]) || s[j] == '_') {
		if s[j] == '_' {
			lows++
		} else if alpha(s[j]) {
			letters = true
		}
		j++
	}
	if lows == 0 || !letters || s[j-1] == '_' || !closed(s, j) {
		return Reading{}, false
	}
	if lows > mostNamed {
		return Reading{j, strings.Join(strings.FieldsFunc(s[i:j], func(r rune) bool { return r == '_' }), " "), "identifier"}, true
	}
	return Reading{j, e.symbols(s[i:j]), "identifier"}, true
}

// mostNamed is how many signs of an identifier are said by name; more of them
// are only heard as the ends of words.
const mostNamed = 3

// symbols says an address: its words as they are, its digits one by one, its
// signs by name.
func (e *english) symbols(s string) string {
	var words []string
	for i := 0; i < len(s); {
		j := i
		switch {
		case digit(s[i]):
			j = digitsEnd(s, i)
			words = append(words, e.spell(s[i:j]))
		case alpha(s[i]) || s[i] >= 0x80:
			for j < len(s) && (alpha(s[j]) || s[j] >= 0x80) {
				j++
			}
			word := s[i:j]
			if said, ok := e.spelled[strings.ToLower(word)]; ok && (i > 0 && s[i-1] == '.') {
				word = said
			}
			words = append(words, word)
		default:
			j = i + 1
			for s[i] == '.' && at(s, j) == '.' {
				j++ // dots hide a part of the name
			}
			if name, ok := e.signNames[s[i]]; ok && j == i+1 {
				words = append(words, name)
			}
		}
		i = j
	}
	return strings.Join(words, " ")
}

// slashed reads words with a slash between them: "and/or", "he/she".
func (e *english) slashed(p Passage, i int) (Reading, bool) {
	s := p.Text
	end := wordEnd(s, i)
	if at(s, end) != '/' || !open(s, i) {
		return Reading{}, false
	}
	to := end + 1
	for to < len(s) && to-end < reach && alpha(s[to]) {
		to++
	}
	key := strings.ToLower(s[i:to])
	if s[i] == 'W' && s[i+1] == '/' && !(at(s, i+2) == ' ' || at(s, i+2) == 'o') {
		return Reading{}, false // watts
	}
	if end == i+1 && to == end+2 && upper(s[i]) && upper(s[end+1]) && closed(s, to) && at(s, to) != '/' {
		return Reading{to, s[i:end] + " " + s[end+1:to], "slash"}, true // "an A/B test"
	}
	if words, ok := e.idioms[key]; ok && closed(s, to) {
		return Reading{to, words, "slash"}, true
	}
	if words, ok := e.idioms[strings.ToLower(s[i:end+1])]; ok && (to == end+1 || s[end-1]|0x20 == 'w') {
		if to > end+1 && key != "w/o" {
			return Reading{end + 1, words + " ", "slash"}, true
		}
		return Reading{end + 1, words, "slash"}, to == end+1
	}
	return Reading{}, false
}
