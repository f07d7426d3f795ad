package feed_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// many is how many episodes a long show has in the tests. NARRAPRESS_EPISODES
// says otherwise: 5000 is for a closing look.
func many(t *testing.T) int {
	t.Helper()
	s := os.Getenv("NARRAPRESS_EPISODES")
	if s == "" {
		return 500
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 3 {
		t.Fatalf("NARRAPRESS_EPISODES: %q is no number from 3", s)
	}
	return n
}

// catalogue puts n episodes of half an hour each into out: 150 takes, 12
// chapters, 30 links.
//
// Today's manifests tell of the gate before their takes; those of an older program
// do not, and are read to their ends.
func catalogue(t testing.TB, out string, n int, older bool) {
	t.Helper()
	facts := gate.Facts{Length: 1800, Segments: 150, Integrated: -16, Target: -16, TruePeak: -1.5, Ceiling: -1, Chapters: 12}
	judged := &publish.Gate{Facts: facts, Findings: gate.Judge(gate.Defaults(), facts)}
	sum := strings.Repeat("0a", 32)
	for i := range n {
		episode(t, out, fmt.Sprintf("e%04d", i), i/3, func(m *publish.Manifest) {
			if m.Gate = judged; older {
				m.Gate = nil
			}
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

// TestThousands writes the feed of a long show, in one file and in pages.
func TestThousands(t *testing.T) {
	t.Parallel()
	n := many(t)
	out := t.TempDir()
	catalogue(t, out, n, false)
	o := options(t, out)
	for _, perPage := range []int{0, n / 5} {
		o.ItemsPerPage = perPage
		res := write(t, o)
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
	for name, older := range map[string]bool{"of today": false, "of an older program": true} {
		b.Run(name, func(b *testing.B) {
			out := b.TempDir()
			catalogue(b, out, 5000, older)
			o := options(b, out)
			for b.Loop() {
				if err := os.Remove(filepath.Join(out, feed.Name)); err != nil && !os.IsNotExist(err) {
					b.Fatal(err)
				}
				write(b, o)
			}
		})
	}
}
