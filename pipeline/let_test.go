package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// strict is a show whose gate holds all its episodes.
const strict = show + "gate: {artwork: {then: hold, drawn: false}, unknown: {then: off}}\n"

// hold produces a source that the gate holds.
func hold(t *testing.T, dir, source string) *pipeline.HeldError {
	t.Helper()
	_, err := press(t, dir).Produce(t.Context(), pipeline.Order{Source: filepath.Join(dir, source)})
	held, ok := errors.AsType[*pipeline.HeldError](err)
	if !ok {
		t.Fatalf("%s is not held: %v", source, err)
	}
	return held
}

func put(t *testing.T, text string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func let(t *testing.T, out, episode string) string {
	t.Helper()
	dir, err := pipeline.Release(out, episode, publish.Release{Note: "meant"})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// An edit that is held waits, is released and taken back under whatever name
// its episode's folder has.
func TestReleaseRenamed(t *testing.T) {
	t.Parallel()
	made := folder(t, map[string]string{"narrapress.yaml": strict, "post.md": post})
	hold(t, made, "post.md")
	let(t, filepath.Join(made, "out"), "post")
	if err := os.Rename(filepath.Join(made, "out", "post"), filepath.Join(made, "out", "by-hand")); err != nil {
		t.Fatal(err)
	}
	put(t, post+"\nOne more sentence.\n", made, "post.md")
	aside := filepath.Join("out", publish.HeldDir, "post")
	if held := hold(t, made, "post.md"); !held.Aside || held.Dir != filepath.Join(made, aside) {
		t.Fatalf("%+v", held)
	}
	// Another episode of that name takes neither's place.
	put(t, strings.Replace(post, "date:", "slug: post\ndate:", 1), made, "other.md")
	if other := hold(t, made, "other.md"); filepath.Base(other.Dir) != "post-2" {
		t.Errorf("another episode is in %s", other.Dir)
	}
	for by, name := range map[string]string{
		"slug": "post", "ID": "post.md", "folder's name": "by-hand", "folder": filepath.Join("out", "by-hand"), "folder aside": aside,
	} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(dir, "out")
			renamed := filepath.Join(out, "by-hand")
			before := read(t, filepath.Join(renamed, "post.mp3"))
			if filepath.Dir(name) != "." {
				name = filepath.Join(dir, name)
			}
			if got := let(t, out, name); got != renamed {
				t.Errorf("it is released in %s", got)
			}
			if read(t, filepath.Join(renamed, "post.mp3")) == before {
				t.Error("the edit is not out")
			}
			if _, err := os.Stat(filepath.Join(out, publish.HeldDir)); err == nil {
				t.Error("something is aside yet")
			}
			if err := publish.Verify(renamed); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Join(out, "post")); err == nil {
				t.Error("a second folder was made")
			}
			if _, err := pipeline.Revoke(out, "post"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A build aside alone is an episode by its slug, too, and a folder that is
// another's is not taken for it.
func TestReleaseAsideAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": strict, "post.md": post})
	hold(t, dir, "post.md")
	out := filepath.Join(dir, "out")
	let(t, out, "post")
	put(t, post+"\nOne more sentence.\n", dir, "post.md")
	hold(t, dir, "post.md")
	if err := os.RemoveAll(filepath.Join(out, "post")); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Release(out, "nobody", publish.Release{Note: "x"}); err == nil || !strings.HasSuffix(err.Error(), "held are: post") {
		t.Errorf("%v", err)
	}
	if got := let(t, out, "post"); got != filepath.Join(out, "post") {
		t.Errorf("it is released in %s", got)
	}
	if err := publish.Verify(filepath.Join(out, "post")); err != nil {
		t.Error(err)
	}
}

// What is out stays out though one of its lesser files is damaged, and is
// taken back while an edit waits.
func TestHeldEditOfDamaged(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": strict, "post.md": post})
	hold(t, dir, "post.md")
	out := filepath.Join(dir, "out")
	let(t, out, "post")
	if err := os.Remove(filepath.Join(out, "post", "post.vtt")); err != nil {
		t.Fatal(err)
	}
	before := read(t, filepath.Join(out, "post", "post.mp3"))
	put(t, post+"\nOne more sentence.\n", dir, "post.md")
	if held := hold(t, dir, "post.md"); !held.Aside || read(t, filepath.Join(out, "post", "post.mp3")) != before {
		t.Errorf("a held edit took the place of what was out: %+v", held)
	}
	if _, err := pipeline.Revoke(out, "post"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(out, "post", publish.ReleaseName)); err == nil {
		t.Error("the release stands")
	}
	held, _, err := publish.FindHeld(out)
	if err != nil || len(held) != 2 {
		t.Errorf("%d builds are held, %v", len(held), err)
	}
	// Nothing stays in the feed now, and nobody says so.
	if again := hold(t, dir, "post.md"); again.Aside {
		t.Errorf("%v", again)
	}
}

// Whose post is there again is withdrawn no more, held or not, and who releases
// an episode that is withdrawn is told.
func TestWithdrawnAndHeld(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": strict, "post.md": post})
	hold(t, dir, "post.md")
	out := filepath.Join(dir, "out")
	let(t, out, "post")
	withdraw := func() {
		t.Helper()
		if _, err := publish.Withdraw(filepath.Join(out, "post"), publish.Withdrawal{Reason: "its post is gone", Source: "post.md", When: time.Unix(0, 0).UTC()}); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() bool {
		t.Helper()
		m, err := publish.ReadManifest(filepath.Join(out, "post"))
		if err != nil {
			t.Fatal(err)
		}
		is, _ := publish.Listed(filepath.Join(out, "post"), m)
		return is
	}
	put(t, post+"\nOne more sentence.\n", dir, "post.md")
	for _, what := range []string{"held as it is made", "waiting"} {
		withdraw()
		if held := hold(t, dir, "post.md"); !held.Aside || !listed() {
			t.Errorf("%s: %+v, in the feed: %v", what, held, listed())
		}
	}
	withdraw()
	let(t, out, "post")
	if listed() {
		t.Error("a release ends a withdrawal")
	}
	_, err := pipeline.Release(out, "post", publish.Release{Note: "again"})
	if err == nil || !strings.Contains(err.Error(), "not in the feed, for it is withdrawn: its post is gone") {
		t.Errorf("%v", err)
	}
}

// What others put into an episode's folder stays there, and so do its rights.
func TestReleaseCarries(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show + "output: {report: false}\n", "post.md": post})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	put(t, "mine", res.Dir, "notes.txt")
	put(t, "mine", res.Dir, "more", ".htaccess")
	put(t, "# of an older program", res.Dir, "report.md")
	if err := os.Chmod(res.Dir, 0o750); err != nil {
		t.Fatal(err)
	}
	put(t, post+"\nOne more sentence.\n", dir, "post.md")
	again := produce(t, dir, pipeline.Order{Source: "post.md"})
	if read(t, filepath.Join(again.Dir, "notes.txt"))+read(t, filepath.Join(again.Dir, "more", ".htaccess")) != "minemine" {
		t.Error("what others put there is gone")
	}
	if info, err := os.Stat(again.Dir); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("its rights are %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(again.Dir, "report.md")); err == nil {
		t.Error("a report of another build is left")
	}
	if left, _ := filepath.Glob(filepath.Join(again.Dir, "..", ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(again.Dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// An episode's own page knows the folder by the name it has.
func TestAddressOfRenamed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show + "output: {transcripts: {formats: [vtt]}}\npublish: {base_url: \"https://example.org/pod\"}\n", "post.md": post,
	})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	to := filepath.Join(filepath.Dir(res.Dir), "by-hand")
	if err := os.Rename(res.Dir, to); err != nil {
		t.Fatal(err)
	}
	again := produce(t, dir, pipeline.Order{Source: "post.md"})
	if page := read(t, filepath.Join(to, "post.html")); again.Dir != to || !strings.Contains(page, "https://example.org/pod/by-hand/") || strings.Contains(page, "https://example.org/pod/post/") {
		t.Errorf("made in %s, its page has another address", again.Dir)
	}
}
