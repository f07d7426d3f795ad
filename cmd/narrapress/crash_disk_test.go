package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/faults"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// TestCrashSmallDisk produces on a file system of memory that is full somewhere on the
// way: writes come short there, and then nothing fits. With more room, the same
// command goes on.
func TestCrashSmallDisk(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	w := newWorkshop(t, row{name: "produce", args: []string{"produce", "posts/one.md"}})
	used, err := exec.Command("du", "-sk", w.now).Output()
	if err != nil {
		t.Fatal(err)
	}
	var before, all int
	if _, err := fmt.Sscan(string(used), &all); err != nil {
		t.Fatal(err)
	}
	if used, err = exec.Command("du", "-sk", w.was).Output(); err == nil {
		_, err = fmt.Sscan(string(used), &before)
	}
	if err != nil {
		t.Fatal(err)
	}
	parts := 12
	if smoke() {
		parts = 1
	}
	said := 0
	for i := range parts {
		room := before + 40 + (all-before)*i/parts // KiB
		if err := os.RemoveAll(w.now); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(w.now, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", room), "none", w.now).CombinedOutput(); err != nil {
			t.Skipf("no file system can be mounted here: %v: %s", err, out)
		}
		func() {
			defer func() {
				if out, err := exec.Command("umount", w.now).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}()
			if out, err := exec.Command("cp", "-a", w.was+"/.", w.now).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			answered := w.server.Stats().Answered
			fault := fmt.Sprintf("%d KiB of disk", room)
			out, err := w.run()
			if err != nil {
				said++
				w.failed(fault, out, "full")
			}
			if out, err := exec.Command("mount", "-o", "remount,size=64m", w.now).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			w.after(fault, answered)
		}()
	}
	if said == 0 {
		t.Error("it never said that the disk is full")
	}
	t.Logf("%d small disks, of which %d were full", parts, said)
}

// TestCrashFullAtRelease has no room left once an episode is whole and is to take the
// place of the last.
func TestCrashFullAtRelease(t *testing.T) {
	t.Parallel()
	i := slices.IndexFunc(rows(), func(r row) bool { return r.name == "produce again" })
	w := newWorkshop(t, rows()[i])
	full := columns()[slices.IndexFunc(columns(), func(c column) bool { return c.name == "disk full" })]
	full.at = func(op faults.Op) bool { return strings.HasSuffix(op.Path, "/.incoming") }
	w.disturb(full, faults.Op{})
	if w.outcomes["disk full, and it said so"] != 1 {
		t.Errorf("it was not full: %s", w.figures())
	}
}

// TestCrashTwoAtOnce gives two commands at once, on one store and one output folder.
func TestCrashTwoAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		first, second string
		episodes      int
	}{
		{"the same post", "posts/one.md", "posts/one.md", 1},
		{"two posts of one name", "posts/one.md", "more/one.md", 2},
	} {
		if tt.episodes == 1 && smoke() {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, row{name: "produce", args: []string{"produce", tt.first}, before: func(w *workshop) {
				write(t, w.file("show/posts/one.md"), longPost(4))
				if err := os.Mkdir(w.file("show/more"), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, w.file("show/more/one.md"), strings.ReplaceAll(longPost(4), "barn", "hayloft"))
			}})
			w.restore()
			answered := w.server.Stats().Answered
			type result struct {
				out string
				err error
			}
			ends := make(chan result, 2)
			for _, post := range []string{tt.first, tt.second} {
				cmd := w.command("produce", post)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				go func() { err := cmd.Wait(); ends <- result{out.String(), err} }()
			}
			for range 2 {
				r := <-ends
				busy := tt.episodes == 1 && strings.Contains(r.out, "another narrapress is making this episode")
				if r.err != nil && !busy {
					t.Errorf("%v:\n%s", r.err, cut(r.out))
				}
			}
			w.whole("two at once")
			if n := w.server.Stats().Answered - answered; n > w.answered*tt.episodes {
				t.Errorf("%d requests were answered; %d segments are to be spoken in %d episodes", n, w.answered, tt.episodes)
			}
			made, err := filepath.Glob(w.file("show/out/[^.]*/" + publish.ManifestName))
			if err != nil || len(made) != tt.episodes {
				t.Errorf("there is %v, %v", made, err)
			}
			for name := range w.look().files {
				if strings.Contains(name, "/.making") || strings.Contains(name, "/tmp/") || strings.HasSuffix(name, ".new") {
					t.Errorf("%s was left behind", name)
				}
			}
		})
	}
}
