package script

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/growth"
)

// hostile are texts that ask a careless splitter to look back, or ahead, over
// and over.
var hostile = map[string]func(size int) string{
	"initials":  repeated("a.a.a.a."),
	"spaced":    repeated("a. "),
	"brackets":  repeated("((((("),
	"closed":    repeated("(a). "),
	"open":      repeated("a) . "),
	"marks":     repeated("! ? . "),
	"ellipses":  repeated(". . ."),
	"quotes":    repeated("\"'“”"),
	"numbers":   func(n int) string { return strings.Repeat("(", n/2) + strings.Repeat("1. Mai ", n/14) },
	"items":     repeated("1) A 2) B "),
	"addresses": repeated("a@b.c http://x.y Z "),
	"one word":  repeated("aaaaa"),
	"no end":    repeated("and so on, "),
	"spaces":    func(n int) string { return "a." + strings.Repeat(" ", n) + "b. c" },
	"rules":     repeated("---- "),
	"not utf-8": repeated("\xff. \xe2\x80"),
	"prose":     repeated("It was late, and Dr. Hale had gone home at 5 p.m. to the U.S. embassy. Why? Nobody knew. "),
}

func repeated(s string) func(int) string {
	return func(size int) string { return strings.Repeat(s, size/len(s)+1)[:size] }
}

// The time of finding sentences grows with the text, not with its square.
func TestSentencesOfHostileText(t *testing.T) {
	t.Parallel()
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			growth.Linear(t, 1<<14, func(size int) func() {
				text := text(size)
				return func() { whole(t, text) }
			})
		})
	}
}

// whole tells a test where the sentences of a text are not the text: between
// them stands white space alone, and none is empty.
func whole(t *testing.T, text string) {
	t.Helper()
	at, valid := 0, utf8.ValidString(text)
	space := func(from, to int) {
		if strings.TrimFunc(text[from:to], unicode.IsSpace) != "" {
			t.Fatalf("lost %.40q", text[from:to])
		}
	}
	for _, s := range sentences(text) {
		if s.from < at || s.to <= s.from || s.to > len(text) {
			t.Fatalf("a sentence from %d to %d after %d", s.from, s.to, at)
		}
		if valid && !utf8.ValidString(text[s.from:s.to]) {
			t.Fatalf("%q is not whole", text[s.from:s.to])
		}
		space(at, s.from)
		at = s.to
	}
	space(at, len(text))
}

func BenchmarkSentences(b *testing.B) {
	for name, text := range hostile {
		b.Run(name, func(b *testing.B) {
			text := text(5_000_000)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				sentences(text)
			}
		})
	}
}
