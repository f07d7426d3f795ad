package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/web"
)

// episode puts an episode of others into the output folder: a manifest with these
// values over what is needed, and a sound.
func (w *world) episode(slug string, values map[string]any, files ...map[string]any) {
	w.t.Helper()
	sound := "sound"
	sum := sha256.Sum256([]byte(sound))
	file := map[string]any{"name": slug + ".mp3", "kind": "audio", "media_type": "audio/mpeg", "bytes": len(sound), "sha256": hex.EncodeToString(sum[:])}
	w.put("show/out/"+slug+"/"+slug+".mp3", sound)
	ep := map[string]any{"id": slug, "slug": slug, "title": "T", "length": 1, "date": "2026-11-01T00:00:00Z", "chapters": []any{}, "enclosure": map[string]any{"file": slug + ".mp3", "media_type": "audio/mpeg", "bytes": len(sound), "sha256": file["sha256"]}}
	for key, v := range values {
		ep[key] = v
	}
	all := []any{file}
	for _, f := range files {
		for key, v := range file {
			if f[key] == nil {
				f[key] = v
			}
		}
		all = append(all, f)
	}
	b, err := json.Marshal(map[string]any{
		"version": 1, "build": "b", "episode": ep, "source": map[string]any{"path": "post.md", "sha256": file["sha256"]}, "keys": map[string]int{},
		"timeline": map[string]int{"rate": 44100, "channels": 1, "frames": 44100}, "gains": map[string]any{"voices": map[string]any{}}, "tracks": []any{}, "files": all, "takes": []any{}, "costs": []any{},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.put("show/out/"+slug+"/manifest.json", string(b))
}

// folderAttacks come from whoever may write into a folder that the show shares.
func folderAttacks() []attack {
	names := func(name string) func(w *world) {
		return func(w *world) { w.episode("bad", nil, map[string]any{"name": name}) }
	}
	linked := func(name, to string) func(w *world) {
		return func(w *world) {
			w.put("outside/work/post/precious.txt", "precious")
			w.link(to, "show/out/"+name)
		}
	}
	produce := []string{"produce", "post.md"}
	return []attack{
		{class: "folders", name: "a manifest that names a diary", give: names("../../../outside/diary.txt"), args: []string{"inspect", "out/bad"}, code: 1, says: "is not one of its folder"},
		{class: "folders", name: "a manifest that names a diary, in the feed", give: names("../../../outside/diary.txt"), args: []string{"feed"}, code: anyCode, says: "is not one of its folder"},
		{class: "folders", name: "a manifest that names a diary, to be made again", give: names("{root}/outside/diary.txt"), args: []string{"produce", "out/bad", "--offline"}, code: 1, says: "is not one of its folder"},
		{
			class: "folders", name: "a link to a diary among its files", args: []string{"inspect", "out/bad", "--verify"}, code: 1, says: "cannot be read|has [0-9]+ bytes",
			give: func(w *world) {
				w.episode("bad", nil, map[string]any{"name": "notes.txt", "bytes": len(secretFile) + 1})
				w.link("../../../outside/diary.txt", "show/out/bad/notes.txt")
			},
		},
		{
			class: "folders", name: "a slug that leads up, in a manifest", args: []string{"produce", "out/bad", "--offline"}, code: 1, says: "bad",
			give: func(w *world) { w.episode("bad", map[string]any{"slug": "../../outside"}) },
		},
		{
			class: "folders", name: "numbers beyond all bounds", args: []string{"inspect", "out/bad"}, code: anyCode, says: ".",
			give: func(w *world) {
				w.episode("bad", map[string]any{"length": 1e300, "season": 1 << 60, "chapters": []any{map[string]any{"title": "C", "start": 1e300, "end": -1e300}}})
			},
		},
		{
			class: "folders", name: "numbers beyond all bounds, in the feed", args: []string{"feed"}, code: anyCode, says: ".",
			give: func(w *world) {
				w.episode("bad", map[string]any{"length": 1e300, "season": -1 << 60, "date": "9999-12-31T23:59:59Z"})
			},
		},
		{
			class: "folders", name: "a manifest of ten million takes", args: []string{"inspect", "out/bad"}, code: 1, says: "no episode is like that",
			give: func(w *world) {
				w.put("show/out/bad/manifest.json", `{"version":1,"episode":{"id":"a"},"files":[],"takes":[`+strings.Repeat("{},", 10_000_000)+`{}]}`)
			},
		},
		{
			class: "folders", name: "a manifest of ten million files, in the feed", args: []string{"feed"}, code: anyCode, says: "no episode is like that",
			give: func(w *world) {
				w.put("show/out/bad/manifest.json", `{"version":1,"episode":{"id":"a"},"files":[`+strings.Repeat("{},", 10_000_000)+`{}]}`)
			},
		},
		{class: "folders", name: "a manifest that is a pipe", give: func(w *world) { w.pipe("show/out/bad/manifest.json") }, args: []string{"inspect", "out/bad"}, code: 1, says: "not a file"},
		{class: "folders", name: "a manifest that is a pipe, where the episode is to be", give: func(w *world) { w.pipe("show/out/post/manifest.json") }, args: produce, says: "out/post-2"},
		{class: "folders", name: "a manifest that is a diary", give: func(w *world) { w.link("../../../outside/diary.txt", "show/out/bad/manifest.json") }, args: []string{"inspect", "out/bad"}, code: 1, says: "not a manifest"},
		{class: "folders", name: "a link where the episode is to be", give: linked("post", "../../outside/work/post"), args: produce, says: "out/post-2"},
		{class: "folders", name: "a link where work is under way", give: linked(".making", "../../outside/work"), args: produce, code: 1, says: "a file or a link: remove it"},
		{class: "folders", name: "a link where held episodes wait", give: linked(".held", "../../outside/work"), args: produce, code: 1, says: "a file or a link: remove it"},
		{
			class: "folders", name: "a link where the feed is to be", args: []string{"feed"}, says: "feed.xml",
			give: func(w *world) {
				w.episode("good", nil)
				w.link("../../outside/diary.txt", "show/out/feed.xml")
			},
		},
	}
}

// neighbour is a site with one show.
type neighbour struct{ shows []*config.Config }

func (n *neighbour) Shows() []*config.Config            { return n.shows }
func (n *neighbour) Status(context.Context) *web.Status { return &web.Status{} }
func (n *neighbour) Ready(context.Context) []string     { return nil }
func (n *neighbour) Token() string                      { return "" }

// serverAttacks come from whoever reaches the server: what is not published is not
// there, and what it is about is for this machine alone.
func serverAttacks() []attack {
	var all []attack
	for _, ask := range []struct {
		path   string
		header string
		status int
	}{
		{"/good/good.mp3", "", 200},
		{"/../../outside/diary.txt", "", 404},
		{"/%2e%2e/%2e%2e/outside/diary.txt", "", 404},
		{"/good/..%2f..%2f..%2foutside%2fdiary.txt", "", 404},
		{`/good/..\..\..\outside\diary.txt`, "", 404},
		{"/good//etc/passwd", "", 404},
		{"/good/manifest.json", "", 404},
		{"/good/script.json", "", 404},
		{"/.making/x", "", 404},
		{"/good/secret.mp3", "", 404},    // a link out, which no manifest names
		{"/good/named.txt", "", 404},     // one that the manifest names
		{"/cover-0123abcd.jpg", "", 404}, // one that is called as ours are
		{"/narrapress.yaml", "", 404},
		{"/status", "Host: evil.example", 403},
		{"/status", "X-Forwarded-For: 203.0.113.1", 403},
		{"/metrics", "Host: 127.0.0.1.evil.example", 403},
	} {
		all = append(all, attack{class: "server", name: ask.path + " " + ask.header, give: shelf, try: func(w *world) {
			cfg := config.Defaults()
			cfg.Output.Dir = filepath.Join(w.show, "out")
			metrics := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.Write([]byte(secretOther)) })
			server := web.New(&neighbour{[]*config.Config{&cfg}}, web.Options{Metrics: metrics})
			r := httptest.NewRequest(http.MethodGet, "http://localhost:8470/", nil)
			r.URL.Path, r.URL.RawPath, r.RequestURI = ask.path, "", ask.path
			if u, err := r.URL.Parse("http://localhost:8470" + strings.ReplaceAll(ask.path, `\`, "%5C")); err == nil {
				u.Path = strings.ReplaceAll(u.Path, "/../", "/../")
				r.URL = u
			}
			r.Host = "localhost:8470"
			if name, value, ok := strings.Cut(ask.header, ": "); ok {
				if r.Header.Set(name, value); name == "Host" {
					r.Host = value
				}
			}
			rec := httptest.NewRecorder()
			server.ServeHTTP(rec, r)
			w.said = rec.Body.String()
			status := rec.Code
			if status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect { // to the path without its dots
				r.URL.Path = rec.Header().Get("Location")
				rec = httptest.NewRecorder()
				server.ServeHTTP(rec, r)
				status, w.said = rec.Code, rec.Body.String()
			}
			if status != ask.status {
				w.t.Errorf("%d, want %d: %s", status, ask.status, cut(w.said))
			}
		}})
	}
	return append(all, deskAttacks()...)
}

// shelf is an output folder with an episode, and links out of it.
func shelf(w *world) {
	w.episode("good", nil, map[string]any{"name": "named.txt", "bytes": len(secretFile) + 1})
	w.put("show/out/good/script.json", "{}")
	w.put("show/out/.making/x", secretOther)
	for _, name := range []string{"good/secret.mp3", "good/named.txt", "cover-0123abcd.jpg"} {
		path := filepath.Join(w.show, "out", filepath.FromSlash(name))
		if err := os.Symlink(filepath.Join(w.outside, "diary.txt"), path); err != nil {
			w.t.Fatal(err)
		}
	}
}
