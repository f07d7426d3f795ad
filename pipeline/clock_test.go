package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// clocked is a show's press by a clock that is the test's to set.
func clocked(t *testing.T, dir string, clock *time.Time) (*pipeline.Press, *config.Config) {
	t.Helper()
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(dir, "narrapress.yaml"), Dir: dir, Home: dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(dir, "store")},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := pipeline.New(t.Context(), cfg, pipeline.Options{Now: func() time.Time { return *clock }})
	if err != nil {
		t.Fatal(err)
	}
	return p, cfg
}

var itemTitle = regexp.MustCompile(`<item>\s*<title>([^<]*)</title>`)

// inFeed are the titles of the show's feed, the newest first, once it is written.
func inFeed(t *testing.T, cfg *config.Config) (titles []string) {
	t.Helper()
	res, err := pipeline.WriteFeed(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range itemTitle.FindAllStringSubmatch(read(t, res.Feed), -1) {
		titles = append(titles, m[1])
	}
	return titles
}

const clockShow = `
show: {title: "A test show", author: "A. Author", language: en-US, description: D, category: [Technology], explicit: false, cover: cover.jpg}
endpoints: {here: {preset: flite}}
voices: {narrator: {endpoint: here, voice: slt}}
roles: {body: narrator}
publish: {base_url: "https://example.org/pod"}
output: {report: false, page: false}
gate: {chapters: {least: 9, over: 0s, then: hold}}
`

// TestClockGoesBack makes episodes without dates of their own while the clock of the
// machine goes back: an episode that is made later is newer in the feed, one that is
// made again keeps its date, one that is released is in the feed, and what happened
// is in run.json as the clock said it.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	dir := folder(t, map[string]string{
		"narrapress.yaml": strings.Replace(clockShow, "gate: {chapters: {least: 9, over: 0s, then: hold}}\n", "", 1), "cover.jpg": string(drawing(t, 1400)),
		"first.md": "# First\n\nThis was made at noon.\n", "second.md": "# Second\n\nThis was made after it.\n",
		"third.md": "# Third\n\nAnd this was the last.\n", "dated.md": "---\ndate: 2026-11-26T11:30:00Z\n---\n\n# Dated\n\nIts author says when.\n",
	})
	clock := noon
	p, cfg := clocked(t, dir, &clock)
	make := func(name string) *pipeline.Result {
		t.Helper()
		res, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, name)})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	first := make("first.md")
	clock = noon.Add(-time.Hour) // as of a zone that was wrong
	second := make("second.md")
	dated := make("dated.md")
	p, _ = clocked(t, dir, &clock) // another run
	clock = clock.Add(time.Minute)
	third := make("third.md")

	if got := inFeed(t, cfg); !slices.Equal(got, []string{"Third", "Second", "First", "Dated"}) {
		t.Errorf("the feed has %q: an order is turned over", got)
	}
	if got := first.Episode.Released; !got.Equal(noon) {
		t.Errorf("the first is dated %v", got)
	}
	for _, r := range []*pipeline.Result{second, third} {
		if d := r.Episode.Released.Sub(noon); d <= 0 || d > time.Minute {
			t.Errorf("%s is dated %v, want a moment after noon", r.Episode.Title, r.Episode.Released)
		}
	}
	if !dated.Episode.Released.IsZero() {
		t.Errorf("what has a date has another one: %v", dated.Episode.Released)
	}
	if run := read(t, filepath.Join(second.Dir, publish.RunName)); !strings.Contains(run, `"started": "2026-11-26T11:00:00Z"`) {
		t.Errorf("a run says another time than its clock:\n%s", run)
	}

	// Made again by a clock that is earlier still, it is where it was.
	before := read(t, filepath.Join(dir, "out", "feed.xml"))
	clock = noon.AddDate(0, -1, 0)
	if err := os.WriteFile(filepath.Join(dir, "second.md"), []byte("# Second\n\nThis was made after it, and mended.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	again := make("second.md")
	if again.Unchanged || !again.Episode.Released.Equal(second.Episode.Released) {
		t.Errorf("made again (%t) it is dated %v, was %v", !again.Unchanged, again.Episode.Released, second.Episode.Released)
	}
	if m, err := publish.ReadManifest(again.Dir); err != nil || m.Revision != 2 {
		t.Errorf("its revision is %d, %v", m.Revision, err)
	}
	if got := inFeed(t, cfg); !slices.Equal(got, []string{"Third", "Second", "First", "Dated"}) {
		t.Errorf("made again, the feed has %q", got)
	}
	dates := regexp.MustCompile(`<pubDate>.*</pubDate>`)
	if diff := cmp.Diff(dates.FindAllString(before, -1), dates.FindAllString(read(t, filepath.Join(dir, "out", "feed.xml")), -1)); diff != "" {
		t.Errorf("dates of the feed (-before +after):\n%s", diff)
	}
}

// A date that no clock says by mistake of an hour or a zone is that of a clock which
// was wrong: others do not follow it.
func TestClockWasYearsAhead(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show, "wrong.md": "# Wrong\n\nThis was made by a clock that was wrong.\n", "right.md": "# Right\n\nAnd this by one that is right.\n",
	})
	clock := time.Date(2093, 1, 1, 0, 0, 0, 0, time.UTC)
	p, _ := clocked(t, dir, &clock)
	for _, step := range []struct {
		name string
		at   time.Time
	}{{"wrong.md", clock}, {"right.md", time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)}} {
		clock = step.at
		res, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, step.name)})
		if err != nil {
			t.Fatal(err)
		}
		if !res.Episode.Released.Equal(step.at) {
			t.Errorf("%s is dated %v, want %v", step.name, res.Episode.Released, step.at)
		}
	}
}

// A build that is held goes out by a word that is older than it, and is held again
// without it.
func TestReleasedBeforeItWasMade(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	dir := folder(t, map[string]string{
		"narrapress.yaml": clockShow, "cover.jpg": string(drawing(t, 1400)), "post.md": "# Held\n\nThis is too short.\n",
	})
	clock := noon
	p, cfg := clocked(t, dir, &clock)
	res, err := p.Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if held := new(pipeline.HeldError); !errors.As(err, &held) || !res.Held {
		t.Fatalf("held %t, %v", res.Held, err)
	}
	if got := inFeed(t, cfg); len(got) != 0 {
		t.Errorf("what is held is in the feed: %q", got)
	}
	if _, err := pipeline.Release(cfg.Output.Dir, "post", publish.Release{Note: "fine", When: noon.Add(-24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got := inFeed(t, cfg); !slices.Equal(got, []string{"Held"}) {
		t.Errorf("what was released is not in the feed: %q", got)
	}
	if _, err := publish.Withdraw(res.Dir, publish.Withdrawal{Reason: "no", When: noon.Add(-48 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got := inFeed(t, cfg); len(got) != 0 {
		t.Errorf("what was withdrawn is in the feed: %q", got)
	}
	if done, err := publish.Restore(res.Dir); !done || err != nil {
		t.Errorf("%t, %v", done, err)
	}
	if got := inFeed(t, cfg); !slices.Equal(got, []string{"Held"}) {
		t.Errorf("what was taken back is not in the feed: %q", got)
	}
	if _, err := pipeline.Revoke(cfg.Output.Dir, "post"); err != nil {
		t.Fatal(err)
	}
	if got := inFeed(t, cfg); len(got) != 0 {
		t.Errorf("what is held again is in the feed: %q", got)
	}
}
