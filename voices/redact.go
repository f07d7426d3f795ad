package voices

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redactor takes an endpoint's secrets out of texts that others wrote:
// providers repeat a wrong key in their answer.
type redactor struct{ replace *strings.Replacer }

func newRedactor(e Endpoint) redactor {
	var pairs []string
	hide := func(secret string) {
		for _, s := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if s != "" {
				pairs = append(pairs, s, masked)
			}
		}
	}
	hide(e.usableKey())
	for _, v := range e.Headers {
		// A word of a header, such as Bearer or application/json, need not be
		// secret; one that is long may be.
		for _, word := range strings.Fields(v.Reveal()) {
			if len(word) >= 8 && !strings.Contains(word, "{{") {
				hide(word)
			}
		}
	}
	return redactor{strings.NewReplacer(pairs...)}
}

// usableKey is the key, or "" where the show says that there is none.
func (e Endpoint) usableKey() string {
	key := strings.TrimSpace(e.Key.Reveal())
	if strings.EqualFold(key, "none") {
		return ""
	}
	return key
}

// longestLine is how much of somebody else's text stands in an error, in bytes.
const longestLine = 300

// line is the text on one line, without secrets and control characters.
func (r redactor) line(s string) string {
	if len(s) > 1<<16 {
		s = s[:1<<16]
	}
	s = r.replace.Replace(strings.ToValidUTF8(s, string(utf8.RuneError)))
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c): // would steer a terminal, or turn the text round
			return -1
		}
		return c
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "") + "…"
	}
	return s
}
