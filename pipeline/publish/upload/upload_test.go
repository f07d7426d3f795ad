package upload_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
	"github.com/narrapress/narrapress/pipeline/publish/upload"
)

const base = "https://example.org/pod"

// episode puts a finished episode into out; what it says is in its files.
func episode(t *testing.T, out, slug, text string) {
	t.Helper()
	dir := filepath.Join(out, slug)
	m := publish.Manifest{Version: publish.ManifestVersion, Episode: podcast.Episode{
		ID: slug, Slug: slug, Title: slug, Date: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Length: 10,
	}}
	for _, f := range []publish.File{
		{Name: slug + ".mp3", Kind: publish.KindAudio, MediaType: "audio/mpeg"},
		{Name: slug + ".chapters.json", Kind: publish.KindChapters, MediaType: publish.MediaTypeChapters},
		{Name: slug + ".vtt", Kind: publish.KindTranscript, MediaType: "text/vtt"},
		{Name: slug + ".html", Kind: publish.KindPage, MediaType: "text/html"},
	} {
		b := []byte(f.Name + ": " + text)
		sum := sha256.Sum256(b)
		f.Bytes, f.SHA256 = int64(len(b)), hex.EncodeToString(sum[:])
		m.Files = append(m.Files, f)
		put(t, filepath.Join(dir, f.Name), b)
	}
	m.Episode.Enclosure = &podcast.Enclosure{File: m.Files[0].Name, MediaType: "audio/mpeg", Bytes: m.Files[0].Bytes, SHA256: m.Files[0].SHA256}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, publish.ManifestName), b)
	put(t, filepath.Join(dir, "run.json"), []byte("not for publishing"))
}

func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, b, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func writeFeed(t *testing.T, out string) { writePages(t, out, 0) }

