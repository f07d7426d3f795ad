//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// logLine is a line of a log in JSON.
type logLine map[string]any

func logOf(t *testing.T, log []byte) []logLine {
	t.Helper()
	var all []logLine
	for s := bufio.NewScanner(bytes.NewReader(log)); s.Scan(); {
		var l logLine
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatalf("this line is no JSON: %s", s.Bytes())
		}
		all = append(all, l)
	}
	return all
}

func (l logLine) says(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return l[n] == nil || l[n] == "" })
}

// ofRequests are the messages that are of one segment.
var ofRequests = []string{"speech", "request failed"}

// logShow is a show whose endpoint refuses its first request.
func logShow(t *testing.T) string {
	t.Helper()
	studio, err := voicetest.New(t.Context(), voicetest.Options{Faults: voicetest.Script(voicetest.Status(503, "server_error", "", "busy"))})
	if err != nil {
		t.Fatal(err)
	}
	url, err := studio.Start("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { studio.Close() })
	dir := t.TempDir()
	write(t, filepath.Join(dir, "narrapress.yaml"), `
show: {id: lamp, title: "The Lamp", author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: "`+url+`", key: none, model: tts-1, retry: {base: 10ms}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: [{from: posts, watch: true}]
output: {store: takes, cache: sound}
server: {grace: 300ms, jobs: 2}
`)
	if err := os.Mkdir(filepath.Join(dir, "posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		write(t, filepath.Join(dir, "posts", name+".md"), "---\ntitle: "+name+"\n---\n\nA sentence of post "+name+".\n\nAnd another of "+name+".\n")
	}
	return dir
}

// TestLog wants each line of the log of a server to say what it is about: by that,
// whoever looks for one run, episode or segment finds all of it.
func TestLog(t *testing.T) {
	t.Parallel()
	dir := logShow(t)
	s := startWith(t, dir, []string{"serve", "--json", "--verbose"})
	s.until(t, "both posts are made", func() bool {
		made, err := filepath.Glob(filepath.Join(dir, "out", "*", "manifest.json"))
		return err == nil && len(made) == 2
	})
	s.until(t, "the run has ended", func() bool {
		reports, err := filepath.Glob(filepath.Join(dir, "out", ".runs", "*.json"))
		return err == nil && len(reports) > 0
	})
	s.stop(t)
	seen := map[string]int{}
	episodes := map[string]bool{}
	for _, l := range logOf(t, s.errs.Bytes()) {
		message, _ := l["msg"].(string)
		seen[message]++
		wants := []string{}
		switch {
		case slices.Contains(ofRequests, message):
			wants = []string{"show", "run", "job", "episode", "segment", "endpoint"}
		case strings.HasPrefix(message, "episode "), strings.HasPrefix(message, "stage "):
			wants = []string{"show", "run", "job", "episode"}
		case strings.Contains(message, " run "):
			wants = []string{"show", "run"}
		case l["job"] != nil:
			wants = []string{"show", "run", "attempt", "worker"}
		}
		if !l.says(wants...) {
			t.Errorf("a line does not say all of %v: %v", wants, l)
		}
		if episode, ok := l["episode"].(string); ok {
			episodes[episode] = true
		}
	}
	for _, message := range []string{"speech", "request failed", "stage begins", "job starts", "job done", "episode made", "a run of what was written begins", "a run has ended"} {
		if seen[message] == 0 {
			t.Errorf("no line says %q: %v", message, seen)
		}
	}
	if want := map[string]bool{"posts/one.md": true, "posts/two.md": true}; len(episodes) != 2 || !episodes["posts/one.md"] || !episodes["posts/two.md"] {
		t.Errorf("the lines are of %v, want %v", episodes, want)
	}
}

// TestLogOfProduce wants the same of a command that is called by hand.
func TestLogOfProduce(t *testing.T) {
	t.Parallel()
	dir := logShow(t)
	var out, log bytes.Buffer
	cmd := command(dir, "produce", "posts/one.md", "--json", "--verbose")
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log.Bytes())
	}
	if !json.Valid(out.Bytes()) {
		t.Errorf("standard output is not one JSON document: %s", out.Bytes())
	}
	segments := map[any]bool{}
	var lines []byte
	for line := range bytes.Lines(log.Bytes()) { // between them is what is told to a person
		if bytes.HasPrefix(line, []byte("{")) {
			lines = append(lines, line...)
		}
	}
	for _, l := range logOf(t, lines) {
		switch message := l["msg"].(string); {
		case slices.Contains(ofRequests, message):
			segments[l["segment"]] = true
			if !l.says("episode", "segment") || l["episode"] != "posts/one.md" {
				t.Errorf("a line does not say episode and segment: %v", l)
			}
		case strings.HasPrefix(message, "stage ") && l["stage"] != "read" && l["stage"] != "script":
			if !l.says("episode", "source") {
				t.Errorf("a line does not say its episode: %v", l)
			}
		}
	}
	if len(segments) < 3 {
		t.Errorf("the requests are of the segments %v, want three or more", segments)
	}
}
