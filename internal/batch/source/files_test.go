package source_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func locations(t testing.TB, c *config.Config, out *source.Listing) []string {
	t.Helper()
	var got []string
	for _, it := range out.Items {
		rel, err := filepath.Rel(c.Dir, it.Location)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	return got
}

func TestFilters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	l, c := lister(t, source.Options{Now: func() time.Time { return now }})
	write(t, c.Dir, "p/a.md", "---\ntitle: Night train\nauthor: Ada Brown\ndate: 2026-11-20\ntags: [Sea, trains]\n---\n"+strings.Repeat("word ", 100))
	write(t, c.Dir, "p/b.md", "---\ntitle: Day boat\nauthor: Bo Lind\ndate: 2026-10-01\ntags: [sea]\n---\n"+strings.Repeat("word ", 20))
	write(t, c.Dir, "p/draft/c.md", "---\ntitle: Night boat\nauthor: Bo Lind\ndate: 2026-11-24\n---\n"+strings.Repeat("word ", 50))
	write(t, c.Dir, "p/d.txt", strings.Repeat("word ", 10))
	write(t, c.Dir, "p/picture.png", "\x89PNG")
	write(t, c.Dir, "p/.hidden.md", "Words.")
	all := []string{"p/a.md", "p/b.md", "p/d.txt", "p/draft/c.md"}
	for _, tt := range []struct {
		name string
		s    config.Source
		want []string
	}{
		{"a folder", config.Source{From: "p"}, all},
		{"a pattern", config.Source{From: "p/**/*.md"}, []string{"p/a.md", "p/b.md", "p/draft/c.md"}},
		{"a file", config.Source{From: "p/b.md"}, []string{"p/b.md"}},
		{"tags", config.Source{From: "p", Tags: []string{"SEA", "none"}}, []string{"p/a.md", "p/b.md"}},
		{"authors", config.Source{From: "p", Author: []string{"bo lind"}}, []string{"p/b.md", "p/draft/c.md"}},
		{"since", config.Source{From: "p", Since: "2026-11-20"}, []string{"p/a.md", "p/draft/c.md"}},
		{"until", config.Source{From: "p", Until: "2026-11-20"}, []string{"p/a.md", "p/b.md"}},
		{"newer", config.Source{From: "p", Newer: 72 * time.Hour}, []string{"p/draft/c.md"}},
		{"words", config.Source{From: "p", Words: config.WordCount{Least: 20, Most: 50}}, []string{"p/b.md", "p/draft/c.md"}},
		{"match of a title", config.Source{From: "p", Match: "(?i)^night"}, []string{"p/a.md", "p/draft/c.md"}},
		{"match of a path", config.Source{From: "p", Match: `^p/draft/|\.txt$`}, []string{"p/d.txt", "p/draft/c.md"}},
		{"skip", config.Source{From: "p", Skip: "draft|Day"}, []string{"p/a.md", "p/d.txt"}},
		{"limit", config.Source{From: "p", Limit: 2}, []string{"p/a.md", "p/draft/c.md"}},
		{"all together", config.Source{From: "p", Tags: []string{"sea"}, Since: "2026-01-01", Skip: "Night", Limit: 5}, []string{"p/b.md"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.s.Dir = c.Dir
			out := list(t, l, tt.s)
			if diff := cmp.Diff(tt.want, locations(t, c, out)); diff != "" || len(out.Problems) > 0 {
				t.Errorf("(-want +got):\n%s\n%v", diff, out.Problems)
			}
		})
	}
}

