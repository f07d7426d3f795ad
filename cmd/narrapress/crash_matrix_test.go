package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/faults"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// row is a command of the crash matrix, and the world that it is given in.
type row struct {
	name     string
	settings string            // of the show, beside those of all
	before   func(w *workshop) // what was done and written earlier
	args     []string
	until    func(w *workshop) bool // of a command that does not end by itself: it has done its work
	sample   bool                   // it is in make test, too
	episodes int                    // that are made at once; 0 is one
	long     bool                   // it takes seconds: a quarter of the points
	bucket   bool                   // a folder that other machines see is behind store and cache
	machine  bool                   // that is killed and never seen again: another goes on, with the bucket alone
}

// workshop is a show in a folder that every fault finds as it was before the
// command was given for the first time:
//
//	now/show/   the working folder, with its store, its cache and its episodes
//	now/www/    where upload sends
//	now/shared/ what other machines see, where there is a bucket
//	now/home/   now/temp/
type workshop struct {
	t                  *testing.T
	row                row
	server             *voicetest.Server
	root, was, now     string
	calm               state
	answered, requests int            // of a calm run
	ops                []faults.Op    // of a calm run
	outcomes           map[string]int // what was done, for the log
	reported           int            // runs of batches and servers, when the command began
}

// slots is the endpoint's concurrency, and what a kill may cost: an answer holds its
// place there until it is stored. One that cannot be stored gives it to the next: so a
// disk that fails may cost as many as are under way.
const (
	slots    = 2
	underway = slots + slots/2
)

// firstText has more segments than may be under way at once.
const firstText = "The lamp was lit.\n\n> It burned.\n\nIt smoked.\n\nNobody came."

// lasting bounds one run of a program: a batch whose database cannot be written
// waits for it for two minutes, and others use the machine, too.
const lasting = 4 * time.Minute

// errLate is a run that was not done by then: a hang, or a machine under too much load.
var errLate = fmt.Errorf("it was not done after %v", lasting)

