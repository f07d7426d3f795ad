package glob

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a [show] of *") // no sign of it is a pattern's
	for _, name := range []string{"b.md", "a.md", ".h.md", "x/d.md", "x/y/e.md", "x/.git/f.md", "x/g.txt"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere.md", filepath.Join(dir, "dangling.md")); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string][]string{
		"*.md":      {"a.md", "b.md"},
		"**/*.md":   {"a.md", "b.md", "x/d.md", "x/y/e.md"},
		"x/**":      {"x/d.md", "x/g.txt", "x/y/e.md"},
		"x/**/e.md": {"x/y/e.md"},
		"./?.md":    {"a.md", "b.md"},
		".*.md":     {".h.md"},
		"none/*":    nil,
	} {
		got, err := In(dir, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i], _ = filepath.Rel(dir, got[i])
			got[i] = filepath.ToSlash(got[i])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pattern, diff)
		}
	}
	if _, err := In(dir, "[a.md"); !errors.Is(err, ErrPattern) {
		t.Errorf("got %v", err)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("**/*.md", "a/b/c.md")
	f.Add("a/**", "a")
	f.Add("*/**/*", "x/y/z")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if strings.Count(pattern, "**") > 4 {
			return // a person's patterns have one
		}
		p, n := strings.Split(pattern, "/"), strings.Split(name, "/")
		if match(p, n) {
			for i := 1; i < len(n); i++ {
				if !couldHold(p, n[:i]) {
					t.Fatalf("%q matches %q, but %q is not searched", pattern, name, n[:i])
				}
			}
		}
	})
}
