//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// addresses are those that pages name; here they are free ones.
var addresses = []string{"127.0.0.1:8880", "127.0.0.1:8470"}

// TestDocsRun runs the commands of every page, in their order, in a folder that
// has what the page takes its reader to have: testdata/docs/PAGE.txtar. Where a
// page shows what is said, that is compared, but for the numbers in it. In the
// comment of such a world, `NAME < FILE` copies a file of the repository, and
// `$ COMMAND` is what the reader did before.
func TestDocsRun(t *testing.T) {
	t.Parallel()
	store := t.TempDir() // one for all: what is spoken is not what is tried here
	for _, p := range pages(t) {
		if !slices.ContainsFunc(p.blocks, block.runs) {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t, p, store)
			ran, left := 0, []string{}
			for _, b := range p.blocks {
				file, addTo := b.marks["file"], b.marks["add to"]
				switch {
				case file != "":
					r.write(filepath.Join(r.dir, file), b.text)
				case addTo != "":
					was, err := os.ReadFile(filepath.Join(r.dir, addTo))
					if err != nil {
						t.Fatalf("%s: %v", b.where(), err)
					}
					r.write(filepath.Join(r.dir, addTo), string(was)+b.text)
				case !b.is("sh", "console"):
				case !b.runs():
					left = append(left, fmt.Sprintf("line %d: %s", b.line, b.marks["not run"]))
				default:
					r.follow(b)
					ran++
				}
			}
			t.Logf("%d blocks were run, %d not%s", ran, len(left), strings.Join(append([]string{""}, left...), "\n\t"))
		})
	}
}

// Whoever does not run a block says why.
func TestDocsReasons(t *testing.T) {
	t.Parallel()
	ran, left := 0, 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if !b.is("sh", "console") {
				continue
			}
			reason, isLeft := b.marks["not run"]
			switch {
			case !isLeft:
				ran++
			case len(reason) < 10:
				t.Errorf("%s: the reason %q says nothing", b.where(), reason)
			default:
				left++
				t.Logf("%s is not run: %s", b.where(), reason)
			}
		}
	}
	t.Logf("%d blocks are run, %d are not", ran, left)
}

func (b block) runs() bool {
	_, left := b.marks["not run"]
	return b.is("sh", "console") && !left
}

// reader is somebody who follows a page.
type reader struct {
	*testing.T
	home, dir string // dir is where the last block ended
	env       []string
	here      map[string]string // address in the page → address here
}

func newReader(t *testing.T, p docPage, store string) *reader {
	t.Helper()
	r := &reader{T: t, home: t.TempDir(), here: map[string]string{}}
	r.dir = filepath.Join(r.home, "show")
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		r.here[address] = l.Addr().String()
		l.Close()
	}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "NARRAPRESS_") {
			r.env = append(r.env, v)
		}
	}
	r.env = append(r.env, "HOME="+r.home, "NARRAPRESS_STORE="+store, "NARRAPRESS_SERVER_LISTEN="+r.here[addresses[1]])
	world := filepath.Join("testdata", "docs", strings.TrimSuffix(filepath.Base(p.name), ".md")+".txtar")
	a, err := txtar.ParseFile(world)
	if os.IsNotExist(err) {
		return r // the page begins with nothing
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		r.write(filepath.Join(r.dir, f.Name), string(f.Data))
	}
	for line := range strings.Lines(string(a.Comment)) {
		line = strings.TrimSpace(line)
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			r.run(block{page: world}, command, "")
		} else if name, from, ok := strings.Cut(line, " < "); ok {
			data, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(from)))
			if err != nil {
				t.Fatal(err)
			}
			r.write(filepath.Join(r.dir, name), string(data))
		}
	}
	return r
}

func (r *reader) write(name, text string) {
	r.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.Fatal(err)
	}
	write(r.T, name, r.translate(text))
}

// translate puts the addresses that are here into what a page says.
func (r *reader) translate(text string) string {
	for there, here := range r.here {
		text = strings.ReplaceAll(text, there, here)
	}
	return text
}

