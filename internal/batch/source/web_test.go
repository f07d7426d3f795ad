package source_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/internal/growth"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
)

// prose is so many words of a post.
func prose(words int) string {
	return "<p>" + strings.Repeat("The lamp on the pier was lit again at dusk. ", words/9+1) + "</p>"
}

// site is a real server, which counts what was asked of it and how it answered.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]func(http.ResponseWriter, *http.Request)
	asked map[string]int
	full  map[string]int // answers with a body
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{pages: map[string]func(http.ResponseWriter, *http.Request){}, asked: map[string]int{}, full: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		page := s.pages[r.URL.Path]
		s.mu.Unlock()
		if page == nil {
			http.NotFound(w, r)
			return
		}
		page(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// put serves a text with an ETag, as servers do.
func (s *site) put(path, kind, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text = strings.ReplaceAll(text, "SITE", s.URL)
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(text)))
	s.pages[path] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Type", kind)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		s.mu.Lock()
		s.full[path]++
		s.mu.Unlock()
		io.WriteString(w, text)
	}
}

func (s *site) counts(path string) (asked, full int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path], s.full[path]
}

// lister lists for a show in a new folder.
func lister(t testing.TB, o source.Options) (*source.Lister, *config.Config) {
	t.Helper()
	c := config.Defaults()
	c.Dir = t.TempDir()
	return source.New(&c, o), &c
}

