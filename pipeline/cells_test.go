package pipeline_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

var matrix = flag.Bool("matrix", false, "have readers look at every kind of episode, the example too, in mono and stereo, with and without images")

// audioEndings are those of all formats.
var audioEndings = []string{".mp3", ".m4a", ".m4b", ".opus", ".flac", ".wav"}

// badTitles are of every kind that somebody's reader has stumbled over: markup, line
// breaks, directions of writing, signs beyond 16 bits, of several runes or bytes,
// longer than a field of some format, what looks like a field of one, escapes, nothing.
var badTitles = []string{
	`<script>alert("x")</script> & 'quotes' -->`, "two\nlines\r\nand a tab\t.", "\u202eturned\u202c עברית \u200f العربية",
	"🎙️ 👩‍👩‍👧 😀", "價格 – größer ½", strings.TrimSpace(strings.Repeat("four thousand characters ", 160)), "CHAPTER001=00:00:01.000", "=", "%41+%2B+",
	"", strings.Repeat("ü", 200), strings.Repeat("😀", 70), "a NUL \x00 and a bell \a", "lines\u2028of\u2029Unicode", "]]>", "&amp; &lt;b&gt;", "cafe\u0301", "\ufefffirst",
	`C:\path\file`, "{title} ${HOME}", "-", "end of stream\x1a",
}

// cell is an episode that is made in every format for others to read.
type cell struct {
	content  string // what it is made of
	channels string
	images   bool

	dir  string
	show podcast.Show
	ep   podcast.Episode
	art  publish.Art        // as it is in tags
	long map[string]float64 // by file: how long it plays, s
}

func (c *cell) name() string {
	with := "without images"
	if c.images {
		with = "with images"
	}
	return fmt.Sprintf("%s, %s, %s", c.content, c.channels, with)
}

// contents are what cells are made of: each puts its source, and what its show has
// beyond other shows, into a folder, and gives the source's name.
var contents = map[string]func(t *testing.T, c *cell, show map[string]any) (source string){
	"the example": func(t *testing.T, c *cell, show map[string]any) string {
		if err := os.CopyFS(c.dir, os.DirFS("../examples/curated")); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal([]byte(read(t, filepath.Join(c.dir, "show.yaml"))), &show); err != nil {
			t.Fatal(err)
		}
		return "post.md"
	},
	"a post": func(t *testing.T, c *cell, _ map[string]any) string {
		c.put(t, "post.md", []byte(post+"\n![The fire](one.jpg)\n"))
		return "post.md"
	},
	"300 chapters": func(t *testing.T, c *cell, _ map[string]any) string {
		return c.plan(t, "Many", 300, func(i int) string { return fmt.Sprintf("Chapter %d", i+1) })
	},
	"bad titles": func(t *testing.T, c *cell, _ map[string]any) string {
		return c.plan(t, badTitles[5], len(badTitles), func(i int) string { return badTitles[i] })
	},
	"no chapters": func(t *testing.T, c *cell, _ map[string]any) string {
		return c.plan(t, badTitles[0], 1, nil)
	},
}

