package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// TestLinks gives what leads to pages on the web, each once, and nothing that is none
// or tells a password: the feed shows it to everybody.
func TestLinks(t *testing.T) {
	t.Parallel()
	long := "https://e.org/" + strings.Repeat("a", 2000-len("https://e.org/"))
	words := strings.Repeat("word ", 41)
	for _, tt := range []struct {
		name, text, of string
		want           []podcast.Link
	}{
		{"in order, each once", "[Two](https://e.org/2), [one](https://e.org/1), [two again](https://e.org/2).", "", []podcast.Link{{Title: "Two", URL: "https://e.org/2"}, {Title: "one", URL: "https://e.org/1"}}},
		{"relative", "[A](../a), [B](//e.com/b), [C](#c).", "https://e.org/x/y", []podcast.Link{{Title: "A", URL: "https://e.org/a"}, {Title: "B", URL: "https://e.com/b"}}},
		{"relative to nothing", "[A](../a), [B](//e.com/b).", "", nil},
		{"no pages", "[M](mailto:a@e.org), [S](javascript:x), [F](ftp://e.org/f), [D](data:text/plain,x).", "https://e.org/", nil},
		{"of somebody", "[A](https://ann:secret@e.org/a), [B](https://ann@e.org/b), [C](//ann:secret@e.org/c).", "https://e.org/", nil},
		{"as long as may be", "[A](" + long + "), [B](" + long + "b).", "", []podcast.Link{{Title: "A", URL: long}}},
		{"a long title", "[" + words + "](https://e.org/1)", "", []podcast.Link{{Title: strings.TrimSpace(words[:200]) + "…", URL: "https://e.org/1"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.md", "# Title\n\n"+tt.text+"\n", Options{})
			d.Meta.Link = tt.of
			if diff := cmp.Diff(tt.want, d.Links()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	var many strings.Builder
	for i := range 101 {
		fmt.Fprintf(&many, "[%d](https://e.org/%d) ", i, i)
	}
	if n := len(read(t, "a.md", many.String(), Options{}).Links()); n != 100 {
		t.Errorf("%d links of 101", n)
	}
}
