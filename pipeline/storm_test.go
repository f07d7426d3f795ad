package pipeline_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var storm = flag.Int("storm", 12, "paragraphs of the episode that TestEpisodeInAStorm makes, of a segment or two each")

// produceIn makes an episode in some weather, with nobody's help: its published
// files, how many segments it has, and how many requests it took.
func produceIn(t *testing.T, text string, part float64) (files map[string]string, segments, requests int) {
	t.Helper()
	sky, err := voicetest.NewWeather(t.Context(), part, 1)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(sky)
	defer front.Close()
	dir := folder(t, map[string]string{"post.md": text, "narrapress.yaml": fmt.Sprintf(`
show: {title: "A show in a storm", author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: %q, retry: {base: 1ms, cap: 2s}, breaker: {rest: 5ms}, limits: {concurrency: 4}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
`, front.URL+"/v1")})
	produce(t, dir, pipeline.Order{Source: "post.md"})
	out := filepath.Join(dir, "out", "post")
	m, err := publish.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	return published(t, out), len(m.Takes), sky.Requests()
}

// TestEpisodeInAStorm makes an episode while three of ten answers are faulty:
// every published file is the one that is made in fair weather, to the byte.
func TestEpisodeInAStorm(t *testing.T) {
	t.Parallel()
	var post strings.Builder
	post.WriteString("---\ntitle: A storm\ndate: 2026-11-01\n---\n")
	for i, text := range voicetest.Texts(*storm, 3) {
		if i%12 == 0 {
			fmt.Fprintf(&post, "\n## Part %d\n", i/12+1)
		}
		post.WriteString("\n" + text + "\n")
	}
	fair, segments, calm := produceIn(t, post.String(), 0)
	foul, again, requests := produceIn(t, post.String(), 0.3)
	names := slices.Sorted(maps.Keys(fair))
	if got := slices.Sorted(maps.Keys(foul)); !slices.Equal(names, got) || segments != again {
		t.Fatalf("files %v of %d segments in foul weather, want %v of %d", got, again, names, segments)
	}
	for _, name := range names {
		if fair[name] != foul[name] {
			t.Errorf("%s is another in foul weather", name)
		}
	}
	each := float64(requests) / float64(segments)
	t.Logf("%d segments: %d requests in fair weather, %d in foul, %.2f a segment; alike to the byte: %s", segments, calm, requests, each, strings.Join(names, ", "))
	if each > 1.6 {
		t.Errorf("%.2f requests a segment, want 1.6 at the most", each)
	}
}
