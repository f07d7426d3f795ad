//go:build unix

package bucket_test

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/bucket"
)

// TestHalf opens a folder in which one file is being written, and another was when
// its process was killed.
func TestHalf(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shared")
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()
	b, err := bucket.Open(t.Context(), "output.bucket", address)
	if err != nil {
		t.Fatal(err)
	}
	names := func() (out []string) {
		files, err := os.ReadDir(filepath.Join(dir, ".tmp"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out = append(out, f.Name())
		}
		return out
	}
	stored, err := b.PutIfAbsent(t.Context(), "takes/ab/1", 4, func(w io.Writer) error {
		written := names()
		if len(written) != 1 {
			t.Fatalf("it writes %v", written)
		}
		machine, _, ok := strings.Cut(written[0], "-")
		if !ok {
			t.Skip("this machine has no name")
		}
		if err := os.WriteFile(filepath.Join(dir, ".tmp", machine+"-dead"), []byte("ha"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := bucket.Open(t.Context(), "output.bucket", address); err != nil {
			t.Fatal(err)
		}
		if left := names(); len(left) != 1 || left[0] != written[0] {
			t.Errorf("while %v is written, left are %v", written, left)
		}
		_, err := io.WriteString(w, "done")
		return err
	})
	if err != nil || !stored {
		t.Errorf("stored: %v, %v", stored, err)
	}
	if left := names(); len(left) != 0 {
		t.Errorf("%v was left behind", left)
	}
	if got := get(t, b, "takes/ab/1"); got != "done" {
		t.Errorf("it has %q", got)
	}
}
