package document

import (
	"strings"
	"testing"
)

// FuzzSqueezed holds the short way to the long one.
func FuzzSqueezed(f *testing.F) {
	for _, s := range []string{"", " ", "a bridge", " a  bridge ", "a\u00a0b", "a \u2003b", "a\nb", "trailing ", "\x85a\xffb ", "a\u0085b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := squeezed(s), strings.Join(strings.Fields(s), " "); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	})
}
