package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// site begins a web site with a post, and with all that is none. It puts its
// address into $SITE: site.
//
//	/feed.xml  links to the pages below
//	/bomb.xml  a feed that is made to swamp its reader
func site(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: site")
	}
	page := func(title, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<!doctype html><html lang=en><head><title>%s</title></head><body><article>%s</article></body></html>", title, body)
		}
	}
	pages := map[string]http.HandlerFunc{
		"good":   page("The Harbour", "<h1>The Harbour</h1><p>"+strings.Repeat("The boats are out, and the gulls wait for them. ", 3)+"</p>"),
		"gone":   http.NotFound,
		"error":  page("Page not found", "<h1>Oops</h1><p>We looked everywhere.</p>"),
		"login":  page("Members", "<h1>Members</h1><form action=/in><input type=password name=p></form>"),
		"locked": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"huge":   huge,
		"loop": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/loop?"+strings.Repeat("x", len(r.URL.RawQuery)+1), http.StatusFound)
		},
		"empty": page("Nothing", ""),
	}
	mux := http.NewServeMux()
	var items strings.Builder
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	for _, name := range []string{"good", "gone", "error", "login", "locked", "huge", "loop", "empty"} {
		mux.HandleFunc("/"+name, pages[name])
		fmt.Fprintf(&items, "<item><title>%s</title><link>%s/%s</link></item>", name, server.URL, name)
	}
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Site</title>%s</channel></rss>`, items.String())
	})
	mux.HandleFunc("/bomb.xml", func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		b.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">`)
		for i := range 20 {
			fmt.Fprintf(&b, `<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
		}
		fmt.Fprintf(w, `%s]><rss version="2.0"><channel><title>&a20;</title></channel></rss>`, b.String())
	})
	ts.Setenv("SITE", server.URL)
}

// huge is a page of 200 MB.
func huge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	part := bytes.Repeat([]byte("<p>More and more.</p>\n"), 50_000)
	for sent := 0; sent < 200_000_000; sent += len(part) {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}
