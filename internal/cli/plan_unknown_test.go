package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

func TestUnknownWords(t *testing.T) {
	t.Parallel()
	l, err := lexicon.New([]lexicon.Entry{{Words: "Szilard", Say: "SIL-ard"}}, "Gleiwitz")
	if err != nil {
		t.Fatal(err)
	}
	english := lexicon.For{Language: "en-GB"}
	sentences := []pipeline.Heard{
		{Text: "Szilard took the night train from Wrzeszcz to Gleiwitz.", At: "post.md:3:1", Lexicon: l, For: english},
		{Text: "Nobody at Wrzeszcz had heard of Hrdlicka.", At: "post.md:3:58", Lexicon: l, For: english},
		{
			Text: strings.Repeat("The timetable was printed on thin paper. ", 6) + "Then Wrzeszcz closed, " + strings.Repeat("and nothing runs there any more, ", 6) + "they say.",
			At:   "post.md:9:1", For: english,
		},
		{Text: "Der Zug fährt nicht mehr.", At: "post.md:11:3", For: lexicon.For{Language: "de"}},
	}
	for _, tt := range []struct {
		name      string
		json      bool
		sentences []pipeline.Heard
	}{{"unknown.txt", false, sentences}, {"unknown.json", true, sentences}, {"unknown_none.txt", false, sentences[:0]}} {
		var out bytes.Buffer
		if err := writeUnknown(&out, tt.json, "post.md", tt.sentences, 72, paint(false)); err != nil {
			t.Fatal(err)
		}
		golden(t, tt.name, out.String())
	}
}
