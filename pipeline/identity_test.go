package pipeline_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// listing is every file below dir, with its hash and when it was written.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(read(t, filepath.Join(dir, name))))
		out[name] = hex.EncodeToString(sum[:]) + " " + info.ModTime().String()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBackCatalogue edits one post of a show: its own folder changes, one item
// of the feed, and nothing else. NARRAPRESS_EPISODES says how many episodes the
// show has.
func TestBackCatalogue(t *testing.T) {
	t.Parallel()
	n := 12
	if s := os.Getenv("NARRAPRESS_EPISODES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 3 {
			t.Fatalf("NARRAPRESS_EPISODES: %q is no number from 3", s)
		}
	}
	files := map[string]string{"narrapress.yaml": `
show: {title: A test show, language: en-US}
endpoints: {here: {preset: flite}}
voices: {narrator: {endpoint: here, voice: slt}}
roles: {body: narrator}
script: {opening: ""}
`}
	name := func(i int) string { return fmt.Sprintf("p%03d", i) }
	text := func(i int, more string) string {
		return fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-01-%02d\n---\n\nWords of %d.%s\n", i, 1+i%28, i, more)
	}
	for i := range n {
		files[name(i)+".md"] = text(i, "")
	}
	dir := folder(t, files)
	out := filepath.Join(dir, "out")
	p := press(t, dir)
	all := func() (made []string) {
		results := make([]*pipeline.Result, n)
		g, ctx := errgroup.WithContext(t.Context())
		g.SetLimit(4)
		for i := range n {
			g.Go(func() (err error) {
				results[i], err = p.Produce(ctx, pipeline.Order{Source: filepath.Join(dir, name(i)+".md")})
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for i, r := range results {
			if !r.Unchanged {
				made = append(made, name(i))
			}
		}
		return made
	}
	if made := all(); len(made) != n {
		t.Fatalf("%d of %d made", len(made), n)
	}
	items := writeFeed(t, out)
	before := listing(t, out)
	if made := all(); len(made) != 0 {
		t.Errorf("%v made again", made)
	}
	writeFeed(t, out)
	if diff := cmp.Diff(before, listing(t, out)); diff != "" {
		t.Errorf("unchanged posts touched files (-before +after):\n%s", diff)
	}

	edited := n / 2
	if err := os.WriteFile(filepath.Join(dir, name(edited)+".md"), []byte(text(edited, " And some more.")), 0o600); err != nil {
		t.Fatal(err)
	}
	if made := all(); !slices.Equal(made, []string{name(edited)}) {
		t.Errorf("%v made, want %s alone", made, name(edited))
	}
	now := writeFeed(t, out)
	for file, was := range listing(t, out) {
		folder, _, _ := strings.Cut(file, "/")
		if changed := was != before[file]; changed && folder != name(edited) && file != feed.Name {
			t.Errorf("%s changed", file)
		}
	}
	if len(now) != n || len(items) != n {
		t.Fatalf("%d items, then %d, want %d", len(items), len(now), n)
	}
	var other []int
	for i := range now {
		if now[i] != items[i] {
			other = append(other, i)
		}
	}
	if len(other) != 1 || !strings.Contains(now[other[0]], fmt.Sprintf("<title>Post %d</title>", edited)) {
		t.Errorf("the items %v of the feed changed", other)
	}
}

// writeFeed writes the feed of a show and gives its items, as they stand.
func writeFeed(t *testing.T, out string) []string {
	t.Helper()
	cover := filepath.Join(t.TempDir(), "c.png")
	f, err := os.Create(cover)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 1400, 1400))); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	no := false
	_, err = feed.Write(context.WithoutCancel(t.Context()), feed.Options{Out: out, BaseURL: "https://example.org", Show: podcast.Show{
		Title: "S", Description: "D", Language: "en", Cover: cover, Category: []string{"Technology"}, Explicit: &no,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(read(t, filepath.Join(out, feed.Name)), "<item>")[1:]
}

// TestRevisions has an episode stay one, in one folder, while its text, its
// title, its name and its address become others.
func TestRevisions(t *testing.T) {
	t.Parallel()
	const head = "---\nid: lasting\ntitle: First title\n"
	const body = "---\n\nThe river was high.\n\nNobody crossed it.\n"
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": head + body})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	if first.Changes != nil {
		t.Errorf("changes of a new episode: %q", first.Changes)
	}
	released := first.Episode.Released
	if released.IsZero() {
		t.Error("an episode without a date was never released")
	}
	tests := []struct {
		name, file, text string
		revision         int
		changes          []string // each has to be told
	}{
		{"text", "post.md", head + strings.Replace(body, "Nobody crossed it.", "Nobody dared to cross it.", 1), 2, []string{"1 segment spoken anew", "3 words added, 1 word removed"}},
		{"title", "post.md", "---\nid: lasting\ntitle: Second title\n" + body, 3, []string{"title: First title → Second title"}},
		{"address", "post.md", "---\nid: lasting\ntitle: Second title\nlink: https://example.org/second\n" + body, 4, []string{"link: none → https://example.org/second"}},
		{"file", "moved.md", "---\nid: lasting\ntitle: Second title\nlink: https://example.org/second\nseason: 3\n" + body, 5, []string{"source: post.md → moved.md"}},
	}
	for _, tt := range tests {
		if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		res := produce(t, dir, pipeline.Order{Source: tt.file})
		m, err := publish.ReadManifest(first.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if res.Unchanged || res.Dir != first.Dir || m.Episode.ID != "lasting" || m.Revision != tt.revision || !m.Episode.Released.Equal(released) {
			t.Errorf("%s: unchanged %v, in %s, ID %s, revision %d, released %v", tt.name, res.Unchanged, res.Dir, m.Episode.ID, m.Revision, m.Episode.Released)
		}
		said := strings.Join(res.Changes, "\n")
		var run publish.Run
		if err := json.Unmarshal([]byte(read(t, filepath.Join(first.Dir, publish.RunName))), &run); err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.changes {
			if !strings.Contains(said, want) || !slices.Contains(run.Changes, strings.Split(want, ", ")[0]) && !strings.Contains(strings.Join(run.Changes, "\n"), want) {
				t.Errorf("%s: told %q, and run.json %q, want %q", tt.name, said, run.Changes, want)
			}
		}
	}
	m, err := publish.ReadManifest(first.Dir)
	if err != nil || m.Episode.Season != 3 {
		t.Errorf("season %d (%v)", m.Episode.Season, err)
	}
	if dirs, err := publish.FindEpisodes(filepath.Join(dir, "out")); err != nil || len(dirs) != 1 {
		t.Errorf("episodes %v (%v)", dirs, err)
	}

	// The canonical address is the ID of a text that has none, wherever its file is.
	dir = folder(t, map[string]string{"narrapress.yaml": show, "a.md": "---\ntitle: T\nlink: https://example.org/x\n" + body})
	one := produce(t, dir, pipeline.Order{Source: "a.md"})
	if err := os.Rename(filepath.Join(dir, "a.md"), filepath.Join(dir, "b.md")); err != nil {
		t.Fatal(err)
	}
	if two := produce(t, dir, pipeline.Order{Source: "b.md"}); two.Dir != one.Dir || two.Made != 0 {
		t.Errorf("moved: in %s, %d takes made", two.Dir, two.Made)
	}
}

// What only the feed says of a show is no part of its episodes.
func TestFeedSettingsAreNotHeard(t *testing.T) {
	t.Parallel()
	// The episode's own files say where they are on the web; the feed alone needs the rest.
	dir := folder(t, map[string]string{"narrapress.yaml": show + "publish: {base_url: https://example.org}\n", "post.md": post})
	produce(t, dir, pipeline.Order{Source: "post.md"})
	listed := strings.Replace(show, "show: {", "show: {category: [Technology], explicit: true, type: serial, locked: true, owner: {name: O, email: o@example.org}, ", 1) +
		"publish: {base_url: https://example.org, to: 'file:///srv', feed: {items_per_page: 5}}\n"
	if err := os.WriteFile(filepath.Join(dir, "narrapress.yaml"), []byte(listed), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := produce(t, dir, pipeline.Order{Source: "post.md"}); !again.Unchanged {
		t.Errorf("made again: %q", again.Changes)
	}
}

// What is neither heard nor seen makes nothing anew: the manifest alone says that
// the episode is of the text as it is now. The next time there is nothing to write.
func TestSilentChanges(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, text string }{
		{"a comment in the text", "post.md", post + "\n<!-- Nobody reads this. -->\n"},
		{"a note in the edits", "post.md.narrapress.yaml", "version: 1\nedits:\n  - on: At home\n    note: Ask her.\n"},
		{"no edits any more", "post.md.narrapress.yaml", ""},
	}
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	out := filepath.Join(dir, "out")
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	for _, tt := range tests {
		was, err := publish.ReadManifest(first.Dir)
		if err != nil {
			t.Fatal(err)
		}
		before := listing(t, out)
		name := filepath.Join(dir, tt.file)
		if tt.text == "" {
			err = os.Remove(name)
		} else {
			err = os.WriteFile(name, []byte(tt.text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if res := produce(t, dir, pipeline.Order{Source: "post.md"}); !res.Unchanged {
			t.Errorf("%s: made again: %q", tt.name, res.Changes)
		}
		once := listing(t, out)
		for file := range once {
			if changed := once[file] != before[file]; changed != (filepath.Base(file) == publish.ManifestName) {
				t.Errorf("%s: %s changed: %t", tt.name, file, changed)
			}
		}
		m, err := publish.ReadManifest(first.Dir)
		if err != nil {
			t.Fatal(err)
		}
		overlay := ""
		if m.Source.Overlay != nil {
			overlay = m.Source.Overlay.SHA256
		}
		text := sha256.Sum256([]byte(read(t, filepath.Join(dir, "post.md"))))
		edits := ""
		if strings.HasSuffix(tt.file, ".yaml") && tt.text != "" {
			sum := sha256.Sum256([]byte(tt.text))
			edits = hex.EncodeToString(sum[:])
		}
		if m.Source.SHA256 != hex.EncodeToString(text[:]) || overlay != edits || m.Revision != 1 || m.Build != was.Build {
			t.Errorf("%s: made of %+v, edits %s, revision %d", tt.name, m.Source, overlay, m.Revision)
		}
		produce(t, dir, pipeline.Order{Source: "post.md"})
		if diff := cmp.Diff(once, listing(t, out)); diff != "" {
			t.Errorf("%s: once more (-before +after):\n%s", tt.name, diff)
		}
	}
}
