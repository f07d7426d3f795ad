package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
)

func restitch(t *testing.T, dir string, r pipeline.Restitching) *pipeline.Result {
	t.Helper()
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(dir, "narrapress.yaml"), Dir: dir, Home: dir,
		Env:   func(string) (string, bool) { return "", false },
		Flags: map[string]string{"output.store": filepath.Join(dir, "store")},
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := pipeline.Restitch(t.Context(), cfg, r, pipeline.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestRestitchIsTheSameBuild makes an episode again from its folder: unchanged
// it is left alone; with another table of pauses and another loudness it is
// what producing its text makes of it, byte for byte.
func TestRestitchIsTheSameBuild(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	users := filepath.Join(dir, "store", "users.txt")
	if err := os.Remove(users); err != nil { // as of a folder from another machine
		t.Fatal(err)
	}
	if res := restitch(t, dir, pipeline.Restitching{Dir: first.Dir}); !res.Unchanged {
		t.Error("nothing has changed, and it was made again")
	}
	if said := read(t, users); !strings.Contains(said, filepath.Dir(first.Dir)) {
		t.Errorf("the store knows of %q: its takes would be pruned", said)
	}
	changed := show + "\naudio: {loudness: -19 LUFS, pauses: {paragraph: 3s}}\n"
	if err := os.WriteFile(filepath.Join(dir, "narrapress.yaml"), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	res := restitch(t, dir, pipeline.Restitching{Dir: first.Dir})
	if res.Unchanged || res.Made != 0 || res.Reused < 5 {
		t.Errorf("unchanged %v, %d made, %d reused; want it made of stored takes", res.Unchanged, res.Made, res.Reused)
	}
	if said := strings.Join(res.Changes, "\n"); !strings.Contains(said, "audio.loudness: -16LUFS → -19LUFS") || !strings.Contains(said, "audio.pauses.paragraph:") {
		t.Errorf("changes %q, want loudness and pause", said)
	}
	if res.Episode.Length <= first.Episode.Length+3 {
		t.Errorf("%.1f s with pauses of 3 s, %.1f s before", res.Episode.Length, first.Episode.Length)
	}
	again := produce(t, dir, pipeline.Order{Source: "post.md"})
	if !again.Unchanged {
		t.Error("the text's own build is another one than the restitched")
	}
	restitched := published(t, first.Dir)
	produce(t, dir, pipeline.Order{Source: "post.md", Fresh: true})
	fresh := published(t, first.Dir)
	name := "a-walk-by-the-river.mp3"
	if _, ok := fresh[name]; !ok {
		name = filepath.Base(first.Dir) + ".mp3"
	}
	if diff := cmp.Diff(len(fresh[name]), len(restitched[name])); diff != "" {
		t.Errorf("the restitched file has another length than one made fresh: %s", diff)
	}
}

// TestRestitchAfterAKill makes an episode again whose last build was killed in the
// step that puts it into the place of the one before.
func TestRestitchAfterAKill(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	old := filepath.Join(dir, "old")
	if err := os.CopyFS(old, os.DirFS(first.Dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "narrapress.yaml"), []byte(show+"\naudio: {loudness: -19 LUFS}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	restitch(t, dir, pipeline.Restitching{Dir: first.Dir})
	now := read(t, filepath.Join(first.Dir, "manifest.json"))
	moving := filepath.Join(filepath.Dir(first.Dir), ".making", filepath.Base(first.Dir)+".moving")
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(moving), 0o755), os.Rename(first.Dir, moving), os.WriteFile(filepath.Join(moving, ".incoming"), nil, 0o644), os.Rename(old, first.Dir),
	); err != nil {
		t.Fatal(err)
	}
	if res := restitch(t, dir, pipeline.Restitching{Dir: first.Dir}); !res.Unchanged {
		t.Error("the build was there, and was made again")
	}
	if read(t, filepath.Join(first.Dir, "manifest.json")) != now {
		t.Error("another build stands there")
	}
}
