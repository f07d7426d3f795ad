package page

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

var update = flag.Bool("update", false, "write golden files anew")

// material is an episode of a text, each segment of which takes two seconds.
func material(t testing.TB, text string) *publish.Material {
	t.Helper()
	d, err := document.Read(t.Context(), "lamp.md", strings.NewReader(text), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sc := plan(t, d)
	m := &publish.Material{
		Show:   podcast.Show{Title: "A show", Author: "Mara Quill", Link: "https://letters.example"},
		Script: sc, Document: d, Article: Compose(d, sc).HTML,
		Episode: podcast.Episode{
			ID: "lamp", Slug: "lamp", Title: d.Meta.Title, Language: d.Meta.Language, Link: d.Meta.Link, Description: d.Meta.Description, Date: d.Meta.Date,
			Enclosure: &podcast.Enclosure{File: "lamp.mp3", MediaType: "audio/mpeg", Bytes: 1000},
		},
	}
	at := podcast.Seconds(0)
	for place, seg := range sc.Segments() {
		m.Cues = append(m.Cues, podcast.Cue{Segment: place.Ordinal, Role: seg.Role, Start: at, End: at + 2, Text: seg.Text})
		at += 2.5
	}
	for i, c := range sc.Chapters {
		m.Episode.Chapters = append(m.Episode.Chapters, podcast.Chapter{Title: c.Title, Start: podcast.Seconds(2.5 * float64(i)), End: at})
	}
	m.Episode.Length = at
	for i := range int(at * 10) {
		m.Energies = append(m.Energies, float32(i%7)/70)
	}
	return m
}

func TestGolden(t *testing.T) {
	t.Parallel()
	m := material(t, `---
title: The lamp & the ledger
description: How a light was kept.
link: https://letters.example/lamp
date: 2026-11-09
---

Nobody lives at the point now. The lamp still *turns*, and nobody trims it.

## What the log says

> We had no oil on the fourth, and burned fish fat.

It was $\sqrt{2}$ miles to the [village](village.html).
`)
	got, err := Render(m, []Beside{{".mp3", publish.KindAudio}, {".vtt", publish.KindTranscript}, {".chapters.json", publish.KindChapters}})
	if err != nil {
		t.Fatal(err)
	}
	// What the page looks like and does stands in files of its own.
	text := strings.NewReplacer(style, "STYLE", program, "SCRIPT", strings.ReplaceAll(html.EscapeString(policy()), "+", "&#43;"), "POLICY").Replace(string(got))
	golden := filepath.Join("testdata", "lamp.html")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestHostileTitles writes titles that nobody wishes for into every place that
// a page has for them.
func TestHostileTitles(t *testing.T) {
	t.Parallel()
	for name, title := range map[string]string{
		"markup":    `</title></script><script>alert(1)</script><!-- "x" onload='y'`,
		"quotes":    `"'` + "`" + `\u0022 \" {{.}} &quot;&lt;script&gt;`,
		"lines":     "a\nb\r\n\u2028c\u2029\x00d",
		"direction": "\u202eltr\u202c \u2067שלום\u2069",
		"emoji":     "👩‍🚒 the \U0001F525",
		"long":      strings.Repeat("long ", 800),
		"one word":  strings.Repeat("x", 4000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := material(t, "---\ntitle: T\n---\n\nA text.\n")
			m.Episode.Title, m.Episode.Author, m.Episode.Description, m.Show.Title, m.Show.Notice = title, title, title, title, title
			m.Episode.ID, m.Episode.Link, m.Show.Link = title, "javascript:alert(1)", title
			m.Episode.Chapters[0].Title = title
			page, err := Render(m, nil)
			if err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(strings.NewReader(string(page)))
			if err != nil {
				t.Fatal(err)
			}
			scripts := 0
			for n := range root.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				if n.Data == "script" {
					scripts++
				}
				for _, at := range n.Attr {
					if strings.HasPrefix(at.Key, "on") || at.Key == "href" && strings.Contains(at.Val, "script:") {
						t.Errorf("<%s %s=%q>", n.Data, at.Key, at.Val)
					}
				}
			}
			if scripts != 3 { // linked data, the player's data, the player
				t.Errorf("%d scripts, want 3", scripts)
			}
			if bytes.ContainsAny(page, "\u202e\u2067") && name == "direction" && strings.Count(string(page), "\u202e") > 2 {
				t.Error("a title changes the direction of what follows") // the notice and the ID are the show's own
			}
		})
	}
}

