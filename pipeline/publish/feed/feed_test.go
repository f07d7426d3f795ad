package feed_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// show is one that lacks nothing, with its cover in a folder of its own.
func show(t testing.TB) podcast.Show {
	t.Helper()
	cover := filepath.Join(t.TempDir(), "cover.png")
	f, err := os.Create(cover)
	if err == nil {
		err = errors.Join(png.Encode(f, image.NewGray(image.Rect(0, 0, 1400, 1400))), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	no := false
	return podcast.Show{
		Title: "Presses & People", Author: "A. Author", Language: "en-GB", Description: "Of presses.", Cover: cover,
		Category: []string{"Society & Culture/Philosophy", "technology"}, Explicit: &no, Type: "episodic",
		Owner: podcast.Owner{Name: "O. Wner", Email: "o@example.org"}, Credits: "Read by a machine.", Copyright: "© 2026",
		Notice: "The voice is synthetic.",
	}
}

func options(t testing.TB, out string) feed.Options {
	t.Helper()
	return feed.Options{Out: out, Show: show(t), BaseURL: "https://example.org/pod/", ItemsPerPage: 1000}
}

// episode puts a finished episode into out, as change wants it.
func episode(t testing.TB, out, slug string, n int, change func(*publish.Manifest)) {
	t.Helper()
	dir := filepath.Join(out, slug)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m := publish.Manifest{
		Episode: podcast.Episode{
			ID: slug, Slug: slug, Title: "Episode " + slug, Date: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n),
			Length: 61.6, Chapters: []podcast.Chapter{{Title: "One", End: 30}, {Title: "Two & three", Start: 30, End: 61.6}},
		},
		Revision: 1,
	}
	add := func(name string, kind publish.Kind, media, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		m.Files = append(m.Files, publish.File{Name: name, Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}.As(kind, media))
	}
	add(slug+".mp3", publish.KindAudio, "audio/mpeg", "sound of "+slug)
	audio := m.Files[0]
	m.Episode.Enclosure = &podcast.Enclosure{File: audio.Name, MediaType: audio.MediaType, Bytes: audio.Bytes, SHA256: audio.SHA256}
	add(slug+".chapters.json", publish.KindChapters, publish.MediaTypeChapters, "{}")
	add(slug+".vtt", publish.KindTranscript, "text/vtt", "WEBVTT\n")
	add(slug+".txt", publish.KindTranscript, "text/plain", "words")
	add(slug+".opus", publish.KindAudio, "audio/ogg", "opus of "+slug)
	add("cover.jpg", publish.KindCover, "image/jpeg", "picture")
	if change != nil {
		change(&m)
	}
	// As publish.WriteManifest, but that thousands need not reach the disk.
	m.Version = publish.ManifestVersion
	b, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, publish.ManifestName), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, o feed.Options) *feed.Result {
	t.Helper()
	res, err := feed.Write(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func text(t testing.TB, o feed.Options, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.Out, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// seen is what a reader of XML sees of a page.
type seen struct {
	Items []struct {
		Title       string `xml:"title"`
		GUID        string `xml:"guid"`
		Description string `xml:"description"`
		Enclosure   struct {
			URL    string `xml:"url,attr"`
			Length int64  `xml:"length,attr"`
		} `xml:"enclosure"`
	} `xml:"channel>item"`
	Links []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"http://www.w3.org/2005/Atom channel>link"`
}

func parse(t testing.TB, page string) seen {
	t.Helper()
	var s seen
	if err := xml.Unmarshal([]byte(page), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFeed(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	yes := true
	episode(t, out, "first", 1, func(m *publish.Manifest) {
		m.Episode.Link, m.Episode.ID = "https://example.org/first", "https://example.org/first"
		m.Episode.Description = "One.\n\nTwo <b>bold</b> & more."
		m.Episode.Links = []podcast.Link{{Title: "There", URL: "https://example.com/?a=1&b=2"}, {Title: "No", URL: "javascript:alert(1)"}}
		m.Episode.Listing = podcast.Listing{
			Season: 2, Number: 7, Type: "bonus", Explicit: &yes, Keywords: []string{"a & b"},
			Persons: []podcast.Person{{Name: "Ann", Role: "guest", Group: "cast", Link: "https://ann.example"}},
		}
	})
	episode(t, out, "second", 2, func(m *publish.Manifest) {
		m.Episode.Author, m.Episode.Language = "B. Writer", "de"
		m.Episode.Date, m.Episode.Released = time.Time{}, m.Episode.Date
	})
	o := options(t, out)
	res := write(t, o)
	if len(res.Findings) > 0 || res.Items != 2 || res.LeftOut != 0 || len(res.Written) != 2 {
		t.Errorf("%+v", res)
	}
	// How small Go packs a picture is its own affair.
	golden(t, "feed.xml", regexp.MustCompile(`cover-[0-9a-f]{8}`).ReplaceAllString(text(t, o, feed.Name), "cover-00000000"))

	// Again: nothing is touched.
	before, err := os.Stat(res.Feed)
	if err != nil {
		t.Fatal(err)
	}
	if again := write(t, o); len(again.Written) != 0 {
		t.Errorf("written again: %v", again.Written)
	}
	if after, err := os.Stat(res.Feed); err != nil || !after.ModTime().Equal(before.ModTime()) || !os.SameFile(before, after) {
		t.Errorf("the file was touched (%v)", err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	_, err := feed.Write(t.Context(), feed.Options{Out: out, Show: podcast.Show{Category: []string{"Nonsense"}, Locked: true}})
	missing := new(feed.MissingError)
	if !errors.As(err, &missing) {
		t.Fatalf("error %v", err)
	}
	var keys []string
	for _, m := range missing.Keys {
		keys = append(keys, m.Key)
	}
	want := []string{
		"show.title", "show.description", "show.language", "show.category", "show.explicit", "show.owner.email", "publish.base_url",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("%v was written (%v)", left, err)
	}
}

// TestBadFolders has folders that are no whole episodes among those that are.
func TestBadFolders(t *testing.T) {
	t.Parallel()
	write1 := func(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
	tests := []struct {
		name    string
		damage  func(dir string) error
		items   int // of the two in the folder
		leftOut int
		finding string
		absent  string // from the feed
	}{
		{"whole", func(string) error { return nil }, 2, 0, "", "nothing of the kind"},
		{"newer manifest", func(d string) error {
			return write1(filepath.Join(d, "manifest.json"), `{"version":9,"episode":"of another shape"}`)
		}, 1, 1, "manifest version 9: this program reads version 1: use a newer narrapress: the episode is left out", "bad.mp3"},
		{"newer manifest, keys before its version", func(d string) error {
			return write1(filepath.Join(d, "manifest.json"), `{"files":[],"episode":{"id":"x"},"version":9}`)
		}, 1, 1, "manifest version 9", "bad.mp3"},
		{"damaged manifest", func(d string) error { return os.Truncate(filepath.Join(d, "manifest.json"), 200) }, 1, 1, "not a manifest: unexpected EOF: the episode is left out", "bad.mp3"},
		{"empty manifest", func(d string) error { return os.Truncate(filepath.Join(d, "manifest.json"), 0) }, 1, 1, "not a manifest", "bad.mp3"},
		{"no manifest", func(d string) error { return os.Remove(filepath.Join(d, "manifest.json")) }, 1, 0, "there is no manifest in it", "bad.mp3"},
		{"manifest is a folder", func(d string) error {
			m := filepath.Join(d, "manifest.json")
			return errors.Join(os.Remove(m), os.Mkdir(m, 0o700))
		}, 1, 1, "not a file", "bad.mp3"},
		{"no sound", func(d string) error { return os.Remove(filepath.Join(d, "bad.mp3")) }, 1, 1, "bad.mp3 is missing: the episode is left out", "bad.mp3"},
		{"sound of another length", func(d string) error { return os.Truncate(filepath.Join(d, "bad.mp3"), 3) }, 1, 1, "has 3 bytes; the manifest says 12", "bad.mp3"},
		{"no transcript", func(d string) error { return os.Remove(filepath.Join(d, "bad.vtt")) }, 2, 0, "bad.vtt is missing: the feed does not name it", "bad.vtt"},
		{"no chapters file", func(d string) error { return os.Remove(filepath.Join(d, "bad.chapters.json")) }, 2, 0, "bad.chapters.json is missing", "bad.chapters.json"},
		{"no cover", func(d string) error { return os.Remove(filepath.Join(d, "cover.jpg")) }, 2, 0, "cover.jpg is missing", "bad/cover.jpg"},
		{"a link out of the folder", func(d string) error {
			return errors.Join(os.Remove(filepath.Join(d, "bad.mp3")), os.Symlink("../good/good.mp3", filepath.Join(d, "bad.mp3")))
		}, 1, 1, "bad.mp3 cannot be read", "bad.mp3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			episode(t, out, "bad", 2, nil)
			episode(t, out, "good", 1, nil)
			if err := tt.damage(filepath.Join(out, "bad")); err != nil {
				t.Fatal(err)
			}
			o := options(t, out)
			res := write(t, o)
			if res.Items != tt.items || res.LeftOut != tt.leftOut {
				t.Errorf("%d items, %d left out, want %d and %d", res.Items, res.LeftOut, tt.items, tt.leftOut)
			}
			said := strings.Join(res.Findings, "\n")
			if tt.finding == "" && said != "" || !strings.Contains(said, tt.finding) {
				t.Errorf("findings %q, want %q", said, tt.finding)
			}
			page := text(t, o, feed.Name)
			if strings.Contains(page, tt.absent) {
				t.Errorf("the feed names %s", tt.absent)
			}
			for _, it := range parse(t, page).Items {
				name := strings.TrimPrefix(it.Enclosure.URL, "https://example.org/pod/")
				if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() != it.Enclosure.Length {
					t.Errorf("the feed names %s of %d bytes: %v", name, it.Enclosure.Length, err)
				}
			}
		})
	}
}

func TestListed(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	episode(t, out, "held", 2, nil)
	episode(t, out, "free", 1, nil)
	episode(t, out, "copy", 1, func(m *publish.Manifest) { m.Episode.ID = "free" })
	o := options(t, out)
	o.Listed = func(dir string, m *publish.Manifest) bool {
		return filepath.Base(dir) != "held" && m.Episode.ID != "held"
	}
	res := write(t, o)
	if res.Items != 1 || res.Unlisted != 1 || res.LeftOut != 1 || len(res.Findings) != 1 || !strings.Contains(res.Findings[0], "the same episode (free)") {
		t.Errorf("%+v", res)
	}
}

// TestBadTitles has titles of every bad kind come back as they are, but for
// what a line of XML cannot hold.
func TestBadTitles(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A long title & ", 267)[:4000-1] + "."
	tests := []struct{ name, title, want string }{
		{"script", `<script>alert("x")</script>`, `<script>alert("x")</script>`},
		{"end of CDATA", `a ]]> b`, `a ]]> b`},
		{"ampersands and quotes", `"A" & 'B' &amp; <C>`, `"A" & 'B' &amp; <C>`},
		{"newlines", "one\ntwo\r\n\tthree", "one two three"},
		{"right to left", "שלום \u202babc\u202c \u200fx", "שלום \u202babc\u202c \u200fx"},
		{"emoji", "👩‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{"no XML", "a\x00b\x01c\x0bd\x1be\ufffef\uffffg", "abcdefg"},
		{"broken UTF-8", "a\xff\xfeb", "ab"}, // JSON has made two U+FFFD of them
		{"4000 characters", long, long},
		{"nothing left", "\x01\x02", "t"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			episode(t, out, "t", 1, func(m *publish.Manifest) {
				m.Episode.Title, m.Episode.Link, m.Episode.ID = tt.title, "https://example.org/?a&b", "id of "+tt.name
				m.Episode.Description = strings.Repeat(tt.title+" ", 50)
				for i := range 300 {
					m.Episode.Chapters = append(m.Episode.Chapters, podcast.Chapter{Title: tt.title, Start: podcast.Seconds(i)})
					m.Episode.Links = append(m.Episode.Links, podcast.Link{Title: tt.title, URL: fmt.Sprintf("https://example.org/%d", i)})
				}
			})
			o := options(t, out)
			write(t, o)
			page := text(t, o, feed.Name)
			items := parse(t, page).Items
			if len(items) != 1 || items[0].Title != tt.want || items[0].GUID != "id of "+tt.name {
				t.Fatalf("%+v", items)
			}
			if n := len(items[0].Description); n > 4000 || n < 3000 && len(tt.want) > 5 {
				t.Errorf("a description of %d bytes", n)
			}
			if strings.Contains(items[0].Description, "<script") || strings.Contains(page, "<script") && !strings.Contains(page, "&lt;script") {
				t.Error("markup of a title is in the feed")
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	o := options(t, out)
	o.ItemsPerPage = 3
	add := func(from, to int) {
		for i := from; i < to; i++ {
			episode(t, out, fmt.Sprintf("e%02d", i), i, nil)
		}
	}
	pages := func() map[string]string {
		all := map[string]string{}
		entries, err := fs.Glob(os.DirFS(out), "feed*.xml")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range entries {
			all[name] = text(t, o, name)
		}
		return all
	}
	add(0, 5)
	write(t, o)
	if got := pages(); len(got) != 1 {
		t.Fatalf("%d pages of five items", len(got))
	}
	add(5, 10)
	res := write(t, o)
	if diff := cmp.Diff([]string{"feed-1.xml", "feed-2.xml", "feed.xml"}, res.Files[1:]); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	before := pages()
	got := map[string][]string{}
	for name, page := range before {
		s := parse(t, page)
		for _, it := range s.Items {
			got[name] = append(got[name], it.GUID)
		}
		for _, l := range s.Links {
			got[name+" links"] = append(got[name+" links"], l.Rel+" "+strings.TrimPrefix(l.Href, "https://example.org/pod/"))
		}
	}
	want := map[string][]string{
		"feed.xml": {"e09", "e08", "e07", "e06"}, "feed-2.xml": {"e05", "e04", "e03"}, "feed-1.xml": {"e02", "e01", "e00"},
		"feed.xml links":   {"self feed.xml", "next feed-2.xml", "prev-archive feed-2.xml"},
		"feed-2.xml links": {"self feed-2.xml", "current feed.xml", "next feed-1.xml", "prev-archive feed-1.xml", "previous feed.xml"},
		"feed-1.xml links": {"self feed-1.xml", "current feed.xml", "previous feed-2.xml", "next-archive feed-2.xml"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(before["feed.xml"], "<fh:archive>") || !strings.Contains(before["feed-1.xml"], "<fh:archive>") {
		t.Error("the archives are not marked as such")
	}

	// Another post changes the first page alone.
	add(10, 11)
	if res := write(t, o); !cmp.Equal(res.Written, []string{"feed.xml"}) {
		t.Errorf("a new post has %v written", res.Written)
	}
	// The one that fills it makes one more archive; the oldest stays as it is.
	add(11, 12)
	if res := write(t, o); !cmp.Equal(res.Written, []string{"feed-2.xml", "feed-3.xml", "feed.xml"}) {
		t.Errorf("the post that fills the page has %v written", res.Written)
	}
	// A show that shrinks leaves no page behind that nobody names.
	for i := range 8 {
		if err := os.RemoveAll(filepath.Join(out, fmt.Sprintf("e%02d", i))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, o)
	if got := pages(); len(got) != 1 {
		t.Errorf("%d pages of four items", len(got))
	}
}
