package faults_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/faults"
)

// TestMain is also two programs: one that is watched, and what makes it so.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "enter":
		fmt.Fprintln(os.Stderr, faults.Enter(os.Args[1:]))
		os.Exit(125)
	case "clock":
		for _, name := range os.Args[1:] {
			if err := os.WriteFile(name, []byte(time.Now().Format(time.RFC3339)), 0o644); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		os.Exit(0)
	case "writer":
		if err := writer(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writer makes a folder and two files, the second in another thread's hands.
func writer(dir string) error {
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "folder", "one"), bytes.Repeat([]byte("1"), 100), 0o644); err != nil {
		return err
	}
	ended := make(chan error)
	go func() { ended <- os.WriteFile(filepath.Join(dir, "two"), bytes.Repeat([]byte("2"), 1000), 0o644) }()
	if err := <-ended; err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, "two"), filepath.Join(dir, "three")); err != nil {
		return err
	}
	// A program that it starts is watched, too.
	return exec.Command("touch", filepath.Join(dir, "four")).Run()
}

// programs makes names for the programs that this one is.
func programs(t *testing.T) (enter, writer string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	enter, writer = filepath.Join(dir, "enter"), filepath.Join(dir, "writer")
	if err := errors.Join(os.Symlink(self, enter), os.Symlink(self, writer)); err != nil {
		t.Skip(err)
	}
	return enter, writer
}

func watched(t *testing.T, judge func(faults.Op) faults.Verdict) (dir, said string, err error) {
	t.Helper()
	enter, writer := programs(t)
	dir = t.TempDir()
	cmd := exec.Command(writer, dir)
	var out bytes.Buffer
	cmd.Stderr = &out
	err = faults.Watch(cmd, enter, judge)
	if errors.Is(err, faults.ErrUnsupported) {
		t.Skipf("%v: %s", err, out.String())
	}
	return dir, out.String(), err
}

func TestWatch(t *testing.T) {
	t.Parallel()
	var ops []string
	dir, said, err := watched(t, func(op faults.Op) faults.Verdict {
		ops = append(ops, op.Call+" "+filepath.Base(op.Path))
		return faults.Verdict{}
	})
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	got := strings.Join(ops, ", ")
	want := "mkdirat folder, openat one, write one, openat two, write two, renameat three, openat four"
	if got = strings.Replace(got, "renameat2", "renameat", 1); got != want {
		t.Errorf("it did %s; want %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "four")); err != nil {
		t.Error(err)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	on := func(n int, v faults.Verdict) func(faults.Op) faults.Verdict {
		return func(op faults.Op) faults.Verdict {
			if op.N == n {
				return v
			}
			return faults.Verdict{}
		}
	}
	size := func(t *testing.T, path string) int64 {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		dir, _, err := watched(t, on(4, faults.Verdict{Kill: true}))
		if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != -1 {
			t.Errorf("error %v", err)
		}
		if n := size(t, filepath.Join(dir, "folder", "one")); n != 100 {
			t.Errorf("the first file has %d bytes", n)
		}
		if _, err := os.Stat(filepath.Join(dir, "two")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the second file is there: %v", err)
		}
	})
	t.Run("killed while another program asks", func(t *testing.T) {
		t.Parallel()
		dir, _, err := watched(t, on(7, faults.Verdict{Kill: true}))
		if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != -1 {
			t.Errorf("error %v", err)
		}
		size(t, filepath.Join(dir, "four")) // which touch made, without the one that had started it
	})
	t.Run("killed behind half of a write", func(t *testing.T) {
		t.Parallel()
		dir, _, err := watched(t, on(5, faults.Verdict{Kill: true, Short: true}))
		if err == nil {
			t.Error("it was not killed")
		}
		if n := size(t, filepath.Join(dir, "two")); n != 500 {
			t.Errorf("the second file has %d bytes", n)
		}
	})
	t.Run("a write comes short", func(t *testing.T) {
		t.Parallel()
		dir, said, err := watched(t, on(5, faults.Verdict{Short: true}))
		if err != nil {
			t.Errorf("%v: %s", err, said)
		}
		b, err := os.ReadFile(filepath.Join(dir, "three"))
		if err != nil || !bytes.Equal(b, bytes.Repeat([]byte("2"), 1000)) {
			t.Errorf("the second file is %q, %v", b, err)
		}
	})
	t.Run("an operation fails", func(t *testing.T) {
		t.Parallel()
		_, said, err := watched(t, on(5, faults.Verdict{Err: syscall.ENOSPC}))
		if err == nil || !strings.Contains(said, "no space left") {
			t.Errorf("error %v: %s", err, said)
		}
	})
}

// TestClock gives a program a clock that is a year ahead, until it has written its
// first file, and then a day behind.
func TestClock(t *testing.T) {
	t.Parallel()
	enter, writer := programs(t)
	clock := filepath.Join(filepath.Dir(writer), "clock")
	if err := os.Rename(writer, clock); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "one"), filepath.Join(dir, "two")}
	cmd := exec.Command(clock, files...)
	var out bytes.Buffer
	cmd.Stderr = &out
	jumps := []time.Duration{365 * 24 * time.Hour, -24 * time.Hour}
	ahead := jumps[0]
	err := faults.WatchClock(cmd, enter, func(op faults.Op) faults.Verdict {
		if op.Writes() {
			ahead = jumps[1]
		}
		return faults.Verdict{}
	}, func() time.Duration { return ahead })
	if errors.Is(err, faults.ErrUnsupported) {
		t.Skipf("%v: %s", err, out.String())
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	for i, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		read, err := time.Parse(time.RFC3339, string(b))
		if off := time.Until(read) - jumps[i]; err != nil || off.Abs() > time.Minute {
			t.Errorf("its clock read %s, which is off by %v: %v", b, off, err)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]string{
		"write": "writes grows", "pwrite64": "writes grows", "openat": "grows", "creat": "grows", "mkdirat": "grows", "linkat": "grows",
		"symlinkat": "grows", "fallocate": "grows", "fsync": "syncs", "fdatasync": "syncs", "unlinkat": "", "renameat2": "", "ftruncate": "", "rmdir": "",
	} {
		op, is := faults.Op{Call: call}, []string{}
		for kind, holds := range map[string]bool{"writes": op.Writes(), "syncs": op.Syncs()} {
			if holds {
				is = append(is, kind)
			}
		}
		if op.Grows() {
			is = append(is, "grows")
		}
		if got := strings.Join(is, " "); got != want {
			t.Errorf("%s: %q, want %q", call, got, want)
		}
	}
}
