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

// TestChapterImages gives each chapter the first image of its section that can
// be one, whether its description is spoken or not.
func TestChapterImages(t *testing.T) {
	t.Parallel()
	const text = `Before. ![](https://example.org/web.png)

![](lead.jpg)

## Spoken

Words.

![A chart of sales](charts/a%20b.png)

![Another one](second.png)

## In a sentence

Words ![](inline.jpeg) and more.

## Right behind the heading

![](./behind.PNG)

Words.

## None

![](drawing.svg) ![](/root.png) ![](data:image/png;base64,AAAA)

Words.

## Last

> Quoted.
>
> ![](../up/quoted.png)
`
	doc, err := document.Read(t.Context(), "a.md", strings.NewReader(text), document.Options{Title: "T"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ mode, want string }{
		{"none", "T: \nSpoken: \nIn a sentence: \nRight behind the heading: \nNone: \nLast: \n"},
		{"first", "T: lead.jpg\nSpoken: charts/a b.png\nIn a sentence: inline.jpeg\nRight behind the heading: behind.PNG\nNone: \nLast: ../up/quoted.png\n"},
	} {
		o := script.Defaults()
		o.Chapters.Images = tt.mode
		sc, findings, err := script.Plan(doc, script.Brief{Options: o, Pauses: script.DefaultPauses()})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, c := range sc.Chapters {
			got.WriteString(c.Title + ": " + c.Image + "\n")
		}
		if got.String() != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.mode, got.String(), tt.want)
		}
		passed := 0
		for _, f := range findings {
			if strings.Contains(f.Text, "is not for a chapter") {
				passed++
			}
		}
		if want := map[string]int{"first": 4}[tt.mode]; passed != want {
			t.Errorf("%s: %d findings of images that are passed over, want %d: %v", tt.mode, passed, want, findings)
		}
	}
}
