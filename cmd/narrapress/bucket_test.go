package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// TestKilledBeforeABucket kills a machine again and again while it makes an
// episode, with an endpoint that never speaks a text twice alike and a bucket
// that throttles one request in twenty-five. Another machine, which has nothing but the
// bucket, goes on where it died: what was answered is not asked for again, but
// for what was under way. Both make the same episode at last.
func TestKilledBeforeABucket(t *testing.T) {
	t.Parallel()
	const concurrency, kills = 4, 3
	server, address := speaking(t, voicetest.Options{Unlike: true, Seed: 7, Delay: 25 * time.Millisecond})
	backend := s3mem.New()
	if err := backend.CreateBucket("takes"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend).Server()
	var asked, throttled atomic.Int64
	var seen sync.Map // methods of requests with If-None-Match
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if on := r.Header.Get("If-None-Match"); on != "" {
			seen.Store(r.Method+" "+on, true)
		}
		if asked.Add(1)%25 == 0 {
			throttled.Add(1)
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprint(w, "<Error><Code>SlowDown</Code><Message>Not now.</Message></Error>")
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(s3.Close)

	show := fmt.Sprintf(`
show: {author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: %q, limits: {concurrency: %d}}}
voices: {narrator: {endpoint: studio, voice: alloy}, second: {endpoint: studio, voice: echo}}
roles: {body: narrator, quote: second}
output: {store: takes, cache: sound, bucket: %q}
`, address, concurrency, "s3://takes/show?region=eu-central-1&use_path_style=true&endpoint="+url.QueryEscape(s3.URL))
	machine := func(n int) string {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("machine", n))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "narrapress.yaml"), show)
		write(t, filepath.Join(dir, "post.md"), longPost(8))
		write(t, filepath.Join(dir, "aws"), "[default]\naws_access_key_id = key\naws_secret_access_key = kept-from-everybody\n")
		return dir
	}
	run := func(dir string) *exec.Cmd {
		cmd := command(dir, "produce", "post.md")
		cmd.Env = append(cmd.Env, "AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(dir, "aws"), "AWS_CONFIG_FILE="+filepath.Join(dir, "none"))
		return cmd
	}
	var first string
	for i := range kills {
		dir := machine(i)
		if i == 0 {
			first = dir
		}
		before := server.Stats().Answered
		cmd := run(dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); server.Stats().Answered < before+3+i && time.Now().Before(end); {
			time.Sleep(2 * time.Millisecond)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	last := machine(kills)
	whole := map[string]map[string]string{}
	for _, dir := range []string{last, first} { // the first has its own leavings
		out, err := run(dir).CombinedOutput()
		if err != nil || strings.Contains(string(out), "kept-from-everybody") {
			t.Fatalf("%v\n%s", err, out)
		}
		m, err := publish.ReadManifest(filepath.Join(dir, "out", "post"))
		if err != nil {
			t.Fatal(err)
		}
		whole[dir] = map[string]string{}
		for _, f := range m.Files {
			whole[dir][f.Name] = f.SHA256
		}
		if most := len(m.Takes) + concurrency*kills; server.Stats().Answered > most {
			t.Errorf("%d requests were answered for %d takes and %d kills", server.Stats().Answered, len(m.Takes), kills)
		}
	}
	if diff := cmp.Diff(whole[last], whole[first]); diff != "" {
		t.Errorf("the episodes differ:\n%s", diff)
	}
	answered := server.Stats().Answered
	calm := machine(kills + 1)
	if out, err := run(calm).CombinedOutput(); err != nil || server.Stats().Answered != answered {
		t.Errorf("a machine without anything asked %d times: %v\n%s", server.Stats().Answered-answered, err, out)
	}
	if _, ok := seen.Load("PUT *"); !ok || throttled.Load() == 0 {
		t.Errorf("put-if-absent was asked for: %v; %d requests were throttled", ok, throttled.Load())
	}
	for _, dir := range []string{last, first} {
		if left, _ := os.ReadDir(filepath.Join(dir, "takes", "outbox")); len(left) != 0 {
			t.Errorf("%d entries wait in %s", len(left), filepath.Base(dir))
		}
	}
	t.Logf("%d answers, %d requests to the bucket, %d of them throttled", answered, asked.Load(), throttled.Load())
}
