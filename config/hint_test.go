package config

import "testing"

// What is wrong with the lines of a show's file is said of the line that it is wrong
// with, and what to do about it.
func TestHints(t *testing.T) {
	t.Parallel()
	const (
		notHere = "mapping value is not allowed in this context"
		column  = "the keys of a section begin in one column"
		deeper  = "this line is deeper than the key above it, and no part of its value: " + column
		quotes  = notHere + ": put a value that has a colon in it in quotes"
	)
	for text, want := range map[string]string{
		"show:\n  title: T\n  author: A\n   language: en\n":          "show.yaml:4:4: " + deeper,
		"show:\n  title: T\n    of it\n   author: A\n":               "show.yaml:4:4: " + deeper,
		"show:\n  title: Bread: the show\n":                          "show.yaml:2:10: " + quotes,
		"show: x: y\n":                                               "show.yaml:1:7: " + quotes,
		"show:\n  title: \"T\"\n   language: en\n":                   "show.yaml:3:4: value is not allowed in this context. map key-value is pre-defined: " + column,
		"show:\n  title: T\n endpoints: {}\n":                        "show.yaml:3:2: value is not allowed in this context: " + column,
		"show:\n  title: T\n  endpoints:\n    e: {preset: openai}\n": "show.yaml:3:3: unknown key endpoints; it belongs at the left edge, beside show",
		"sources: [{from: a, audio: {}}]\n":                          "show.yaml:1:21: unknown key audio; it belongs at the left edge, beside sources",
		"show: {loudness: -16}\n":                                    "show.yaml:1:8: unknown key loudness; it belongs under audio",
		"loudness: -16\n":                                            "show.yaml:1:1: unknown key loudness; it belongs under audio",
	} {
		from := show(t, map[string]string{"show.yaml": text})
		_, err := loadShow(from)
		if got := faultsOf(t, err, from.Dir); got != want {
			t.Errorf("%s%s, want %s", text, got, want)
		}
	}
}
