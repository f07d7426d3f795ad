package desk_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rowOf is what the list tells of a document.
func rowOf(t *testing.T, address, source string) string {
	t.Helper()
	_, body := get(t, address+river+"rows")
	for row := range strings.SplitSeq(body, "<tr ") {
		if strings.Contains(row, `data-source="`+source+`"`) {
			return row
		}
	}
	t.Fatalf("%s is not in the list:\n%s", source, body)
	return ""
}

func TestTitles(t *testing.T) {
	t.Parallel()
	p, address, _, _ := began(t, map[string]string{
		"narrapress.yaml": show, "posts/front.md": post,
		"posts/heading.md":   "# The *lamps* are lit\n\nWords.\n",
		"posts/page.html":    "<!DOCTYPE html><title>A page</title><body><article><h1>A page</h1><p>Words that are long enough to be read.</p></article>",
		"posts/no_title.md":  "Words.\n",
		"posts/broken.md":    "---\ntitle: [\n---\n\nWords.\n",
		"posts/late.md":      strings.Repeat("Words.\n\n", 10000) + "# Much later\n",
		"posts/no-book.epub": "PK\x03\x04 is no archive",
	})
	for name, want := range map[string]string{
		"posts/front.md": ">A letter on the bridge</a>", "posts/heading.md": ">The lamps are lit</a>", "posts/page.html": ">A page</a>",
		"posts/no_title.md": ">no_title</a>", "posts/broken.md": ">broken</a>", "posts/late.md": ">late</a>", "posts/no-book.epub": ">no-book</a>",
	} {
		if row := rowOf(t, address, name); !strings.Contains(row, want) {
			t.Errorf("%s has no %q:\n%s", name, want, row)
		}
	}
	if _, body := get(t, address+river+"?q="+url.QueryEscape("lamps lit")); strings.Count(body, "<tr data-source") != 1 {
		t.Error("a text is not found by its title")
	}
	if err := os.WriteFile(filepath.Join(p.dir, "posts", "heading.md"), []byte("# The lamps are out\n\nWords.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if row := rowOf(t, address, "posts/heading.md"); !strings.Contains(row, "The lamps are out") {
		t.Errorf("its title is out of date:\n%s", row)
	}
}

func TestChangedSince(t *testing.T) {
	t.Parallel()
	p, address, _, _ := began(t, map[string]string{"narrapress.yaml": show, "posts/bridge.md": post})
	if status, body := post1(t, address+river+"make", map[string]string{"source": "posts/bridge.md"}); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for strings.Contains(rowOf(t, address, "posts/bridge.md"), `"state live"`) {
		time.Sleep(20 * time.Millisecond)
	}
	const mark = "changed since it was made"
	edits := filepath.Join(p.dir, "posts", "bridge.md.narrapress.yaml")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"as it was made", func() {}, false},
		{"edited", func() { write(edits, "version: 1\nlexicon: {Szilard: SILL-ard}\n") }, true},
		{"no longer edited", func() { _ = os.Remove(edits) }, false},
		{"another text", func() { write(filepath.Join(p.dir, "posts", "bridge.md"), post+"\nOne line more.\n") }, true},
		{"the text again", func() { write(filepath.Join(p.dir, "posts", "bridge.md"), post) }, false},
	} {
		step.do()
		if row := rowOf(t, address, "posts/bridge.md"); strings.Contains(row, mark) != step.want {
			t.Errorf("%s:\n%s", step.name, row)
		}
	}
}
