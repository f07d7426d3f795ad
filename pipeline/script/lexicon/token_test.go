package lexicon

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// byUnicode splits as uniseg does; runs of white space are one.
func byUnicode(s string) []string {
	var out []string
	var word string
	state, rest := -1, s
	for rest != "" {
		word, rest, state = uniseg.FirstWordInString(rest, state)
		if n := len(out); n > 0 && strings.TrimSpace(word) == "" && strings.TrimSpace(out[n-1]) == "" {
			out[n-1] += word
			continue
		}
		out = append(out, word)
	}
	return out
}

func ours(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		to := next(s, i)
		out = append(out, s[i:to])
		i = to
	}
	return out
}

// The quick way through ASCII says the same as the splitter.
func TestTokensAreThoseOfUnicode(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"It can't be: 3.14, 1,000 or a.b; x_1 9a", "a:b a.1 1.a 1:2 'tis o'clock rock'n'roll it's.", "C++ .NET AT&T R&D #a @b a-b",
		"naïve Zoe\u0308's “word” a’b 東京 カタカナ", "don’t\tstop\r\nnow  then", "1;2 _a_ a__b", "x.\u0301y a\u00adb", "e.g. U.S.A.",
	} {
		if got, want := ours(s), byUnicode(s); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("It can't be: 3.14 naïve x_1")
	f.Add(strings.Repeat("ä", 200))
	f.Add("\xff\xfe é\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		all := ours(s)
		if strings.Join(all, "") != s {
			t.Fatalf("%q: %q", s, all)
		}
		for _, token := range all {
			if token == "" || len(token) > longestToken && strings.TrimSpace(token) != "" {
				t.Fatalf("%q: a token of %d bytes", s, len(token))
			}
		}
	})
}
