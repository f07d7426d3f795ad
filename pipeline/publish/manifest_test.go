package publish_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

func manifest(files ...publish.File) publish.Manifest {
	ep := episode()
	ep.Enclosure = &podcast.Enclosure{File: "on-presses.mp3", MediaType: "audio/mpeg", Bytes: 3, SHA256: strings.Repeat("0a", 32)}
	return publish.Manifest{
		Episode: ep, Build: strings.Repeat("b1", 32),
		Source:   publish.Source{Path: "posts/presses.md", SHA256: strings.Repeat("50", 32)},
		Keys:     map[string]int{"take": 1, "block": 1, "build": 1},
		Timeline: publish.Timeline{Rate: 44100, Channels: 2, Frames: 176400},
		Gains:    publish.Gains{Programme: 1.2345678901234567, Voices: map[string]level.DB{"narrator": -0.25, "second": 0}},
		Tracks:   []publish.Track{{Name: "intro", File: "intro.mp3", SHA256: strings.Repeat("11", 32)}},
		Files:    files,
		Costs:    []publish.Bill{},
		Takes: []publish.Take{
			{Ordinal: 1, Role: "title", Voice: "narrator", Key: "k1", SHA256: strings.Repeat("aa", 32), MediaType: "audio/wav", Start: 1152, Length: 44100, Characters: 18},
		},
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := publish.WriteFile(filepath.Join(dir, "on-presses.mp3"), []byte("abc"))
	if err != nil {
		t.Fatal(err)
	}
	m := manifest(f)
	if err := publish.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	got, err := publish.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Version = publish.ManifestVersion
	if diff := cmp.Diff(&m, got); diff != "" {
		t.Errorf("read other than written (-want +got):\n%s", diff)
	}
	b, err := os.ReadFile(filepath.Join(dir, publish.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "manifest.json", b)
}

func TestWriteManifestRefuses(t *testing.T) {
	t.Parallel()
	noise := manifest()
	noise.Episode.Loudness.Integrated = level.LUFS(math.NaN())
	nameless := manifest()
	nameless.Episode.ID = ""
	tests := []struct {
		name string
		m    publish.Manifest
	}{
		{"what JSON has no number for", noise},
		{"no episode", nameless},
		{"a file outside the folder", manifest(publish.File{Name: "../x", SHA256: strings.Repeat("00", 32)})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := publish.WriteManifest(dir, tt.m); err == nil {
				t.Error("it was written")
			}
			if _, err := publish.ReadManifest(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("error %v, want %v", err, fs.ErrNotExist)
			}
		})
	}
}

func TestParseManifest(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("00", 32)
	with := func(rest string) string {
		return `{"version":1,"episode":{"id":"x"}` + rest + `}`
	}
	file := func(name string, bytes int, sum string) string {
		return fmt.Sprintf(`{"name":%q,"bytes":%d,"sha256":%q}`, name, bytes, sum)
	}
	tests := []struct {
		name string
		json string
		want string // of the error; empty for none
	}{
		{"least", with(""), ""},
		{"a key of later days", with(`,"later":1`), ""},
		{"a file in a folder", with(`,"files":[` + file("img/1.png", 1, sum) + `]`), ""},
		{"empty", "", "not a manifest"},
		{"cut short", `{"version":1,`, "not a manifest"},
		{"no version", `{}`, "manifest version 0"},
		{"later version", `{"version":2,"episode":7}`, "manifest version 2: this program reads version 1"},
		{"no episode", `{"version":1}`, "names no episode"},
		{"absolute path", with(`,"files":[` + file("/etc/passwd", 1, sum) + `]`), "not one of its folder"},
		{"path out of the folder", with(`,"files":[` + file("img/../../x", 1, sum) + `]`), "not one of its folder"},
		{"the folder itself", with(`,"files":[` + file(".", 1, sum) + `]`), "not one of its folder"},
		{"the manifest itself", with(`,"files":[` + file("manifest.json", 1, sum) + `]`), "not one of its folder"},
		{"twice the same", with(`,"files":[` + file("a", 1, sum) + `,` + file("a", 1, sum) + `]`), "twice"},
		{"negative size", with(`,"files":[` + file("a", -1, sum) + `]`), "negative size"},
		{"short hash", with(`,"files":[` + file("a", 1, "00") + `]`), "no SHA-256"},
		{"a script", with(`,"script":` + file("script.json", 1, sum)), ""},
		{"a script of no bytes", with(`,"script":` + file("script.json", 0, sum)), ""},
		{"a script of negative size", with(`,"script":` + file("script.json", -1, sum)), "not one of its folder"},
		{"a script out of the folder", with(`,"script":` + file("../script.json", 1, sum)), "not one of its folder"},
		{"a script that is published", with(`,"files":[` + file("a", 1, sum) + `],"script":` + file("a", 1, sum)), "not one of its folder"},
		{"a script of no hash", with(`,"script":` + file("script.json", 1, "")), "not one of its folder"},
		{"formats", with(`,"files":[` + file("a.opus", 1, sum) + `],"formats":[{"file":"a.opus","rate":48000,"channels":1,"frames":5}]`), ""},
		{"a format of unknown length", with(`,"files":[` + file("a.opus", 0, sum) + `],"formats":[{"file":"a.opus"}]`), ""},
		{"format without its file", with(`,"formats":[{"file":"../a.opus","rate":48000,"channels":1,"frames":5}]`), "none of its files"},
		{"format of negative length", with(`,"files":[` + file("a.opus", 1, sum) + `],"formats":[{"file":"a.opus","frames":-5}]`), "out of bounds"},
		{"takes, one of which says nothing", with(`,"takes":[{"ordinal":1,"start":1,"length":2,"characters":3},{"ordinal":2}]`), ""},
		{"take without a place", with(`,"takes":[{"ordinal":0}]`), "take 0 is out of bounds"},
		{"take before the start", with(`,"takes":[{"ordinal":1,"start":-1}]`), "take 1 is out of bounds"},
		{"take of negative length", with(`,"takes":[{"ordinal":1,"length":-1}]`), "take 1 is out of bounds"},
		{"take of negative characters", with(`,"takes":[{"ordinal":1,"characters":-1}]`), "take 1 is out of bounds"},
		{"negative timeline", with(`,"timeline":{"frames":-1}`), "timeline is negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := publish.ParseManifest([]byte(tt.json))
			if tt.want == "" && err != nil {
				t.Error(err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("sound"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		damage func(dir string) error
		file   string // named by the error; empty for none
		want   string
	}{
		{"whole", func(string) error { return nil }, "", ""},
		{"something beside", func(dir string) error { return os.WriteFile(filepath.Join(dir, "run.json"), nil, 0o600) }, "", ""},
		{"no manifest", func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) }, "manifest.json", "not finished"},
		{"broken manifest", func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest.json"), 40) }, "manifest.json", "cannot be read"},
		{"missing", func(dir string) error { return os.Remove(filepath.Join(dir, "a.mp3")) }, "a.mp3", "is missing"},
		{"cut short", func(dir string) error { return os.Truncate(filepath.Join(dir, "a.mp3"), 2) }, "a.mp3", "has 2 bytes; the manifest says 5"},
		{"one byte other", func(dir string) error { return os.WriteFile(filepath.Join(dir, "a.mp3"), []byte("sOund"), 0o600) }, "a.mp3", "SHA-256"},
		{"a folder", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "a.mp3")), os.Mkdir(filepath.Join(dir, "a.mp3"), 0o700))
		}, "a.mp3", "is not a file"},
		{"a link out of the folder", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "a.mp3")), os.Symlink(outside, filepath.Join(dir, "a.mp3")))
		}, "a.mp3", "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			f, err := publish.WriteFile(filepath.Join(dir, "a.mp3"), []byte("sound"))
			if err != nil {
				t.Fatal(err)
			}
			if err := publish.WriteManifest(dir, manifest(f)); err != nil {
				t.Fatal(err)
			}
			if err := tt.damage(dir); err != nil {
				t.Fatal(err)
			}
			err = publish.Verify(dir)
			if tt.file == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var broken *publish.BrokenError
			if !errors.As(err, &broken) || broken.Dir != dir || broken.File != tt.file || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one of %s with %q", err, tt.file, tt.want)
			}
		})
	}
}

