package normalize

import "strings"

// mostPath is how many characters of a path are read aloud.
const mostPath = 40

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
	name, end, file, ok := link(s, i)
	switch {
	case !ok:
		return Reading{}, false
	case file:
		return Reading{end, strings.TrimSpace("file " + e.symbols(name)), "url"}, true
	}
	return Reading{end, "link to " + e.symbols(name), "url"}, true
}

// mail reads "name@example.com".
func (e *english) mail(s string, i int) (Reading, bool) {
	local, domain, end, ok := mailbox(s, i)
	if !ok {
		return Reading{}, false
	}
	to, path := e.path(s, end)
	return Reading{to, e.symbols(local) + " at " + e.symbols(domain) + path, "mail"}, true
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
