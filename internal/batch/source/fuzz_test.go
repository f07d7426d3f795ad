package source

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
)

// read lists a body as a server gives it.
func read(t *testing.T, kind string, raw []byte) (*Record, error) {
	t.Helper()
	cfg := config.Defaults()
	cfg.Dir = "/show"
	l := New(&cfg, Options{})
	r := &Record{}
	s := &config.Source{From: "https://example.com/feed", Kind: kind}
	err := l.parse(t.Context(), s, s.From, 0, &body{url: s.From, contentType: "text/xml", bytes: raw}, r, &Listing{})
	for _, it := range r.Items {
		if it.ID == "" || len(it.Hash) != 64 || !strings.HasPrefix(it.Location, "http") || strings.ContainsAny(it.Title+it.Author, "\n\r") {
			t.Errorf("no post: %+v", it)
		}
	}
	for _, p := range r.Parts {
		if !strings.HasPrefix(p, "http") {
			t.Errorf("no address: %q", p)
		}
	}
	if err != nil && Why(err) == "" {
		t.Errorf("no reason: %v", err)
	}
	return r, err
}

// FuzzFeed: whatever is sent, reading ends soon, does not panic, and what comes
// of it are posts.
func FuzzFeed(f *testing.F) {
	f.Add([]byte(`<rss version="2.0"><channel><title>x</title><item><title>a</title><link>/b</link><pubDate>x</pubDate></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;b&gt;a</title><link href="b"/><content type="xhtml"><div><p>c</p></div></content></entry></feed>`))
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>a</title><link>http://b/</link></item></rdf:RDF>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://example.com/a","content_html":"<p>b"}]}`))
	f.Add([]byte(`<!DOCTYPE rss [<!ENTITY a "b">]><rss/>`))
	f.Add([]byte("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<rss><channel><item><title>\xe9\x01</title><guid>https://example.com/g</guid></item></channel></rss>"))
	f.Fuzz(func(t *testing.T, raw []byte) { read(t, config.KindFeed, raw) })
}

// FuzzSitemap is the same of sitemaps.
func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/a</loc><lastmod>2026-11-02T10:00+01:00</lastmod></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>https://example.com/b.xml</loc></sitemap></sitemapindex>`))
	f.Add([]byte(`<urlset><url><url><loc>a</loc></url></url>`))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) { read(t, config.KindSitemap, raw) })
}

// A feed or sitemap of as many posts as are taken costs time and memory by its
// length, and the rest is left out with a word.
func TestMany(t *testing.T) {
	t.Parallel()
	var feed, sitemap strings.Builder
	feed.WriteString(`<rss version="2.0"><channel>`)
	sitemap.WriteString(`<urlset>`)
	for i := range mostEntries + 10 {
		fmt.Fprintf(&feed, "\n<item><title>Post %d</title><link>https://example.com/%d</link></item>", i, i)
	}
	for i := range mostItems + 10 {
		fmt.Fprintf(&sitemap, "\n<url><loc>https://example.com/%d</loc></url>", i)
	}
	feed.WriteString(`</channel></rss>`)
	sitemap.WriteString(`</urlset>`)
	for _, c := range []struct {
		kind, text string
		want       int
	}{{config.KindFeed, feed.String(), mostEntries}, {config.KindSitemap, sitemap.String(), mostItems}} {
		begin := time.Now()
		r, err := read(t, c.kind, []byte(c.text))
		if err != nil || len(r.Items) != c.want {
			t.Errorf("%s: %d posts, want %d, %v", c.kind, len(r.Items), c.want, err)
		}
		t.Logf("%s: %v", c.kind, time.Since(begin))
	}
}