// follow runs a block.
func (r *reader) follow(b block) {
	r.Helper()
	switch _, background := b.marks["background"]; {
	case background:
		r.serve(b)
	case b.is("sh"):
		r.run(b, b.text, b.marks["exits"])
	default:
		want := strings.Split(b.text, "$ ")
		for i, command := range commandsOf(b.text) {
			_, says, _ := strings.Cut(want[i+1], "\n")
			if said := r.run(b, command, b.marks["exits"]); !alike(r.translate(says), said) {
				r.Errorf("%s: %s says\n%s\nand the page\n%s", b.where(), command, said, says)
			}
		}
	}
}

// run runs a script by sh, and is what it said.
func (r *reader) run(b block, script, exits string) string {
	r.Helper()
	at := filepath.Join(r.home, ".at")
	cmd := exec.CommandContext(r.Context(), "sh", "-euc", "trap 'pwd >"+at+"' EXIT\n"+r.translate(script))
	cmd.Dir, cmd.Env = r.dir, r.env
	out, err := cmd.CombinedOutput()
	code, err := exitCode(err)
	if err != nil {
		r.Fatalf("%s: %v", b.where(), err)
	}
	if exits == "" {
		exits = "0"
	}
	if got := fmt.Sprint(code); got != exits {
		r.Fatalf("%s: exit code %s, want %s, of\n%s\n%s", b.where(), got, exits, script, out)
	}
	dir, err := os.ReadFile(at)
	if err != nil {
		r.Fatal(err)
	}
	r.dir = strings.TrimSpace(string(dir))
	return string(out)
}

// serve begins a command that serves, and waits until it does.
func (r *reader) serve(b block) {
	r.Helper()
	lines, err := commandLines(r.translate(b.text))
	if err != nil || len(lines) != 1 {
		r.Fatalf("%s: one command can be in the background (%v)", b.where(), err)
	}
	address := r.here[addresses[1]]
	if i := slices.Index(lines[0], "--listen"); i >= 0 && i+1 < len(lines[0]) {
		address = lines[0][i+1]
	}
	cmd := exec.CommandContext(r.Context(), "narrapress", lines[0]...)
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &out
	if err := cmd.Start(); err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { _ = cmd.Wait() }) // the context has ended before
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			_ = cmd.Cancel()
			_ = cmd.Wait()
			r.Fatalf("%s: nobody listens at %s: %v\n%s", b.where(), address, err, out.String())
		}
	}
}

// numbers are what is another one at each run: times, sizes, levels, hashes.
var numbers = regexp.MustCompile(`-?\d+(?:\\?[.:,]\d+)*`)

// alike says whether a page shows what was said: in a line "…" is any text,
// alone in a line any lines, and a number any number.
func alike(page, said string) bool {
	var b strings.Builder
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch line {
		case "":
			continue
		case "…":
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		line = regexp.QuoteMeta(strings.Join(strings.Fields(line), " "))
		line = strings.ReplaceAll(numbers.ReplaceAllString(line, "@"), "…", ".*")
		b.WriteString(strings.ReplaceAll(line, "@", `-?\d[\d.:,]*`) + `\n`)
	}
	var lines strings.Builder
	for line := range strings.Lines(said) {
		if words := strings.Fields(line); len(words) > 0 {
			lines.WriteString(strings.Join(words, " ") + "\n")
		}
	}
	return regexp.MustCompile(`^` + b.String() + `$`).MatchString(lines.String())
}

func TestAlike(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		page, said string
		want       bool
	}{
		"the same":            {"made\n  of 3 takes\n", "made\n  of 3 takes\n", true},
		"another number":      {"took  0:02, -16.0 LUFS\n", "took  0:13, -15.98 LUFS\n", true},
		"another word":        {"made one\n", "made two\n", false},
		"no number":           {"took 3\n", "took long\n", false},
		"a line more":         {"made\n", "made\nand more\n", false},
		"a line less":         {"made\nand more\n", "made\n", false},
		"lines left out":      {"made\n…\nend\n", "made\na\nb\nend\n", true},
		"none of them":        {"made\n…\nend\n", "made\nend\n", true},
		"words left out":      {"from … to b\n", "from a, c to b\n", true},
		"signs are no rules":  {"a.b (c)*\n", "a.b (c)*\n", true},
		"signs are no rules2": {"a.b\n", "axb\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := alike(tt.page, tt.said); got != tt.want {
				t.Errorf("alike is %t", got)
			}
		})
	}
}
