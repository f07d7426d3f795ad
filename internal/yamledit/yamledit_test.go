package yamledit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/internal/yamledit"
)

func TestSet(t *testing.T) {
	for _, c := range []struct {
		name, src string
		path      []string
		value     any
		want      string
	}{
		{
			"a word behind the others", "version: 1\n\nwords:\n  # people\n  Szilard: SILL-ard\n\n# jargon\nknown: [qubit]\n",
			[]string{"words", "Noether"},
			"NUR-ter",
			"version: 1\n\nwords:\n  # people\n  Szilard: SILL-ard\n  Noether: NUR-ter\n\n# jargon\nknown: [qubit]\n",
		},
		{"another value, its neighbours as they were", "words:\n    A: 'x'   # why\n\n    B: y\n", []string{"words", "A"}, "z", "words:\n    A: z # why\n\n    B: y\n"},
		{"a value of several lines is replaced", "words:\n  A:\n    say: x\n    ipa: y\n  B: z\n", []string{"words", "A"}, "q", "words:\n  A: q\n  B: z\n"},
		{"a key with nothing below", "version: 1\nwords:\n", []string{"words", "A"}, "x", "version: 1\nwords:\n  A: x\n"},
		{"no such map", "version: 1\n", []string{"words", "A"}, "x", "version: 1\nwords:\n  A: x\n"},
		{"an empty file", "", []string{"words", "A"}, "x", "words:\n  A: x\n"},
		{"only a comment", "# nothing yet\n", []string{"a"}, "x", "# nothing yet\na: x\n"},
		{"no end of line", "a: 1", []string{"b"}, "x", "a: 1\nb: x\n"},
		{"a list", "version: 1\n", []string{"lexicon"}, []string{"a b.yaml", "c, d.yaml"}, "version: 1\nlexicon: [a b.yaml, \"c, d.yaml\"]\n"},
		{"a small map", "words:\n  A: x\n", []string{"words", "B"}, []yamledit.Pair{{"say", "B-ee"}, {"ipa", "biː"}}, "words:\n  A: x\n  B: {say: B-ee, ipa: biː}\n"},
		{"a comment behind the value", "roles:\n  body: alice  # the main one\n  quote: bob\n", []string{"roles", "body"}, "carol", "roles:\n  body: carol # the main one\n  quote: bob\n"},
		{"comments below a key", "words:\n  # Szilard: SILL-ard\n  # another\nknown: []\n", []string{"words", "A"}, "x", "words:\n  A: x\n  # Szilard: SILL-ard\n  # another\nknown: []\n"},
		{"a key that is a value, too", "roles: {body: quote, quote: bob}\n", []string{"roles", "quote"}, "carol", "roles: {body: quote, quote: carol}\n"},
		{"braces", "roles: {body: narrator, quote: 'the: other'} # who\nb: c\n", []string{"roles", "heading"}, "second", "roles: {body: narrator, quote: 'the: other', heading: second} # who\nb: c\n"},
		{"another value in braces", "roles: {body: narrator, quote: x}\n", []string{"roles", "body"}, "it's me", "roles: {body: it's me, quote: x}\n"},
		{"braces in braces", "tracks: {intro: {file: a.mp3}, bed: b}\n", []string{"tracks", "intro", "gain"}, yamledit.Plain("-3dB"), "tracks: {intro: {file: a.mp3, gain: -3dB}, bed: b}\n"},
		{"what has a meaning is quoted", "words:\n  A: x\n", []string{"words", "true"}, "a: b # c", "words:\n  A: x\n  \"true\": 'a: b # c'\n"},
		{"a literal in the way", "a: |\n  b: c\n\n  d\ne: f\n", []string{"a2"}, "x", "a: |\n  b: c\n\n  d\ne: f\na2: x\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := yamledit.Set([]byte(c.src), c.path, c.value)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestSetLeavesOtherShapesAlone(t *testing.T) {
	for name, src := range map[string]string{
		"two documents":     "words:\n  A: x\n---\nb: c\n",
		"an end mark":       "words:\n  A: x\n...\n",
		"braces over lines": "words: {A: x,\n  C: d}\n",
		"a list":            "words:\n  - A\n",
		"a scalar":          "words: A\n",
		"old line ends":     "words:\r  A: x\r",
		"a line separator":  "words:\n  A: 'x\u2028y'\n",
		"an alias":          "a: &x\n  b: c\nwords: *x\n",
	} {
		if got, err := yamledit.Set([]byte(src), []string{"words", "B"}, "y"); !errors.Is(err, yamledit.ErrShape) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzSet(f *testing.F) {
	f.Add("words:\n  A: x\n", "B", "y")
	f.Add("a: |\n  text\n# c\n", "a", "- ?")
	f.Fuzz(func(t *testing.T, src, key, value string) {
		if strings.ContainsRune(value, 0) || !utf8.ValidString(src) {
			return
		}
		got, err := yamledit.Set([]byte(src), []string{"words", key}, value)
		if err != nil {
			return
		}
		var m struct{ Words map[string]any }
		if err := yaml.Unmarshal(got, &m); err != nil {
			return // other values of words may be of any kind
		}
		if v, ok := m.Words[key]; ok && fmt.Sprint(v) != value {
			t.Errorf("%q became %q: %v", src, got, v)
		}
	})
}

func ExampleSet() {
	b, _ := yamledit.Set([]byte("# the show's words\nwords:\n  Szilard: SILL-ard\n"), []string{"words", "Noether"}, "NUR-ter")
	fmt.Print(string(b))
	// Output:
	// # the show's words
	// words:
	//   Szilard: SILL-ard
	//   Noether: NUR-ter
}

func TestRemove(t *testing.T) {
	const src = "version: 1\nwords:\n  # people\n  A: x\n  B:\n    say: y\n    ipa: z\n\n  # towns\n  C: w\nknown: []\n"
	for key, want := range map[string]string{
		"A": "version: 1\nwords:\n  # people\n  B:\n    say: y\n    ipa: z\n\n  # towns\n  C: w\nknown: []\n",
		"B": "version: 1\nwords:\n  # people\n  A: x\n\n  # towns\n  C: w\nknown: []\n",
		"C": "version: 1\nwords:\n  # people\n  A: x\n  B:\n    say: y\n    ipa: z\n\n  # towns\nknown: []\n",
		"D": src,
	} {
		got, err := yamledit.Remove([]byte(src), []string{"words", key})
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", key, err, got)
		}
	}
	if _, err := yamledit.Remove([]byte("words: {A: x}\n"), []string{"words", "A"}); !errors.Is(err, yamledit.ErrShape) {
		t.Error(err)
	}
}

// What is written can be changed again.
func TestSetTwice(t *testing.T) {
	for _, value := range []string{"a\u2028b", "a\u2029b", "a\u0085b", "a\rb", "a\nb", "a\r\nb", "\u2028", "ä: \u2029#"} {
		src, err := yamledit.Set([]byte("words:\n  A: x\n"), []string{"words", "B"}, value)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := yamledit.Get(src, []string{"words", "B"}); got != value {
			t.Errorf("%q became %q: %q", value, got, src)
		}
		if src, err = yamledit.Set(src, []string{"words", "A"}, "y"); err != nil {
			t.Errorf("%q: %v\n%q", value, err, src)
		}
	}
}