// TestImages shows those that are in the document's folder, in the page while
// they are small, and none from elsewhere.
func TestImages(t *testing.T) {
	t.Parallel()
	out, show := t.TempDir(), t.TempDir()
	dir := filepath.Join(show, "posts")
	file := func(path string, b string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	file(filepath.Join(dir, "small.png"), b.String())
	file(filepath.Join(show, "art", "large.png"), b.String()+strings.Repeat("x", inlined))
	file(filepath.Join(out, "secret.png"), b.String())
	file(filepath.Join(dir, "text.png"), "not an image")
	if err := os.Symlink(filepath.Join(out, "secret.png"), filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	secret, err := filepath.Rel(dir, filepath.Join(out, "secret.png"))
	if err != nil {
		t.Fatal(err)
	}
	text := "---\ntitle: T\n---\n\nSee.\n\n![one](small.png)\n\n![two](../art/large.png)\n\n![three](" + secret + ")\n\n![four](link.png)\n\n![five](text.png)\n\n![six](https://e.org/six.png)\n"
	d, err := document.Read(t.Context(), "a.md", strings.NewReader(text), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := Compose(d, plan(t, d), dir, show)
	names, err := check(body(a.HTML))
	if err != nil || len(names) != 1 || a.Images[names[0]] != filepath.Join(show, "art", "large.png") {
		t.Errorf("images beside the page: %q, %v, %v", names, a.Images, err)
	}
	article := string(a.HTML)
	if n := strings.Count(article, "<img"); n != 2 || !strings.Contains(article, `alt="one"`) || !strings.Contains(article, `alt="two"`) {
		t.Errorf("%d images, want one and two:\n%s", n, article)
	}
	if !strings.Contains(article, `<a class="unseen" href="https://e.org/six.png" rel="noopener">six</a>`) || !strings.Contains(article, `<span class="unseen">three</span>`) {
		t.Errorf("what is not loaded is not told:\n%s", article)
	}

	// A folder is made again from what it holds.
	m := material(t, text)
	m.Article, m.Images = a.HTML, a.Images
	files, err := Publisher().Write(t.Context(), out, m)
	if err != nil || len(files) != 2 || files[1].Kind != publish.KindImage || files[1].MediaType != "image/png" || files[1].Name != names[0] {
		t.Fatalf("%+v, %v", files, err)
	}
	kept, err := publish.WriteArticle(out, a.HTML)
	if err != nil {
		t.Fatal(err)
	}
	last := &publish.Manifest{Article: &kept}
	again, err := Restore(out, last, m.Script)
	if err != nil || again == nil || string(again.HTML) != article || again.Images[names[0]] != filepath.Join(out, filepath.FromSlash(names[0])) {
		t.Errorf("restored %+v, %v", again, err)
	}
	other := *m.Script
	other.Chapters = []script.Chapter{{Segments: []script.Segment{{Role: script.RoleBody, Text: "Other."}}}}
	if again, err := Restore(out, last, &other); again != nil || err != nil {
		t.Errorf("another script has the article %+v, %v", again, err)
	}
	bad, err := publish.WriteArticle(out, stamped("<p onclick=x>", m.Script))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Restore(out, &publish.Manifest{Article: &bad}, m.Script); err == nil {
		t.Errorf("a hostile article is taken: %+v", again)
	}
}

// TestLarge bounds the time of a long text: of two lengths, in turn.
func TestLarge(t *testing.T) {
	t.Parallel()
	text := func(n int) string {
		var b strings.Builder
		b.WriteString("---\ntitle: T\n---\n\n")
		for i := range n {
			b.WriteString("The keeper went down to the water and came back, and the lamp was lit, ")
			b.WriteString(strings.Repeat("again and again ", 4+i%3))
			b.WriteString("as it had been.\n\n")
		}
		return b.String()
	}
	took := func(n int) time.Duration {
		m := material(t, text(n))
		start := time.Now()
		if _, err := Render(m, nil); err != nil {
			t.Fatal(err)
		}
		a := Compose(m.Document, m.Script)
		d := time.Since(start)
		if len(a.Apart) > 1 {
			t.Errorf("%d segments have no place", len(a.Apart))
		}
		t.Logf("%d segments: %v, page of %d bytes", m.Script.Len(), d, len(a.HTML))
		return d
	}
	took(100)
	small, large := took(500), took(5000)
	if large > 30*small+2*time.Second {
		t.Errorf("ten times the text takes %v, and the text %v", large, small)
	}
}

// TestAddresses says where an episode is on the web, where that is known, and
// else nothing that a reader could not follow.
func TestAddresses(t *testing.T) {
	t.Parallel()
	m := material(t, "---\ntitle: T\n---\n\nA text.\n")
	m.Art.Cover = []byte{0xFF, 0xD8, 1}
	in := func(m *publish.Material) string {
		t.Helper()
		b, err := Render(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	page := in(m)
	for _, none := range []string{"og:url", "og:audio", "og:image", "canonical", "feed.xml", `"image"`} {
		if strings.Contains(page, none) {
			t.Errorf("a page without an address has %s", none)
		}
	}
	m.Address = "https://e.org/a%20b/lamp"
	page = in(m)
	cover := "https://e.org/a%20b/" + publish.ShowCoverName(m.Art.Cover)
	for _, want := range []string{
		`<meta property="og:url" content="https://e.org/a%20b/lamp/lamp.html">`,
		`<meta property="og:audio" content="https://e.org/a%20b/lamp/lamp.mp3">`,
		`<meta property="og:image" content="` + cover + `">`,
		`<link rel="canonical" href="https://e.org/a%20b/lamp/lamp.html">`,
		`title="A show" href="../feed.xml">`,
		`"contentUrl":"https://e.org/a%20b/lamp/lamp.mp3"`, `"webFeed":"https://e.org/a%20b/feed.xml"`, `"image":"` + cover + `"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	m.Episode.Link, m.Script.Cover = "https://e.org/text", "own.png"
	page = in(m)
	for _, want := range []string{
		`<link rel="canonical" href="https://e.org/text">`, `<meta property="og:image" content="https://e.org/a%20b/lamp/cover.jpg">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a text has no %s", want)
		}
	}
}

// TestPlaceOfItsOwn has where a listener was kept under a name that no other
// show's episode and no setting has.
func TestPlaceOfItsOwn(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("page.js")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(script), "(data.id") || !strings.Contains(string(script), "'at ' + data.show + ' ' + data.id") {
		t.Error("the place is kept under the episode's bare ID")
	}
}
