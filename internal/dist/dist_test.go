package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func noEnv(string) (string, bool) { return "", false }

// source is the root of this module.
func source() string { return filepath.Join("..", "..") }

var archives = flag.Bool("archives", false, "make the archives of this system in TestDist, which compiles all that is in them; make archives does")

// TestDist makes the archives of this system, the last of them twice, and looks
// into them.
func TestDist(t *testing.T) {
	t.Parallel()
	if !*archives {
		t.Skip("it compiles all that is linked: make archives runs it")
	}
	wanted, err := choose(runtime.GOOS + "/" + runtime.GOARCH)
	if err != nil {
		t.Skipf("nothing is given out for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	o := options{root: source(), out: t.TempDir(), version: "v1.2.0-rc.1"}
	names, err := dist(t.Context(), o, noEnv, wanted, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	checksums := func() []string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(o.out, sums))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	out, first := o.out, checksums()
	if len(names) != len(wanted) || len(first) != len(wanted) {
		t.Errorf("%d archives and %d checksums, want %d:\n%v", len(names), len(first), len(wanted), first)
	}
	o.out = t.TempDir()
	if _, err := dist(t.Context(), o, noEnv, wanted[len(wanted)-1:], io.Discard); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first[len(first)-1:], checksums()); d != "" {
		t.Errorf("the second time it is another archive (-first +second):\n%s", d)
	}
	for _, target := range wanted {
		if runtime.GOOS == "windows" {
			continue
		}
		name := target.archive("v1.2.0-rc.1")
		dir := t.TempDir()
		if said, err := exec.Command("tar", "-xzf", filepath.Join(out, name), "-C", dir).CombinedOutput(); err != nil {
			t.Fatalf("tar: %v\n%s", err, said)
		}
		folder := filepath.Join(dir, strings.TrimSuffix(name, ".tar.gz"))
		said, err := exec.Command(filepath.Join(folder, target.file()), "version").CombinedOutput()
		if err != nil || !strings.HasPrefix(string(said), "narrapress v1.2.0-rc.1") {
			t.Errorf("%s version: %v\n%s", target.file(), err, said)
		}
		if target.static && !strings.Contains(string(said), "MP3 by ffmpeg") {
			t.Errorf("%s loads a library:\n%s", target.file(), said)
		}
		for _, file := range []string{
			"README.md", "LICENSE", "NOTICE", "THIRD_PARTY.txt", "man/man1/narrapress.1", "man/man1/narrapress-batch-run.1",
			"completions/narrapress.bash", "completions/_narrapress", "docs/serve.md", "examples/curated/post.md", "examples/nightly/nightly",
		} {
			if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := os.Stat(filepath.Join(folder, "examples", "curated", "out")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s has episodes of the example: %v", name, err)
		}
	}
}

func TestPack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 8, 0, time.UTC)
	entries := []entry{{name: "b/page.md", body: []byte("text\n")}, {name: "a", program: true, body: []byte("#!/bin/sh\n")}}
	type file struct {
		Name string
		Mode fs.FileMode
		Time time.Time
		Body string
	}
	want := []file{{"x_1/a", 0o755, at, "#!/bin/sh\n"}, {"x_1/b/page.md", 0o644, at, "text\n"}}
	readers := map[string]func(t *testing.T, b []byte) []file{
		"x_1.tar.gz": func(t *testing.T, b []byte) (all []file) {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			for r := tar.NewReader(z); ; {
				h, err := r.Next()
				if errors.Is(err, io.EOF) {
					return all
				}
				body, e := io.ReadAll(r)
				if err = errors.Join(err, e); err != nil {
					t.Fatal(err)
				}
				if h.Uid != 0 || h.Uname != "" {
					t.Errorf("%s is %q's (%d)", h.Name, h.Uname, h.Uid)
				}
				all = append(all, file{h.Name, h.FileInfo().Mode(), h.ModTime.UTC(), string(body)})
			}
		},
		"x_1.zip": func(t *testing.T, b []byte) (all []file) {
			z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range z.File {
				body, err := fs.ReadFile(z, f.Name)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, file{f.Name, f.Mode(), f.Modified.UTC(), string(body)})
			}
			return all
		},
	}
	for name, read := range readers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var one, other bytes.Buffer
			if err := pack(&one, name, entries, at); err != nil {
				t.Fatal(err)
			}
			turned := slices.Clone(entries)
			slices.Reverse(turned)
			// Another zone and the rest of a second are of the machine, not of the commit.
			if err := pack(&other, name, turned, at.In(time.FixedZone("", 3600)).UTC()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one.Bytes(), other.Bytes()) {
				t.Error("the order in which files are given changes the archive")
			}
			if d := cmp.Diff(want, read(t, one.Bytes())); d != "" {
				t.Errorf("the archive (-want +got):\n%s", d)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		only string
		want []string // archives; nil is an error
	}{
		"a system":           {"darwin/arm64", []string{"narrapress_1_darwin_arm64.tar.gz"}},
		"Linux has two":      {"linux/amd64", []string{"narrapress_1_linux_amd64.tar.gz", "narrapress-static_1_linux_amd64.tar.gz"}},
		"several":            {"windows/amd64, windows/arm64", []string{"narrapress_1_windows_amd64.zip", "narrapress_1_windows_arm64.zip"}},
		"one named twice":    {"darwin/arm64,darwin/arm64", nil},
		"one of no such":     {"plan9/amd64", nil},
		"a system by itself": {"linux", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := choose(tt.only)
			if (err != nil) != (tt.want == nil) {
				t.Fatalf("error %v", err)
			}
			var names []string
			for _, g := range got {
				names = append(names, g.archive("v1"))
			}
			if d := cmp.Diff(tt.want, names); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if all, err := choose(""); err != nil || len(all) != 8 {
		t.Errorf("%d archives in all (%v), want 8", len(all), err)
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	at := func(seconds string) func(string) (string, bool) {
		return func(name string) (string, bool) { return seconds, name == "SOURCE_DATE_EPOCH" }
	}
	const revision = "REVISION"
	tests := map[string]struct {
		git     string // what is done in the folder; empty is no git
		version string
		env     func(string) (string, bool)
		want    string // what the program is told; where it begins with "error: ", a part of the error
	}{
		"no git":               {want: "error: git does not say which version this is"},
		"named":                {version: "v1.2.0", want: "v1.2.0"},
		"named badly":          {version: "1.2", want: `error: "1.2" is no version such as v1.2.0`},
		"no whole version":     {version: "v1.2", want: `error: "v1.2" is no version such as v1.2.0`},
		"with a time":          {version: "v1.2.0-rc.1+of.us", env: at("1772600768"), want: "v1.2.0-rc.1+of.us"},
		"a time that is none":  {version: "v1.2.0", env: at("noon"), want: `error: SOURCE_DATE_EPOCH is "noon"`},
		"a commit":             {git: "commit", want: "v0.0.0-20260304050608-" + revision + " " + revision + " 2026-03-04T05:06:08Z"},
		"a tag":                {git: "commit && git tag v1.2.0", want: "v1.2.0 " + revision + " 2026-03-04T05:06:08Z"},
		"a tag of two":         {git: "commit && git tag v1.2.0 && git tag latest", want: "v1.2.0 " + revision + " 2026-03-04T05:06:08Z"},
		"behind a tag":         {git: "commit && git tag v1.2.0 && commit", want: "v1.2.1-0.20260304050608-" + revision + " " + revision + " 2026-03-04T05:06:08Z"},
		"a tag, and changed":   {git: "commit && git tag v1.2.0 && touch new", want: "v1.2.0+dirty " + revision + " 2026-03-04T05:06:08Z"},
		"named, and of a time": {git: "commit", version: "v2.0.0", env: at("1772600769"), want: "v2.0.0 " + revision + " 2026-03-04T05:06:09Z"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			id := ""
			if tt.git != "" {
				script := `commit() { git -c user.name=n -c user.email=e@example.com -c commit.gpgsign=false commit -q --allow-empty -m m; }
					git init -q && ` + tt.git + ` && git rev-parse HEAD`
				cmd := exec.Command("bash", "-e", "-c", script)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE=1772600768 +0100", "GIT_COMMITTER_DATE=1772600768 +0100")
				out, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				id = strings.TrimSpace(string(out))
			}
			if tt.env == nil {
				tt.env = noEnv
			}
			rel, err := identify(t.Context(), dir, tt.version, tt.env)
			if words, ok := strings.CutPrefix(tt.want, "error: "); ok {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Fatalf("error %v, want %s", err, words)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := rel.linked()
			if id != "" {
				got = strings.ReplaceAll(strings.ReplaceAll(got, id, revision), id[:12], revision)
			}
			if got != tt.want {
				t.Errorf("it is told %q, want %q", got, tt.want)
			}
		})
	}
	if rel, err := identify(t.Context(), t.TempDir(), "v1.2.0", at("5")); err != nil || !rel.time.Equal(oldest) {
		t.Errorf("a time that no ZIP can say: %+v, %v", rel, err)
	}
}