// plan writes a script of so many chapters of one word; without titles they are hidden.
func (c *cell) plan(t *testing.T, title string, n int, name func(int) string) string {
	t.Helper()
	sc := &script.Script{Version: script.Version, Title: title, Author: "Ada & Co.", Language: "en-US", Date: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	for i := range n {
		chapter := script.Chapter{Hidden: name == nil, Segments: []script.Segment{{Role: "body", Text: "Yes."}}}
		if name != nil {
			chapter.Title = name(i)
		}
		if i%3 == 1 {
			chapter.Link = "https://example.org/presses?a=1&b=2#" + fmt.Sprint(i)
		}
		if c.images && i%3 > 0 {
			chapter.Image = []string{"one.jpg", "a #2, & more.jpg"}[i%3-1]
		}
		sc.Chapters = append(sc.Chapters, chapter)
	}
	var b bytes.Buffer
	if err := script.Encode(&b, sc, script.JSON); err != nil {
		t.Fatal(err)
	}
	c.put(t, "plan.json", b.Bytes())
	return "plan.json"
}

func (c *cell) put(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// drawing is a JPEG that fits into a tag as it is.
func drawing(t *testing.T, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			m.Set(x, y, color.RGBA{byte(255 * x / side), byte(255 * y / side), byte(side), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// make makes the episode in every format in its folder, and the feed of its show.
func (c *cell) make(t *testing.T) {
	t.Helper()
	show := map[string]any{}
	if err := yaml.Unmarshal([]byte(`
show: {title: "Presses <&> People", author: "Ada & Co.", language: en-US, description: D, link: "https://example.org/?a=1&b=2", cover: cover.jpg}
endpoints: {here: {preset: flite}}
voices: {narrator: {endpoint: here, voice: slt, speed: 3}}
roles: {body: narrator}
`), &show); err != nil {
		t.Fatal(err)
	}
	source := contents[c.content](t, c, show)
	about := show["show"].(map[string]any)
	about["category"], about["explicit"] = []string{"Technology"}, false
	for name, side := range map[string]int{"cover.jpg": 1400, "one.jpg": 700, "a #2, & more.jpg": 90} {
		c.put(t, name, drawing(t, side))
	}
	if !c.images {
		delete(about, "cover")
	}
	formats := map[string]any{"mp3": map[string]any{"channels": c.channels}}
	for _, ending := range audioEndings[1:] {
		formats[ending[1:]] = map[string]any{}
	}
	show["audio"] = map[string]any{"formats": formats}
	show["publish"] = map[string]any{"base_url": "https://example.org/pod"}
	show["output"] = map[string]any{"report": false}
	if c.images {
		s, _ := show["script"].(map[string]any)
		if s == nil {
			s = map[string]any{}
			show["script"] = s
		}
		s["chapters"] = map[string]any{"images": "first"}
	}
	b, err := yaml.Marshal(show)
	if err != nil {
		t.Fatal(err)
	}
	c.put(t, "narrapress.yaml", b)
	res := produce(t, c.dir, pipeline.Order{Source: source})
	if res.Held {
		t.Fatalf("it is held: %v", res.Findings)
	}
	c.ep = res.Episode
	cfg, err := config.Load(t.Context(), config.Sources{
		File: filepath.Join(c.dir, "narrapress.yaml"), Dir: c.dir, Home: c.dir, Env: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	c.show = cfg.Show
	if _, err := pipeline.WriteFeed(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	full := publish.Art{Images: map[string][]byte{}}
	if c.images {
		full.Cover = []byte(read(t, cfg.Show.Cover))
	}
	for _, ch := range c.ep.Chapters {
		if ch.Image != "" {
			full.Images[ch.Image] = []byte(read(t, filepath.Join(c.dir, ch.Image)))
		}
	}
	if c.images && len(c.ep.Chapters) > 1 && len(full.Images) == 0 {
		t.Error("no chapter has an image")
	}
	c.art, _ = full.ForTags(nil)
	var manifest struct{ Timeline publish.Timeline }
	if err := json.Unmarshal([]byte(read(t, c.file(publish.ManifestName))), &manifest); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"mono": 1, "stereo": 2}[c.channels]; manifest.Timeline.Channels != want {
		t.Errorf("it has %d channels", manifest.Timeline.Channels)
	}
}

// file is the path of a file in the episode's folder: by its name, or by the
// ending of the episode's own.
func (c *cell) file(name string) string {
	if name[0] == '.' {
		name = c.ep.Slug + name
	}
	return filepath.Join(c.dir, "out", c.ep.Slug, name)
}

func (c *cell) feed() string { return filepath.Join(c.dir, "out", "feed.xml") }

// cells are those that are made: all of them with -matrix, else those that readers
// have stumbled over most.
func cells() (out []*cell) {
	if !*matrix {
		return []*cell{
			{content: "300 chapters", channels: "mono"},
			{content: "bad titles", channels: "stereo", images: true},
		}
	}
	for _, content := range slices.Sorted(maps.Keys(contents)) {
		for _, channels := range []string{"mono", "stereo"} {
			for _, images := range []bool{false, true} {
				out = append(out, &cell{content: content, channels: channels, images: images})
			}
		}
	}
	return out
}