func TestFindEpisodes(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	folder := func(name, id string) string {
		dir := filepath.Join(out, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if id != "" {
			m := manifest()
			m.Episode.ID = id
			if err := publish.WriteManifest(dir, m); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	one, two := folder("one", "1"), folder("two", "2")
	folder("empty", "")
	folder("one-copy", "1")
	folder(".making", "3")
	broken := folder("broken", "4")
	if err := os.Truncate(filepath.Join(broken, "manifest.json"), 30); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "feed.xml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs, findings, err := publish.ListEpisodes(out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"1": one, "2": two}, dirs); diff != "" {
		t.Error(diff)
	}
	wantFindings := []string{
		filepath.Join(broken, "manifest.json") + ": not a manifest: unexpected EOF: the folder is passed over",
		one + "-copy: the same episode (1) is in " + one + ": remove one of them",
	}
	if diff := cmp.Diff(wantFindings, findings); diff != "" {
		t.Error(diff)
	}
	if dirs, err := publish.FindEpisodes(filepath.Join(out, "none")); err != nil || len(dirs) != 0 {
		t.Errorf("%v, %v in a folder that is not there", dirs, err)
	}
	if _, err := publish.FindEpisodes(filepath.Join(out, "feed.xml")); err == nil {
		t.Error("no error for an out that is a file")
	}
}

func FuzzReadManifest(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "manifest.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"version":1,"episode":{"id":"x","date":"2026-11-23T08:00:00Z"},"files":[{"name":"a/../b"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := publish.ParseManifest(data)
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(file.Name) {
				t.Errorf("the file %q is outside the folder", file.Name)
			}
		}
		dir := t.TempDir()
		if err := publish.WriteManifest(dir, *m); err != nil {
			return // a date beyond JSON's, say: refused, not half written
		}
		again, err := publish.ReadManifest(dir)
		if err != nil {
			t.Fatalf("read of what was written: %v", err)
		}
		if again.Episode.ID != m.Episode.ID || len(again.Files) != len(m.Files) || len(again.Takes) != len(m.Takes) {
			t.Error("read other than written")
		}
		dirs, err := publish.FindEpisodes(filepath.Dir(dir))
		if err != nil || dirs[m.Episode.ID] != dir {
			t.Errorf("the episode %q is not found in %v (%v)", m.Episode.ID, dirs, err)
		}
	})
}

