package desk_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/internal/web/desk"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var pictures = flag.Bool("pictures", false, "take the pictures of the desk in docs/pictures anew")

const show = `version: 1
show:
  title: The River
  author: A. Author
  language: en-US
  link: https://river.example/
  description: Essays, read aloud.
  category: [Society & Culture]
  owner: {name: A. Author, email: a@river.example}
  explicit: false
endpoints:
  studio: {preset: openai, url: "ENDPOINT", key: none, price: {per_1m_chars: 15, currency: USD}}
voices:
  narrator: {endpoint: studio, voice: alloy}
  second: {endpoint: studio, voice: echo}
roles: {body: narrator, quote: second}
gate:
  artwork: {then: hold, drawn: false}
publish:
  base_url: https://river.example/audio
`

const post = `---
title: A letter on the bridge
date: 2026-11-01
---

Nobody expected an answer that evening. The river stood high under the bridge, and the lamps were lit early on both sides of it.

In 1933 Leo Szilard crossed the street, and saw what could be done with a neutron that sets two others free.

> It had never occurred to me that anybody would read it.

Emmy Noether had left Göttingen by then. Her letters of that year were kept in a drawer, and they were found again by accident.
`

// place is a show in a folder, whose file is read again when the desk says so.
type place struct {
	dir  string
	mu   sync.Mutex
	cfgs []*config.Config
}

func (p *place) load(ctx context.Context) error {
	cfg, err := config.Load(ctx, config.Sources{
		File: filepath.Join(p.dir, "narrapress.yaml"), Dir: p.dir, Home: p.dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(p.dir, "store")},
	})
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfgs = []*config.Config{cfg}
	return nil
}

// A place is the site of a server.
func (p *place) Shows() []*config.Config {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfgs
}
func (p *place) Status(context.Context) *web.Status { return &web.Status{} }
func (p *place) Ready(context.Context) []string     { return nil }
func (p *place) Token() string                      { return "" }

// began is a server with a desk, for a show at a real endpoint that really speaks.
func began(t testing.TB, files map[string]string) (p *place, address string, endpoint *voicetest.Server, endpointURL string) {
	t.Helper()
	endpoint, err := voicetest.New(t.Context(), voicetest.Options{Unlike: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endpoint.Close() })
	endpointURL, err = endpoint.Start("")
	if err != nil {
		t.Fatal(err)
	}
	p = &place{dir: t.TempDir()}
	for name, text := range files {
		path := filepath.Join(p.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "ENDPOINT", endpointURL)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(t.Context(), filepath.Join(t.TempDir(), "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := batch.New(q, batch.Options{})
	if err := b.Take(t.Context(), p.Shows()[0]); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	runs := func(string) (*queue.Queue, *batch.Batch, error) { return q, b, nil }
	d := desk.New(ctx, desk.Options{Shows: p.Shows, Runs: runs, Version: "test", Reload: func(ctx context.Context, _ string) error { return p.load(ctx) }})
	server := httptest.NewServer(web.New(p, web.Options{Desk: d}))
	t.Cleanup(func() {
		cancel()
		d.Wait()
		server.Close()
		b.Close()
		_ = q.Close()
	})
	u, _ := url.Parse(server.URL)
	return p, "http://localhost:" + u.Port(), endpoint, endpointURL
}

// browser is what a story in Chromium needs; the test is skipped without it.
func browser(t testing.TB) (node, chromium, readers string) {
	t.Helper()
	readers, err := filepath.Abs("../../../bin/readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join(readers, "node_modules", name)); err != nil {
			t.Skipf("%s is not there; scripts/setup --test installs it where npm is", name)
		}
	}
	if node, err = exec.LookPath("node"); err != nil {
		t.Skip("node is not there; scripts/setup --test installs it")
	}
	if chromium, err = exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not there; scripts/setup --test installs it")
	}
	return node, chromium, readers
}

// tell runs a story in Chromium, and each thing that it looked for as a test.
func tell(t *testing.T, least int, name string, args ...string) {
	t.Helper()
	node, chromium, readers := browser(t)
	cmd := exec.CommandContext(t.Context(), node, append([]string{filepath.Join("testdata", name), readers, chromium}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
	looks := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); looks++ {
		var seen struct {
			Name   string
			OK     bool
			Detail string
		}
		if err := json.Unmarshal(lines.Bytes(), &seen); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		t.Run(seen.Name, func(t *testing.T) {
			if !seen.OK {
				t.Error(seen.Detail)
			}
		})
	}
	if looks < least {
		t.Errorf("only %d looks", looks)
	}
}

// TestStory is what a producer does with a text, from the first look to the feed.
func TestStory(t *testing.T) {
	t.Parallel()
	p, address, _, endpoint := began(t, map[string]string{
		"narrapress.yaml": show + "tracks: {intro: theme.wav, credits: theme.wav}\nsources: [{from: posts}]\nschedules: {nightly: {cron: \"0 3 * * *\"}}\nlimits: {cost: {day: 5}}\n",
		"posts/bridge.md": post, "theme.wav": tone(8),
	})
	shots := ""
	if *pictures {
		var err error
		if shots, err = filepath.Abs("../../../docs/pictures"); err != nil {
			t.Fatal(err)
		}
	}
	tell(t, 70, "story.mjs", address, endpoint, shots)
	for name, want := range map[string][]string{
		"lexicon.yaml":                    {"Szilard: SILL-ard"},
		"narrapress.yaml":                 {"lexicon: [lexicon.yaml]", "publish:\n  base_url"},
		"posts/bridge.md.narrapress.yaml": {"Nobody had expected an answer", "The idea", "NUR-ter"},
	} {
		b, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil {
			t.Error(err)
		}
		for _, s := range want {
			if !strings.Contains(string(b), s) {
				t.Errorf("%s has no %q:\n%s", name, s, b)
			}
		}
	}
}

var _ http.Handler = (*desk.Desk)(nil)