func newWorkshop(t *testing.T, r row) *workshop {
	t.Helper()
	server, url := speaking(t, voicetest.Options{})
	root := t.TempDir()
	w := &workshop{t: t, row: r, server: server, root: root, was: filepath.Join(root, "was"), now: filepath.Join(root, "now"), outcomes: map[string]int{}}
	for _, dir := range []string{"show/posts", "home", "temp"} {
		if err := os.MkdirAll(filepath.Join(w.now, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, w.file("show/cover.jpg"), photo(t))
	output := "dir: out, store: takes, cache: sound"
	if r.bucket {
		if err := os.Mkdir(w.file("shared"), 0o755); err != nil {
			t.Fatal(err)
		}
		output += fmt.Sprintf(", bucket: %q", "file://"+filepath.ToSlash(w.file("shared")))
	}
	write(t, w.file("show/narrapress.yaml"), fmt.Sprintf(`
show: {id: lamp, title: "The Lamp", author: "A. Author", language: en-US, description: "Of lamps.", category: [Arts], explicit: false, cover: cover.jpg}
endpoints: {studio: {preset: openai, url: %q, key: none, price: {free: true}, limits: {concurrency: %d}}}
voices: {narrator: {endpoint: studio, voice: alloy}, second: {endpoint: studio, voice: echo}}
roles: {body: narrator, quote: second}
sources: [{from: posts, watch: true}]
output: {%s}
publish: {base_url: "https://example.org/podcast", to: "file://%s"}
%s`, url, slots, output, filepath.ToSlash(w.file("www")), r.settings))
	w.post("one", firstText)
	if r.before != nil {
		r.before(w)
	}
	if err := os.Rename(w.now, w.was); err != nil {
		t.Fatal(err)
	}
	w.restore()
	before := server.Stats()
	out, err := w.watched(func(op faults.Op) faults.Verdict {
		w.ops = append(w.ops, op)
		return faults.Verdict{}
	})
	if errors.Is(err, faults.ErrUnsupported) {
		t.Skipf("%v: %s", err, out)
	}
	if err != nil {
		t.Fatalf("the calm run: %v\n%s", err, out)
	}
	w.answered, w.requests = server.Stats().Answered-before.Answered, server.Stats().Requests-before.Requests
	w.calm = w.look()
	if len(w.ops) < 5 || len(w.calm.files) < 5 {
		t.Fatalf("the calm run does %d file operations and leaves %d files", len(w.ops), len(w.calm.files))
	}
	return w
}

// reports is how many runs of batches or servers have been reported.
func (w *workshop) reports() int {
	all, _ := filepath.Glob(w.file("show/out/.runs/*.txt"))
	return len(all)
}

// file is a path of the workshop.
func (w *workshop) file(name string) string { return filepath.Join(w.now, filepath.FromSlash(name)) }

// post writes a post, an hour ago: what is younger may not be whole yet, and batches
// let it be.
func (w *workshop) post(name, text string) {
	w.t.Helper()
	path, then := w.file("show/posts/"+name+".md"), time.Now().Add(-time.Hour)
	write(w.t, path, fmt.Sprintf("---\ntitle: %s\ndate: 2026-11-01\n---\n\n%s\n", name, text))
	if err := os.Chtimes(path, then, then); err != nil {
		w.t.Fatal(err)
	}
}

// did gives a command of an earlier day.
func (w *workshop) did(args ...string) {
	w.t.Helper()
	if out, err := w.command(args...).CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// restore brings everything back to how it was before the command.
func (w *workshop) restore() {
	w.t.Helper()
	if err := os.RemoveAll(w.now); err != nil {
		w.t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", w.was, w.now).CombinedOutput(); err != nil { // with times and hard links
		w.t.Fatalf("%v: %s", err, out)
	}
}

func (w *workshop) command(args ...string) *exec.Cmd {
	cmd := exec.Command("narrapress", args...)
	cmd.Dir = w.file("show")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.file("home"), "TMPDIR=" + w.file("temp"), "TZ=UTC", "LC_ALL=C.UTF-8"}
	return cmd
}

// run gives the command, without faults.
func (w *workshop) run() (string, error) {
	cmd := w.command(w.row.args...)
	return w.finish(cmd, cmd.Run)
}

// watched gives the command, with a verdict on every file operation.
func (w *workshop) watched(judge func(faults.Op) faults.Verdict) (string, error) {
	cmd := w.command(w.row.args...)
	return w.finish(cmd, func() error { return faults.Watch(cmd, "watched", judge) })
}

// finish waits for a command; it stops one that does not end by itself, where it is
// done or waits for somebody to make room.
func (w *workshop) finish(cmd *exec.Cmd, run func() error) (string, error) {
	w.t.Helper()
	var out said
	cmd.Stdout, cmd.Stderr = &out, &out
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	asked := false
	w.reported = w.reports()
	for late := time.After(lasting); ; {
		select {
		case err := <-ended:
			return out.String(), err
		case <-tick.C:
			if w.row.until == nil || asked {
				continue
			}
			over := w.row.until(w) || strings.Contains(out.String(), "disk is full")
			if p := w.serving(); p != nil && over {
				asked = true
				_ = p.Signal(syscall.SIGTERM)
			}
		case <-late:
			_ = cmd.Process.Kill()
			<-ended
			return out.String(), errLate
		}
	}
}

// after is what must be true once the command was disturbed: what others see is
// whole, and the same command, given again, leaves exactly what a calm run leaves.
func (w *workshop) after(fault string, answeredBefore int) {
	w.t.Helper()
	w.whole(fault)
	answeredAtFault := w.server.Stats().Answered
	if w.row.machine {
		w.forget("show/takes", "show/sound", "show/out", "home", "temp")
	}
	out, err := w.run()
	if err != nil {
		w.t.Errorf("%s: the same command again: %v\n%s", fault, err, cut(out))
		return
	}
	w.whole(fault + ", and the command again")
	each := underway
	if strings.HasPrefix(fault, "killed") {
		each = slots
	}
	most := w.answered + each*max(1, w.row.episodes)
	if n := w.server.Stats().Answered - answeredBefore; n > most {
		w.t.Errorf("%s: %d requests were answered, %d of them at last; a calm run's %d and those under way allow %d:\n%s",
			fault, n, w.server.Stats().Answered-answeredAtFault, w.answered, most, cut(out))
	}
	if different := w.calm.differs(w.look()); len(different) > 0 {
		w.t.Errorf("%s: not as after a calm run:\n  %s\nit said:\n%s", fault, strings.Join(different, "\n  "), cut(out))
	}
}

// forget removes folders that went with their machine, and what was in them.
func (w *workshop) forget(folders ...string) {
	w.t.Helper()
	for _, f := range folders {
		if err := os.RemoveAll(w.file(f)); err != nil {
			w.t.Fatal(err)
		}
		if f == "home" || f == "temp" { // every machine has them
			if err := os.Mkdir(w.file(f), 0o755); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// stages are the operations at which a fault is of its own kind: all of them, but of
// many writes into one file in a row the first two and the last. Of more than
// most, so many are taken, spread over all.
func (w *workshop) stages(of func(faults.Op) bool, most int) []faults.Op {
	var all []faults.Op
	for i, op := range w.ops {
		like := func(k int) bool {
			return k >= 0 && k < len(w.ops) && w.ops[k].Writes() && op.Writes() && w.ops[k].Path == op.Path
		}
		if of(op) && !(like(i-2) && like(i-1) && like(i+1)) {
			all = append(all, op)
		}
	}
	if w.row.long && most > 0 {
		most = max(1, most/4)
	}
	if most <= 0 || len(all) <= most {
		return all
	}
	var some []faults.Op
	for i := range most {
		some = append(some, all[(2*i+1)*len(all)/(2*most)])
	}
	return some
}

// killed says whether a command ended by a kill.
func killed(err error) bool {
	exit := new(exec.ExitError)
	return errors.As(err, &exit) && exit.ExitCode() == -1
}

// count notes what was done, for the figures.
func (w *workshop) count(what string) { w.outcomes[what]++ }

func (w *workshop) figures() string {
	var out []string
	for what, n := range w.outcomes {
		out = append(out, fmt.Sprintf("%s %d", what, n))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// said is what a command says, and may be read while it speaks.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