func list(t testing.TB, l *source.Lister, sources ...config.Source) *source.Listing {
	t.Helper()
	out, err := l.List(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// reasons are what was set aside, by place.
func reasons(out *source.Listing) map[string]source.Reason {
	got := map[string]source.Reason{}
	for _, p := range out.Problems {
		got[p.Item] = p.Reason
	}
	return got
}

func titles(out *source.Listing) []string {
	var got []string
	for _, it := range out.Items {
		got = append(got, it.Title)
	}
	return got
}

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Pier</title><link>SITE/</link>
<item><title>Salt &amp;amp; rope</title><link>SITE/salt?utm_source=feed#top</link><dc:creator>Ada Brown</dc:creator><category>sea</category><category>work</category><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate><description>About rope.</description></item>
<item><title>Whole</title><link>/whole</link><pubDate>Tue, 03 Nov 2026 08:00:00 GMT</pubDate><content:encoded><![CDATA[%s]]></content:encoded></item>
<item><title>Cut</title><link>SITE/cut</link><content:encoded><![CDATA[%s<p>Read more →</p>]]></content:encoded></item>
<item><title>Homeless</title><guid isPermaLink="false">tag:1</guid></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
</channel></rss>`

func TestFeed(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	web.put("/feed.xml", "application/rss+xml", fmt.Sprintf(rss, prose(250), prose(250)))
	web.put("/atom.xml", "text/xml", `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>x</id><title>One</title><link href="SITE/one"/><updated>2026-11-01T00:00:00Z</updated><author><name>Bo</name></author><summary>s</summary></entry></feed>`)
	web.put("/feed.json", "application/feed+json", `{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"SITE/j","title":"Jay","content_html":"<p>short</p>","date_published":"2026-10-01T00:00:00Z","tags":["x"]}]}`)
	l, _ := lister(t, source.Options{})
	out := list(t, l, config.Source{From: web.URL + "/feed.xml"}, config.Source{From: web.URL + "/atom.xml"}, config.Source{From: web.URL + "/feed.json"})
	if diff := cmp.Diff([]string{"Salt & rope", "Whole", "Cut", "One", "Jay"}, titles(out)); diff != "" {
		t.Fatalf("(-want +got):\n%s\n%v", diff, out.Problems)
	}
	if diff := cmp.Diff(map[string]source.Reason{"Homeless": source.NoAddress, "Script": source.NoAddress}, reasons(out)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	salt, whole, cut, one := out.Items[0], out.Items[1], out.Items[2], out.Items[3]
	want := source.Item{
		ID: web.URL + "/salt?utm_source=feed", Location: web.URL + "/salt?utm_source=feed", Link: web.URL + "/salt?utm_source=feed", Source: web.URL + "/feed.xml",
		Title: "Salt & rope", Author: "Ada Brown", Date: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), Tags: []string{"sea", "work"}, Hash: salt.Hash, Host: "127.0.0.1",
	}
	if diff := cmp.Diff(want, salt); diff != "" || len(salt.Hash) != 64 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if whole.Text == "" || whole.Words < 250 || !whole.Exact || whole.Location != web.URL+"/whole" {
		t.Errorf("the item with its whole text: %+v", whole)
	}
	if cut.Text != "" || one.Text != "" || one.Author != "Bo" {
		t.Errorf("an excerpt was taken for a post: %+v, %+v", cut, one)
	}
	// content: item takes what there is, and page never.
	items := list(t, l, config.Source{From: web.URL + "/feed.xml", Content: config.ContentItem})
	if len(items.Items) != 3 || items.Items[0].Text == "" || items.Items[2].Text == "" {
		t.Errorf("content: item: %+v", items)
	}
	for _, it := range list(t, l, config.Source{From: web.URL + "/feed.xml", Content: config.ContentPage}).Items {
		if it.Text != "" {
			t.Errorf("content: page: %+v", it)
		}
	}
	// An order of the feed's own text asks for nothing, and knows whose it is.
	o, err := l.Order(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := pipeline.ReadDocument(t.Context(), o)
	if err != nil || doc.Meta.Link != whole.Link || doc.Meta.Title != "Whole" || !doc.Meta.Date.Equal(whole.Date) {
		t.Errorf("%+v, %v", doc, err)
	}
	if asked, _ := web.counts("/whole"); asked != 0 {
		t.Error("the page was asked for")
	}
}

// What is known of a source on the web leads nowhere else, whoever wrote it.
func TestForgedMemory(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	web.put("/feed.xml", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>One</title><link>SITE/one</link></item></channel></rss>`)
	dir := t.TempDir()
	again := func() *source.Listing {
		m, err := source.OpenMemory(dir)
		if err != nil {
			t.Fatal(err)
		}
		l, _ := lister(t, source.Options{Memory: m})
		out := list(t, l, config.Source{From: web.URL + "/feed.xml"})
		if err := m.Save(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	again()
	name := filepath.Join(dir, source.MemoryName)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	forged := strings.ReplaceAll(string(b), `"location":"`+web.URL+`/one"`, `"location":"/etc/hostname"`)
	if forged == string(b) {
		t.Fatalf("not forged: %s", b)
	}
	if err := os.WriteFile(name, []byte(forged), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := again(); len(out.Items) != 1 || out.Items[0].Location != web.URL+"/one" {
		t.Errorf("%+v", out.Items)
	}
}

// A text is no markup: what looks like tags in it is what its author wrote about.
func TestFeedOfText(t *testing.T) {
	t.Parallel()
	const body = "Write <b>bold</b> so.\r\nOr <script> so.\n \nThe rest &amp; the end."
	const want = "Write <b>bold</b> so. Or <script> so. | The rest &amp; the end."
	escaped := strings.ReplaceAll(html.EscapeString(body), "\r\n", "\n")
	for name, tc := range map[string]struct{ feed, title, text string }{
		"JSON":           {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"SITE/a","title":"Use <b> & see","content_text":` + strconv.Quote(body) + `}]}`, "Use <b> & see", want},
		"JSON's summary": {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"SITE/a","title":"A","summary":` + strconv.Quote(body) + `}]}`, "A", want},
		"JSON's HTML":    {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"SITE/a","title":"A","content_html":"<p>a <b>b</b></p>","content_text":"c"}]}`, "A", "a b"},
		"Atom":           {`<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>The &lt;main&gt; element</title><link href="SITE/a"/><content type="text">` + escaped + `</content></entry></feed>`, "The <main> element", want},
		"Atom's CDATA":   {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="text"><![CDATA[The <main> element]]></title><link href="SITE/a"/><content>` + escaped + `</content></entry></feed>`, "The <main> element", want},
		"Atom's summary": {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><source><title type="html">x</title></source><title>A &amp;amp; b</title><link href="SITE/a"/><summary>` + escaped + `</summary></entry></feed>`, "A & b", want},
		"Atom's HTML":    {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">The &lt;b>main&lt;/b> element</title><link href="SITE/a"/><summary type="html">&lt;p>a &lt;b>b&lt;/b></summary></entry></feed>`, "The main element", "a b"},
		"RSS":            {`<rss version="2.0"><channel><item><title>The &lt;b&gt;main&lt;/b&gt; element</title><link>SITE/a</link><description>&lt;p>a &lt;b>b&lt;/b></description></item></channel></rss>`, "The main element", "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := newSite(t)
			web.put("/feed", "text/plain", tc.feed)
			l, _ := lister(t, source.Options{})
			out := list(t, l, config.Source{From: web.URL + "/feed", Content: config.ContentItem})
			if len(out.Items) != 1 {
				t.Fatalf("%+v", out)
			}
			order, err := l.Order(t.Context(), out.Items[0])
			if err != nil {
				t.Fatal(err)
			}
			doc, err := pipeline.ReadDocument(t.Context(), order)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, e := range doc.Elements {
				texts = append(texts, document.Plain(e.Text))
			}
			if got := strings.Join(texts, " | "); got != tc.text || doc.Meta.Title != tc.title || out.Items[0].Title != tc.title {
				t.Errorf("%q (%q): %q, want %q: %q", doc.Meta.Title, out.Items[0].Title, got, tc.title, tc.text)
			}
		})
	}
}

