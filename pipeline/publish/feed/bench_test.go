package feed_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// mostTime is how long the feed of 5,000 episodes may take. It is generous: a
// machine that does other things beside is not the feed's fault.
const mostTime = 20 * time.Second

// catalogue puts n episodes of half an hour each into out: 150 takes, 12
// chapters, 30 links.
func catalogue(t testing.TB, out string, n int) {
	t.Helper()
	sum := strings.Repeat("0a", 32)
	for i := range n {
		episode(t, out, fmt.Sprintf("e%04d", i), i/3, func(m *publish.Manifest) {
			m.Episode.Description = "What the episode is about, in a sentence or two, as feeds have it."
			m.Episode.Chapters = nil
			for c := range 12 {
				m.Episode.Chapters = append(m.Episode.Chapters, podcast.Chapter{
					Title: fmt.Sprintf("Chapter %d of the text", c), Start: podcast.Seconds(150 * c), End: podcast.Seconds(150 * (c + 1)),
				})
			}
			for l := range 30 {
				m.Episode.Links = append(m.Episode.Links, podcast.Link{Title: "Where it leads", URL: fmt.Sprintf("https://example.org/%d/%d", i, l)})
			}
			for k := range 150 {
				m.Takes = append(m.Takes, publish.Take{
					Ordinal: k + 1, Role: "body", Voice: "narrator", Key: sum, SHA256: sum, MediaType: "audio/mpeg",
					Start: int64(k) * 529200, Length: 500000, Characters: 190, Pause: 0.6, Between: "paragraph/paragraph",
				})
			}
		})
	}
}

// TestThousands writes the feed of 5,000 episodes, in one file and in pages.
func TestThousands(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("5,000 folders take their time to be made")
	}
	const n = 5000
	out := t.TempDir()
	catalogue(t, out, n)
	o := options(t, out)
	for _, perPage := range []int{0, 1000} {
		o.ItemsPerPage = perPage
		began := time.Now()
		res := write(t, o)
		if took := time.Since(began); took > mostTime {
			t.Errorf("the feed of %d episodes took %v", n, took)
		} else {
			t.Logf("%d a page: %v", perPage, took)
		}
		guids := map[string]bool{}
		for _, name := range res.Files {
			if !strings.HasSuffix(name, ".xml") {
				continue
			}
			for _, it := range parse(t, text(t, o, name)).Items {
				guids[it.GUID] = true
			}
		}
		if len(guids) != n || res.Items != n || len(res.Findings) > 0 {
			t.Errorf("%d a page: %d items, %d seen, %q", perPage, res.Items, len(guids), res.Findings)
		}
	}
}

// BenchmarkFeed writes the feed of 5,000 episodes, warm.
func BenchmarkFeed(b *testing.B) {
	out := b.TempDir()
	catalogue(b, out, 5000)
	o := options(b, out)
	for b.Loop() {
		if err := os.Remove(filepath.Join(out, feed.Name)); err != nil && !os.IsNotExist(err) {
			b.Fatal(err)
		}
		write(b, o)
	}
}
