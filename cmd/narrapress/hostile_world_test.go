package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// What nobody may read: of the environment, and of a file outside of the show.
const (
	secretKey   = "key-of-the-studio-8Qd1"
	secretOther = "other-secret-Zk27"
	secretFile  = "written-in-a-diary-Pw93"
)

// world is a machine in small: a show, what stands beside it, and who is on the
// network.
//
//	show/       the working folder, with narrapress.yaml
//	outside/    what is the user's and not the show's: diary.txt, photo.jpg, letter.wav
//	home/       takes and caches
//	temp/       is empty again after each run
type world struct {
	t                               *testing.T
	root, show, outside, home, temp string

	mux    *http.ServeMux
	site   *httptest.Server // that the user named
	canary *canary
	stdin  io.Reader
	said   string
}

// canary is a listener at every address of this machine, to which nothing may go.
type canary struct {
	port  string
	asked atomic.Int64
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &canary{}
	_, c.port, _ = net.SplitHostPort(l.Addr().String())
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.asked.Add(1)
			conn.Close()
		}
	}()
	return c
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir(), mux: http.NewServeMux(), canary: newCanary(t)}
	w.site = httptest.NewServer(w.mux)
	t.Cleanup(w.site.Close)
	for _, dir := range []struct {
		path *string
		name string
	}{{&w.show, "show"}, {&w.outside, "outside"}, {&w.home, "home"}, {&w.temp, "temp"}} {
		*dir.path = filepath.Join(w.root, dir.name)
		if err := os.Mkdir(*dir.path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w.put("outside/diary.txt", secretFile+"\n")
	w.put("outside/photo.jpg", photo(t))
	w.put("outside/letter.wav", string(wave(24000, 1)))
	w.put("show/narrapress.yaml", w.fill(`show: {title: Show, author: A. Author, language: en-US, description: A show., category: [Technology], explicit: false}
endpoints:
  studio: {preset: openai, url: "{site}/v1", key: "${STUDIO_KEY}", model: tts-1, retry: {attempts: 1}}
  here: {preset: flite}
voices: {narrator: {endpoint: here, voice: slt}, far: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
publish: {base_url: "https://example.org/podcast"}
`))
	w.put("show/post.md", "# A Post\n\nIt is said.\n")
	return w
}

// fill puts into a text where things stand: {site}, {port} of the canary, {root}.
func (w *world) fill(text string) string {
	return strings.NewReplacer("{site}", w.site.URL, "{port}", w.canary.port, "{root}", w.root).Replace(text)
}

// put writes a file of the world; {site} and the others are filled in.
func (w *world) put(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.root, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(w.fill(text)), 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// add appends to the show's file.
func (w *world) add(settings string) {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.show, "narrapress.yaml"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.put("show/narrapress.yaml", string(b)+settings)
}

// addUnder puts a setting into a map of the show's file.
func (w *world) addUnder(head, setting string) {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.show, "narrapress.yaml"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.put("show/narrapress.yaml", strings.Replace(string(b), head, head+setting, 1))
}

// far lets the show speak by the endpoint at the site.
func (w *world) far() {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.show, "narrapress.yaml"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.put("show/narrapress.yaml", strings.Replace(string(b), "body: narrator", "body: far", 1))
}

// link makes a symbolic link.
func (w *world) link(to, name string) {
	w.t.Helper()
	path := filepath.Join(w.root, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.Symlink(w.fill(to), path)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// huge makes a file of 10 GB that takes no room.
func (w *world) huge(name string) {
	w.t.Helper()
	w.put(name, "")
	if err := os.Truncate(filepath.Join(w.root, filepath.FromSlash(name)), 10e9); err != nil {
		w.t.Skipf("this file system has no files of 10 GB: %v", err)
	}
}

// pipe makes a named pipe, which nobody writes to.
func (w *world) pipe(name string) {
	w.t.Helper()
	path := filepath.Join(w.root, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = exec.Command("mkfifo", path).Run()
	}
	if err != nil {
		w.t.Skipf("no named pipes here: %v", err)
	}
}

// serves lets the site answer with a text.
func (w *world) serves(path, mediaType, text string) {
	w.mux.HandleFunc(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", mediaType)
		io.WriteString(rw, w.fill(text))
	})
}

// sends lets the site answer for ever.
func (w *world) sends(path, mediaType, head, more string) {
	part := bytes.Repeat([]byte(more), 1+1<<16/len(more))
	w.mux.HandleFunc(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", mediaType)
		io.WriteString(rw, head)
		for sent := 0; sent < 10e9; sent += len(part) {
			if _, err := rw.Write(part); err != nil {
				return
			}
		}
		w.t.Error("all of 10 GB were taken")
	})
}

// redirects lets the site send whoever asks elsewhere.
func (w *world) redirects(path, to string) {
	w.mux.HandleFunc(path, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Location", w.fill(to))
		rw.WriteHeader(http.StatusTemporaryRedirect)
	})
}

// read is a file of the world.
func (w *world) read(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// lacks fails where a file holds what it must not.
func (w *world) lacks(name string, bad ...string) {
	w.t.Helper()
	text := w.read(name)
	for _, b := range bad {
		if i := strings.Index(text, b); i >= 0 {
			w.t.Errorf("%s holds %q: …%s…", name, b, text[max(0, i-60):min(len(text), i+len(b)+60)])
		}
	}
}

// absent fails where there is such a file.
func (w *world) absent(name string) {
	w.t.Helper()
	if _, err := os.Lstat(filepath.Join(w.root, filepath.FromSlash(name))); err == nil {
		w.t.Errorf("there is a %s", name)
	}
}

// photo is a picture that could be a cover.
func photo(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 {
		m.Set(i, i, color.White)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// measured is a program that runs another one and writes the peak of its memory: FILE PROGRAM
// ARG…. It is small itself: on Linux a process has the peak of whoever started it.
func measured() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	code, err := exitCode(cmd.Run())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
	if err := os.WriteFile(os.Args[1], fmt.Appendf(nil, "%d\n", peak(cmd.ProcessState)), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
	os.Exit(code)
}