// What has not changed is not sent again, and is listed all the same.
func TestConditional(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	web.put("/feed.xml", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>One</title><link>SITE/one</link></item></channel></rss>`)
	web.put("/map.xml", "text/xml", `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>SITE/part.xml</loc></sitemap></sitemapindex>`)
	web.put("/part.xml", "text/xml", `<urlset><url><loc>SITE/two</loc></url></urlset>`)
	web.put("/page", "text/html", "<html><head><title>Three</title></head><body><article><h1>Three</h1>"+prose(60)+"</article></body></html>")
	dir := t.TempDir()
	sources := []config.Source{{From: web.URL + "/feed.xml"}, {From: web.URL + "/map.xml"}, {From: web.URL + "/page"}}
	var first *source.Listing
	const runs = 4
	for run := range runs {
		m, err := source.OpenMemory(dir) // as another process would
		if err != nil {
			t.Fatal(err)
		}
		l, _ := lister(t, source.Options{Memory: m})
		out := list(t, l, sources...)
		if err := m.Save(); err != nil {
			t.Fatal(err)
		}
		if len(out.Problems) > 0 || len(out.Items) != 3 {
			t.Fatalf("%+v", out)
		}
		if first == nil {
			first = out
		} else if diff := cmp.Diff(first, out); diff != "" {
			t.Errorf("run %d (-first +got):\n%s", run, diff)
		}
	}
	for _, path := range []string{"/feed.xml", "/map.xml", "/part.xml", "/page"} {
		if asked, full := web.counts(path); asked != runs || full != 1 {
			t.Errorf("%s was asked for %d times, and sent %d times: want %d and 1", path, asked, full, runs)
		}
	}
	// Another way of reading does not go by what was known.
	m, err := source.OpenMemory(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lister(t, source.Options{Memory: m})
	if out := list(t, l, config.Source{From: web.URL + "/feed.xml", Content: config.ContentItem}); len(out.Items) != 0 || reasons(out)["One"] != source.NoText {
		t.Errorf("%+v", out)
	}
	web.put("/feed.xml", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>Another</title><link>SITE/other</link></item></channel></rss>`)
	if out := list(t, l, sources[0]); len(out.Items) != 1 || out.Items[0].Title != "Another" {
		t.Errorf("a changed feed: %+v", out.Items)
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	fmt.Fprintf(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i"><url><loc> %s/a </loc><lastmod>2026-11-02</lastmod><image:image><image:loc>x</image:loc></image:image></url><url><loc>mailto:x@y</loc></url></urlset>`, web.URL)
	w.Close()
	web.put("/a.xml.gz", "application/gzip", z.String())
	web.put("/map.xml", "text/xml", `<?xml version="1.0"?><!-- made by hand --><sitemapindex><sitemap><loc>SITE/a.xml.gz</loc></sitemap><sitemap><loc>SITE/gone.xml</loc></sitemap><sitemap><loc>SITE/map.xml</loc></sitemap></sitemapindex>`)
	l, _ := lister(t, source.Options{})
	out := list(t, l, config.Source{From: web.URL + "/map.xml"})
	if len(out.Items) != 1 || out.Items[0].Location != web.URL+"/a" || out.Items[0].Date.Format(time.DateOnly) != "2026-11-02" {
		t.Errorf("%+v", out.Items)
	}
	want := map[string]source.Reason{"mailto:x@y": source.NoAddress, web.URL + "/gone.xml": source.NotFound, web.URL + "/map.xml": source.NoFeed}
	if diff := cmp.Diff(want, reasons(out)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// Every bad kind is set aside with its reason, as a source and as a post of a
// feed, and the good ones beside it are not touched.
func TestBadKinds(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	long := time.Minute
	html := func(title, body string) string {
		return "<html><head><title>" + title + "</title></head><body><main>" + body + "</main></body></html>"
	}
	web.put("/soft404", "text/html", html("404 – Page not found | Pier", "<p>Sorry, there is nothing here.</p>"))
	web.put("/bare", "text/html", html("Error 503", "<p>Backend fetch failed</p>"))
	web.put("/wall", "text/html", html("Members", `<p>Members only.</p><form><input name=u><input type="PASSWORD" name=p></form>`))
	web.put("/login", "text/html", html("Welcome", "<p>Use your account to go on reading here.</p>"))
	web.put("/blank", "text/html", html("Blank", `<img src="x.png" alt="">`))
	web.put("/nothing", "text/html", "")
	web.put("/good", "text/html", html("Error handling on the pier", "<article><h1>Error handling on the pier</h1>"+prose(60)+"</article>"))
	web.put("/members", "text/html", html("Log in or not", `<article><h1>Log in or not</h1>`+prose(300)+`</article><form><input type=password></form>`))
	for path, status := range map[string]int{"/401": 401, "/403": 403, "/410": 410, "/429": 429, "/500": 500} {
		web.pages[path] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	web.pages["/loop"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) }
	web.pages["/to-login"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }
	web.pages["/to-inside"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(web.URL, "127.0.0.1", "127.0.0.2", 1)+"/good", http.StatusFound)
	}
	web.pages["/huge"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		piece := []byte(strings.Repeat("<p>more</p>", 6000))
		for sent := 0; sent < 200<<20; sent += len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
	web.pages["/mute"] = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(long):
		}
	}
	want := map[string]source.Reason{
		"/404": source.NotFound, "/410": source.NotFound, "/401": source.Login, "/403": source.Login, "/429": source.NoAnswer, "/500": source.NoAnswer,
		"/soft404": source.ErrorPage, "/bare": source.ErrorPage, "/wall": source.Login, "/to-login": source.Login, "/blank": source.NoText, "/nothing": source.NoText,
		"/loop": source.Redirects, "/to-inside": source.Private, "/huge": source.TooLarge, "/mute": source.NoAnswer,
		"/good": "", "/members": "",
	}
	l, _ := lister(t, source.Options{Fetch: fetch.Options{Idle: 2 * time.Second}})
	var sources []config.Source
	var items strings.Builder
	for path := range want {
		sources = append(sources, config.Source{Name: path, From: web.URL + path})
		fmt.Fprintf(&items, "<item><title>%s</title><link>%s</link></item>", path, web.URL+path)
	}
	got := map[string]source.Reason{"/good": "", "/members": ""}
	out := list(t, l, sources...)
	for _, p := range out.Problems {
		got[p.Source] = p.Reason
		if p.Item != "" || strings.Contains(p.Error(), "\n") || strings.Count(p.Error(), string(p.Reason)+":") != 1 {
			t.Errorf("%+v: %v", p, p)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(out.Items) != 2 || len(out.Whole) != 2 {
		t.Errorf("as sources (-want +got):\n%s\n%v", diff, out.Problems)
	}
	web.put("/feed.xml", "text/xml", `<rss version="2.0"><channel><title>x</title>`+items.String()+`</channel></rss>`)
	got = map[string]source.Reason{}
	for _, it := range list(t, l, config.Source{From: web.URL + "/feed.xml"}).Items {
		_, err := l.Order(t.Context(), it)
		var p *source.Problem
		if errors.As(err, &p); err == nil {
			got[it.Title] = ""
		} else if p != nil && p.Item == it.Location {
			got[it.Title] = p.Reason
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("as posts (-want +got):\n%s", diff)
	}
}

func TestBadFeeds(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	deep := strings.Repeat("<x:a>", 100_000)
	web.put("/entities", "text/xml", `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>`)
	web.put("/deep", "text/xml", `<rss version="2.0"><channel><item>`+deep)
	web.put("/pieces", "text/xml", `<rss version="2.0"><channel><item><x:a>`+strings.Repeat("aaaaaaaa<!---->", 200_000)+`</x:a></item></channel></rss>`)
	web.put("/children", "text/xml", `<feed><x:a>`+strings.Repeat(" <b/>", 300_000)+`</x:a></feed>`)
	web.put("/large", "text/xml", `<rss version="2.0"><channel>`+strings.Repeat("<item><title>x</title></item>", 600_000)+`</channel></rss>`)
	web.put("/page", "text/html", "<html><body><p>Words.</p></body></html>")
	web.put("/broken", "text/xml", `<rss version="2.0"><channel><item><title>x</tit`)
	web.put("/other", "text/xml", `<opml><body/></opml>`)
	web.put("/words", "text/plain", `no markup at all`)
	web.put("/json", "application/json", `{"version": "https://jsonfeed.org/version/1", "items": `+strings.Repeat("[", 100_000))
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	for range 60 {
		w.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	w.Close()
	web.put("/zip", "application/gzip", z.String())
	l, _ := lister(t, source.Options{})
	for path, want := range map[string]source.Reason{
		"/entities": source.Bomb, "/deep": source.Bomb, "/pieces": source.Bomb, "/children": source.Bomb, "/zip": source.Bomb, "/large": source.TooLarge,
		"/page": source.NoFeed, "/broken": source.NoFeed, "/other": source.NoFeed, "/words": source.NoFeed, "/json": source.NoFeed, "/none": source.NotFound,
	} {
		for _, kind := range []string{config.KindFeed, config.KindSitemap} {
			begin := time.Now()
			out := list(t, l, config.Source{From: web.URL + path, Kind: kind})
			got := reasons(out)[""]
			if kind == config.KindSitemap && (path == "/large" || path == "/json") { // these have other bounds there
				want = source.NoFeed
			}
			if got != want || len(out.Items) != 0 || len(out.Whole) != 0 {
				t.Errorf("%s as %s: %q, want %q (%v)", path, kind, got, want, out.Problems)
			}
			if took := time.Since(begin); took > 20*time.Second && !growth.Slowed {
				t.Errorf("%s took %v", path, took)
			}
		}
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	web := newSite(t)
	web.put("/a.xml", "text/xml", `<rss version="2.0"><channel><title>x</title><item><title>One</title><link>SITE/post/?b=1&amp;utm_campaign=x</link></item></channel></rss>`)
	web.put("/b.xml", "text/xml", `<rss version="2.0"><channel><title>x</title><item><title>The same</title><link>SITE/post?b=1#c</link></item><item><title>Other</title><link>SITE/post?b=2</link></item></channel></rss>`)
	l, _ := lister(t, source.Options{})
	out := list(t, l, config.Source{Name: "a", From: web.URL + "/a.xml"}, config.Source{Name: "b", From: web.URL + "/b.xml"})
	if diff := cmp.Diff([]string{"One", "Other"}, titles(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := fmt.Sprintf("%s/post?b=1 of b is the same post as %s/post/?b=1&utm_campaign=x of a, which comes first: it is made once", web.URL, web.URL)
	if diff := cmp.Diff([]string{want}, out.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
