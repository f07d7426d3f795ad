//go:build unix

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// manager is a service manager: the socket that services tell how they go.
type manager struct {
	path string

	mu   sync.Mutex
	told []string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	dir, err := os.MkdirTemp("", "sd") //nolint:usetesting // a socket's name is short
	if err != nil {
		t.Fatal(err)
	}
	m := &manager{path: filepath.Join(dir, "notify")}
	c, err := net.ListenPacket("unixgram", m.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); os.RemoveAll(dir) })
	go func() {
		b := make([]byte, 4096)
		for {
			n, _, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			m.mu.Lock()
			m.told = append(m.told, string(b[:n]))
			m.mu.Unlock()
		}
	}()
	return m
}

func (m *manager) heard(line string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.told {
		if l == line {
			return true
		}
	}
	return false
}

// served is a `narrapress serve` that runs.
type served struct {
	*exec.Cmd
	url  string
	errs bytes.Buffer
}

func startServe(t *testing.T, dir string, m *manager) *served {
	t.Helper()
	return start(t, dir, "serve", "NOTIFY_SOCKET="+m.path, "WATCHDOG_USEC=400000")
}

// start runs a command that serves, until it is ready.
func start(t *testing.T, dir, name string, env ...string) *served {
	t.Helper()
	return startWith(t, dir, []string{name}, env...)
}

func startWith(t *testing.T, dir string, args []string, env ...string) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	s := &served{Cmd: command(dir, append(args, "--listen", address)...), url: "http://" + address}
	s.Stderr = &s.errs
	s.Env = append(s.Env, env...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() })
	s.until(t, "it is ready", func() bool { code, _ := s.get("/readyz"); return code == 200 })
	return s
}

func (s *served) get(path string) (int, string) {
	res, err := http.Get(s.url + path)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

func (s *served) has(path, text string) func() bool {
	return func() bool { _, body := s.get(path); return strings.Contains(body, text) }
}

func (s *served) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			_ = s.Process.Kill()
			_ = s.Wait()
			t.Fatalf("it never came that %s; stderr:\n%s", what, s.errs.String())
		}
	}
}

// stop ends it as a service manager does.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("it ended with %v; stderr:\n%s", err, s.errs.String())
	}
}

