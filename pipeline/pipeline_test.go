package pipeline_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
)

const show = `
show: {title: "A test show", author: "A. Author", language: en-US, credits: "Thank you for listening."}
endpoints: {here: {preset: flite}}
voices: {narrator: {endpoint: here, voice: slt}, second: {endpoint: here, voice: rms}}
roles: {body: narrator, quote: second}
`

const post = `---
title: A walk by the river
date: 2026-11-01
---

The river was high that morning, and nobody had crossed it since the rain began.

> The water keeps what it is given, and gives back what it pleases.

## On the bridge

We stood on the bridge for an hour and counted the branches that came down.
There were more of them than anybody remembered from the years before the dam.

## At home

In the evening the house smelled of wet wool, and we told it all again by the fire.
`

// folder is a show and a post in a folder of their own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func press(t *testing.T, dir string) *pipeline.Press {
	t.Helper()
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(dir, "narrapress.yaml"), Dir: dir, Home: dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(dir, "store")},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := pipeline.New(t.Context(), cfg, pipeline.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func produce(t *testing.T, dir string, o pipeline.Order) *pipeline.Result {
	t.Helper()
	o.Source = filepath.Join(dir, o.Source)
	res, err := press(t, dir).Produce(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func published(t *testing.T, dir string) map[string]string {
	t.Helper()
	m, err := publish.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{publish.ManifestName: read(t, filepath.Join(dir, publish.ManifestName))}
	for _, f := range m.Files {
		files[f.Name] = read(t, filepath.Join(dir, f.Name))
	}
	return files
}

func TestEpisode(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	if first.Made != 6 && first.Made < 5 || first.Reused != 0 || first.Unchanged {
		t.Errorf("first run: %d made, %d reused, unchanged %v", first.Made, first.Reused, first.Unchanged)
	}
	var chapters []string
	for _, c := range first.Episode.Chapters {
		chapters = append(chapters, c.Title)
	}
	if diff := cmp.Diff([]string{"A walk by the river", "On the bridge", "At home", "Credits"}, chapters); diff != "" {
		t.Errorf("chapters (-want +got):\n%s", diff)
	}
	if l := first.Episode.Loudness; math.Abs(float64(l.Integrated+16)) > 0.1 || l.TruePeak > -1 {
		t.Errorf("loudness %+v", l)
	}
	if err := publish.Verify(first.Dir); err != nil {
		t.Error(err)
	}
	before := published(t, first.Dir)

	again := produce(t, dir, pipeline.Order{Source: "post.md"})
	if !again.Unchanged || again.Made != 0 {
		t.Errorf("second run: unchanged %v, %d made", again.Unchanged, again.Made)
	}

	// The folder is lost, the store is not: the same bytes, no request.
	if err := os.RemoveAll(first.Dir); err != nil {
		t.Fatal(err)
	}
	rebuilt := produce(t, dir, pipeline.Order{Source: "post.md"})
	if rebuilt.Made != 0 || rebuilt.Unchanged {
		t.Errorf("rebuilt: %d made, unchanged %v", rebuilt.Made, rebuilt.Unchanged)
	}
	if diff := cmp.Diff(before, published(t, rebuilt.Dir)); diff != "" {
		t.Errorf("rebuilt files differ: %.500s", diff)
	}

	// One sentence changed: one segment asked for, and blocks are made ahead.
	edited := strings.Replace(post, "counted the branches", "counted the bottles", 1)
	if err := os.WriteFile(filepath.Join(dir, "post.md"), []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	var changed *pipeline.Result
	leavesNobody(t, func() { changed = produce(t, dir, pipeline.Order{Source: "post.md"}) })
	if changed.Made != 1 || changed.Reused != first.Made-1 {
		t.Errorf("one sentence changed: %d made, %d reused; want 1 and %d", changed.Made, changed.Reused, first.Made-1)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "out", ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestIdentityOutlivesTheTitle(t *testing.T) {
	t.Parallel()
	const text = "---\ntitle: %\n---\n\nA short text that is spoken in one go.\n"
	dir := folder(t, map[string]string{
		"narrapress.yaml": show,
		"post.md":         strings.ReplaceAll(text, "%", "One title"),
		"sub/post.md":     strings.ReplaceAll(text, "%", "Of the same name"),
	})
	a := produce(t, dir, pipeline.Order{Source: "post.md"})
	b := produce(t, dir, pipeline.Order{Source: "sub/post.md"})
	if filepath.Base(a.Dir) != "post" || a.Dir == b.Dir {
		t.Fatalf("folders %s and %s", a.Dir, b.Dir)
	}
	if err := os.WriteFile(filepath.Join(dir, "sub/post.md"), []byte(strings.ReplaceAll(text, "%", "Another title")), 0o644); err != nil {
		t.Fatal(err)
	}
	c := produce(t, dir, pipeline.Order{Source: "sub/post.md"})
	if c.Dir != b.Dir || c.Episode.Title != "Another title" || c.Unchanged {
		t.Errorf("a changed title: folder %s (was %s), title %q", c.Dir, b.Dir, c.Episode.Title)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "out"))
	if err != nil || len(entries) != 2 {
		t.Errorf("out holds %v (%v), want two episodes", entries, err)
	}
}

func TestTracksSampleAndFresh(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show + "tracks: {intro: theme.wav, credits: {file: theme.wav, overlap: 500ms}}\n",
		"post.md":         post,
	})
	theme, err := os.ReadFile("../examples/curated/art/intro.mp3")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "theme.wav"), theme, 0o644); err != nil {
		t.Fatal(err)
	}
	sample := produce(t, dir, pipeline.Order{Source: "post.md", Sample: 5 * time.Second})
	if len(sample.Files) != 1 || !strings.HasSuffix(sample.Files[0], filepath.Join("out", "post.sample.mp3")) || sample.Made >= 5 {
		t.Errorf("sample: %d made, files %v", sample.Made, sample.Files)
	}
	music, err := record.ListenFile(t.Context(), filepath.Join(dir, "theme.wav"))
	if err != nil {
		t.Fatal(err)
	}
	lasts := func(c podcast.Chapter) float64 { return float64(c.End - c.Start) }
	if c := sample.Episode.Chapters; c[0].Title != "Intro" || lasts(c[0]) < music.Seconds()/2 || c[len(c)-1].Title == "Credits" {
		t.Errorf("a sample has the intro and no credits: %+v", c)
	}
	whole := produce(t, dir, pipeline.Order{Source: "post.md"})
	if whole.Reused < sample.Made {
		t.Errorf("%d takes reused after a sample of %d", whole.Reused, sample.Made)
	}
	if c := whole.Episode.Chapters; c[0].Title != "Intro" || c[len(c)-1].Title != "Credits" || lasts(c[len(c)-1]) < music.Seconds()-0.5 {
		t.Errorf("chapters %+v, and %g s of music", c, music.Seconds())
	}
	m, err := publish.ReadManifest(whole.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Timeline.Channels != 2 || len(m.Tracks) != 2 {
		t.Errorf("timeline %+v, tracks %+v", m.Timeline, m.Tracks)
	}
	fresh := produce(t, dir, pipeline.Order{Source: "post.md", Fresh: true})
	if fresh.Unchanged || fresh.Made != 0 {
		t.Errorf("--fresh: unchanged %v, %d made", fresh.Unchanged, fresh.Made)
	}
}

func TestPlanIsHeldByItsCost(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": strings.Replace(show, "preset: flite", "preset: flite, price: {per_1m_chars: 1000000}", 1),
		"post.md":         post,
	})
	limit := 10.0
	o := pipeline.Order{Source: filepath.Join(dir, "post.md"), MaxCost: &limit}
	plan, err := press(t, dir).Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Totals.Cost != float64(plan.Totals.Characters) || !plan.Totals.Priced {
		t.Errorf("totals %+v, want a cost of one a character", plan.Totals)
	}
	res, err := press(t, dir).Produce(t.Context(), o)
	var held *pipeline.CostError
	if !errors.As(err, &held) || held.Setting != "--max-cost" || res.Made != 0 {
		t.Errorf("error %v, %d made; want the plan held", err, res.Made)
	}
}

