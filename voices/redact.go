package voices

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redactor takes an endpoint's secrets out of texts that others wrote:
// providers repeat a wrong key in their answer.
type redactor struct{ replace *strings.Replacer }

func newRedactor(e Endpoint) redactor {
	var secrets []string
	hide := func(secret string) {
		if len(secret) < shortestSecret || strings.Contains(secret, "{{") {
			return
		}
		secrets = append(secrets, secret, url.QueryEscape(secret), url.PathEscape(secret))
	}
	hide(e.usableKey())
	if e.Transport == "polly" {
		for _, part := range strings.Split(e.usableKey(), ":") {
			hide(part)
		}
	}
	for _, v := range e.Auth.Headers {
		hide(strings.TrimSpace(v.Reveal()))
	}
	for name, v := range e.Headers {
		if slices.Contains(openHeaders[:], http.CanonicalHeaderKey(name)) {
			continue
		}
		hide(strings.TrimSpace(v.Reveal()))
		for _, word := range strings.Fields(v.Reveal()) {
			if !slices.Contains(schemes[:], strings.ToLower(word)) {
				hide(word)
			}
		}
	}
	for _, v := range e.Hidden {
		hide(strings.TrimSpace(v.Reveal()))
	}
	// A key may have come into the address from the environment. Few names
	// have digits and this length.
	var parts []string
	if u, err := url.Parse(placeholderless(e.URL)); err == nil {
		parts = strings.Split(u.Path, "/")
	}
	for _, v := range e.Query {
		if s, ok := v.(string); ok {
			parts = append(parts, s)
		}
	}
	for _, v := range e.Auth.Body {
		if s, ok := v.(string); ok {
			parts = append(parts, s)
		}
	}
	for _, part := range parts {
		if len(part) >= 8 && strings.ContainsAny(part, "0123456789") {
			hide(part)
		}
	}
	// The longest first: one may begin with another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, masked)
	}
	return redactor{strings.NewReplacer(pairs...)}
}

// shortestSecret is the least length that is masked, in bytes: a shorter one
// would be found in every other word.
const shortestSecret = 4

// openHeaders say nothing that is secret, in words that errors need.
var openHeaders = [...]string{"Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "User-Agent"}

// schemes of Authorization headers, which stand before the secret.
var schemes = [...]string{"bearer", "basic", "token", "key", "api-key"}

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
	s = r.replace.Replace(oneLine(s)) // what is taken out may have split one
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "") + "…"
	}
	return s
}

// oneLine is the text with one space for all white space, and without what
// steers a terminal.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c): // would steer a terminal, or turn the text round
			return -1
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
