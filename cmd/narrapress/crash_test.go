package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var crashes = flag.Int("kills", 2, "how often TestKilledUnderFaults kills a production; from 10 on posts are long, and TestKilledAtInstants kills at thirty instants, not at six")

// crash is how much the crash tests do: enough to see that what was answered is
// lost, or as much as make crash.
type crash struct {
	paragraphs  int // of the post, each a segment or more
	concurrency int // of the endpoint: what a kill may cost
	at          []instant
}

func newCrash(r *rand.Rand) crash {
	if *crashes < 10 {
		return crash{14, 2, instants(r, 14, [...]int{0, 3, 0, 2, 1}, 80*time.Millisecond)}
	}
	return crash{40, 4, instants(r, 56, [...]int{2, 14, 2, 7, 3}, 300*time.Millisecond)}
}

// instant is when a run is killed: a while after a stage begins, or after the
// server has answered so many requests in all.
type instant struct {
	stage    string
	answered int
	after    time.Duration
}

// instants are spread over a run: so many while it begins, while it asks, while
// it mixes, while it masters, which takes so long or longer, and while it publishes.
func instants(r *rand.Rand, segments int, n [5]int, mastering time.Duration) []instant {
	up := func(d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }
	var at []instant
	for range n[0] {
		at = append(at, instant{stage: "read", after: up(3 * time.Millisecond)}, instant{stage: "script", after: up(3 * time.Millisecond)})
	}
	for i := range n[1] {
		at = append(at, instant{answered: 1 + i*segments/n[1], after: up(60 * time.Millisecond)})
	}
	for range n[2] {
		at = append(at, instant{stage: "mix", after: up(2 * time.Millisecond)})
	}
	for range n[3] {
		at = append(at, instant{stage: "master", after: up(mastering)})
	}
	for range n[4] {
		at = append(at, instant{stage: "publish", after: up(8 * time.Millisecond)})
	}
	return at
}

