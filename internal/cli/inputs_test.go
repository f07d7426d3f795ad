package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree makes empty files under a new folder.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		name := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestExpand(t *testing.T) {
	t.Parallel()
	dir := tree(t, "b.md", "a.md", "c.txt", ".hidden.md", "x/d.md", "x/y/e.md", "x/.git/f.md", "odd[1].md")
	for _, c := range []struct {
		name string
		in   []string
		want []string
		err  string
	}{
		{"files as they are given", []string{"b.md", "a.md"}, []string{"b.md", "a.md"}, ""},
		{"a file that is not there is left to the reader", []string{"none.md"}, []string{"none.md"}, ""},
		{"a pattern, sorted", []string{"*.md"}, []string{"a.md", "b.md", "odd[1].md"}, ""},
		{"hidden files need a dot", []string{".*.md"}, []string{".hidden.md"}, ""},
		{"folders of any depth", []string{"**/*.md"}, []string{"a.md", "b.md", "odd[1].md", "x/d.md", "x/y/e.md"}, ""},
		{"below a folder", []string{"x/**/*.md"}, []string{"x/d.md", "x/y/e.md"}, ""},
		{"everything below", []string{"x/**"}, []string{"x/d.md", "x/y/e.md"}, ""},
		{"a pattern for folders", []string{"*/d.md"}, []string{"x/d.md"}, ""},
		{"twice is once", []string{"a.md", "a.md", "*.md"}, []string{"a.md", "b.md", "odd[1].md"}, ""},
		{"a name that looks like a pattern", []string{"odd[1].md"}, []string{"odd[1].md"}, ""},
		{"nothing matches", []string{"*.rst"}, nil, "the pattern '%*.rst' matches no file"},
		{"no pattern", []string{"[.md"}, nil, "the pattern '%[.md' is not one"},
		{"a folder", []string{"x"}, nil, "%x is a folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var in []string
			for _, name := range c.in {
				in = append(in, filepath.Join(dir, name))
			}
			got, err := expand(in)
			if c.err != "" {
				want := strings.ReplaceAll(c.err, "%", dir+string(filepath.Separator))
				var usage *usageError
				if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &usage) {
					t.Fatalf("got error %v, want a usage error with %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i], _ = filepath.Rel(dir, got[i])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExpandStdin(t *testing.T) {
	t.Parallel()
	got, err := expand([]string{"-", "-"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"-"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadStdinBounds(t *testing.T) {
	t.Parallel()
	if _, err := readStdin(t.Context(), endless{}); err == nil || !strings.Contains(err.Error(), "64 MiB") {
		t.Fatalf("endless input: %v", err)
	}
}

func TestReadStdinStops(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	defer out.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := readStdin(ctx, in); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestExpandURLs(t *testing.T) {
	t.Parallel()
	in := []string{"https://e.org/a?b=[c]*", "https://e.org/a?b=[c]*", "HTTP://e.org"}
	got, err := expand(in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in[1:], got); diff != "" {
		t.Error(diff)
	}
	var usage *usageError
	if _, err := expand([]string{"https://u:secret@e.org/"}); !errors.As(err, &usage) || strings.Contains(err.Error(), "secret") {
		t.Errorf("an address with a password: %v", err)
	}
}
