package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// built writes a finished build of an episode, each of whose files says text.
func built(t *testing.T, dir, text string, names ...string) publish.Manifest {
	t.Helper()
	m := publish.Manifest{Episode: podcast.Episode{ID: "post.md", Slug: "post"}, Build: text}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		m.Files = append(m.Files, publish.File{Name: name, Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
	}
	if err := publish.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSettle has a press killed at each step of putting a new build into the
// place of an old one, on systems that exchange folders and on those that do
// not: the next start finishes it.
func TestSettle(t *testing.T) {
	t.Parallel()
	// begin is what stands when the first step is done: the new build is on its way.
	begin := func(t *testing.T) (out string, pl *place) {
		out = t.TempDir()
		pl = &place{id: "post.md", slug: "post", dir: filepath.Join(out, "by-hand"), work: filepath.Join(out, making, "post")}
		last := built(t, pl.dir, "old", "post.mp3", "post.srt", "img/a.jpg")
		pl.last = &last
		for _, name := range []string{"notes.txt", publish.WithdrawnName, "report.md"} {
			if err := os.WriteFile(filepath.Join(pl.dir, name), []byte("beside"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		built(t, pl.work, "new", "post.mp3", "post.vtt")
		left, err := pl.carry(pl.work, "new")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(
			os.WriteFile(filepath.Join(pl.work, incoming), []byte(strings.Join(left, "\n")), 0o600), os.Rename(pl.work, pl.moving()),
		); err != nil {
			t.Fatal(err)
		}
		return out, pl
	}
	try := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		killed func(t *testing.T, pl *place)
	}{
		{"before the exchange", func(*testing.T, *place) {}},
		{"behind the exchange", func(t *testing.T, pl *place) {
			if err := exchange(pl.moving(), pl.dir); err != nil {
				t.Skip(err)
			}
		}},
		{"as the old build is removed", func(t *testing.T, pl *place) {
			if err := exchange(pl.moving(), pl.dir); err != nil {
				t.Skip(err)
			}
			try(t, errors.Join(os.Remove(filepath.Join(pl.dir, incoming)), os.Remove(filepath.Join(pl.moving(), publish.ManifestName))))
		}},
		{"between two files", func(t *testing.T, pl *place) {
			try(t, os.Rename(filepath.Join(pl.moving(), incoming), filepath.Join(pl.moving(), pouring)))
			try(t, os.Rename(filepath.Join(pl.moving(), "post.mp3"), filepath.Join(pl.dir, "post.mp3")))
		}},
		{"before the manifest", func(t *testing.T, pl *place) {
			manifest := filepath.Join(pl.moving(), publish.ManifestName)
			b, err := os.ReadFile(manifest)
			try(t, err)
			old, err := os.ReadFile(filepath.Join(pl.dir, publish.ManifestName))
			try(t, err)
			try(t, pour(pl.moving(), pl.dir))
			try(t, os.WriteFile(manifest, b, 0o600))
			try(t, os.WriteFile(filepath.Join(pl.dir, publish.ManifestName), old, 0o600))
		}},
		{"one by one to the end", func(t *testing.T, pl *place) { try(t, pour(pl.moving(), pl.dir)) }},
		{"the old folder was removed by hand", func(t *testing.T, pl *place) { try(t, os.RemoveAll(pl.dir)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, pl := begin(t)
			tt.killed(t, pl)
			if err := Settle(out); err != nil {
				t.Fatal(err)
			}
			var names []string
			entries, err := os.ReadDir(pl.dir)
			try(t, err)
			for _, e := range entries {
				names = append(names, e.Name())
			}
			if got, want := strings.Join(names, " "), "manifest.json notes.txt post.mp3 post.vtt withdrawn.json"; got != want {
				t.Errorf("there is %s, want %s", got, want)
			}
			if err := publish.Verify(pl.dir); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Join(out, making)); err == nil {
				t.Error("something is left under way")
			}
		})
	}
}

// TestHoldWhileOthersLeave has presses come and go in an output folder: whoever is
// the last takes the folder of work with it, while the next is about to make it.
func TestHoldWhileOthersLeave(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			slug := fmt.Sprintf("post-%d", i)
			for range 100 {
				if err := Settle(out); err != nil {
					t.Error(err)
					return
				}
				pl := &place{id: slug, slug: slug, dir: filepath.Join(out, slug), work: filepath.Join(out, making, slug)}
				other, err := pl.hold(slug)
				if err != nil || other != "" {
					t.Errorf("held by %q: %v", other, err)
					return
				}
				pl.leave()
			}
		})
	}
	all.Wait()
}

// TestWaitWhileOthersForget has builds put aside while others, which are out, take the
// folder of what is held away.
func TestWaitWhileOthersForget(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			slug := fmt.Sprintf("post-%d", i)
			pl := &place{id: slug, slug: slug, dir: filepath.Join(out, slug), work: filepath.Join(out, making, slug)}
			for range 100 {
				err := errors.Join(os.MkdirAll(pl.work, 0o700), pl.wait())
				if _, gone := os.Stat(pl.aside()); err != nil || gone != nil {
					t.Error(err, gone)
					return
				}
				if err := pl.forget(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestSettleLeavesOthers has what another press holds, and what is no build,
// left alone.
func TestSettleLeavesOthers(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	pl := &place{id: "post.md", slug: "post", dir: filepath.Join(out, "post"), work: filepath.Join(out, making, "post")}
	built(t, pl.dir, "old", "post.mp3")
	built(t, pl.moving(), "new", "post.mp3")
	if err := os.WriteFile(filepath.Join(pl.moving(), incoming), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if other, err := pl.hold("post.md"); err != nil || other != "" {
		t.Fatal(other, err)
	}
	defer pl.leave()
	stray := filepath.Join(out, making, "stray"+movingEnding)
	if err := os.Mkdir(stray, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Settle(out); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{pl.moving(), stray} {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
	if err := Settle(filepath.Join(out, "nowhere")); err != nil {
		t.Error(err)
	}

	// The last that a press does is to remove the folder.
	empty := t.TempDir()
	if err := os.Mkdir(filepath.Join(empty, making), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Settle(empty); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(empty, making)); err == nil {
		t.Error("the folder of a press that was killed when it had left is still there")
	}
}
