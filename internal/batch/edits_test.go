package batch_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// TestWithdrawn takes posts away, and brings one back.
func TestWithdrawn(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	source := func(gone string) {
		name := filepath.Join(p.dir, "narrapress.yaml")
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		begin := strings.Index(string(b), "sources:")
		end := begin + strings.Index(string(b[begin:]), "\n")
		p.write(t, "narrapress.yaml", string(b[:begin])+"sources: [{from: posts, gone: "+gone+"}]"+string(b[end:]))
	}
	source("keep")
	for i := range 3 {
		p.post(t, i, "Some words.")
	}
	p.run(t, batch.Wish{})
	dir := filepath.Join(p.dir, "out", "01")
	remove := func(n string) {
		if err := os.Remove(filepath.Join(p.dir, "posts", n+".md")); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() bool {
		m, err := publish.ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		is, _ := publish.Listed(dir, m)
		return is
	}
	remove("01")
	kept := p.run(t, batch.Wish{})
	if !slices.Equal(kept.Gone, []string{"posts/01.md"}) || kept.Withdrawn != nil || !listed() {
		t.Errorf("kept: %v, %v, in the feed %t", kept.Gone, kept.Withdrawn, listed())
	}
	source("withdraw")
	gone := p.run(t, batch.Wish{})
	if !slices.Equal(gone.Withdrawn, []string{"posts/01.md"}) || gone.Gone != nil || listed() || !strings.Contains(text(gone), "withdrawn  posts/01.md") {
		t.Errorf("withdrawn: %v, in the feed %t\n%s", gone.Withdrawn, listed(), text(gone))
	}
	if err := publish.Verify(dir); err != nil {
		t.Error(err)
	}
	if again := p.run(t, batch.Wish{}); again.Withdrawn != nil || again.Gone != nil {
		t.Errorf("it is told again: %s", text(again))
	}
	asked := p.sky.Requests()
	p.post(t, 1, "Some words.")
	back := p.run(t, batch.Wish{})
	if !slices.Equal(back.Restored, []string{"posts/01.md"}) || !listed() || p.sky.Requests() != asked {
		t.Errorf("back: %v, in the feed %t, %d requests", back.Restored, listed(), p.sky.Requests()-asked)
	}
	// A folder in which there is nothing may be one that is not mounted.
	remove("00")
	remove("01")
	remove("02")
	away := p.run(t, batch.Wish{})
	if len(away.Gone) != 3 || away.Withdrawn != nil || !listed() || !strings.Contains(text(away), "is its folder away?") {
		t.Errorf("an empty folder: %s", text(away))
	}
}

// TestRevision edits a post that is out: the episode stays the same one. A server
// waits until the author has left it alone.
func TestRevision(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.post(t, 1, "The first words.")
	p.run(t, batch.Wish{})
	dir := filepath.Join(p.dir, "out", "01")
	before, err := publish.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.post(t, 1, "The first words.\n\nAnd others.")
	cfg := p.config(t)
	sources := cfg.SourcesOf("")
	sources[0].Debounce = 2 * time.Second
	q := openQueue(t, p)
	b := batch.New(q, batch.Options{})
	if err := b.Take(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	s := &scheduler{Batch: b}
	began := time.Now()
	for range 2 { // two listings, one after an edit that nobody is to hear
		if _, err := b.Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: sources}); err != nil {
			t.Fatal(err)
		}
		work(t, s, q, func() bool {
			open, err := q.List(t.Context(), queue.Filter{States: []queue.State{queue.Ready}})
			return err == nil && len(open) == 1 && open[0].Episode == "posts/01.md" && open[0].Waits == "its time"
		}, batch.WorkOptions{Jobs: 1})
		p.post(t, 1, "The first words.\n\nAnd quite others.")
	}
	work(t, s, q, func() bool {
		m, err := publish.ReadManifest(dir)
		return err == nil && m.Build != before.Build
	}, batch.WorkOptions{Jobs: 1})
	if took := time.Since(began); took < 2*time.Second {
		t.Errorf("it was made after %v", took)
	}
	after, err := publish.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if after.Revision != before.Revision+1 || after.Episode.ID != before.Episode.ID || after.Episode.Slug != before.Episode.Slug {
		t.Errorf("revision %d of %s after %d of %s", after.Revision, after.Episode.ID, before.Revision, before.Episode.ID)
	}
	if n := p.sky.Requests(); n != 3 { // title, first paragraph, new paragraph
		t.Errorf("%d requests", n)
	}
}

