package record_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var storm = flag.Int("storm", 40, "segments of the episode that TestStorm records")

// storms are the faults of a storm: what servers have been seen to do that
// passes by itself.
func storms() []voicetest.Fault {
	return []voicetest.Fault{
		voicetest.TooFast(), voicetest.TooFast("Retry-After", "1"), voicetest.Status(500, "server_error", "", "oops"), voicetest.Status(503, "", "", "busy"),
		voicetest.HTML(), voicetest.JSONError(), voicetest.Empty(), voicetest.BareWAV(), voicetest.CutWAV(), voicetest.OddWAV(),
		voicetest.CutBody(), voicetest.CutChunks(), voicetest.Reset(), voicetest.Silent(), voicetest.Half(), voicetest.Blip(),
		voicetest.WrongRate(), voicetest.Babble(), voicetest.Loop(), voicetest.Clipped(), voicetest.Shifted(), voicetest.DeadAir(), voicetest.Quiet(),
	}
}

// weather chooses the fault of a request by its text and by how often that
// came: so it does not depend on the order in which requests arrive. part of
// them are faulty.
func weather(t *testing.T, part float64, seed int) (url string, requests func() int) {
	t.Helper()
	const choice = "X-Weather"
	faults := storms()
	server, err := voicetest.New(t.Context(), voicetest.Options{Faults: voicetest.Always(
		func(w http.ResponseWriter, r *http.Request, say func() (voicetest.Sound, error)) {
			answer := voicetest.Streamed()
			if n := 0; r.Header.Get(choice) != "" {
				fmt.Sscan(r.Header.Get(choice), &n)
				answer = faults[n]
			}
			answer(w, r, say)
		})})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	came, all := map[string]int{}, 0
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			mu.Lock()
			came[string(body)]++
			all++
			h := fnv.New64a()
			fmt.Fprintf(h, "%d %d %s", seed, came[string(body)], body)
			mu.Unlock()
			dice := h.Sum64() >> 11
			if float64(dice%1000)/1000 < part {
				r.Header.Set(choice, fmt.Sprint(dice/1000%uint64(len(faults))))
			}
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL + "/v1", func() int { mu.Lock(); defer mu.Unlock(); return all }
}

// recordIn records n segments in some weather.
func recordIn(t *testing.T, n int, part float64, seed int) ([]record.Take, int) {
	t.Helper()
	url, requests := weather(t, part, seed)
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
	before := requests()
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
	if requests() != before {
		t.Errorf("%d requests for what was stored", requests()-before)
	}
	return takes, before
}

// TestStorm records an episode while three of ten answers are faulty: it is
// complete, it is the one that is recorded in fair weather, and it costs few
// requests.
func TestStorm(t *testing.T) {
	t.Parallel()
	fair, calm := recordIn(t, *storm, 0, 1)
	if calm > *storm+max(1, *storm/200) { // one in 200 good takes may be asked for twice
		t.Errorf("%d requests for %d segments in fair weather", calm, *storm)
	}
	foul, requests := recordIn(t, *storm, 0.3, 1)
	for i := range fair {
		if fair[i].SHA256 != foul[i].SHA256 || fair[i].Key != foul[i].Key {
			t.Errorf("segment %d is another in foul weather: %.1f s, not %.1f s, after %d attempts", i+1, foul[i].Seconds(), fair[i].Seconds(), foul[i].Attempts)
		}
	}
	each := float64(requests) / float64(*storm)
	t.Logf("%d segments, 30 %% of the answers faulty: %d requests, %.2f a segment", *storm, requests, each)
	if each > 1.6 {
		t.Errorf("%.2f requests a segment, want 1.6 at the most", each)
	}
}
