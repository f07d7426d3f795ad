package record_test

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var storm = flag.Int("storm", 24, "segments of the episode that TestStorm records")

// weather is a server of which part of the answers are faulty.
func weather(t *testing.T, part float64, seed int) (*voicetest.Weather, string) {
	t.Helper()
	w, err := voicetest.NewWeather(t.Context(), part, seed)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(w)
	t.Cleanup(front.Close)
	return w, front.URL + "/v1"
}

// recordIn records n segments in some weather.
func recordIn(t *testing.T, n int, part float64, seed int) ([]record.Take, *voicetest.Weather) {
	t.Helper()
	sky, url := weather(t, part, seed)
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {Preset: "openai", URL: url, Key: voices.NewSecret("k"), Limits: voices.Limits{Concurrency: 4}}})
	if err != nil {
		t.Fatal(err)
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{
		Store: store.Folder(t.TempDir(), store.Options{}), Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	cast, err := voices.NewCast(map[string]string{"body": "host"}, map[string]voices.Voice{"host": {Endpoint: "studio", Voice: "alloy"}})
	if err != nil {
		t.Fatal(err)
	}
	sc := &script.Script{Chapters: []script.Chapter{{Title: "A"}}}
	for _, text := range voicetest.Texts(n, 3) {
		sc.Chapters[0].Segments = append(sc.Chapters[0].Segments, script.Segment{Role: "body", Text: text})
	}
	s := record.Session{Studio: studio.Episode(), Cast: cast, Parallel: func() int { return 4 }}
	takes, err := s.Record(t.Context(), sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	// What is there now is not judged again, whatever the others are.
	before := sky.Requests()
	s.Studio = studio.Episode()
	again, err := s.Record(t.Context(), sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range again {
		if !again[i].Stored || again[i].SHA256 != takes[i].SHA256 {
			t.Errorf("segment %d is another when it is recorded again", i+1)
		}
	}
	if after := sky.Requests(); after != before {
		t.Errorf("%d requests for what was stored", after-before)
	}
	return takes, sky
}

// TestStorm records an episode while three of ten answers are faulty: it is
// complete, it is the one that is recorded in fair weather, and it costs few
// requests.
func TestStorm(t *testing.T) {
	t.Parallel()
	fair, sky := recordIn(t, *storm, 0, 1)
	if calm := sky.Requests(); calm > *storm+max(1, *storm/200) { // one in 200 good takes may be asked for twice
		t.Errorf("%d requests for %d segments in fair weather", calm, *storm)
	}
	foul, sky := recordIn(t, *storm, 0.3, 1)
	missed := map[string]int{}
	texts := voicetest.Texts(*storm, 3)
	for i := range fair {
		if fair[i].SHA256 != foul[i].SHA256 || fair[i].Key != foul[i].Key {
			missed[sky.Last(texts[i])]++
			t.Errorf("segment %d is another in foul weather: %.1f s, not %.1f s, after %d attempts", i+1, foul[i].Seconds(), fair[i].Seconds(), foul[i].Attempts)
		}
	}
	t.Log("\n" + caughtTable(sky.Made(), missed))
	requests := sky.Requests()
	each := float64(requests) / float64(*storm)
	t.Logf("%d segments, 30 %% of the answers faulty: %d requests, %.2f a segment", *storm, requests, each)
	if each > 1.6 {
		t.Errorf("%.2f requests a segment, want 1.6 at the most", each)
	}
}

// caughtTable says how many faults of each kind were made, and how many of them
// were kept from being takes.
func caughtTable(made, missed map[string]int) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\tmade\tcaught")
	for _, f := range voicetest.Fouls() {
		if n := made[f.Name]; n > 0 {
			fmt.Fprintf(w, "%s\t%d\t%.1f %%\n", f.Name, n, 100*float64(n-missed[f.Name])/float64(n))
		}
	}
	w.Flush()
	return out.String()
}