func TestFileItem(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{})
	write(t, c.Dir, "a.md", "---\ntitle: Night train\nid: night\nlink: https://example.com/night/\ndraft: true\n---\nOne, two 三四.\n\n- five\n\n```\ncode here\n```\n")
	write(t, c.Dir, "posts/b-c.md", "Words.")
	write(t, c.Dir, "same.md", "---\nlink: HTTPS://EXAMPLE.com:443/night#x\n---\nWords.")
	write(t, c.Dir, "plan.yaml", "version: 1\n")
	write(t, c.Dir, "empty.md", "")
	out := list(t, l, config.Source{Name: "all", From: "**", Dir: c.Dir}, config.Source{From: "none.md", Dir: c.Dir}, config.Source{From: "x/*.md", Dir: c.Dir})
	if len(out.Items) != 2 {
		t.Fatalf("%+v", out)
	}
	a, b := out.Items[0], out.Items[1]
	if a.ID != "night" || a.Link != "https://example.com/night/" || !a.Draft || a.Words != 5 || !a.Exact || a.Source != "all" {
		t.Errorf("%+v", a)
	}
	if b.ID != "posts/b-c.md" || b.Title != "B c" {
		t.Errorf("%+v", b)
	}
	if len(out.Findings) != 1 || !strings.Contains(out.Findings[0], "same.md of all is the same post as ") {
		t.Errorf("findings: %q", out.Findings)
	}
	got := map[string]source.Reason{}
	for _, p := range out.Problems {
		got[filepath.Base(p.Item)+" "+p.Source] = p.Reason
	}
	want := map[string]source.Reason{"empty.md all": source.NoText, "plan.yaml all": source.NoText, ". none.md": source.NotFound}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// Files are known again by size, time and number, and read when one differs.
func TestFilesKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *source.FileMemory {
		m, err := source.OpenMemory(dir)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	_, c := lister(t, source.Options{})
	path := write(t, c.Dir, "p/a.md", "# One\n\nWords.")
	s := config.Source{From: "p", Dir: c.Dir}
	first := list(t, source.New(c, source.Options{Memory: m}), s)
	if err := m.Save(); err != nil {
		t.Fatal(err)
	}
	m = open()
	if diff := cmp.Diff(first, list(t, source.New(c, source.Options{Memory: m}), s)); diff != "" {
		t.Errorf("known again (-first +got):\n%s", diff)
	}
	// The same size and the same time, in another file.
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	other := write(t, c.Dir, "b", "# Two\n\nWords.")
	if err := errors.Join(os.Chtimes(other, info.ModTime(), info.ModTime()), os.Rename(other, path)); err != nil {
		t.Fatal(err)
	}
	if got := list(t, source.New(c, source.Options{Memory: open()}), s); got.Items[0].Title != "Two" || got.Items[0].Hash == first.Items[0].Hash {
		t.Errorf("%+v", got.Items)
	}
	// A damaged memory knows nothing, and stops nobody.
	write(t, dir, source.MemoryName, `{"version": "1", "sources": [`)
	if got := list(t, source.New(c, source.Options{Memory: open()}), s); len(got.Items) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestUnsettled(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l, c := lister(t, source.Options{Now: func() time.Time { return now }})
	path := write(t, c.Dir, "p/a.md", "Words.")
	s := config.Source{From: "p", Dir: c.Dir, Watch: true}
	out := list(t, l, s)
	if len(out.Items) != 0 || reasons(out)[path] != source.Unsettled || !out.Problems[0].Temporary() {
		t.Errorf("%+v", out)
	}
	now = now.Add(3 * time.Second)
	if out := list(t, l, s); len(out.Items) != 1 || len(out.Problems) != 0 {
		t.Errorf("%+v", out)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{})
	c.Output.Dir = filepath.Join(c.Dir, "out")
	sources := []config.Source{{From: "posts/*.md", Dir: c.Dir}}
	write(t, c.Dir, "posts/new.md", "New.")
	write(t, c.Dir, "posts/same.md", "Same.")
	write(t, c.Dir, "posts/changed.md", "Changed.")
	write(t, c.Dir, "posts/planned.md", "Planned.")
	write(t, c.Dir, "posts/named.md", "---\nid: the-id\n---\nNamed.")
	write(t, c.Dir, "posts/draft.rst", "Not a post of this source.")
	found := list(t, l, sources...)
	hash := map[string]string{}
	for _, it := range found.Items {
		hash[filepath.Base(it.Location)] = it.Hash
	}
	made := func(id, path, sum, plan string) {
		dir := filepath.Join(c.Output.Dir, publish.Slug(id))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		m := publish.Manifest{Episode: podcast.Episode{ID: id, Slug: publish.Slug(id), Title: "T"}, Source: publish.Source{Path: path, SHA256: sum, Plan: plan}}
		m.Timeline.Rate, m.Timeline.Channels = 44100, 1
		if err := publish.WriteManifest(dir, m); err != nil {
			t.Fatal(err)
		}
	}
	old := strings.Repeat("0", 64)
	made("posts/same.md", "posts/same.md", hash["same.md"], "")
	made("posts/changed.md", "posts/changed.md", old, "")
	made("posts/planned.md", "posts/planned.md", old, "plan.yaml")
	made("an-older-id", "posts/named.md", hash["named.md"], "")
	made("posts/gone.md", "posts/gone.md", old, "")
	made("elsewhere/gone.md", "elsewhere/gone.md", old, "")
	made("https://example.com/a", "https://example.com/a", old, "")
	episodes, findings, err := source.Episodes(c.Output.Dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	got := map[string]source.State{}
	for _, x := range l.Compare(sources, found, episodes) {
		got[filepath.Base(x.Item.Location)] = x.State
	}
	want := map[string]source.State{
		"new.md": source.IsNew, "same.md": source.IsUnchanged, "changed.md": source.IsChanged, "planned.md": source.IsUnchanged,
		"named.md": source.IsUnchanged, "gone.md": source.IsWithdrawn,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"HTTP://Example.COM:80/A/?utm_source=x&b=2&UTM_Medium=y&a=1#frag": "http://example.com/A?b=2&a=1",
		"https://example.com":                 "https://example.com",
		"https://example.com/":                "https://example.com",
		"https://u:p@example.com:8443/a%2Fb/": "https://example.com:8443/a%2Fb",
		"https://example.com/?fbclid=1":       "https://example.com",
		"https://example.com:443/?a":          "https://example.com?a",
		"ftp://example.com/":                  "", "posts/a.md": "", "https://": "", "://": "",
	} {
		if got := source.Canonical(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{Settle: 300 * time.Millisecond})
	write(t, c.Dir, "p/old.md", "Old.")
	heard := make(chan string, 100)
	ready := make(chan error, 1)
	go func() {
		ready <- l.Watch(t.Context(), []config.Source{{From: "p/**/*.md", Dir: c.Dir, Watch: true}}, func(names []string) {
			for _, n := range names {
				rel, _ := filepath.Rel(c.Dir, n)
				heard <- filepath.ToSlash(rel)
			}
		})
	}()
	await := func(want string) {
		t.Helper()
		for deadline := time.After(20 * time.Second); ; {
			select {
			case got := <-heard:
				if got == want {
					return
				}
			case err := <-ready:
				t.Fatal(err)
			case <-deadline:
				t.Fatalf("nobody told of %s", want)
			}
		}
	}
	// Until the watch has begun, nothing is heard: write until it is.
	for begun := false; !begun; {
		write(t, c.Dir, "p/first.md", time.Now().String())
		select {
		case <-heard:
			begun = true
		case <-time.After(500 * time.Millisecond):
		}
	}
	path := write(t, c.Dir, "p/new/deep/slow.md", "0")
	var last time.Time
	for i := range 5 { // written for longer than a file must have settled
		time.Sleep(100 * time.Millisecond)
		last = time.Now()
		if err := os.WriteFile(path, []byte(strings.Repeat("word ", i+2)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	await("p/new/deep/slow.md")
	if since := time.Since(last); since < 250*time.Millisecond {
		t.Errorf("told %v after it was written", since)
	}
	write(t, c.Dir, "p/new/next.md", "Words.")
	await("p/new/next.md")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	await("p/new/deep/slow.md")
}

// BenchmarkUnchanged lists ten thousand posts that were listed before.
func BenchmarkUnchanged(b *testing.B) {
	dir := b.TempDir()
	text := strings.Repeat("The lamp on the pier was lit again at dusk. ", 80)
	for i := range 10_000 {
		write(b, dir, fmt.Sprintf("posts/%02d/post-%04d.md", i%100, i), fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-01-02\n---\n%s\n", i, text))
	}
	c := config.Defaults()
	c.Dir = dir
	look := func() {
		m, err := source.OpenMemory(dir)
		if err != nil {
			b.Fatal(err)
		}
		out := list(b, source.New(&c, source.Options{Memory: m}), config.Source{From: "posts/**/*.md", Dir: dir})
		if len(out.Items) != 10_000 {
			b.Fatalf("%d posts: %v", len(out.Items), out.Problems)
		}
		if err := m.Save(); err != nil {
			b.Fatal(err)
		}
	}
	begin := time.Now()
	look()
	b.Logf("for the first time: %v", time.Since(begin))
	b.ReportAllocs()
	for b.Loop() {
		look()
	}
}

// What the program has written is no post, wherever a source looks for some.
func TestOwnFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, out, from string
		want            []string
	}{
		{"a folder with the output in it", "out", ".", []string{"a.md", "outer/b.md"}},
		{"a pattern", "out", "**/*.md", []string{"a.md", "outer/b.md"}},
		{"the output folder itself", "out", "out", []string{"out/kept.md"}},
		{"a pattern in it", "out", "out/**/*.md", []string{"out/kept.md"}},
		{"output beside the posts", ".", "**/*.md", []string{"a.md", "out/kept.md", "outer/b.md"}},
		{"a file by its name", "out", "out/tale/report.md", []string{"out/tale/report.md"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, c := lister(t, source.Options{})
			c.Output.Dir = filepath.Join(c.Dir, tt.out)
			c.Output.Store, c.Output.Cache = filepath.Join(c.Dir, "takes"), filepath.Join(c.Dir, "cache")
			for _, name := range []string{"a.md", "outer/b.md", "out/kept.md", "out/tale/report.md", "out/tale/chapters/1.md", "takes/t.md", "cache/c.md"} {
				write(t, c.Dir, name, "Words of "+name)
			}
			write(t, c.Dir, "out/tale/"+publish.ManifestName, "{}")
			out := list(t, l, config.Source{From: tt.from, Dir: c.Dir})
			if diff := cmp.Diff(tt.want, locations(t, c, out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A watch tells of posts, and of nothing that the program writes.
func TestWatchOwnFiles(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{Settle: 200 * time.Millisecond})
	c.Output.Dir = filepath.Join(c.Dir, "out")
	write(t, c.Dir, "posts/a.md", "Words.")
	write(t, c.Dir, "out/old/report.md", "Report.")
	heard := make(chan string, 100)
	go func() {
		_ = l.Watch(t.Context(), []config.Source{{From: ".", Dir: c.Dir, Watch: true}, {From: "posts", Dir: c.Dir, Watch: true}}, func(names []string) {
			for _, n := range names {
				rel, _ := filepath.Rel(c.Dir, n)
				heard <- filepath.ToSlash(rel)
			}
		})
	}()
	for n := 0; ; n++ {
		write(t, c.Dir, "out/old/report.md", fmt.Sprint("Report ", n))
		write(t, c.Dir, fmt.Sprintf("out/new%d/report.md", n), "Report.")
		write(t, c.Dir, fmt.Sprintf("late%d.md", n), "Words.")
		select {
		case got := <-heard:
			if strings.HasPrefix(got, "out/") {
				t.Fatal(got)
			}
			if strings.HasPrefix(got, "late") && n > 3 {
				return
			}
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// A post that no database can have a job for is set aside, and the others are listed.
func TestBadNames(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{})
	write(t, c.Dir, "good.md", "Words.")
	write(t, c.Dir, "nul.md", "---\nid: \"a\\0b\"\n---\nWords.")
	write(t, c.Dir, "long.md", "---\nid: "+strings.Repeat("a", 3000)+"\n---\nWords.")
	bad := 2
	if err := os.WriteFile(filepath.Join(c.Dir, "caf\xe9.md"), []byte("Words."), 0o600); err == nil { // some systems refuse it themselves
		bad++
	}
	out := list(t, l, config.Source{From: ".", Dir: c.Dir})
	if diff := cmp.Diff([]string{"good.md"}, locations(t, c, out)); diff != "" {
		t.Error(diff)
	}
	if len(out.Problems) != bad {
		t.Errorf("%d problems, want %d", len(out.Problems), bad)
	}
	for _, p := range out.Problems {
		if p.Reason != source.BadName {
			t.Errorf("%v", p)
		}
	}
}
