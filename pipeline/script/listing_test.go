package script_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/script"
)

// What a text says of its place in the feed comes through its plan as it was.
func TestListing(t *testing.T) {
	t.Parallel()
	const text = "---\ntitle: T\nseason: 2\nepisode: first\nepisode_type: Bonus\nexplicit: no\ntags: [sea, \"a: b\"]\n" +
		"persons: [Ann, {name: \"Bo: B\", role: guest, href: 'https://bo.example', img: 'file:///x'}, {role: host}]\n---\nWords.\n"
	doc, err := document.Read(t.Context(), "a.md", strings.NewReader(text), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range doc.Findings {
		found = append(found, f.String())
	}
	want := []string{
		`a.md:4:10: episode: "first" is no number from 1 and is left out`,
		`a.md:8:10: persons: img of "Bo: B" is no address on the web and is left out`,
		"a.md:8:10: persons: somebody without a name is left out",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	sc, _, err := script.Plan(doc, script.Brief{Options: script.Defaults()})
	if err != nil {
		t.Fatal(err)
	}
	no := false
	listing := podcast.Listing{
		Season: 2, Type: "bonus", Explicit: &no, Keywords: []string{"sea", "a: b"},
		Persons: []podcast.Person{{Name: "Ann"}, {Name: "Bo: B", Role: "guest", Link: "https://bo.example"}},
	}
	for _, format := range []string{script.YAML, script.JSON} {
		var b bytes.Buffer
		if err := script.Encode(&b, sc, format); err != nil {
			t.Fatal(err)
		}
		back, err := script.Decode("a."+format, &b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(listing, back.Listing); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}