// writePages writes a feed of as many items a page.
func writePages(t *testing.T, out string, items int) {
	t.Helper()
	cover := filepath.Join(t.TempDir(), "c.png")
	f, err := os.Create(cover)
	if err == nil {
		err = errors.Join(png.Encode(f, image.NewGray(image.Rect(0, 0, 1400, 1400))), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	no := false
	listed := func(dir string, m *publish.Manifest) bool { is, _ := publish.Listed(dir, m); return is }
	_, err = feed.Write(t.Context(), feed.Options{Out: out, Listed: listed, BaseURL: base, ItemsPerPage: items, Show: podcast.Show{
		Title: "S", Description: "D", Language: "en", Cover: cover, Category: []string{"Technology"}, Explicit: &no,
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// show is an output folder with a feed of two episodes, and a folder to upload
// it to.
func show(t *testing.T) (out, to string, o upload.Options) {
	t.Helper()
	out, to = t.TempDir(), filepath.Join(t.TempDir(), "www")
	episode(t, out, "one", "first")
	episode(t, out, "two", "second")
	writeFeed(t, out)
	return out, to, upload.Options{Out: out, BaseURL: base, To: (&url.URL{Scheme: "file", Path: filepath.ToSlash(to)}).String()}
}

func run(t *testing.T, o upload.Options) *upload.Result {
	t.Helper()
	res, err := upload.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func names(sent []upload.Sent) []string {
	var out []string
	for _, s := range sent {
		out = append(out, regexp.MustCompile(`cover-[0-9a-f]+`).ReplaceAllString(s.Name, "cover"))
	}
	return out
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

func TestUpload(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	o.Parallel = 1 // so that the order is one
	dry := o
	dry.DryRun = true
	if res := run(t, dry); len(res.Sent) != 10 || len(files(t, to)) != 0 {
		t.Errorf("a dry run: %+v, and there is %v", res, files(t, to))
	}
	want := []string{
		"cover.png", "one/one.chapters.json", "one/one.mp3", "one/one.vtt", "two/two.chapters.json", "two/two.mp3", "two/two.vtt",
		"one/one.html", "two/two.html", "feed.xml",
	}
	if diff := cmp.Diff(want, names(run(t, o).Sent)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := files(t, to); len(got) != len(want)+1 { // and the list of what was sent
		t.Errorf("there is %v", got)
	}
	if res := run(t, o); len(res.Sent) != 0 || res.Same != len(want) {
		t.Errorf("again: %+v", res)
	}

	// Another text of the same length is another file.
	episode(t, out, "two", "SECOND")
	writeFeed(t, out)
	if diff := cmp.Diff([]string{"two/two.chapters.json", "two/two.mp3", "two/two.vtt", "two/two.html"}, names(run(t, o).Sent)); diff != "" {
		t.Errorf("after an edit (-want +got):\n%s", diff)
	}
}

// TestArchives has a feed of several pages: each goes up after the sounds that it names
// were seen at the target, and the first page last.
func TestArchives(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	episode(t, out, "three", "third")
	writePages(t, out, 1)
	o.Parallel = 1
	sent := names(run(t, o).Sent)
	if n := len(sent); n < 4 || sent[n-1] != "feed.xml" || !strings.HasPrefix(sent[n-2], "feed-") || !strings.HasPrefix(sent[n-3], "feed-") || !strings.HasSuffix(sent[n-4], ".html") {
		t.Errorf("sent in this order: %v", sent)
	}
	if res := run(t, o); len(res.Sent) != 0 || res.Same != len(sent) {
		t.Errorf("again: %+v", res)
	}
	if got := files(t, to); len(got) != len(sent)+1 {
		t.Errorf("there is %v", got)
	}
}

// TestStale has feeds that do not fit the folders beside them. Nothing is sent.
func TestStale(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, out string, o *upload.Options)
		want   string
	}{
		{"no feed", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			if err := os.Remove(filepath.Join(out, "feed.xml")); err != nil {
				t.Fatal(err)
			}
		}, "feed.xml: there is no such file: run narrapress feed"},
		{"an episode was made again", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			episode(t, out, "one", "longer than it was")
		}, "it says that one/one.mp3 has 14 bytes, and it has 27"},
		{"an episode is gone", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			if err := os.RemoveAll(filepath.Join(out, "one")); err != nil {
				t.Fatal(err)
			}
		}, "it names one/one"},
		{"a file is gone", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			if err := os.Remove(filepath.Join(out, "two", "two.vtt")); err != nil {
				t.Fatal(err)
			}
		}, "it names two/two.vtt, which is no file of its episode"},
		{"an episode was withdrawn", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			if _, err := publish.Withdraw(filepath.Join(out, "one"), publish.Withdrawal{Reason: "its post is gone"}); err != nil {
				t.Fatal(err)
			}
		}, "its episode is not to be in it (withdrawn: its post is gone): run narrapress feed"},
		{"an episode is held", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			m, err := publish.ReadManifest(filepath.Join(out, "two"))
			if err != nil {
				t.Fatal(err)
			}
			m.Gate = &publish.Gate{Held: true}
			if err := publish.WriteManifest(filepath.Join(out, "two"), *m); err != nil {
				t.Fatal(err)
			}
		}, "its episode is not to be in it (held:"},
		{"no XML", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			put(t, filepath.Join(out, "feed.xml"), []byte("<rss><channel>"))
		}, "it is no XML"},
		{"another address", func(_ *testing.T, _ string, o *upload.Options) { o.BaseURL = "https://elsewhere.example/" }, "it names nothing below publish.base_url"},
		{"a name that climbs", func(t *testing.T, out string, _ *upload.Options) {
			t.Helper()
			put(t, filepath.Join(out, "feed.xml"), []byte(`<rss><enclosure url="`+base+`/one/..%2f..%2fx" length="1"/></rss>`))
		}, "which is no file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, to, o := show(t)
			tt.change(t, out, &o)
			_, err := upload.Run(t.Context(), o)
			if stale := new(upload.StaleError); !errors.As(err, &stale) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if there := files(t, to); len(there) != 0 {
				t.Errorf("%v was sent", there)
			}
		})
	}
}

