package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// studioShow has its body spoken at a server, and understudies on this machine.
func studioShow(url, narrator string) string {
	return fmt.Sprintf(`
show: {author: "A. Author", language: en-US}
endpoints:
  studio: {preset: openai, url: %q, retry: {base: 1ms}, breaker: {failures: 1000}}
  here: {preset: flite}
voices:
  narrator: {endpoint: studio, voice: alloy%s}
  stand-in: {endpoint: here, voice: slt}
  second: {endpoint: here, voice: rms}
roles: {body: narrator, quote: second}
`, url, narrator)
}

// server speaks, and says that it is out of order where down says so: of a
// question what it has, or of a request for speech.
func server(t *testing.T, down func(probe bool) bool) (url string, stats func() voicetest.Stats) {
	t.Helper()
	s, err := voicetest.New(t.Context(), voicetest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down(r.Method == http.MethodGet) {
			http.Error(w, `{"error":{"message":"Out of order."}}`, http.StatusServiceUnavailable)
			return
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(at.Close)
	return at.URL + "/v1", s.Stats
}

// speakers are the voices of an episode's takes, without a repetition.
func speakers(m *publish.Manifest) string {
	var names []string
	for _, take := range m.Takes {
		if len(names) == 0 || names[len(names)-1] != take.Voice {
			names = append(names, take.Voice)
		}
	}
	return strings.Join(names, " ")
}

func TestUnderstudySpeaksTheWhole(t *testing.T) {
	t.Parallel()
	isDown := true
	url, stats := server(t, func(bool) bool { return isDown })
	dir := folder(t, map[string]string{"narrapress.yaml": studioShow(url, ", understudy: stand-in"), "post.md": post})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	m, err := publish.ReadManifest(res.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := speakers(m); got != "stand-in second stand-in" || m.Understudies["narrator"] != "stand-in" {
		t.Errorf("spoken by %s; understudies %v", got, m.Understudies)
	}
	want := "stand-in speaks in place of narrator, the whole episode: endpoint studio: 503 Service Unavailable"
	if len(res.Findings) != 1 || !strings.HasPrefix(res.Findings[0], want) {
		t.Errorf("findings %q", res.Findings)
	}
	if run := read(t, filepath.Join(res.Dir, publish.RunName)); !strings.Contains(run, want) {
		t.Errorf("run: %s", run)
	}
	// While it is down, nothing is made again;
	if again := produce(t, dir, pipeline.Order{Source: "post.md"}); !again.Unchanged {
		t.Error("the episode was made again")
	}
	// once it is back, the voice itself speaks.
	isDown = false
	back := produce(t, dir, pipeline.Order{Source: "post.md"})
	if m, err = publish.ReadManifest(back.Dir); err != nil {
		t.Fatal(err)
	}
	if got := speakers(m); got != "narrator second narrator" || m.Understudies != nil || stats().Answered == 0 || len(back.Findings) != 0 {
		t.Errorf("spoken by %s; understudies %v, findings %q", got, m.Understudies, back.Findings)
	}
	// Every take is stored: whether the endpoint is down is not asked.
	isDown = true
	if again := produce(t, dir, pipeline.Order{Source: "post.md", Fresh: true}); again.Made != 0 || len(again.Findings) != 0 {
		t.Errorf("%d made, findings %q", again.Made, again.Findings)
	}
}

// TestNoUnderstudy has what an understudy is not for: an endpoint that goes
// down in the middle, a fault of the configuration, and nobody to stand in.
func TestNoUnderstudy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		narrator string // what is said of the voice
		down     func(probe bool) bool
		says     string
	}{
		"in the middle":  {", understudy: stand-in", func(probe bool) bool { return !probe }, "segment "},
		"unknown voice":  {"y, understudy: stand-in", func(bool) bool { return false }, `did you mean "alloy"`},
		"no understudy":  {"", func(bool) bool { return true }, "503 Service Unavailable"},
		"a blip at once": {", understudy: stand-in", blip(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := server(t, test.down)
			dir := folder(t, map[string]string{"narrapress.yaml": studioShow(url, test.narrator), "post.md": post})
			res, err := press(t, dir).Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
			switch {
			case test.says == "" && (err != nil || len(res.Findings) != 0):
				t.Errorf("%v, findings %q", err, res.Findings)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Errorf("%v, want %q", err, test.says)
			}
			if strings.Contains(strings.Join(res.Findings, "\n"), "in place of") {
				t.Errorf("findings %q", res.Findings)
			}
		})
	}
}

// blip is down for the first question.
func blip() func(bool) bool {
	asked := 0
	return func(probe bool) bool {
		if probe {
			asked++
		}
		return probe && asked == 1
	}
}

// TestUnderstudiesUnderstudy has two endpoints down.
func TestUnderstudiesUnderstudy(t *testing.T) {
	t.Parallel()
	url, _ := server(t, func(bool) bool { return true })
	show := fmt.Sprintf(`
show: {author: "A. Author", language: en-US}
endpoints:
  one: {preset: openai, url: %q, retry: {base: 1ms}}
  two: {preset: openai, url: %q, model: tts-1-hd, retry: {base: 1ms}, breaker: {failures: 1000}}
  here: {preset: flite}
voices:
  first: {endpoint: one, voice: alloy, understudy: second}
  second: {endpoint: two, voice: echo, understudy: third}
  third: {endpoint: here, voice: slt}
roles: {body: first, quote: second}
`, url, url)
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	m, err := publish.ReadManifest(res.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := speakers(m); got != "third" || len(m.Understudies) != 2 {
		t.Errorf("spoken by %s; understudies %v", got, m.Understudies)
	}
}

func TestReadyIsPatient(t *testing.T) {
	t.Parallel()
	url, _ := server(t, blip())
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {Preset: "openai", URL: url}})
	if err != nil {
		t.Fatal(err)
	}
	waits := 0
	studio, err := voices.Open(resolved, voices.OpenOptions{Sleep: func(context.Context, time.Duration) error { waits++; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := studio.Ready(t.Context(), voices.Voice{Endpoint: "studio", Voice: "alloy"}); err != nil || waits != 1 {
		t.Errorf("%v after %d waits", err, waits)
	}
}
