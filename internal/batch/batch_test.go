package batch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// press is a show in a folder, with an endpoint that never speaks alike.
type press struct {
	dir string
	sky *voicetest.Weather
}

func newPress(t testing.TB, faulty float64, more string) *press {
	t.Helper()
	sky, err := voicetest.NewWeather(t.Context(), faulty, 1)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(sky)
	t.Cleanup(front.Close)
	p := &press{dir: t.TempDir(), sky: sky}
	p.write(t, "narrapress.yaml", fmt.Sprintf(`
show: {id: a-show, title: "A show", author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: %q, retry: {base: 1ms, cap: 50ms}, breaker: {rest: 5ms}, limits: {concurrency: 4}, price: {per_1m_chars: 1000}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: ['posts/*.md']
output: {store: takes, cache: cache}
%s`, front.URL+"/v1", more))
	return p
}

// postgres is the address of a database of the test's own, on a server of its own.
func postgres(t *testing.T) string {
	t.Helper()
	server, err := pgtest.Start()
	if err != nil {
		t.Skip("no PostgreSQL here: ", err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	address, err := server.Create("runs", "template1")
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func (p *press) write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// post writes the n-th post.
func (p *press) post(t testing.TB, n int, text string) {
	t.Helper()
	p.write(t, fmt.Sprintf("posts/%02d.md", n), fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-11-01\n---\n\n%s\n", n, text))
}

func (p *press) config(t testing.TB) *config.Config {
	t.Helper()
	cfg, err := config.Load(t.Context(), config.Sources{File: filepath.Join(p.dir, "narrapress.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// run carries out one run.
func (p *press) run(t testing.TB, w batch.Wish) *batch.Report {
	t.Helper()
	cfg := p.config(t)
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{Backoff: func(error, int) time.Duration { return 10 * time.Millisecond }})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	b := batch.New(q, batch.Options{})
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	w.Show = batch.ShowName(cfg)
	if w.Sources == nil {
		w.Sources = cfg.SourcesOf("")
	}
	rep, err := b.Run(t.Context(), w, batch.WorkOptions{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func states(r *batch.Report) string {
	b, _ := json.Marshal(r.Totals.States)
	return string(b)
}

func TestRun(t *testing.T) {
	p := newPress(t, 0, "")
	for i := range 3 {
		p.post(t, i, fmt.Sprintf("This is the text of post number %d. It is short.", i))
	}
	p.write(t, "posts/03.md", "---\ntitle: Not yet\ndraft: true\n---\n\nNothing to see.\n")
	p.write(t, "posts/04.md", "---\ntitle: Nothing\n---\n")
	first := p.run(t, batch.Wish{})
	if got := states(first); got != `{"draft":1,"failed":1,"made":3}` || first.Totals.Problems != 0 || first.Totals.Complete() {
		t.Fatalf("first run: %s, %d problems\n%s", got, first.Totals.Problems, text(first))
	}
	if first.Totals.Cost <= 0 || first.Totals.Currency != "USD" || first.Totals.Length < 5 {
		t.Errorf("totals %+v", first.Totals)
	}
	asked := p.sky.Requests()
	for i := range 3 {
		if err := publish.Verify(filepath.Join(p.dir, "out", fmt.Sprintf("%02d", i))); err != nil {
			t.Error(err)
		}
	}
	second := p.run(t, batch.Wish{})
	if got := states(second); got != `{"draft":1,"unchanged":3}` || second.Totals.Problems != 1 || p.sky.Requests() != asked {
		t.Errorf("second run: %s, %d requests more\n%s", got, p.sky.Requests()-asked, text(second))
	}
	p.post(t, 1, "This is the text of post number 1. It is another one.")
	third := p.run(t, batch.Wish{})
	if got := states(third); got != `{"draft":1,"made":1,"unchanged":2}` {
		t.Errorf("third run: %s\n%s", got, text(third))
	}
	report, err := os.ReadFile(filepath.Join(p.dir, "out", ".runs", third.Run+".txt"))
	if err != nil || !strings.Contains(string(report), "Post 1") {
		t.Errorf("report %q, %v", report, err)
	}
}

func text(r *batch.Report) string {
	var b strings.Builder
	r.Text(&b)
	return b.String()
}

func TestRunLimits(t *testing.T) {
	p := newPress(t, 0, "")
	for i := range 4 {
		p.post(t, i, fmt.Sprintf("This is the text of post number %d. It is short.", i))
	}
	first := p.run(t, batch.Wish{Limit: 1})
	if got := states(first); got != `{"made":1}` || first.Totals.Over != 3 {
		t.Fatalf("a run of one: %s, %d over\n%s", got, first.Totals.Over, text(first))
	}
	// Enough for one of the three that are left, whichever begins first.
	second := p.run(t, batch.Wish{MaxCost: 1.5 * first.Totals.Cost})
	if got := states(second); got != `{"failed":2,"made":1,"unchanged":1}` || second.Totals.Cost > 1.5*first.Totals.Cost {
		t.Fatalf("a run with a budget: %s, %g\n%s", got, second.Totals.Cost, text(second))
	}
	if !strings.Contains(text(second), "max_cost of the run") {
		t.Error(text(second))
	}
}

func TestRunOfALockedFolder(t *testing.T) {
	p := newPress(t, 0, "")
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	_, err = queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if locked := new(queue.LockedError); !errors.As(err, &locked) {
		t.Errorf("a second run: %v", err)
	}
}
