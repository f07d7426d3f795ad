package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// batchShow is a folder with posts, and the endpoint that speaks them.
func batchShow(t *testing.T, posts, concurrency int) (dir string, server *voicetest.Server) {
	t.Helper()
	server, url := speaking(t, voicetest.Options{Unlike: true, Delay: 300 * time.Millisecond})
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range posts {
		write(t, filepath.Join(dir, "posts", fmt.Sprintf("%02d.md", i)), fmt.Sprintf("# Post %d\n\nIt says little, and ends after %d words.\n", i, i+9))
	}
	write(t, filepath.Join(dir, "narrapress.yaml"), fmt.Sprintf(`
endpoints: {studio: {preset: openai, url: %q, key: none, price: {free: true}, limits: {concurrency: %d}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: [posts]
output: {store: takes, cache: cache}
`, url, concurrency))
	return dir, server
}

func asked(t *testing.T, server *voicetest.Server, n int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); server.Stats().Requests < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the endpoint was asked %d times only", server.Stats().Requests)
		}
	}
}

// TestTwoBatchRuns begins a run while another one is going in the same folder.
func TestTwoBatchRuns(t *testing.T) {
	t.Parallel()
	dir, server := batchShow(t, 3, 1)
	first := command(dir, "batch", "run")
	var said bytes.Buffer
	first.Stdout, first.Stderr = &said, &said
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	asked(t, server, 1)
	out, err := command(dir, "batch", "run").CombinedOutput()
	if code, _ := exitCode(err); code != 1 || !strings.Contains(string(out), fmt.Sprintf("process %d", first.Process.Pid)) ||
		!strings.Contains(string(out), "makes episodes of this show already") {
		t.Errorf("the second run ends with %v: %s", err, out)
	}
	if out, err := command(dir, "batch", "status").CombinedOutput(); err != nil || !strings.Contains(string(out), "under way") {
		t.Errorf("status beside it: %v: %s", err, out)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first run: %v: %s", err, &said)
	}
	if n := server.Stats().Requests; n != 6 { // a title and a paragraph each
		t.Errorf("%d requests", n)
	}
}

// TestBatchRunKilled kills a run, and begins another.
func TestBatchRunKilled(t *testing.T) {
	t.Parallel()
	const posts, concurrency = 4, 2
	dir, server := batchShow(t, posts, concurrency)
	first := command(dir, "batch", "run")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	asked(t, server, 4)
	time.Sleep(150 * time.Millisecond) // the first answers are looked at and stored, the next are on their way
	_ = first.Process.Kill()
	_ = first.Wait()
	if out, err := command(dir, "batch", "run").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// Of each of the slots, one request was on its way, and one answer may not have
	// been stored yet.
	if n := server.Stats().Requests; n > 2*posts+2*concurrency {
		t.Errorf("%d requests; calm it takes %d", n, 2*posts)
	}
	for i := range posts {
		if err := publish.Verify(filepath.Join(dir, "out", fmt.Sprintf("%02d", i))); err != nil {
			t.Error(err)
		}
	}
	out, err := command(dir, "batch", "status").CombinedOutput()
	made := 0 // some, maybe, by the run that was killed
	for _, m := range regexp.MustCompile(`(\d+) made`).FindAllSubmatch(out, -1) {
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		made += n
	}
	if err != nil || strings.Contains(string(out), "under way") || made != posts {
		t.Errorf("status: %v: %s", err, out)
	}
}
