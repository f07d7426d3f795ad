package pipeline_test

import (
	"errors"
	"io/fs"
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

// Takes that were refused at first warn in the run, and are no part of the
// manifest; where they hold, they are.
func TestRetakes(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	rule := func(res *pipeline.Result) gate.Verdict {
		for _, f := range res.Gate {
			if f.Rule == gate.RuleRetakes {
				return f.Verdict
			}
		}
		return ""
	}
	if rule(first) != "" {
		t.Errorf("nothing was refused: %v", first.Gate)
	}
	refuse(t, filepath.Join(dir, "store"))
	again := produce(t, dir, pipeline.Order{Source: "post.md", Fresh: true})
	if rule(again) != gate.Warns || again.Held {
		t.Errorf("a warning is not told: %v", again.Gate)
	}
	said := "was refused by a check"
	for name, want := range map[string]bool{publish.RunName: true, "report.md": true, publish.ManifestName: false} {
		if strings.Contains(read(t, filepath.Join(again.Dir, name)), said) != want {
			t.Errorf("%s: tells of it: %v", name, !want)
		}
	}
	put(t, show+"gate: {retakes: {then: hold}}\n", dir, "narrapress.yaml")
	if held := hold(t, dir, "post.md"); held.Reasons[0].Rule != gate.RuleRetakes {
		t.Errorf("%v", held)
	}
}

// refuse has every take in a store be one whose first answer was refused.
func refuse(t *testing.T, store string) {
	t.Helper()
	changed := 0
	err := filepath.WalkDir(store, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), `"characters":`) {
			return err
		}
		changed++
		return os.WriteFile(path, []byte(strings.Replace(string(b), `"characters":`, `"refused":2,"characters":`, 1)), 0o600)
	})
	if err != nil || changed == 0 {
		t.Fatalf("%d takes, %v", changed, err)
	}
}

// A rule that was off judges what was made meanwhile.
func TestUnknownTurnedOn(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show + "gate: {unknown: {then: off}}\n", "post.md": post + "\nThe boat of Torvindel came by with a box from Marbelis for all of us.\n",
	})
	if res := produce(t, dir, pipeline.Order{Source: "post.md"}); len(res.Gate) > 0 {
		t.Errorf("%v", res.Gate)
	}
	put(t, show+"gate: {unknown: {then: hold, most: 0.001}}\n", dir, "narrapress.yaml")
	if held := hold(t, dir, "post.md"); held.Reasons[0].Rule != gate.RuleUnknown {
		t.Errorf("%v", held)
	}
}

// Where the verdict cannot be told in a report, it is not in the manifest: the
// next run tries again.
func TestVerdictReportFirst(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	before := read(t, filepath.Join(res.Dir, publish.ManifestName))
	report := filepath.Join(res.Dir, "report.md")
	was := read(t, report)
	if err := errors.Join(os.Remove(report), os.Mkdir(report, 0o700)); err != nil {
		t.Fatal(err)
	}
	put(t, strict, dir, "narrapress.yaml")
	if _, err := press(t, dir).Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")}); err == nil {
		t.Error("nothing is amiss")
	}
	if read(t, filepath.Join(res.Dir, publish.ManifestName)) != before {
		t.Error("the manifest has another verdict than the report")
	}
	if err := os.Remove(report); err != nil {
		t.Fatal(err)
	}
	put(t, was, report)
	hold(t, dir, "post.md")
	if !strings.Contains(read(t, report), "kept out of the feed (artwork)") {
		t.Error("the report has the old verdict")
	}
}