// TestServe runs a server as a service manager does: posts are made as they are
// written, its file is read again or not, it stops in the middle of an episode
// and goes on with it the next time.
func TestServe(t *testing.T) {
	t.Parallel()
	studio, err := voicetest.New(t.Context(), voicetest.Options{Unlike: true, Delay: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	url, err := studio.Start("")
	if err != nil {
		t.Fatal(err)
	}
	defer studio.Close()
	notices := make(chan string, 10)
	desk := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		notices <- string(b)
	}))
	defer desk.Close()

	dir := t.TempDir()
	show := fmt.Sprintf(`
show: {id: lamp, title: "The Lamp", author: "A. Author", language: en-US, description: "Of lamps.", category: [Arts], explicit: false, cover: cover.png}
endpoints: {studio: {preset: openai, url: %q, price: {per_1m_chars: 10}, limits: {concurrency: 1}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: [{from: posts, watch: true}]
schedules: {nightly: {cron: 30 5 * * *}}
output: {store: takes, cache: sound}
publish: {base_url: "https://example.org/podcast"}
server: {grace: 300ms, jobs: 2}
notify: [{url: "%s/T0P-S3CRET", kind: ntfy}]
`, url, desk.URL)
	file := filepath.Join(dir, "narrapress.yaml")
	write(t, file, show)
	cover, err := os.Create(filepath.Join(dir, "cover.png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(cover, image.NewGray(image.Rect(0, 0, 1400, 1400))); err != nil {
		t.Fatal(err)
	}
	cover.Close()
	if err := os.Mkdir(filepath.Join(dir, "posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	post := func(name, text string) {
		t.Helper()
		write(t, filepath.Join(dir, "posts", name+".md"), "---\ntitle: "+name+"\ndate: 2026-11-01\n---\n\n"+text+"\n")
	}
	post("one", "A sentence of the first post.")

	m := newManager(t)
	s := startServe(t, dir, m)
	s.until(t, "the first post is in the feed", s.has("/feed.xml", "<title>one</title>"))
	if code, _ := s.get("/podcast/one/one.mp3"); code != 200 {
		t.Errorf("the sound that the feed names: %d", code)
	}
	for _, private := range []string{"/one/run.json", "/.runs/queue.db", "/one/manifest.json"} {
		if code, _ := s.get(private); code != 404 {
			t.Errorf("%s: %d", private, code)
		}
	}
	select {
	case n := <-notices:
		if !strings.Contains(n, "made: one") {
			t.Errorf("the notice is %q", n)
		}
	case <-time.After(10 * time.Second):
		t.Error("nobody was told of the run")
	}
	for _, want := range []string{
		`narrapress_episodes_total{show="lamp",state="made"} 1`, `narrapress_runs_total{result="complete",show="lamp"} 1`,
		`narrapress_requests_total{endpoint="studio",outcome="answered"}`, `narrapress_money_total{currency="USD",endpoint="studio"}`, "go_goroutines",
	} {
		s.until(t, want, s.has("/metrics", want))
	}
	s.until(t, "the status names the schedule", s.has("/status", "nightly"))
	s.until(t, "the desk lists the post", s.has("/desk/lamp/", "posts/one.md"))
	s.until(t, "the desk has the run", s.has("/desk/lamp/runs", "1 made"))

	// The show is taken, and says by whom.
	other := command(dir, "batch", "run")
	if out, err := other.CombinedOutput(); err == nil || !strings.Contains(string(out), "makes episodes of this show already") {
		t.Errorf("batch run beside it: %v, %s", err, out)
	}

	// A file that cannot be used is told of, and the one before goes on.
	write(t, file, show+"colour: red\n")
	s.until(t, "the broken file is on the status page", s.has("/status", "unknown key colour"))
	s.until(t, "the broken file is counted", s.has("/metrics", `narrapress_reload_failures_total{show="lamp"} 1`))
	post("two", "A sentence of the second post.")
	s.until(t, "a post is made by the file as it was", s.has("/feed.xml", "<title>two</title>"))
	if code, _ := s.get("/readyz"); code != 200 {
		t.Errorf("it is not ready for a broken file: %d", code)
	}
	// The host that it is now uploaded to is not there yet.
	host := filepath.Join(dir, "host")
	write(t, host, "no folder")
	write(t, file, strings.NewReplacer("The Lamp", "The Lantern", `podcast"}`, fmt.Sprintf(`podcast", to: "file://%s"}`, host)).Replace(show))
	s.until(t, "the mended file is used", s.has("/status", "The Lantern"))
	if err := s.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	s.until(t, "it reads again on SIGHUP", func() bool { return m.heard("RELOADING=1") })
	if !m.heard("READY=1") || !m.heard("WATCHDOG=1") {
		t.Errorf("the service manager heard %q", m.told)
	}

	// It is stopped while an episode is made: what is kept is not asked for again.
	var long strings.Builder
	for i := range 20 {
		fmt.Fprintf(&long, "Sentence number %d of the third post is long enough to be a segment of its own, as eighty characters are.\n\n", i)
	}
	before := studio.Stats().Answered
	post("three", long.String())
	s.until(t, "the third post is under way", func() bool { return studio.Stats().Answered >= before+3 })
	s.stop(t)
	if !m.heard("STOPPING=1") {
		t.Error("the service manager was not told of the stop")
	}
	kept := studio.Stats().Answered
	s = startServe(t, dir, newManager(t))
	s.until(t, "the third post is made", s.has("/feed.xml", "<title>three</title>"))
	s.until(t, "it says that nothing is uploaded", s.has("/status", "tries that failed: "))
	if err := os.Remove(host); err != nil {
		t.Fatal(err)
	}
	// It would try by itself in half a minute; who mended something need not wait.
	if err := s.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	s.until(t, "it uploads without another run", func() bool {
		feed, _ := os.ReadFile(filepath.Join(host, "feed.xml"))
		return bytes.Contains(feed, []byte("<title>three</title>"))
	})
	s.until(t, "nothing is to be uploaded", s.has("/metrics", `narrapress_unpublished_seconds{show="lamp"} 0`))
	// 20 sentences and a title; at most the one that was on its way is asked for twice.
	if all := studio.Stats().Answered - before; all > 23 || kept-before >= all {
		t.Errorf("%d requests were answered for 21 segments, %d before the stop", all, kept-before)
	}
	s.stop(t)
	if strings.Contains(s.errs.String(), "S3CRET") {
		t.Error("the log gives a secret away")
	}
	if out, err := command(dir, "inspect", "--verify", "out/three").CombinedOutput(); err != nil {
		t.Errorf("inspect: %v\n%s", err, out)
	}
}
