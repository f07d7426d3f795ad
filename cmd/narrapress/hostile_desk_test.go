package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/internal/web/desk"
)

// deskAttacks come from whoever reaches the desk, by a page of another site or from
// this machine: a request names texts and episodes of the show and no other file, and
// what another site's page sends changes nothing.
func deskAttacks() []attack {
	const (
		show   = "/desk/show/"
		words  = "post.md"
		edited = "source=post.md&segment=1&say=Other+words"
	)
	var all []attack
	for _, ask := range []struct {
		name, method, path, body, header string
		status                           int
		lacks                            string // what its answer must not have
	}{
		{"a text of the show", http.MethodGet, show + "script?source=" + words, "", "", http.StatusOK, ""},
		{"a text outside", http.MethodGet, show + "script?source=../outside/diary.txt", "", "", http.StatusNotFound, ""},
		{"a text by its path", http.MethodGet, show + "script?source={root}/outside/diary.txt", "", "", http.StatusNotFound, ""},
		{"a link out as a text", http.MethodGet, show + "script?source=diary.txt", "", "", http.StatusNotFound, ""},
		{"a link out in the list", http.MethodGet, show + "rows", "", "", http.StatusOK, secretFile},
		{"a pipe in the list", http.MethodGet, show + "rows?q=pipe", "", "", http.StatusOK, "pipe.md"},
		{"an address as a text", http.MethodGet, show + "script?source=http://127.0.0.1:{port}/a.md", "", "", http.StatusNotFound, ""},
		{"a file that no manifest names", http.MethodGet, show + "file/good/secret.mp3", "", "", http.StatusNotFound, ""},
		{"a file beside its folder", http.MethodGet, show + "file/good/..%2f..%2fnarrapress.yaml", "", "", http.StatusNotFound, ""},
		{"the key of a take as a path", http.MethodGet, show + "take/..%2f..%2f..%2foutside%2fdiary.txt", "", "", http.StatusNotFound, ""},
		{"a title with markup", http.MethodGet, show + "?q=markup", "", "", http.StatusOK, "<script>alert"},
		{"a form of another site", http.MethodPost, show + "edit", edited, "Origin: https://evil.example", http.StatusForbidden, ""},
		{"a frame of another site", http.MethodPost, show + "lexicon", "word=Leo", "Sec-Fetch-Site: cross-site", http.StatusForbidden, ""},
		{"a name that was bound anew", http.MethodPost, show + "edit", edited, "Host: evil.example", http.StatusForbidden, ""},
		{"who speaks through a proxy", http.MethodGet, show, "", "X-Forwarded-For: 203.0.113.1", http.StatusForbidden, ""},
		{"an edit without an end", http.MethodPost, show + "edit", edited + strings.Repeat("+word", 1<<20), "", http.StatusRequestEntityTooLarge, ""},
	} {
		all = append(all, attack{class: "server", name: "desk: " + ask.name, give: deskShelf, try: func(w *world) {
			path := w.fill(ask.path)
			r := httptest.NewRequest(ask.method, "http://localhost:8470"+path, strings.NewReader(ask.body))
			if _, err := url.ParseRequestURI(path); err != nil {
				w.t.Fatal(err)
			}
			if ask.body != "" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			r.RemoteAddr = "127.0.0.1:4242"
			if name, value, ok := strings.Cut(ask.header, ": "); ok {
				if r.Header.Set(name, value); name == "Host" {
					r.Host = value
				}
			}
			rec := httptest.NewRecorder()
			w.desk().ServeHTTP(rec, r)
			w.said = rec.Body.String()
			if rec.Code != ask.status {
				w.t.Errorf("%d, want %d: %s", rec.Code, ask.status, cut(w.said))
			}
			if ask.lacks != "" && strings.Contains(w.said, ask.lacks) {
				w.t.Errorf("the page has %q", ask.lacks)
			}
		}})
	}
	return all
}

// deskShelf is a show's folder that others may write into.
func deskShelf(w *world) {
	shelf(w)
	w.link(filepath.Join(w.outside, "diary.txt"), "show/diary.txt")
	w.pipe("show/pipe.md")
	w.put("show/markup.md", "---\ntitle: '<script>alert(1)</script>'\n---\n\nWords.\n")
}

// desk is a server with a desk for the show.
func (w *world) desk() http.Handler {
	w.t.Helper()
	cfg, err := config.Load(w.t.Context(), config.Sources{
		File: filepath.Join(w.show, "narrapress.yaml"), Dir: w.show, Home: w.home,
		Env:   func(name string) (string, bool) { return secretKey, name == "STUDIO_KEY" },
		Flags: map[string]string{"output.store": filepath.Join(w.home, "takes")},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	shows := &neighbour{[]*config.Config{cfg}}
	ctx, cancel := context.WithCancel(context.Background())
	d := desk.New(ctx, desk.Options{Shows: shows.Shows, Version: "test"})
	w.t.Cleanup(func() {
		cancel()
		d.Wait()
	})
	return web.New(shows, web.Options{Desk: d})
}
