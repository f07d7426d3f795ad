package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/growth"
)

// attack is something hostile, given to the program where a user would meet it,
// and what must be true afterwards. Beside what it says itself, of each holds:
// nothing was written outside of the output folder and the store, nothing that was
// there was changed, nobody was asked for anything who may not be, nothing secret
// was printed or written, nothing in the terminal but words, and time and memory
// were within bounds.
type attack struct {
	class, name string
	give        func(w *world) // what somebody else wrote
	args        []string       // of the program; {site}, {port} … are what world.fill says
	code        int            // that it ends with
	says        string         // a pattern in what it prints
	makes       string         // a file beside the output folder that it is asked to make
	then        func(w *world) // what else must be true
	try         func(w *world) // instead of args: what is asked of a package
	most        int64          // MiB of memory, its children's too; 0 is mostMemory
}

// Bounds of each attack, on a machine that does other things too. Most take a tenth
// of a second of CPU, the slowest two.
const (
	mostTime   = 60 * time.Second
	mostCPU    = 10 * time.Second
	mostMemory = 256 // MiB; a bomb that goes off takes thousands
)

// anyCode is of attacks that may leave something good behind, or nothing.
const anyCode = -1

// classes are those of docs/security.md, with the least number of attacks of each.
func classes() map[string]int {
	return map[string]int{
		"requests": 15, "paths": 10, "bombs": 15, "bodies": 5, "markup": 5, "sound": 12, "pictures": 4, "settings": 8, "folders": 6, "server": 6,
	}
}

// TestHostile is the answer to: what may whoever gives us something bring about?
func TestHostile(t *testing.T) {
	t.Parallel()
	var all []attack
	for _, some := range [][]attack{
		requestAttacks(), pathAttacks(), bombAttacks(), bodyAttacks(), markupAttacks(), soundAttacks(), pictureAttacks(), settingAttacks(), folderAttacks(), serverAttacks(),
	} {
		all = append(all, some...)
	}
	count := map[string]int{}
	for _, a := range all {
		count[a.class]++
	}
	for class, least := range classes() {
		if count[class] < least {
			t.Errorf("%d attacks of the class %s, and there should be %d", count[class], class, least)
		}
	}
	for _, a := range all {
		t.Run(a.class+"/"+a.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if a.give != nil {
				a.give(w)
			}
			before := w.files()
			if a.try != nil {
				a.try(w)
			} else {
				w.run(a)
			}
			w.intact(before, a.makes)
			if a.then != nil && !t.Failed() {
				a.then(w)
			}
		})
	}
}

// run runs the program, and compares what it says and takes with what it may.
func (w *world) run(a attack) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), mostTime)
	defer cancel()
	report := filepath.Join(w.root, "took")
	program, args := "narrapress", []string{}
	if a.heavy() {
		program, args = "measured", []string{report, "narrapress"}
	}
	for _, arg := range a.args {
		args = append(args, w.fill(arg))
	}
	cmd := exec.CommandContext(ctx, program, args...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Stdin = w.show, &out, &errs, w.stdin
	cmd.WaitDelay = time.Second
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.home, "TMPDIR=" + w.temp, "TZ=UTC", "LC_ALL=C.UTF-8",
		"NARRAPRESS_STORE=" + filepath.Join(w.home, "takes"), "STUDIO_KEY=" + secretKey, "OTHER_SECRET=" + secretOther,
	}
	code, err := exitCode(cmd.Run())
	w.said = out.String() + errs.String()
	switch {
	case ctx.Err() != nil:
		w.t.Fatalf("it was not done after %v; it said:\n%s", mostTime, w.said)
	case err != nil:
		w.t.Fatal(err)
	case code != a.code && a.code != anyCode:
		w.t.Errorf("exit code %d, want %d; it said:\n%s", code, a.code, cut(w.said))
	}
	if cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); cpu > mostCPU {
		w.t.Errorf("it took %v of CPU; the most is %v", cpu, mostCPU)
	}
	if a.heavy() {
		w.weigh(report, a.most)
	}
	if !regexp.MustCompile(w.fill(a.says)).MatchString(w.said) {
		w.t.Errorf("it does not say %q, but:\n%s", a.says, cut(w.said))
	}
	if lines := strings.Count("\n"+errs.String(), "\nnarrapress: "); a.code == 1 && lines != 1 {
		w.t.Errorf("it has %d lines of what went wrong, and there should be one:\n%s", lines, cut(errs.String()))
	}
}

// heavy says whether memory is measured, which takes a process more.
func (a *attack) heavy() bool { return a.class == "bombs" || a.class == "bodies" }

// weigh compares the peak of memory that was written down with the most that may be.
func (w *world) weigh(report string, most int64) {
	w.t.Helper()
	if most == 0 {
		most = mostMemory
	}
	var memory int64
	b, err := os.ReadFile(report)
	if err == nil {
		_, err = fmt.Sscan(string(b), &memory)
	}
	if err == nil {
		err = os.Remove(report)
	}
	if err != nil {
		w.t.Fatalf("what it took: %v", err)
	}
	if memory > most<<20 && !growth.Slowed {
		w.t.Errorf("it took %d MiB of memory; the most is %d", memory>>20, most)
	}
	w.t.Logf("%d MiB", memory>>20)
}

func cut(text string) string { return text[:min(len(text), 2000)] }

// intact is what must be true after every attack.
func (w *world) intact(before map[string]string, makes string) {
	w.t.Helper()
	if n := w.canary.asked.Load(); n > 0 {
		w.t.Errorf("%d connections came to where none may go", n)
	}
	for _, bad := range []string{"panic:", "goroutine ", "runtime error", "\x1b", "\a"} {
		if strings.Contains(w.said, bad) {
			w.t.Errorf("it printed %q:\n%s", bad, cut(w.said))
		}
	}
	after := w.files()
	for name, was := range before {
		if is, there := after[name]; !there {
			w.t.Errorf("%s is gone", name)
		} else if is != was && !w.mayWrite(name, makes) {
			w.t.Errorf("%s was changed", name)
		}
	}
	for name := range after {
		if _, there := before[name]; !there && !w.mayWrite(name, makes) {
			w.t.Errorf("%s was written", name)
		}
	}
	for _, secret := range []string{secretKey, secretOther, secretFile} {
		if strings.Contains(w.said, secret) {
			w.t.Errorf("it printed a secret:\n%s", cut(w.said))
		}
		for name := range after {
			if _, there := before[name]; there {
				continue
			}
			if b, err := os.ReadFile(filepath.Join(w.root, name)); err == nil && bytes.Contains(b, []byte(secret)) {
				w.t.Errorf("a secret stands in %s", name)
			}
		}
	}
}

// mayWrite says whether the program may write a file: below the output folder, the
// store and the cache, and what it was asked to make.
func (w *world) mayWrite(name, makes string) bool {
	for _, folder := range []string{"show/out", "home/takes", "home/.cache/narrapress"} {
		if name == folder || strings.HasPrefix(name, folder+"/") || strings.HasPrefix(folder, name+"/") {
			return true
		}
	}
	return makes != "" && name == filepath.Join("show", makes)
}

// files are all files of the world by their paths, with what would tell that they
// were changed.
func (w *world) files() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(w.root, path)
		is := info.Mode().String()
		if !d.IsDir() {
			is = fmt.Sprintf("%s %d %d", is, info.Size(), info.ModTime().UnixNano())
		}
		all[filepath.ToSlash(name)] = is
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
