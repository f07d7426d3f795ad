package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// house is a site of shows in folders.
type house struct {
	shows   []*config.Config
	token   string
	missing []string
	status  web.Status
}

func (h *house) Shows() []*config.Config            { return h.shows }
func (h *house) Status(context.Context) *web.Status { return &h.status }
func (h *house) Ready(context.Context) []string     { return h.missing }
func (h *house) Token() string                      { return h.token }

func put(t *testing.T, name, text string) publish.File {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	return publish.File{Name: filepath.Base(name), Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}
}

// newShow is a show with an episode "lamp" and one, "held", that the gate keeps back.
func newShow(t *testing.T, name string) *config.Config {
	t.Helper()
	cfg := config.Defaults()
	cfg.Show.ID, cfg.Show.Title = name, "The <b>"+name+"</b>"
	cfg.Output.Dir = filepath.Join(t.TempDir(), "out")
	for _, slug := range []string{"lamp", "held"} {
		dir := filepath.Join(cfg.Output.Dir, slug)
		m := publish.Manifest{Build: "a build", Episode: podcast.Episode{ID: slug, Slug: slug, Title: "Of " + slug + " & others", Length: 65, Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}
		for _, f := range []struct {
			name, media string
			kind        publish.Kind
		}{
			{slug + ".mp3", "audio/mpeg", publish.KindAudio},
			{slug + ".vtt", "text/vtt", publish.KindTranscript},
			{slug + ".chapters.json", "application/json+chapters", publish.KindChapters},
			{slug + ".html", "text/html", publish.KindPage},
		} {
			file := put(t, filepath.Join(dir, f.name), "the "+f.name+" of "+name)
			file.MediaType, file.Kind = f.media, f.kind
			m.Files = append(m.Files, file)
		}
		if slug == "held" {
			m.Gate = &publish.Gate{Held: true}
		}
		for _, private := range []string{"run.json", "script.json", "report.md", "report.html", "release.json", "article.html"} {
			put(t, filepath.Join(dir, private), "{}")
		}
		if err := publish.WriteManifest(dir, m); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(cfg.Output.Dir, "feed.xml"), "<rss/>")
	put(t, filepath.Join(cfg.Output.Dir, "notes.txt"), "notes")
	put(t, filepath.Join(cfg.Output.Dir, ".runs", "queue.db"), "secret")
	put(t, filepath.Join(cfg.Output.Dir, ".sources.json"), "secret")
	put(t, filepath.Join(filepath.Dir(cfg.Output.Dir), "narrapress.yaml"), "secret")
	return &cfg
}

// ask asks with headers, NAME: VALUE each.
func ask(t *testing.T, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Host = "localhost:8470"
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPublished(t *testing.T) {
	t.Parallel()
	cfg := newShow(t, "lamp-show")
	cfg.Publish.BaseURL = "https://example.org/podcast"
	if err := os.Symlink(filepath.Join(cfg.Output.Dir, ".sources.json"), filepath.Join(cfg.Output.Dir, "cover-0123456789abcdef.jpg")); err != nil {
		t.Fatal(err)
	}
	server := web.New(&house{shows: []*config.Config{cfg}}, web.Options{})
	for _, tt := range []struct {
		name, path  string
		status      int
		media, text string
	}{
		{"sound", "/lamp/lamp.mp3", 200, "audio/mpeg", "the lamp.mp3 of lamp-show"},
		{"below base_url", "/podcast/lamp/lamp.mp3", 200, "audio/mpeg", "the lamp.mp3 of lamp-show"},
		{"transcript", "/lamp/lamp.vtt", 200, "text/vtt; charset=utf-8", ""},
		{"chapters", "/lamp/lamp.chapters.json", 200, "application/json+chapters", ""},
		{"page", "/lamp/lamp.html", 200, "text/html; charset=utf-8", ""},
		{"feed", "/feed.xml", 200, "application/rss+xml; charset=utf-8", "<rss/>"},
		{"list", "/", 200, "text/html; charset=utf-8", "Of lamp &amp; others"},
		{"held episode", "/held/held.mp3", 404, "", ""},
		{"manifest", "/lamp/manifest.json", 404, "", ""},
		{"run", "/lamp/run.json", 404, "", ""},
		{"script", "/lamp/script.json", 404, "", ""},
		{"report", "/lamp/report.html", 404, "", ""},
		{"release", "/lamp/release.json", 404, "", ""},
		{"article", "/lamp/article.html", 404, "", ""},
		{"hidden folder", "/.runs/queue.db", 404, "", ""},
		{"hidden file", "/.sources.json", 404, "", ""},
		{"any file", "/notes.txt", 404, "", ""},
		{"a link that leads to a hidden file under a cover's name", "/cover-0123456789abcdef.jpg", 404, "", ""},
		{"folder", "/lamp/", 404, "", ""},
		{"folder without a slash", "/lamp", 404, "", ""},
		{"above, escaped", "/lamp/%2e%2e/feed.xml", 404, "", ""},
		{"above, with escaped slashes", "/lamp/..%2f..%2fnarrapress.yaml", 404, "", ""},
		{"above, by a backslash", `/lamp/..%5c..%5cnarrapress.yaml`, 404, "", ""},
		{"absolute", "/lamp//etc/passwd", 404, "", ""},
		{"a zero byte", "/lamp%00/lamp.mp3", 404, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := ask(t, server, "GET", tt.path)
			if res.StatusCode == http.StatusMovedPermanently || res.StatusCode == http.StatusTemporaryRedirect { // the path is cleaned first
				res = ask(t, server, "GET", res.Header.Get("Location"))
			}
			text := body(t, res)
			if res.StatusCode != tt.status || tt.media != "" && res.Header.Get("Content-Type") != tt.media || !strings.Contains(text, tt.text) {
				t.Errorf("%d %s %q", res.StatusCode, res.Header.Get("Content-Type"), text)
			}
			if strings.Contains(text, "secret") {
				t.Error("it gave a secret away")
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("it lets types be guessed")
			}
		})
	}
}

func TestRangesAndCaching(t *testing.T) {
	t.Parallel()
	cfg := newShow(t, "show")
	server := web.New(&house{shows: []*config.Config{cfg}}, web.Options{})
	whole := ask(t, server, "GET", "/lamp/lamp.mp3")
	tag := whole.Header.Get("ETag")
	if tag == "" || whole.Header.Get("Cache-Control") != "public, max-age=3600" || whole.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers: %v", whole.Header)
	}
	part := ask(t, server, "GET", "/lamp/lamp.mp3", "Range: bytes=4-7", "If-Range: "+tag)
	if text := body(t, part); part.StatusCode != 206 || text != "lamp" || part.Header.Get("Content-Range") != "bytes 4-7/20" {
		t.Errorf("a range: %d %q %s", part.StatusCode, text, part.Header.Get("Content-Range"))
	}
	if same := ask(t, server, "GET", "/lamp/lamp.mp3", "If-None-Match: "+tag); same.StatusCode != 304 {
		t.Errorf("unchanged: %d", same.StatusCode)
	}
	if far := ask(t, server, "GET", "/lamp/lamp.mp3", "Range: bytes=900-"); far.StatusCode != 416 {
		t.Errorf("a range past the end: %d", far.StatusCode)
	}
	head := ask(t, server, "HEAD", "/lamp/lamp.mp3")
	if head.StatusCode != 200 || head.Header.Get("Content-Length") != "20" || body(t, head) != "" {
		t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
	}
	pre := ask(t, server, "OPTIONS", "/lamp/lamp.vtt", "Origin: https://player.example", "Access-Control-Request-Headers: range")
	if pre.StatusCode != 204 || !strings.Contains(pre.Header.Get("Access-Control-Allow-Headers"), "Range") {
		t.Errorf("preflight: %d %v", pre.StatusCode, pre.Header)
	}
	if post := ask(t, server, "POST", "/lamp/lamp.mp3"); post.StatusCode != 405 {
		t.Errorf("POST: %d", post.StatusCode)
	}

	// An episode that is made again is another one at once.
	dir := filepath.Join(cfg.Output.Dir, "lamp")
	f := put(t, filepath.Join(dir, "lamp.mp3"), "the lamp.mp3 of shadows")
	f.MediaType = "audio/mpeg"
	if err := publish.WriteManifest(dir, publish.Manifest{Episode: podcast.Episode{ID: "lamp", Slug: "lamp"}, Files: []publish.File{f}}); err != nil {
		t.Fatal(err)
	}
	again := ask(t, server, "GET", "/lamp/lamp.mp3", "If-None-Match: "+tag)
	if text := body(t, again); again.StatusCode != 200 || text != "the lamp.mp3 of shadows" {
		t.Errorf("made again: %d %q", again.StatusCode, text)
	}
	if gone := ask(t, server, "GET", "/lamp/lamp.vtt"); gone.StatusCode != 404 {
		t.Errorf("a file that the new manifest does not name: %d", gone.StatusCode)
	}
}

