package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForDocument(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": smallest})
	c, err := Load(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	got, words, err := c.ForDocument("post.md", 4, "  script:\n    elements: {footnote: end}\n    announcements: {quote: \"He said:\"}\n  roles: {heading: second}\n  lexicon: {Szilard: SIL-ard}\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.Script.Elements.Footnote != "end" || got.Script.Announcements["quote"] != "He said:" || got.Roles["heading"] != "second" || got.Roles["body"] != "narrator" || words["Szilard"] != "SIL-ard" {
		t.Errorf("%+v %v %v", got.Script, got.Roles, words)
	}
	if c.Script.Elements.Footnote != "sentence" || c.Script.Announcements != nil || len(c.Roles) != 2 {
		t.Errorf("the show changed: %+v %v", c.Script, c.Roles)
	}
	for text, want := range map[string]string{
		"  script:\n    elements: {footnote: middle}\n": `post.md:5:26: footnote: middle is none of sentence, paragraph, end, none`,
		"  endpoints: {}\n":                             `post.md:4:3: unknown key endpoints (known: audio, lexicon, roles, script)`,
		"  roles: {quote: nobody}\n":                    `post.md:4:18: quote: no voice nobody (known: narrator, second)`,
		"  script: {announcements: {qoute: a}}\n":       `post.md:4:35: qoute: a is not the text of an announcement: qoute is none: did you mean "quote"?`,
		"  script: {opening: \"${STUDIO_KEY}\"}\n":      `post.md:4:21: opening: ${STUDIO_KEY} has {STUDIO_KEY}: {title}, {author}, {date}, {site}, {show}, {book} are known`,
		"  audio: {pauses: {between: {quote: 1s}}}\n":   `post.md:4:37: quote: quote is no pair: write what ends and what begins, such as quote/paragraph, and * for whatever it is on one side`,
		"  audio: {loudness: -3}\n":                     `post.md:4:11: unknown key loudness (known: pauses)`,
	} {
		_, _, err := c.ForDocument("post.md", 4, text)
		if err == nil {
			t.Errorf("%q: no fault", text)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