// A sound that was damaged is not sent, and so the feed is not.
func TestDamaged(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	put(t, filepath.Join(out, "one", "one.mp3"), []byte("one.mp3: fIrst"))
	_, err := upload.Run(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "one.mp3 is not as it was made") {
		t.Errorf("error %v", err)
	}
	there := files(t, to)
	if slices.Contains(there, "feed.xml") || slices.Contains(there, "one/one.mp3") {
		t.Errorf("there is %v", there)
	}
}

// named are the files that a feed at the target names.
func named(t *testing.T, to string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(to, "feed.xml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`"`+base+`/([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatal("the feed names nothing")
	}
	return out
}

// TestInterrupted ends an upload after each of its files: at every moment the
// feed at the target names only what is there, and the next run ends it.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	run(t, o)
	for after := 1; after <= 8; after++ {
		episode(t, out, fmt.Sprintf("new%d", after), "new")
		episode(t, out, "one", fmt.Sprintf("edit %d", after))
		writeFeed(t, out)
		ctx, cancel := context.WithCancel(t.Context())
		sent := 0
		broken := o
		broken.Parallel = 1 + after%3
		broken.Observe = func(upload.Sent) {
			if sent++; sent == after {
				cancel()
			}
		}
		_, err := upload.Run(ctx, broken)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d: error %v", after, err)
		}
		for _, name := range named(t, to) {
			if _, err := os.Stat(filepath.Join(to, name)); err != nil {
				t.Errorf("after %d files, the feed names %s: %v", after, name, err)
			}
		}
		run(t, o)
		if got := named(t, to); !slices.Contains(got, fmt.Sprintf("new%d/new%d.mp3", after, after)) {
			t.Errorf("after %d: the feed is not the new one", after)
		}
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	run(t, o)
	put(t, filepath.Join(to, "index.html"), []byte("of the site"))
	put(t, filepath.Join(to, "two", "notes.txt"), []byte("of a person"))
	put(t, filepath.Join(to, "other", "other.mp3"), []byte("of somebody"))
	// Names are nobody's own.
	put(t, filepath.Join(to, "feed-9.xml"), []byte("of another program"))
	put(t, filepath.Join(to, "two", "cover.jpg"), []byte("of a person"))
	put(t, filepath.Join(to, "two", "img", "1.png"), []byte("of a person"))
	put(t, filepath.Join(to, "two", "two.html"), []byte("written anew by a person"))
	if err := os.RemoveAll(filepath.Join(out, "two")); err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	gone := []string{"two/two.chapters.json", "two/two.mp3", "two/two.vtt"}
	if res := run(t, o); !cmp.Equal(res.Stale, gone) || res.Removed {
		t.Errorf("without --prune: %+v", res)
	}
	if _, err := os.Stat(filepath.Join(to, "two", "two.mp3")); err != nil {
		t.Error(err)
	}
	o.Prune = true
	if res := run(t, o); !cmp.Equal(res.Stale, gone) || !res.Removed {
		t.Errorf("with --prune: %+v", res)
	}
	there := files(t, to)
	for _, name := range gone {
		if slices.Contains(there, name) {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range []string{"index.html", "two/notes.txt", "feed-9.xml", "two/cover.jpg", "two/img/1.png", "two/two.html", "other/other.mp3", "one/one.mp3", "feed.xml"} {
		if !slices.Contains(there, name) {
			t.Errorf("%s is gone", name)
		}
	}
}

// TestPruneWithdrawn takes what a withdrawn episode had at the target away, and
// brings it there again with the episode.
func TestPruneWithdrawn(t *testing.T) {
	t.Parallel()
	out, to, o := show(t)
	run(t, o)
	two := filepath.Join(out, "two")
	if _, err := publish.Withdraw(two, publish.Withdrawal{Reason: "its post is gone", Source: "posts/two.md"}); err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	gone := []string{"two/two.chapters.json", "two/two.html", "two/two.mp3", "two/two.vtt"}
	there := func() bool { return slices.Contains(files(t, to), "two/two.mp3") }
	if res := run(t, o); !cmp.Equal(res.Stale, gone) || res.Withdrawn != len(gone) || res.Removed || !there() {
		t.Errorf("without --prune: %+v", res)
	}
	o.Prune = true
	if res := run(t, o); !cmp.Equal(res.Stale, gone) || !res.Removed || there() {
		t.Errorf("with --prune: %+v", res)
	}
	if err := publish.Verify(two); err != nil {
		t.Errorf("its own files: %v", err)
	}
	if _, err := publish.Restore(two); err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	if res := run(t, o); len(res.Stale) > 0 || res.Withdrawn > 0 || !there() {
		t.Errorf("it is back: %+v", res)
	}
}

// TestKnown has a folder that was uploaded to once not read again, but for what
// changed there since.
func TestKnown(t *testing.T) {
	t.Parallel()
	_, to, o := show(t)
	run(t, o)
	sound := filepath.Join(to, "one", "one.mp3")
	info, err := os.Stat(sound)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody reads what is as it was: other bytes, made to look so, stay.
	put(t, sound, []byte("one.mp3: other"))
	if err := os.Chtimes(sound, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if res := run(t, o); len(res.Sent) != 0 {
		t.Errorf("what is known was read again: %+v", res)
	}
	if err := os.Chtimes(sound, time.Time{}, info.ModTime().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if res := run(t, o); len(res.Sent) != 1 || res.Sent[0].Name != "one/one.mp3" {
		t.Errorf("what changed there is not sent again: %+v", res)
	}
	put(t, filepath.Join(to, ".narrapress-files.json"), []byte(`{"version":1,`))
	if res := run(t, o); len(res.Sent) != 0 || res.Same != 10 {
		t.Errorf("with a list that is broken: %+v", res)
	}
}

// TestS3 speaks to a server with the interface of S3, without which nobody
// knows whether headers arrive.
func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	backend := s3mem.New()
	if err := backend.CreateBucket("shows"); err != nil {
		t.Fatal(err)
	}
	// The server forgets Cache-Control: what is sent is looked at on its way.
	var mu sync.Mutex
	caching := map[string]string{}
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			mu.Lock()
			caching[strings.TrimPrefix(r.URL.Path, "/shows/")] = r.Header.Get("Cache-Control")
			mu.Unlock()
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	out, _, o := show(t)
	o.To = "s3://shows/a/b?region=eu-central-1&use_path_style=true&endpoint=" + url.QueryEscape(server.URL)
	if res := run(t, o); len(res.Sent) != 10 {
		t.Fatalf("%+v", res)
	}
	tests := []struct{ key, media, cache string }{
		{"a/b/feed.xml", "application/rss+xml; charset=utf-8", "public, max-age=300"},
		{"a/b/one/one.mp3", "audio/mpeg", "public, max-age=3600"},
		{"a/b/one/one.vtt", "text/vtt; charset=utf-8", "public, max-age=3600"},
	}
	for _, tt := range tests {
		o, err := backend.HeadObject("shows", tt.key)
		if err != nil {
			t.Errorf("%s: %v", tt.key, err)
			continue
		}
		if o.Metadata["Content-Type"] != tt.media || caching[tt.key] != tt.cache || o.Metadata["X-Amz-Meta-Sha256"] == "" {
			t.Errorf("%s: %v, cached %q", tt.key, o.Metadata, caching[tt.key])
		}
	}
	if res := run(t, o); len(res.Sent) != 0 || res.Same != 10 {
		t.Errorf("again: %+v", res)
	}
	episode(t, out, "two", "SECOND")
	if err := os.RemoveAll(filepath.Join(out, "one")); err != nil {
		t.Fatal(err)
	}
	writeFeed(t, out)
	o.Prune = true
	res := run(t, o)
	if len(res.Sent) != 5 || res.Sent[4].Name != "feed.xml" || len(res.Stale) != 4 {
		t.Errorf("after an edit: %+v", res)
	}
	if _, err := backend.HeadObject("shows", "a/b/one/one.mp3"); err == nil {
		t.Error("what was pruned is still there")
	}
}
