//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// TestServeWithAnEndpointDown has a server make episodes with two endpoints, one of
// which is down: its episodes wait, those of the other are made beside them, and when
// it is back nothing was set aside and all are made.
func TestServeWithAnEndpointDown(t *testing.T) {
	t.Parallel()
	if *stormPosts <= 20 {
		t.Skip("an endpoint is down for a minute: make storm")
	}
	const each = 4 // posts; more than there are places
	studio, err := voicetest.New(t.Context(), voicetest.Options{Unlike: true})
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64 // while it was down
	var back atomic.Bool
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if back.Load() {
			studio.ServeHTTP(w, r)
			return
		}
		asked.Add(1)
		http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
	}))
	defer ill.Close()
	well := httptest.NewServer(studio)
	defer well.Close()

	dir := t.TempDir()
	write(t, filepath.Join(dir, "narrapress.yaml"), fmt.Sprintf(`
show: {id: two, title: "Of two studios", author: "A. Author", language: en-US}
endpoints:
  well: {preset: openai, url: "%s/v1", price: {free: true}}
  ill: {preset: openai, url: "%s/v1", price: {free: true}, retry: {base: 10ms, cap: 100ms}, breaker: {failures: 3, rest: 200ms}}
voices: {narrator: {endpoint: well, voice: alloy}, second: {endpoint: ill, voice: echo}}
roles: {body: narrator}
sources: [{from: posts, watch: true}]
output: {store: takes, cache: cache}
server: {jobs: 2}
`, well.URL, ill.URL))
	if err := os.Mkdir(filepath.Join(dir, "posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for n := range each { // those that wait are begun first
		write(t, filepath.Join(dir, "posts", fmt.Sprintf("a-%d.md", n)), fmt.Sprintf("---\ntitle: Ill %d\nnarrapress: {roles: {body: second}}\n---\n\nNumber %d of those who wait.\n", n, n))
		write(t, filepath.Join(dir, "posts", fmt.Sprintf("b-%d.md", n)), fmt.Sprintf("---\ntitle: Well %d\n---\n\nNumber %d of those who do not.\n", n, n))
	}
	made := func(letter string) int {
		found, err := filepath.Glob(filepath.Join(dir, "out", letter+"-*", publish.ManifestName))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	s := start(t, dir, "serve")
	s.until(t, "the episodes of the endpoint that is well are made", func() bool { return made("b") == each })
	s.until(t, "the others wait, and status says what for", func() bool {
		code, body := s.get("/status")
		return code == 200 && strings.Count(body, "endpoint ill") >= each
	})
	if made("a") != 0 {
		t.Errorf("%d episodes were made with an endpoint that is down", made("a"))
	}
	// An attempt is a few requests, whatever an episode's segments.
	if n := asked.Load(); n > each*8 {
		t.Errorf("an endpoint that is down was asked %d times for %d episodes", n, each)
	}
	back.Store(true)
	for end := time.Now().Add(2 * time.Minute); made("a") < each; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d episodes are made though the endpoint is back; stderr:\n%s", made("a"), each, s.errs.String())
		}
	}
	s.until(t, "the run has ended", s.has("/metrics", `narrapress_runs_total{result="complete",show="two"} 1`))
	s.stop(t)
	q, err := queue.Open(context.Background(), filepath.Join(dir, "out", ".runs", "queue.db"), queue.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	jobs, err := q.List(t.Context(), queue.Filter{})
	if err != nil || len(jobs) != 2*each+1 { // and the listing
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	for _, j := range jobs {
		if j.State != queue.Done || j.Attempts > 1 || j.Crashes > 0 {
			t.Errorf("%s: %s after %d attempts: %s", j.Episode, j.State, j.Attempts, j.Error)
		}
	}
}
