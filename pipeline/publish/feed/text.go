package feed

import (
	"html"
	"strings"
	"unicode/utf8"
)

// clean is a text with what XML 1.0 cannot hold removed (section 2.2,
// production 2), and the control characters that it holds and nobody wants.
func clean(s string) string {
	ok := func(r rune) bool {
		switch {
		case r == '\t', r == '\n':
			return true
		case r < ' ', r >= 0x7F && r <= 0x9F, r == 0xFFFE, r == 0xFFFF:
			return false
		}
		return r != utf8.RuneError
	}
	s = strings.ToValidUTF8(s, "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !ok(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n")))
}

// oneLine is a clean text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// cut is a text that takes at most so many bytes once it is escaped for HTML,
// cut between words where it is longer.
func cut(s string, most int) string {
	if len(html.EscapeString(s)) <= most {
		return s
	}
	const mark = "…"
	at, size, word := 0, len(mark), 0
	for i, r := range s {
		if r == ' ' || r == '\n' {
			word = i
		}
		if size += len(html.EscapeString(string(r))); size > most {
			break
		}
		at = i + utf8.RuneLen(r)
	}
	if word > at*2/3 && word <= at {
		at = word
	}
	if at == 0 {
		return ""
	}
	return strings.TrimSpace(s[:at]) + mark
}

// cutBytes is a text of at most so many bytes as it stands.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const mark = "…"
	at := most - len(mark)
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	if word := strings.LastIndexAny(s[:at], " \n"); word > at*2/3 {
		at = word
	}
	return strings.TrimSpace(s[:at]) + mark
}