// TestAside has posts fail for what they are, and for what the run may cost.
func TestAside(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	for i := range 3 {
		p.post(t, i, strings.Repeat("Words that cost something. ", i+1))
	}
	p.write(t, "posts/empty.md", "---\ntitle: Nothing\n---\n")
	poor := p.run(t, batch.Wish{MaxCost: 0.0001})
	if got := states(poor); got != `{"failed":4}` {
		t.Fatalf("without money: %s\n%s", got, text(poor))
	}
	rich := p.run(t, batch.Wish{MaxCost: 100})
	if got := states(rich); got != `{"made":3}` || rich.Totals.Problems != 1 {
		t.Errorf("with money: %s, %d problems\n%s", got, rich.Totals.Problems, text(rich))
	}
}

// TestRebuild makes all again: with what changes nothing that is said for nothing.
func TestRebuild(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "audio: {loudness: -16}\nlexicon: [words.yaml]")
	p.write(t, "words.yaml", "words: {Narrapress: narra press}\n")
	p.post(t, 0, "The lamp is lit.")
	p.post(t, 1, "The quay is wet.")
	p.run(t, batch.Wish{})
	rebuild := func() (c *batch.Cost, requests int, rep *batch.Report) {
		t.Helper()
		cfg := p.config(t)
		q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := batch.New(q, batch.Options{})
		if err := b.Take(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		if c, err = b.Cost(t.Context(), batch.ShowName(cfg), cfg.SourcesOf("")); err != nil {
			t.Fatal(err)
		}
		q.Close()
		asked := p.sky.Requests()
		rep = p.run(t, batch.Wish{Rebuild: true})
		return c, p.sky.Requests() - asked, rep
	}
	if c, n, rep := rebuild(); c.Requests != 0 || n != 0 || states(rep) != `{"unchanged":2}` {
		t.Errorf("nothing new: %+v, %d requests, %s", c, n, states(rep))
	}
	show := filepath.Join(p.dir, "narrapress.yaml")
	b, err := os.ReadFile(show)
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "narrapress.yaml", strings.Replace(string(b), "loudness: -16", "loudness: -19", 1))
	if c, n, rep := rebuild(); c.Requests != 0 || c.Episodes != 2 || n != 0 || states(rep) != `{"made":2}` {
		t.Errorf("another loudness: %+v, %d requests, %s", c, n, states(rep))
	}
	p.write(t, "words.yaml", "words: {Narrapress: narra press, quay: key}\n")
	if c, n, rep := rebuild(); c.Requests != 1 || n != 1 || states(rep) != `{"made":1,"unchanged":1}` {
		t.Errorf("a new entry of the lexicon: %+v, %d requests, %s", c, n, states(rep))
	}
}

// TestSilentEdits has a post and its edits change without a sound: the next run
// looks at it, and those after it know.
func TestSilentEdits(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "")
	p.post(t, 1, "The lamp is lit.")
	p.run(t, batch.Wish{})
	asked := p.sky.Requests()
	for _, change := range []func(){
		func() {
			p.write(t, "posts/01.md.narrapress.yaml", "version: 1\nedits:\n  - on: The lamp\n    note: Ask her.\n")
		},
		func() { p.post(t, 1, "The lamp is lit.\n\n<!-- Or is it? -->") },
	} {
		change()
		for i, jobs := range []int{1, 0} {
			if rep := p.run(t, batch.Wish{}); states(rep) != `{"unchanged":1}` || len(rep.Items) != jobs {
				t.Errorf("run %d: %s, %d jobs, want %d", i, states(rep), len(rep.Items), jobs)
			}
		}
	}
	if n := p.sky.Requests() - asked; n != 0 {
		t.Errorf("%d requests", n)
	}
}
