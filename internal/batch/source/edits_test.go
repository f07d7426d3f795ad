package source_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Edits beside a post are a part of what it is: a new file of them, another one,
// and one that is gone make it another post. They are no posts themselves.
func TestEdits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	m, err := source.OpenMemory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l, c := lister(t, source.Options{Memory: m, Now: func() time.Time { return now }})
	c.Output.Dir = filepath.Join(c.Dir, "out")
	write(t, c.Dir, "p/a.md", "# One\n\nWords.")
	s := config.Source{From: "p/*", Dir: c.Dir, Watch: true}
	made := source.Made{ID: "p/a.md", Source: publish.Source{Path: "p/a.md"}}
	seen := map[string]bool{}
	step := func(what string, want source.State) source.Item {
		t.Helper()
		now = time.Now().Add(3 * time.Second)
		out := list(t, l, s)
		if len(out.Items) != 1 || len(out.Problems) > 0 {
			t.Fatalf("%s: %+v", what, out)
		}
		it := out.Items[0]
		if made.Source.SHA256 == "" {
			made.Source.SHA256 = it.Hash
		}
		if got := l.Compare([]config.Source{s}, out, []source.Made{made})[0].State; got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
		return it
	}
	plain := step("none", source.IsUnchanged)
	if plain.Revision() != plain.Hash {
		t.Error("the revision of a post without edits is its hash")
	}
	name := write(t, c.Dir, "p/a.md.narrapress.yaml", "version: 1\n")
	now = time.Now()
	if out := list(t, l, s); reasons(out)[filepath.Join(c.Dir, "p", "a.md")] != source.Unsettled {
		t.Errorf("edits that were just written: %+v", out)
	}
	first := step("new ones", source.IsChanged)
	made.Source.Overlay = &publish.Overlay{Name: filepath.Base(name), SHA256: first.Edits["a.md.narrapress.yaml"]}
	step("made with them", source.IsUnchanged)
	write(t, c.Dir, "p/a.md.narrapress.yaml", "version: 1 # other\n")
	other := step("others", source.IsChanged)
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	step("gone", source.IsChanged)
	for _, it := range []source.Item{plain, first, other} {
		if it.Hash != plain.Hash || seen[it.Revision()] {
			t.Errorf("%+v", it)
		}
		seen[it.Revision()] = true
	}
}

// A book that is divided has a file of edits a chapter.
func TestEditsOfChapters(t *testing.T) {
	t.Parallel()
	l, c := lister(t, source.Options{})
	c.Output.Split = config.SplitChapter
	write(t, c.Dir, "b.md", "# Book\n\n## One\n\nWords.\n\n## Two\n\nMore words.\n")
	write(t, c.Dir, "b.md.2.narrapress.yaml", "version: 1\n")
	write(t, c.Dir, "b.md.3.narrapress.yaml", "version: 1\n") // there is no third
	s := config.Source{From: "b.md", Dir: c.Dir}
	out := list(t, l, s)
	if len(out.Items) != 1 || out.Items[0].Parts != 2 || len(out.Items[0].Edits) != 1 {
		t.Fatalf("%+v", out)
	}
	it := out.Items[0]
	made := []source.Made{
		{ID: "b.md#one", Source: publish.Source{Path: "b.md", SHA256: it.Hash}},
		{ID: "b.md#two", Source: publish.Source{Path: "b.md", SHA256: it.Hash}},
	}
	if got := l.Compare([]config.Source{s}, out, made)[0].State; got != source.IsChanged {
		t.Error(got)
	}
	made[1].Source.Overlay = &publish.Overlay{Name: "b.md.2.narrapress.yaml", SHA256: it.Edits["b.md.2.narrapress.yaml"]}
	if got := l.Compare([]config.Source{s}, out, made)[0].State; got != source.IsUnchanged {
		t.Error(got)
	}
}