// TestKilledAtInstants kills one production again and again, with an
// endpoint that never speaks a text twice alike. What was answered is kept;
// the last run's episode is whole. make crash does it at thirty instants.
func TestKilledAtInstants(t *testing.T) {
	t.Parallel()
	c := newCrash(rand.New(rand.NewPCG(1, 2)))
	server, err := voicetest.New(t.Context(), voicetest.Options{Unlike: true, Seed: 7, Delay: 25 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	url, err := server.Start("")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()

	dir := t.TempDir()
	write(t, filepath.Join(dir, "narrapress.yaml"), fmt.Sprintf(`
show: {author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: %q, limits: {concurrency: %d}}}
voices: {narrator: {endpoint: studio, voice: alloy}, second: {endpoint: studio, voice: echo}}
roles: {body: narrator, quote: second}
output: {store: takes, cache: sound}
`, url, c.concurrency))
	write(t, filepath.Join(dir, "post.md"), longPost(c.paragraphs))

	kills, asking := 0, 0
	for i, at := range c.at {
		if at.stage == "master" { // with blocks to be made
			if err := os.RemoveAll(filepath.Join(dir, "sound")); err != nil {
				t.Fatal(err)
			}
		}
		// Fresh, so that a run that ended before it could be killed does not
		// keep the next from beginning.
		killed, out := killAt(t, dir, server, at, "produce", "post.md", "--fresh", "-v")
		if killed {
			kills++
			if at.stage == "" || at.stage == "read" || at.stage == "script" { // not behind the last answer
				asking++
			}
		} else if strings.Contains(out, "level=ERROR") || strings.Contains(out, "narrapress: ") {
			t.Fatalf("run %d (%+v) failed by itself:\n%s", i, at, out)
		}
	}
	if kills < len(c.at)*5/6 {
		t.Errorf("only %d of %d runs were killed before they ended", kills, len(c.at))
	}
	if out, err := command(dir, "produce", "post.md").CombinedOutput(); err != nil {
		t.Fatalf("the last run: %v\n%s", err, out)
	}
	if out, err := command(dir, "inspect", "out/post", "--verify").CombinedOutput(); err != nil {
		t.Errorf("inspect: %v\n%s", err, out)
	}
	m, err := publish.ReadManifest(filepath.Join(dir, "out", "post"))
	if err != nil {
		t.Fatal(err)
	}
	stats := server.Stats()
	if most := len(m.Takes) + c.concurrency*asking; stats.Answered > most {
		t.Errorf("%d requests were answered; %d segments and %d kills while it asked allow %d", stats.Answered, len(m.Takes), asking, most)
	}
	t.Logf("%d segments, %d kills, %d requests answered", len(m.Takes), kills, stats.Answered)

	// Every take is the one that was stored first: the episode can be made
	// again from the store, to the byte, with the server gone.
	server.Close()
	before := folderOf(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	if out, err := command(dir, "produce", "post.md").CombinedOutput(); err != nil {
		t.Fatalf("from the store alone: %v\n%s", err, out)
	}
	if after := folderOf(t, dir); !maps.Equal(before, after) {
		t.Error("made again from the store, the episode has other bytes")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "out", ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestKilledUnderFaults kills a production again and again, at an endpoint of
// which a third of the answers is faulty: no more requests are answered than
// those of a calm run at the same endpoint, and of each kill those in flight.
// make crash does it fifty times.
func TestKilledUnderFaults(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	kills, c := max(1, *crashes), newCrash(r)
	faults := []voicetest.Fault{
		voicetest.TooFast(), voicetest.TooFast("Retry-After-Ms", "20"), voicetest.Status(500, "server_error", "", "Oops."),
		voicetest.HTML(), voicetest.JSONError(), voicetest.Empty(), voicetest.BareWAV(), voicetest.CutWAV(), voicetest.CutBody(), voicetest.Silent(), voicetest.Reset(),
	}
	studio := func(seed uint64) (*voicetest.Server, string) {
		r := rand.New(rand.NewPCG(seed, 5))
		var mu sync.Mutex
		server, url := speaking(t, voicetest.Options{Unlike: true, Seed: seed, Delay: 15 * time.Millisecond, Faults: func(int) voicetest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if r.Float64() < 0.3 {
				return faults[r.IntN(len(faults))]
			}
			return nil
		}})
		dir := t.TempDir()
		write(t, filepath.Join(dir, "narrapress.yaml"), fmt.Sprintf(`
show: {author: "A. Author", language: en-US}
endpoints:
  studio:
    preset: openai
    url: %q
    limits: {concurrency: %d}
    retry: {base: 10ms, cap: 100ms, attempts: 10}
    breaker: {rest: 100ms}
voices: {narrator: {endpoint: studio, voice: alloy}, second: {endpoint: studio, voice: echo}}
roles: {body: narrator, quote: second}
output: {store: takes}
`, url, c.concurrency))
		write(t, filepath.Join(dir, "post.md"), longPost(c.paragraphs))
		return server, dir
	}
	finish := func(dir string) {
		t.Helper()
		// Three answers to one segment may be of no use, one after another:
		// then what is finished is kept, and the program is run again.
		var out []byte
		for range 5 {
			var err error
			if out, err = command(dir, "produce", "post.md").CombinedOutput(); err == nil {
				return
			}
		}
		t.Fatalf("it does not come to an end:\n%s", out)
	}

	calm, calmDir := studio(11)
	finish(calmDir)
	most := calm.Stats().Answered

	server, dir := studio(12)
	segments, killed := most, 0
	for i := range kills {
		at := instant{answered: 1 + i*segments/kills, after: time.Duration(r.Int64N(int64(40 * time.Millisecond)))}
		if ok, _ := killAt(t, dir, server, at, "produce", "post.md", "--fresh", "-v"); ok {
			killed++
		}
	}
	if killed < (kills+1)/2 {
		t.Errorf("only %d of %d runs were killed before they ended", killed, kills)
	}
	finish(dir)
	if out, err := command(dir, "inspect", "out/post", "--verify").CombinedOutput(); err != nil {
		t.Errorf("inspect: %v\n%s", err, out)
	}
	stats := server.Stats()
	if bound := most + c.concurrency*killed; stats.Answered > bound {
		t.Errorf("%d requests were answered; a calm run's %d and %d kills allow %d", stats.Answered, most, killed, bound)
	}
	t.Logf("calm: %d answered of %d requests; %d kills: %d answered of %d", most, calm.Stats().Requests, killed, stats.Answered, stats.Requests)
}

// killAt runs the program and kills it at the instant; it says whether the
// program was still running then, and what it wrote to standard error.
func killAt(t *testing.T, dir string, server *voicetest.Server, at instant, args ...string) (bool, string) {
	t.Helper()
	cmd := command(dir, args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	begun, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(stderr)
		once := false
		for lines.Scan() {
			fmt.Fprintln(&out, lines.Text())
			if !once && at.stage != "" && strings.Contains(lines.Text(), "stage begins") && strings.Contains(lines.Text(), "stage="+at.stage) {
				once = true
				close(begun)
			}
		}
		_, _ = io.Copy(&out, stderr)
	}()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
wait:
	for {
		select {
		case <-begun:
			break wait
		case <-ended:
			break wait
		case <-tick.C:
			if at.stage == "" && server.Stats().Answered >= at.answered {
				break wait
			}
		}
	}
	time.Sleep(at.after)
	_ = cmd.Process.Kill()
	<-ended
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode() == -1, out.String()
}

// speaking is an endpoint that speaks until the test ends.
func speaking(t *testing.T, o voicetest.Options) (server *voicetest.Server, url string) {
	t.Helper()
	server, err := voicetest.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if url, err = server.Start(""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server, url
}

func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("narrapress", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	return cmd
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// folderOf is what is published of the episode.
func folderOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "out", "post", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if name := filepath.Base(path); name == publish.RunName || strings.HasPrefix(name, "report") {
			continue // facts of one run
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(b)
	}
	return files
}

// longPost is a post of n paragraphs, each a segment of its own, under headings and with quotes.
func longPost(n int) string {
	var b strings.Builder
	b.WriteString("---\ntitle: A long walk\ndate: 2026-11-01\n---\n\n")
	for i := range n {
		if i%8 == 4 {
			fmt.Fprintf(&b, "## Part %d\n\n", i/8+1)
		}
		if i%7 == 3 {
			b.WriteString("> ")
		}
		fmt.Fprintf(&b, "On day %d we walked along the river until the light was gone, and slept in a barn.\n\n", i+1)
	}
	return b.String()
}
