package record_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

func TestContextIsOfTheSameChapterAndRole(t *testing.T) {
	t.Parallel()
	seg := func(role, text string) script.Segment { return script.Segment{Role: role, Text: text} }
	other := seg("body", "Another voice.")
	other.Voice = "second"
	sc := &script.Script{Chapters: []script.Chapter{
		{Segments: []script.Segment{
			seg("title", "The Title."),
			seg("body", "One came. Two came."), seg("body", "Three came."), seg("body", "Four came? Five went."),
			seg("quote", "So be it."), seg("body", "Six stayed."), other,
		}},
		{Segments: []script.Segment{seg("body", "Seven left."), seg("body", "Eight."), seg("body", "...")}},
	}}
	type beside struct{ Previous, Next string }
	for kind, want := range map[string][]beside{
		"":                 make([]beside, 10),
		voices.ContextNone: make([]beside, 10),
		voices.ContextSentence: {
			{},
			{"", "Three came."},
			{"Two came.", "Four came?"},
			{"Three came.", ""},
			{},
			{},
			{},
			{"", "Eight."},
			{"Seven left.", "..."},
			{"Eight.", ""},
		},
		voices.ContextParagraph: {
			{},
			{"", "Three came."},
			{"One came. Two came.", "Four came? Five went."},
			{"Three came.", ""},
			{},
			{},
			{},
			{"", "Eight."},
			{"Seven left.", "..."},
			{"Eight.", ""},
		},
	} {
		cast, err := voices.NewCast(map[string]string{"body": "narrator"}, map[string]voices.Voice{
			"narrator": {Voice: "v", Context: kind}, "second": {Voice: "w", Context: kind},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []beside
		for place := range sc.Segments() {
			req := record.Request(cast, sc, place)
			got = append(got, beside{req.Previous, req.Next})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", kind, diff)
		}
	}
}
