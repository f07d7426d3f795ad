package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/config"
)

// TestRecall makes the same plans with a memory and without one, while what they
// are made of changes: nothing may be out of date.
func TestRecall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	post, edits := filepath.Join(dir, "post.md"), filepath.Join(dir, "post.md.narrapress.yaml")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	image := "![The bridge](bridge.png)\n\n"
	text := "# One\n\nLeo Szilard crossed the street in 1933.\n\n## Two\n\n" + image + "Nobody expected an answer that evening.\n\n## Three\n\nThe lamps were lit.\n"
	write(post, text)
	for _, split := range []string{"", config.SplitChapter} {
		cfg := config.Defaults()
		cfg.File, cfg.Dir = filepath.Join(dir, "narrapress.yaml"), dir
		cfg.Output.Dir, cfg.Output.Store, cfg.Output.Cache, cfg.Output.Split = filepath.Join(dir, "out"), filepath.Join(dir, "store"), filepath.Join(dir, "cache"), split
		presses := map[string]*Press{}
		for name, o := range map[string]Options{"kept": {Recall: 1 << 20}, "small": {Recall: int64(len(text)) + 10}, "anew": {}} {
			var err error
			if presses[name], err = New(t.Context(), &cfg, o); err != nil {
				t.Skipf("%v", err) // no engine here
			}
		}
		plans := func(name string) (all []*Plan) {
			orders, err := presses[name].Divide(t.Context(), Order{Source: post})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range orders {
				plan, err := presses[name].Plan(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, plan)
			}
			return all
		}
		for i, change := range []func(){
			func() {},
			func() { write(edits, "version: 1\nlexicon: {Szilard: SILL-ard}\n") },
			func() { write(edits, "version: 1\nlexicon: {Szilard: SILL-art}\n") },
			func() {
				write(edits, "version: 1\nlexicon: {Szilard: SILL-art}\nedits:\n  - on: The lamps were lit.\n    say: The lamps were dark.\n  - on: Three\n    chapter: Four\n")
			},
			func() {
				write(edits, "version: 1\nlexicon: {Szilard: SILL-art}\nedits:\n  - on: The lamps were lit.\n    take: 1\n")
			},
			func() {
				if _, err := presses["kept"].Speak(t.Context(), Order{Source: post}, plans("kept")[0], 1); err != nil {
					t.Fatal(err)
				}
			},
			func() { write(post, strings.Replace(text, "1933", "1934", 1)) },
			func() { write(post, "---\ntitle: Another\nlexicon: {lamps: lambs}\n---\n\n"+text) },
			func() { write(post, text) },
			func() { _ = os.Remove(edits) },
		} {
			change()
			want := plans("anew")
			for _, name := range []string{"kept", "kept", "small"} {
				got := plans(name)
				if len(got) != len(want) {
					t.Fatalf("%d: %s: %d plans, want %d", i, name, len(got), len(want))
				}
				for n := range got {
					for what, pair := range map[string][2]any{
						"script": {got[n].Script, want[n].Script}, "automatic": {got[n].Automatic, want[n].Automatic}, "origin": {got[n].Origin, want[n].Origin},
						"findings": {got[n].Findings, want[n].Findings}, "segments": {got[n].Segments, want[n].Segments}, "totals": {got[n].Totals, want[n].Totals},
						"length": {got[n].Length, want[n].Length}, "hash": {got[n].SHA256, want[n].SHA256},
					} {
						if !reflect.DeepEqual(pair[0], pair[1]) {
							is, _ := json.Marshal(pair[0])
							want, _ := json.Marshal(pair[1])
							t.Errorf("%q, change %d, plan %d, %s, %s:\n%s\nwant\n%s", split, i, n, name, what, is, want)
						}
					}
				}
			}
		}
	}
}

// TestRecallBound lets go of what was not used for longest.
func TestRecallBound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := &recall{most: 1000}
	read := func(i int) *content {
		t.Helper()
		c, err := r.read(t.Context(), Order{Source: filepath.Join(dir, fmt.Sprintf("%d.md", i))})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for i := range 6 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.md", i)), []byte(fmt.Sprintf("# %d\n\n%s\n", i, strings.Repeat("word ", 58))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	first := read(0)
	read(1)
	if read(0) != first {
		t.Error("what was read is read again")
	}
	read(2)
	read(3) // three of 300 bytes are kept: 0, 2, 3
	if read(0) != first || len(r.kept) != 3 {
		t.Errorf("%d are kept, and what was used last is among them: %v", len(r.kept), read(0) == first)
	}
	if err := os.WriteFile(filepath.Join(dir, "0.md"), []byte("# Other\n\nWords.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c := read(0); c == first || c.doc.Meta.Title != "Other" {
		t.Error("it is out of date")
	}
	if err := os.WriteFile(filepath.Join(dir, "4.md"), []byte("# Large\n\n"+strings.Repeat("word ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	if large := read(4); large == read(4) {
		t.Error("what is too large is kept")
	}
}