// BenchmarkFindEpisodes looks through a back catalogue of a hundred episodes
// of an hour.
func BenchmarkFindEpisodes(b *testing.B) {
	out := b.TempDir()
	m := manifest()
	for range 599 {
		m.Takes = append(m.Takes, m.Takes[0])
	}
	for i := range 100 {
		m.Episode.ID = fmt.Sprint(i)
		dir := filepath.Join(out, fmt.Sprint(i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			b.Fatal(err)
		}
		if err := publish.WriteManifest(dir, m); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		dirs, err := publish.FindEpisodes(out)
		if err != nil || len(dirs) != 100 {
			b.Fatal(len(dirs), err)
		}
	}
}

// FuzzReadHead reads heads of anything, and of what is a manifest as much as
// the whole of it says.
func FuzzReadHead(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "manifest.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte(`{"files":[{"name":"a/../b"}],"takes":[[[[]]]],"episode":{"id":"x"},"version":1}`))
	f.Add([]byte(`{"version":1,"version":9,"episode":null,"files":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, publish.ManifestName), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if head, err := publish.ReadHead(dir); err == nil {
			for _, file := range head.Files {
				if !filepath.IsLocal(file.Name) {
					t.Errorf("the file %q is outside the folder", file.Name)
				}
			}
		}
		m, err := publish.ParseManifest(data)
		if err != nil || publish.WriteManifest(dir, *m) != nil {
			return
		}
		head, err := publish.ReadHead(dir)
		if err != nil {
			t.Fatalf("the head of what was written: %v", err)
		}
		if head.Episode.ID != m.Episode.ID || head.Build != m.Build || len(head.Files) != len(m.Files) || (head.Gate == nil) != (m.Gate == nil) {
			t.Errorf("the head is of another manifest: %+v", head)
		}
	})
}
