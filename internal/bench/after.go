package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// faster is how many times as fast as it speaks the endpoint answers a
// request: a model on a good card.
const faster = 60

// studio is an endpoint with OpenAI's interface that answers with the takes of
// the fixture, so that no engine takes the processor from what is measured.
type studio struct {
	files map[string]take // by voice and text
	slow  bool            // answer as fast as a model would

	mu   sync.Mutex
	last time.Time // when the last answer was given
}

func (s *studio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Voice string `json:"voice"`
		Input string `json:"input"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&q)
	t, ok := s.files[q.Voice+"\x00"+q.Input]
	if err != nil || !ok {
		http.Error(w, "there is no such take: "+q.Voice+": "+q.Input, http.StatusBadRequest)
		return
	}
	b, err := os.ReadFile(t.file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.slow {
		time.Sleep(time.Duration(float64(time.Second) * float64(t.Frames) / takeRate / faster))
	}
	w.Header().Set("Content-Type", "audio/wav")
	s.mu.Lock()
	s.last = time.Now()
	s.mu.Unlock()
	_, _ = w.Write(b) // who has left is told by its error
}

// answered is when the last answer was given.
func (s *studio) answered() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// rowAfter makes an episode of half the length, whose levels the next ones
// begin with, and then one of the whole length with a store and a cache that
// are empty; it takes the time from the endpoint's last answer to the
// program's end.
func (b *bench) rowAfter(ctx context.Context, minutes, n int) error {
	takes, _, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	dir, err := b.empty("after")
	if err != nil {
		return err
	}
	s := &studio{files: map[string]take{}}
	for _, t := range takes {
		s.files[voiceOf(t)+"\x00"+t.Text] = t
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	defer server.Close()
	go func() { _ = server.Serve(l) }() // ends with Close
	show := filepath.Join(dir, "narrapress.yaml")
	if err := os.WriteFile(show, []byte(b.show("http://"+l.Addr().String()+"/v1", takes)), 0o644); err != nil {
		return err
	}
	var half []take
	for i := 0; i < len(takes); i += 2 {
		half = append(half, takes[i])
	}
	if _, err := b.produce(ctx, dir, "earlier", half); err != nil {
		return err
	}
	s.slow = true
	var after, whole []float64
	for i := range n {
		got, err := b.produce(ctx, dir, fmt.Sprintf("episode-%d", i), takes)
		if err != nil {
			return err
		}
		after = append(after, time.Since(s.answered()).Seconds())
		whole = append(whole, got.Wall)
	}
	b.record("after wall", minutes, after...)
	b.record("after whole", minutes, whole...)
	return nil
}

// voiceOf is a name for whoever spoke a take.
func voiceOf(t take) string { return strings.ReplaceAll(t.Speaker, " ", "-") }

func (b *bench) show(url string, takes []take) string {
	var y strings.Builder
	fmt.Fprintf(&y, `endpoints:
  studio: {preset: openai, url: %q, key: none, model: fixture, price: {free: true}, limits: {concurrency: 2}}
tracks: {intro: %q, credits: %q}
voices:
`, url, b.fixture.intro(), b.fixture.credits())
	first := ""
	seen := map[string]bool{}
	for _, t := range takes {
		if name := voiceOf(t); !seen[name] {
			seen[name] = true
			fmt.Fprintf(&y, "  %s: {endpoint: studio, voice: %s}\n", name, name)
			if first == "" {
				first = name
			}
		}
	}
	fmt.Fprintf(&y, "roles: {body: %s}\n", first)
	return y.String()
}

// produce makes an episode of a plan that has these takes.
func (b *bench) produce(ctx context.Context, dir, name string, takes []take) (cost, error) {
	type segment struct {
		Role  string `json:"role"`
		Voice string `json:"voice"`
		Text  string `json:"text"`
		Pause string `json:"pause"`
	}
	type chapter struct {
		Title    string    `json:"title"`
		Segments []segment `json:"segments"`
	}
	var chapters []chapter
	for i, t := range takes {
		if i%50 == 0 {
			chapters = append(chapters, chapter{Title: fmt.Sprintf("Chapter %d", i/50+1)})
		}
		c := &chapters[len(chapters)-1]
		c.Segments = append(c.Segments, segment{"body", voiceOf(t), t.Text, (time.Duration(t.Pause) * time.Millisecond).String()})
	}
	plan, err := json.Marshal(struct {
		Version  int       `json:"version"`
		Source   string    `json:"source"`
		ID       string    `json:"id"`
		Slug     string    `json:"slug"`
		Title    string    `json:"title"`
		Chapters []chapter `json:"chapters"`
	}{1, name + ".md", name, name, name, chapters})
	if err != nil {
		return cost{}, err
	}
	file := filepath.Join(dir, name+".json")
	if err := os.WriteFile(file, plan, 0o644); err != nil {
		return cost{}, err
	}
	cache, err := b.empty("cache")
	if err != nil {
		return cost{}, err
	}
	store, err := b.empty("store")
	if err != nil {
		return cost{}, err
	}
	got, _, _, err := run(ctx, command{
		argv: []string{b.bin, "produce", "--quiet", "--out", filepath.Join(dir, "out"), "--store", store, file},
		dir:  dir, env: []string{"NARRAPRESS_CACHE=" + cache, mono},
	})
	return got, err
}
