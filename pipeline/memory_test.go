package pipeline_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// takeFiles are the sounds in a show's store.
func takeFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "store", "??", "*", "take.*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no takes (%v)", err)
	}
	return files
}

// TestRememberedTakesAreNotRead changes the bytes of every take behind the
// program's back, with their size and times: an edit of one sentence makes the
// others' blocks out of the cache and never looks.
func TestRememberedTakesAreNotRead(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	produce(t, dir, pipeline.Order{Source: "post.md"})
	spoil(t, takeFiles(t, dir)...)
	edited := strings.Replace(post, "smelled of wet wool", "smelled of cut grass", 1)
	if edited == post {
		t.Fatal("the post has no such sentence")
	}
	if err := os.WriteFile(filepath.Join(dir, "post.md"), []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	if res.Made != 1 || len(res.Findings) > 0 {
		t.Errorf("%d made, findings %v; want one take made and nothing noticed", res.Made, res.Findings)
	}
}

// TestLostTakeIsAskedForAgain spoils a take likewise, and wants its bytes
// again: it is found damaged while the episode is mastered, and spoken anew.
func TestLostTakeIsAskedForAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	spoil(t, takeFiles(t, dir)[0])
	if err := os.WriteFile(filepath.Join(dir, "narrapress.yaml"), []byte(show+"\naudio: {loudness: -19 LUFS}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	if res.Made != 1 || res.Reused != first.Made-1 {
		t.Errorf("%d made and %d reused, want 1 and %d", res.Made, res.Reused, first.Made-1)
	}
	if len(res.Findings) != 1 || !strings.Contains(res.Findings[0], "was damaged") {
		t.Errorf("findings %v, want one of the damaged take", res.Findings)
	}
}

// spoil changes a byte in the middle of files, and leaves their times.
func spoil(t *testing.T, files ...string) {
	t.Helper()
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		var b [1]byte
		if _, err := f.ReadAt(b[:], info.Size()/2); err != nil {
			t.Fatal(err)
		}
		b[0] ^= 0x55
		if _, err := f.WriteAt(b[:], info.Size()/2); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLevelsOfTheShow makes a second episode of a show: it begins with the
// levels of the first and says so, and is none the louder for it.
func TestLevelsOfTheShow(t *testing.T) {
	t.Parallel()
	other := strings.Replace(post, "A walk by the river", "Another walk", 1)
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post, "other.md": other + "\n\nAnd then it rained, for the rest of the week.\n"})
	first := produce(t, dir, pipeline.Order{Source: "post.md"})
	second := produce(t, dir, pipeline.Order{Source: "other.md"})
	m, err := publish.ReadManifest(second.Dir)
	if err != nil {
		t.Fatal(err)
	}
	one, err := publish.ReadManifest(first.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Gains.From != first.Episode.ID {
		t.Errorf("its levels began with those of %q, want %q", m.Gains.From, first.Episode.ID)
	}
	if diff := cmp.Diff(one.Gains.Voices, m.Gains.Voices); diff != "" {
		t.Errorf("the voices' trims were found anew (-first +second):\n%s", diff)
	}
	if off := math.Abs(float64(m.Episode.Loudness.Integrated + 16)); off > 0.3 {
		t.Errorf("%v, want −16 LUFS ± 0.3", m.Episode.Loudness.Integrated)
	}
	fresh := produce(t, dir, pipeline.Order{Source: "other.md", Fresh: true})
	if m, err := publish.ReadManifest(fresh.Dir); err != nil || m.Gains.From != "" {
		t.Errorf("made fresh, its levels are those of %q (%v)", m.Gains.From, err)
	}
}
