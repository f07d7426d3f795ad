package lexicon

import (
	"strings"
	"testing"
)

// TestWordList finds every word of the list, which must be in order for that,
// and nothing that stands beside or between them.
func TestWordList(t *testing.T) {
	t.Parallel()
	list, err := englishList()
	if err != nil {
		t.Fatal(err)
	}
	before, n := "", 0
	for line := range strings.Lines(list.words) {
		word, ended := strings.CutSuffix(line, "\n")
		if !ended || word != strings.TrimSpace(word) || word <= before {
			t.Fatalf("line %d is %q, behind %q: a word a line, in order (scripts/wordlist)", n+1, line, before)
		}
		if !list.has(word) {
			t.Errorf("%q is not found", word)
		}
		for _, other := range []string{word + "\n", "\n" + word, word + "zq", word[:len(word)-1] + "\x00"} {
			if list.has(other) {
				t.Errorf("%q is found", other)
			}
		}
		before, n = word, n+1
	}
	if n < 100_000 {
		t.Errorf("the list has %d words", n)
	}
	for _, word := range []string{"", "\n", "a\nb", "Zzyzx", "\xff"} {
		if list.has(word) {
			t.Errorf("%q is found", word)
		}
	}
}
