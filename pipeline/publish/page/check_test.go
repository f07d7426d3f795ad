package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// TestCheck is of articles that somebody else wrote, and put beside an episode.
func TestCheck(t *testing.T) {
	t.Parallel()
	const picture = imageFolder + "/0123456789abcdef.png"
	for _, tt := range []struct {
		name, article, says string
	}{
		{"what an article holds", `<p class="lead">A <a href="https://example.org/">b</a> <img src="` + picture + `" alt="c"/></p>`, ""},
		{"a tag", `<p>A</p><script>alert(1)</script>`, "<script> is no tag"},
		{"an end of a tag", `<p>A</p></style>`, "<style> is no tag"},
		{"a frame that closes itself", `<iframe src="https://example.org/"/>`, "<iframe> is no tag"},
		{"what runs", `<img src="` + picture + `" onerror="alert(1)">`, "onerror"},
		{"an address of a program", `<a href="javascript:alert(1)">b</a>`, "href"},
		{"a picture from elsewhere", `<img src="https://example.org/a.png">`, "src"},
		{"a picture beside the folder", `<img src="` + imageFolder + `/../manifest.json">`, "src"},
		{"a picture that is a page", `<img src="data:text/html;base64,AAAA">`, "src"},
		{"a comment", `<p>A<!-- b --></p>`, "a comment"},
		{"a head of its own", `<!DOCTYPE html><p>A</p>`, "a comment"},
	} {
		images, err := check(tt.article)
		switch {
		case tt.says == "" && (err != nil || !slices.Equal(images, []string{picture})):
			t.Errorf("%s: %v, %v", tt.name, images, err)
		case tt.says != "" && (err == nil || images != nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: %v, %v", tt.name, images, err)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for at, want := range map[float64]string{0: "0:00", 59.9: "0:59", 3599.9: "59:59", 3600: "1:00:00", 36061: "10:01:01"} {
		if got := clock(podcast.Seconds(at)); got != want {
			t.Errorf("%g s are %s, want %s", at, got, want)
		}
	}
}