func TestSeveralShows(t *testing.T) {
	t.Parallel()
	server := web.New(&house{shows: []*config.Config{newShow(t, "one"), newShow(t, "two")}}, web.Options{})
	for path, want := range map[string]string{
		"/": "The &lt;b&gt;two&lt;/b&gt;", "/one/": "lamp.html", "/one/lamp/lamp.mp3": "the lamp.mp3 of one", "/two/lamp/lamp.mp3": "the lamp.mp3 of two",
	} {
		if text := body(t, ask(t, server, "GET", path)); !strings.Contains(text, want) {
			t.Errorf("%s: %q is not in %q", path, want, text)
		}
	}
	if res := ask(t, server, "GET", "/two"); res.StatusCode != 301 || res.Header.Get("Location") != "/two/" {
		t.Errorf("/two: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if res := ask(t, server, "GET", "/lamp/lamp.mp3"); res.StatusCode != 404 {
		t.Errorf("without a show: %d", res.StatusCode)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	numbers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "numbers") })
	const secret = "a long token"
	for _, tt := range []struct {
		name, token string
		headers     []string
		want        int
	}{
		{"no token, this machine", "", nil, 200},
		{"no token, by its number", "", []string{"Host: 127.0.0.1:8470"}, 200},
		{"no token, by its number of six", "", []string{"Host: [::1]:8470"}, 200},
		{"no token, a name that leads here", "", []string{"Host: evil.example:8470"}, 403},
		{"no token, behind a proxy", "", []string{"X-Forwarded-For: 203.0.113.9"}, 403},
		{"no token, behind nginx that says who asks", "", []string{"X-Real-IP: 203.0.113.9"}, 403},
		{"no token, behind a proxy that says its name", "", []string{"Via: 1.1 studio"}, 403},
		{"no token, behind one that says by what", "", []string{"X-Forwarded-Proto: https"}, 403},
		{"no token, behind one that says it in one line", "", []string{"Forwarded: for=203.0.113.9"}, 403},
		{"token, and an old cookie beside it", secret, []string{"Authorization: Bearer " + secret, "Cookie: narrapress=old"}, 200},
		{"token, none given", secret, nil, 401},
		{"token, given", secret, []string{"Authorization: Bearer " + secret}, 200},
		{"token, given to another host", secret, []string{"Authorization: Bearer " + secret, "Host: example.org"}, 200},
		{"token, a wrong one", secret, []string{"Authorization: Bearer another"}, 401},
		{"token, an empty one", secret, []string{"Authorization: Bearer "}, 401},
		{"token, as a password", secret, []string{"Authorization: Basic " + secret}, 401},
		{"token, as the cookie itself", secret, []string{"Cookie: narrapress=" + secret}, 401},
		{"token, in a browser", secret, []string{"Accept: text/html"}, 303},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := web.New(&house{shows: []*config.Config{newShow(t, "s")}, token: tt.token}, web.Options{Metrics: numbers})
			for _, path := range []string{"/status", "/metrics"} {
				if res := ask(t, server, "GET", path, tt.headers...); res.StatusCode != tt.want {
					t.Errorf("%s: %d, want %d", path, res.StatusCode, tt.want)
				}
			}
			for _, path := range []string{"/feed.xml", "/healthz", "/lamp/lamp.mp3"} {
				if res := ask(t, server, "GET", path, tt.headers...); res.StatusCode != 200 {
					t.Errorf("%s is for everybody: %d", path, res.StatusCode)
				}
			}
		})
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(web.New(&house{shows: []*config.Config{newShow(t, "s")}, token: "right"}, web.Options{}))
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	login := func(token string) *http.Response {
		t.Helper()
		res, err := client.PostForm(server.URL+"/login", url.Values{"token": {token}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res
	}
	if res := login("wrong"); res.StatusCode != 401 || len(res.Cookies()) != 0 {
		t.Errorf("a wrong token: %d, %v", res.StatusCode, res.Cookies())
	}
	res := login("right")
	if res.StatusCode != 303 || len(res.Cookies()) != 1 {
		t.Fatalf("the token: %d, %v", res.StatusCode, res.Cookies())
	}
	c := res.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || strings.Contains(c.Value, "right") {
		t.Errorf("the cookie is %v", c)
	}
	req, err := http.NewRequest("GET", server.URL+"/status", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(c)
	if res, err := client.Do(req); err != nil || res.StatusCode != 200 {
		t.Errorf("with the cookie: %v %v", res, err)
	}
	last := 0
	for range 30 {
		last = login("guess").StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the thirtieth guess in a row: %d", last)
	}
	if res := login("right"); res.StatusCode != 303 {
		t.Errorf("who knows the token is kept out by those who guess: %d", res.StatusCode)
	}
}

func TestStatusPage(t *testing.T) {
	t.Parallel()
	h := &house{shows: []*config.Config{newShow(t, "s")}, missing: []string{"the database does not answer"}}
	h.status = web.Status{
		Missing: h.missing,
		Shows:   []web.Show{{Name: "s", Faults: []string{"narrapress.yaml:3:1: unknown key"}, Slots: []web.Slot{{Schedule: "nightly", Start: time.Now()}}}},
		Queues: []web.Queue{{
			Dead:    []web.Job{{ID: 7, Title: "<script>alert(1)</script>", Error: "the page is gone", Log: "line one"}},
			Running: []web.Job{{ID: 8, Title: "A post", Waits: "record 3 of 9"}},
			Counts:  map[string]map[queue.State]int{"s": {queue.Dead: 1, queue.Running: 1}},
			Usage:   []web.Usage{{Usage: queue.Usage{Endpoint: "studio", Slots: 3, Characters: 70}, Limits: queue.Limits{Concurrency: 4, CharactersPerDay: 90}}},
		}, {Fault: "no answer"}},
	}
	server := web.New(h, web.Options{})
	res := ask(t, server, "GET", "/status", "Accept: text/html")
	text := body(t, res)
	for _, want := range []string{
		"Not ready: the database does not answer", "unknown key", "nightly", "the page is gone", "batch retry 7", "record 3 of 9",
		"1 dead, 1 running", "3 of 4", "70 of 90", "no answer", "prefers-color-scheme: dark", "&lt;script&gt;", `http-equiv="refresh"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, bad := range []string{"<script", " src=", "http://", "https://", "ZgotmplZ"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("the policy is %q", csp)
	}
	var st web.Status
	if err := json.NewDecoder(ask(t, server, "GET", "/status", "Accept: application/json").Body).Decode(&st); err != nil || len(st.Queues) != 2 {
		t.Errorf("as JSON: %v, %d queues", err, len(st.Queues))
	}
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 || !strings.Contains(body(t, res), "the database does not answer") {
		t.Errorf("/readyz: %d", res.StatusCode)
	}
	h.missing = nil
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 200 {
		t.Errorf("/readyz when nothing is missing: %d", res.StatusCode)
	}
}

func TestManyEpisodes(t *testing.T) {
	t.Parallel()
	cfg := newShow(t, "long")
	for n := range 250 {
		slug := fmt.Sprintf("post-%03d", n)
		m := publish.Manifest{Episode: podcast.Episode{ID: slug, Slug: slug, Title: slug, Date: time.Date(2025, 1, 1+n, 0, 0, 0, 0, time.UTC)}}
		dir := filepath.Join(cfg.Output.Dir, slug)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := publish.WriteManifest(dir, m); err != nil {
			t.Fatal(err)
		}
	}
	server := web.New(&house{shows: []*config.Config{cfg}}, web.Options{})
	for page, want := range map[string][]string{
		"/":                         {"Of lamp", "?page=1"},
		"/?page=1":                  {"post-150", "?page=0", "?page=2"},
		"/?page=2":                  {"post-000", "?page=1"},
		"/?page=99":                 {"post-000"},
		"/?page=-4":                 {"Of lamp"},
		"/?page=99999999999999999x": {"Of lamp"},
	} {
		text := body(t, ask(t, server, "GET", page))
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing", page, w)
			}
		}
		if n := strings.Count(text, "<tr>"); n > 101 {
			t.Errorf("%s: %d rows", page, n)
		}
	}
}

func TestServeEnds(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- web.New(&house{shows: []*config.Config{newShow(t, "s")}}, web.Options{}).Serve(ctx, l, time.Second)
	}()
	res, err := http.Get("http://" + l.Addr().String() + "/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	stop()
	select {
	case err := <-served:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it goes on")
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1:8470": true, "localhost:1": true, "[::1]:80": true, "127.8.8.8:1": true,
		":8470": false, "0.0.0.0:8470": false, "[::]:1": false, "192.168.1.2:1": false, "example.org:1": false, "nonsense": false,
	} {
		if got := web.Loopback(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

// FuzzPath asks for anything: nothing that is not published comes back.
func FuzzPath(f *testing.F) {
	dir := f.TempDir()
	cfg := config.Defaults()
	cfg.Output.Dir = filepath.Join(dir, "out")
	if err := os.MkdirAll(filepath.Join(cfg.Output.Dir, ".runs"), 0o755); err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{"secret", "out/secret", "out/.runs/secret", "out/.secret"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("SECRET"), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	server := web.New(&house{shows: []*config.Config{&cfg}}, web.Options{})
	for _, seed := range []string{"/", "/secret", "/.runs/secret", "/../secret", "/%2e%2e/secret", "/..%2fsecret", "//secret", "/x/../../secret", `/..\secret`, "/\x00", "/a/b/c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		u := &url.URL{Path: path}
		if strings.HasPrefix(path, "/") {
			if raw, err := url.ParseRequestURI(path); err == nil {
				u = raw
			}
		}
		r := &http.Request{Method: "GET", URL: u, Host: "localhost", Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if bytes.Contains(w.Body.Bytes(), []byte("SECRET")) {
			t.Errorf("%q gave a secret away", path)
		}
	})
}
