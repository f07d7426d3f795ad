//go:build unix

package publish_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// TestFileBeside has something stand where a new file is to be written: what a killed
// process left, or what somebody else put there. It is gone behind the write, the
// file is whole, and nothing else was written to.
func TestFileBeside(t *testing.T) {
	t.Parallel()
	const longer = "half of something that was longer"
	for _, tt := range []struct {
		name  string
		stand func(beside, other string) error
	}{
		{"nothing", func(string, string) error { return nil }},
		{"half of a file", func(beside, _ string) error { return os.WriteFile(beside, []byte(longer), 0o600) }},
		{"a file that may not be written", func(beside, _ string) error { return os.WriteFile(beside, []byte(longer), 0o400) }},
		{"a link", func(beside, other string) error { return os.Symlink(other, beside) }},
		{"another name of a file", func(beside, other string) error { return os.Link(other, beside) }},
		{"a pipe", func(beside, _ string) error { return syscall.Mkfifo(beside, 0o600) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path, other := filepath.Join(dir, "feed.xml"), filepath.Join(dir, "diary.txt")
			if err := os.WriteFile(other, []byte("dear diary"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := tt.stand(filepath.Join(dir, ".feed.xml.new"), other); err != nil {
				t.Fatal(err)
			}
			if _, err := publish.WriteFile(path, []byte("whole")); err != nil {
				t.Fatal(err)
			}
			for name, want := range map[string]string{path: "whole", other: "dear diary"} {
				if b, err := os.ReadFile(name); err != nil || string(b) != want {
					t.Errorf("%s: %q, %v", filepath.Base(name), b, err)
				}
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
				t.Errorf("there is %v, %v", entries, err)
			}
		})
	}
}

// TestWritersAtOnce has many write one file: it is always that of one of them.
func TestWritersAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "feed.xml")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 10 {
				if _, err := publish.WriteFile(path, bytes.Repeat(fmt.Append(nil, i), 10000+i)); err != nil {
					t.Error(err)
				}
				b, err := os.ReadFile(path)
				if err != nil || len(b) == 0 || len(b) != 10000+int(b[0]-'0') || len(bytes.Trim(b, string(b[:1]))) > 0 {
					t.Errorf("%d bytes, %v", len(b), err)
				}
			}
		})
	}
	all.Wait()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("there is %v, %v", entries, err)
	}
}
