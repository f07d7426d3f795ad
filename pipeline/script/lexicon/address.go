package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a stretch of text in bytes.
type span struct{ from, to int }

// addresses finds what is no words: addresses of the web and of mail, handles
// and hashtags. They are said by rules of their own, or matched whole.
func addresses(s string) []span {
	if !strings.ContainsAny(s, "@#/.") {
		return nil
	}
	var out []span
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !inAddress(r) {
			i += n
			continue
		}
		to := i
		for to < len(s) {
			r, n := utf8.DecodeRuneInString(s[to:])
			if !inAddress(r) {
				break
			}
			to += n
		}
		end := i + len(strings.TrimRight(s[i:to], ".,;:!?'’*"))
		if isAddress(s[i:end]) {
			out = append(out, span{i, end})
		}
		i = to
	}
	return out
}

// inAddress says whether a character may stand in an address: the letters of
// scripts without spaces do not, as they would make one of a whole sentence.
func inAddress(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && strings.IndexByte(`<>"()[]{}|`, byte(r)) < 0
	}
	return !unicode.IsSpace(r) && !strings.ContainsRune("“”«»…—", r) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

func isAddress(s string) bool {
	if (s != "") && (s[0] == '@' || s[0] == '#') {
		return len(s) > 1
	}
	if strings.Contains(s, "://") || len(s) > 4 && strings.EqualFold(s[:4], "www.") {
		return true
	}
	if i := strings.IndexByte(s, '@'); i > 0 && i+1 < len(s) {
		return true
	}
	// A site's name with a path, or a path of more than one step.
	i := strings.IndexByte(s, '/')
	if i < 0 {
		return false
	}
	dot := strings.IndexByte(s[:i], '.')
	return dot > 0 && dot+1 < i || strings.Count(s, "/") > 1 && (i == 0 || s[0] == '~' || s[0] == '.')
}

// behind drops the spans that end before i.
func behind(spans []span, i int) []span {
	for len(spans) > 0 && spans[0].to <= i {
		spans = spans[1:]
	}
	return spans
}

// cuts says whether a stretch touches a span without covering it. The spans
// begin with the first that ends behind from.
func cuts(spans []span, from, to int) bool {
	for _, s := range spans {
		if s.from >= to {
			break
		}
		if from > s.from || to < s.to {
			return true
		}
	}
	return false
}