func TestInterruptedKeepsItsTakes(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(dir, "narrapress.yaml"), Dir: dir, Home: dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(dir, "store")},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p, err := pipeline.New(ctx, cfg, pipeline.Options{Observe: func(e pipeline.Event) {
		if e.Stage == pipeline.Record && e.Count == 2 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Produce(ctx, pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if !errors.Is(err, context.Canceled) || res.Made < 2 {
		t.Fatalf("error %v, %d made", err, res.Made)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "post")); !os.IsNotExist(err) {
		t.Errorf("a half-made episode is in place: %v", err)
	}
	rest := produce(t, dir, pipeline.Order{Source: "post.md"})
	if rest.Reused < res.Made {
		t.Errorf("%d takes reused after %d were kept", rest.Reused, res.Made)
	}
}

func TestOneAtATime(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	p := press(t, dir)
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
			errs <- err
		}()
	}
	var busy *pipeline.BusyError
	a, b := <-errs, <-errs
	for _, err := range []error{a, b} {
		if err != nil && !errors.As(err, &busy) {
			t.Error(err)
		}
	}
	if a != nil && b != nil {
		t.Errorf("neither was made: %v; %v", a, b)
	}
	if err := publish.Verify(filepath.Join(dir, "out", "post")); err != nil {
		t.Error(err)
	}
}

func TestSameSlugAtOnce(t *testing.T) {
	t.Parallel()
	const text = "A short text, spoken in one go, of which there are several.\n"
	dir := folder(t, map[string]string{
		"narrapress.yaml": show, "one/post.md": text, "two/post.md": text, "three/post.md": text,
	})
	p := press(t, dir)
	type made struct {
		res *pipeline.Result
		err error
	}
	results := make(chan made, 3)
	for _, name := range []string{"one", "two", "three"} {
		go func() {
			res, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, name, "post.md")})
			results <- made{res, err}
		}()
	}
	dirs := map[string]bool{}
	for range 3 {
		m := <-results
		if m.err != nil {
			t.Error(m.err)
			continue
		}
		dirs[filepath.Base(m.res.Dir)] = true
		if err := publish.Verify(m.res.Dir); err != nil {
			t.Error(err)
		}
	}
	if want := map[string]bool{"post": true, "post-2": true, "post-3": true}; !maps.Equal(dirs, want) {
		t.Errorf("folders %v, want %v", dirs, want)
	}
}

func TestDamagedTakeIsAskedForAgainAndSaid(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	takes, err := filepath.Glob(filepath.Join(dir, "store", "*", "*", "take.wav"))
	if err != nil || len(takes) != first.Made {
		t.Fatalf("%d takes in the store (%v), want %d", len(takes), err, first.Made)
	}
	if err := os.WriteFile(takes[0], []byte("no longer a sound"), 0o644); err != nil {
		t.Fatal(err)
	}
	again := produce(t, dir, pipeline.Order{Source: "post.md", Fresh: true})
	if again.Made != 1 || len(again.Findings) != 1 || !strings.Contains(again.Findings[0], "damaged") {
		t.Errorf("%d made, findings %v; want one made and one finding", again.Made, again.Findings)
	}
}
