package script_test

import (
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
)

func TestImages(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`![A chart of sales](a.png)`:                         "Image: A chart of sales.",
		`![A chart of sales](a.png "Figure 1")`:              "Image: Figure one. A chart of sales.",
		`![Sales, a chart](a.png "A chart: sales.")`:         "Image: A chart: sales.",
		`![IMG_0042.JPG](a.png "The bridge in the morning")`: "Image: The bridge in the morning.",
	} {
		doc, err := document.Read(t.Context(), "a.md", strings.NewReader("Text.\n\n"+src+"\n"), document.Options{Title: "T"})
		if err != nil {
			t.Fatal(err)
		}
		sc, _, err := script.Plan(doc, script.Brief{Options: script.Defaults(), Pauses: script.DefaultPauses()})
		if err != nil {
			t.Fatal(err)
		}
		var last string
		for _, seg := range sc.Segments() {
			last = seg.Text
		}
		if last != want {
			t.Errorf("%s is %q, want %q", src, last, want)
		}
	}
}
