package document

import (
	"errors"
	"strings"
	"testing"
)

// Footnotes are read by goldmark, which looks through all of them for each mark: what
// would take minutes is refused.
func TestTooManyFootnotes(t *testing.T) {
	t.Parallel()
	const n = 8000
	notes := strings.Repeat("[^b]: c\n\n", n) + "[^z]: d\n"
	d, err := Read(t.Context(), "a.md", strings.NewReader("Word[^z].\n\n"+notes), Options{})
	if err != nil || !strings.Contains(dump(d), "{note z}") {
		t.Errorf("many: %v", err)
	}
	_, err = Read(t.Context(), "a.md", strings.NewReader(strings.Repeat("[^z] ", 3*n)+"\n\n"+notes), Options{})
	if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Error(), "too many footnotes") {
		t.Errorf("too many: %v", err)
	}
}

// A mark is one where a footnote has its label, letter by letter.
func TestFootnoteLabels(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("l", longestLabel-1)
	for label, want := range map[string]bool{"a": true, "a b": true, `a\]b`: true, "A": false, "": false, long: true, long + "ll": false} {
		text := "Word![^" + label + "].\n\n[^" + strings.ReplaceAll(label, "A", "a") + "]: Note.\n"
		d, err := Read(t.Context(), "a.md", strings.NewReader(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(dump(d), "{note "); got != want {
			t.Errorf("%.20q is a mark: %t, want %t\n%s", label, got, want, dump(d))
		}
	}
}
