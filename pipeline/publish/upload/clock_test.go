package upload_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// later gives everything in a folder times that are an hour ahead.
func later(t *testing.T, dir string) {
	t.Helper()
	at := time.Now().Add(time.Hour)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClockGoesBack uploads, and the clock goes back by an hour: what is there is
// from the future then. Nothing is sent that is there, all that changed is, and what
// nobody names any more is removed as at any time.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	o.Parallel, o.Prune = 1, true
	run(t, o)
	later(t, out)
	later(t, to)
	if res := run(t, o); len(res.Sent) != 0 || res.Same != 10 || len(res.Stale) != 0 {
		t.Errorf("nothing changed: %+v", res)
	}
	feed := filepath.Join(out, "feed.xml")
	before, err := os.Stat(feed)
	if err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	if after, err := os.Stat(feed); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("a feed that says the same was written anew: %v", err)
	}

	// Of the same length as what is there, and older.
	episode(t, out, "two", "SECOND")
	writeFeed(t, out)
	want := []string{"two/two.chapters.json", "two/two.mp3", "two/two.vtt", "two/two.html"}
	if diff := cmp.Diff(want, names(run(t, o).Sent)); diff != "" {
		t.Errorf("after an edit (-want +got):\n%s", diff)
	}
	got, err := os.ReadFile(filepath.Join(to, "two", "two.mp3"))
	if err != nil || string(got) != "two.mp3: SECOND" {
		t.Errorf("there is %q, %v", got, err)
	}

	if err := os.RemoveAll(filepath.Join(out, "one")); err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	res := run(t, o)
	if diff := cmp.Diff([]string{"feed.xml"}, names(res.Sent)); diff != "" {
		t.Errorf("without an episode (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"one/one.chapters.json", "one/one.html", "one/one.mp3", "one/one.vtt"}, res.Stale); diff != "" || !res.Removed {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	for _, name := range files(t, to) {
		if filepath.Dir(name) == "one" {
			t.Errorf("%s is still there", name)
		}
	}
}
