package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// A manifest says who spoke, with what, and when each segment is heard; the
// gate's facts are those of the sound. A clock that goes back makes no time
// negative.
func TestProvenance(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show + "lexicon: [words.yaml]\n", "words.yaml": "words: {dam: dahm}\n", "post.md": post,
	})
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(dir, "narrapress.yaml"), Dir: dir, Home: dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(dir, "store")},
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	clock := make(chan time.Time, 1)
	clock <- now
	backwards := func() time.Time {
		at := <-clock
		clock <- at.Add(-time.Minute)
		return at
	}
	p, err := pipeline.New(t.Context(), cfg, pipeline.Options{Version: "v9", Now: backwards})
	if err != nil {
		t.Fatal(err)
	}
	res, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if err != nil {
		t.Fatal(err)
	}
	if res.Elapsed < 0 {
		t.Errorf("it took %s", res.Elapsed)
	}
	if strings.Contains(read(t, filepath.Join(res.Dir, publish.RunName)), `"elapsed": -`) {
		t.Error("a time in run.json is negative")
	}
	m, err := publish.ReadManifest(res.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Program != "v9" || len(m.Lexicon) != 64 || m.Keys["take"] == 0 || m.Keys["block"] == 0 {
		t.Errorf("program %q, lexicon %q, keys %v", m.Program, m.Lexicon, m.Keys)
	}
	if v := m.Voices["narrator"]; v.Endpoint != "here" || v.Voice != "slt" || !strings.HasPrefix(v.Identity, "flite") {
		t.Errorf("narrator: %+v", v)
	}
	for _, take := range m.Takes {
		if !strings.HasPrefix(take.Endpoint, "flite") || take.To <= take.From || take.To > m.Episode.Length {
			t.Errorf("take %+v", take)
		}
	}
	f := m.Gate.Facts
	if f.Speech <= 0 || f.Expected <= 0 || f.Segments != len(m.Takes) || f.Missing != nil || f.Words == nil || f.Words.All < 50 ||
		f.Silence.Length < 0.3 || f.Silence.Length > f.Pause+0.5 {
		t.Errorf("facts %+v", f)
	}
}

// A killed release leaves either build whole; one that is not held is not
// released, and what another press holds is left alone.
func TestRelease(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show + "gate: {artwork: {then: hold, drawn: false}}\n", "post.md": post})
	_, err := press(t, dir).Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
	held, ok := errors.AsType[*pipeline.HeldError](err)
	if !ok || len(held.Reasons) != 1 || held.Reasons[0].Rule != gate.RuleArtwork || held.Aside {
		t.Fatalf("%v", err)
	}
	out := filepath.Join(dir, "out")
	for _, name := range []string{"post", "post.md", held.Dir} { // slug, ID, folder
		if _, err := pipeline.Release(out, name, publish.Release{Note: "meant"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := pipeline.Release(out, name, publish.Release{Note: "meant"}); err == nil {
			t.Errorf("%s is released twice", name)
		}
		if _, err := pipeline.Revoke(out, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := pipeline.Revoke(out, name); err == nil {
			t.Errorf("%s is taken back twice", name)
		}
	}
	for _, name := range []string{"", "..", "../out/post/..", "nobody", "post/../../etc"} {
		if _, err := pipeline.Release(out, name, publish.Release{Note: "x"}); err == nil {
			t.Errorf("%q is released", name)
		}
	}
	if _, err := os.Stat(filepath.Join(held.Dir, publish.ReleaseName)); err == nil {
		t.Error("a release is left")
	}
}
