package pipeline

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
)

// site serves one answer a path: content type, then body.
func site(t *testing.T, answers map[string][2]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := answers[r.URL.Path]
		switch {
		case a[0] == "redirect":
			http.Redirect(w, r, a[1], http.StatusFound)
		case !ok:
			http.NotFound(w, r)
		default:
			w.Header()["Content-Type"] = []string{a[0]}
			fmt.Fprint(w, a[1])
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestReadURL(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>A page</title></head><body><p>Words of it.</p></body></html>"
	at := site(t, map[string][2]string{
		"/page":      {"text/html; charset=utf-8", page},
		"/latin":     {"text/html; charset=iso-8859-1", "<html><body><p>Gr\xfc\xdfe.</p>"},
		"/post.md":   {"text/plain; charset=utf-8", "# A post\n\nWords *of* it."},
		"/post":      {"text/markdown", "# A post\n\nWords *of* it."},
		"/notes":     {"text/plain", "# no heading\n\nWords."},
		"/guess":     {"application/octet-stream", page},
		"/bare":      {"", "# A post\n\nWords *of* it."},
		"/moved":     {"redirect", "/page"},
		"/away":      {"redirect", "http://127.0.0.2:1/"},
		"/rss":       {"application/rss+xml", "<rss/>"},
		"/feed.xml":  {"text/xml", `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">`},
		"/feed.json": {"application/json", `{"version":"https://jsonfeed.org/version/1.1"}`},
		"/a.pdf":     {"application/pdf", "%PDF-1.7\n"},
		"/b.pdf":     {"application/octet-stream", "%PDF-1.7\n"},
		"/pic":       {"image/png", "\x89PNG"},
		"/mislabel":  {"text/html", "%PDF-1.7\n"},
	})
	for _, c := range []struct{ path, kind, title, link, text, err string }{
		{path: "/page", title: "A page", link: "/page", text: "Words of it."},
		{path: "/page#part", title: "A page", link: "/page", text: "Words of it."},
		{path: "/latin", link: "/latin", text: "Grüße."},
		{path: "/post.md", title: "A post", link: "/post.md", text: "Words of it."},
		{path: "/post", title: "A post", link: "/post", text: "Words of it."},
		{path: "/notes", link: "/notes", text: "# no heading"},
		{path: "/notes", kind: "markdown", title: "no heading", link: "/notes", text: "Words."},
		{path: "/guess", title: "A page", link: "/guess", text: "Words of it."},
		{path: "/bare", title: "A post", link: "/bare", text: "Words of it."},
		{path: "/moved", title: "A page", link: "/page", text: "Words of it."},
		{path: "/away", err: "127.0.0.2 is this machine's own address"},
		{path: "/rss", err: "is a feed: name a post's address"},
		{path: "/feed.xml", err: "is a feed: name a post's address"},
		{path: "/feed.json", err: "is a feed: name a post's address"},
		{path: "/a.pdf", err: "is application/pdf: pages, books (EPUB), Markdown and plain text are read"},
		{path: "/b.pdf", err: "is PDF: this version reads"},
		{path: "/pic", err: "is image/png: pages, books (EPUB), Markdown and plain text are read"},
		{path: "/mislabel", err: "is PDF: this version reads"},
		{path: "/none", err: "the server says 404 Not Found: check the address"},
	} {
		t.Run(c.path+c.kind, func(t *testing.T) {
			t.Parallel()
			d, err := ReadDocument(t.Context(), Order{Source: at + c.path, Type: c.kind})
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || !strings.HasPrefix(err.Error(), at) || strings.Contains(err.Error(), "\n") {
					t.Fatalf("got %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Meta.Title != c.title || d.Meta.Link != at+c.link || document.Plain(d.Elements[0].Text) != c.text {
				t.Errorf("title %q, link %q, text %q", d.Meta.Title, d.Meta.Link, document.Plain(d.Elements[0].Text))
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("# Words"), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := ReadDocument(t.Context(), Order{Source: filepath.Join(dir, "a.txt"), Type: "markdown"})
	if err != nil || d.Meta.Title != "Words" {
		t.Errorf("got %+v, %v", d, err)
	}
	for source, says := range map[string]string{"none.md": "there is no such file", "": "is a folder"} {
		if _, err := ReadDocument(t.Context(), Order{Source: filepath.Join(dir, source)}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", source, err, says)
		}
	}
}

func TestIsURL(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"https://e.org/a": true, "HTTP://e.org": true, "http://": true, "-": false, "": false, "https.md": false,
		"http:/e.org": false, "ftp://e.org": false, "a/https://b": false, "httpss://e.org": false,
	} {
		if IsURL(source) != want {
			t.Errorf("%q: %v", source, !want)
		}
	}
	for source, want := range map[string]string{
		"https://e.org/posts/my-first_post": "My first post", "https://e.org/": "e.org", "https://e.org": "e.org", "a/b-c.md": "B c",
	} {
		if got := titleOf(source); got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}
