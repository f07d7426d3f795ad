package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/faults"
)

var (
	points = flag.Int("points", 1, "at how many file operations TestCrashMatrix brings each fault about, in each of its rows; 0 is all; from 10 on it has all rows")
	only   = flag.String("rows", "", "rows of TestCrashMatrix by name, with commas; empty is those that -points asks for")
)

// watched is a program that becomes another one, whose file operations wait for a
// verdict.
func watched() {
	fmt.Fprintln(os.Stderr, faults.Enter(os.Args[1:]))
	os.Exit(125)
}

// column is a fault of the crash matrix: where it is brought about, and what
// becomes of the operations from there on.
type column struct {
	name    string
	at      func(faults.Op) bool
	verdict func(at, op faults.Op) faults.Verdict
	fails   bool   // the command may end by itself, with one line of why
	says    string // in that line
}

func columns() []column {
	any := func(faults.Op) bool { return true }
	here := func(v faults.Verdict) func(at, op faults.Op) faults.Verdict {
		return func(at, op faults.Op) faults.Verdict {
			if op.N == at.N {
				return v
			}
			return faults.Verdict{}
		}
	}
	return []column{
		{name: "killed", at: any, verdict: here(faults.Verdict{Kill: true})},
		{name: "killed within a write", at: func(op faults.Op) bool { return op.Size > 1 }, verdict: here(faults.Verdict{Kill: true, Short: true})},
		{name: "disk full", at: faults.Op.Grows, fails: true, says: "full", verdict: func(at, op faults.Op) faults.Verdict {
			if op.N < at.N || !op.Grows() {
				return faults.Verdict{}
			}
			return faults.Verdict{Err: syscall.ENOSPC}
		}},
		{name: "disk failing", at: func(op faults.Op) bool { return op.Writes() || op.Syncs() }, fails: true, verdict: here(faults.Verdict{Err: syscall.EIO})},
	}
}

// TestCrashMatrix gives commands in a world in which one file operation is the
// last, comes short or fails, each in turn, and in which time ends anywhere. What
// others see is whole at every instant; the same command, given again, ends
// well, leaves exactly the files of a calm run, with its bytes, and asks for no more
// than what was in flight. make crash does it at every operation of every row.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	for _, r := range rows() {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), r.name) || *only == "" && smoke() && !r.sample {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, r)
			for _, c := range columns() {
				if r.machine && c.fails { // what waits for the bucket goes with a machine that never comes back
					continue
				}
				for _, at := range w.stages(c.at, *points) {
					w.disturb(c, at)
				}
			}
			w.short()
			w.anywhere(max(2, *points/4))
			t.Logf("%d file operations, %d answers; %s", len(w.ops), w.answered, w.figures())
		})
	}
}

// A disk that is full when a batch stores its first take is full for the queue, too,
// which can be read all the same: the batch ends, and says why.
func TestBatchOnAFullDisk(t *testing.T) {
	t.Parallel()
	all, columns := rows(), columns()
	r := all[slices.IndexFunc(all, func(r row) bool { return r.name == "batch" })]
	full := columns[slices.IndexFunc(columns, func(c column) bool { return c.name == "disk full" })]
	w := newWorkshop(t, r)
	first := slices.IndexFunc(w.ops, func(op faults.Op) bool { return full.at(op) && strings.Contains(op.Path, "/show/takes/") })
	if first < 0 {
		t.Fatal("the batch stores nothing")
	}
	w.disturb(full, w.ops[first])
	if w.outcomes["disk full, and it said so"] != 1 {
		t.Errorf("%s", w.figures())
	}
}

// smoke says whether a small part will do: make test's.
func smoke() bool { return *points > 0 && *points < 10 }

// disturb brings a fault about at an operation, or the first of the fault's kind behind
// it, for threads do not always come in one order; and looks at what comes of it.
func (w *workshop) disturb(c column, at faults.Op) {
	w.t.Helper()
	w.restore()
	answered := w.server.Stats().Answered
	last := faults.Op{}
	out, err := w.watched(func(op faults.Op) faults.Verdict {
		if last.N == 0 {
			if op.N < at.N || !c.at(op) {
				return faults.Verdict{}
			}
			last = op
		}
		return c.verdict(last, op)
	})
	fault := c.name + " at " + strings.TrimPrefix(last.String(), "0: ")
	switch {
	case errors.Is(err, errLate):
		w.t.Errorf("%s: %v:\n%s", fault, err, cut(out))
	case last.N == 0: // it took fewer operations this time
		w.count("done before")
	case killed(err) && !c.fails:
		w.count(c.name)
	case err == nil && c.fails:
		w.count(c.name + ", and it went on")
	case err != nil && c.fails:
		w.count(c.name + ", and it said so")
		w.failed(fault, out, c.says)
	default:
		w.t.Errorf("%s: it ended with %v:\n%s", fault, err, cut(out))
	}
	w.after(fault, answered)
}

// failed is what a command that fails must say and must not leave.
func (w *workshop) failed(fault, out, says string) {
	w.t.Helper()
	if strings.Contains(out, "panic:") || strings.Contains(out, "goroutine ") {
		w.t.Errorf("%s: %s", fault, cut(out))
	}
	if !strings.Contains(out, says) {
		w.t.Errorf("%s: it does not say %q:\n%s", fault, says, cut(out))
	}
	if left, _ := filepath.Glob(w.file("temp/*")); len(left) > 0 {
		w.t.Errorf("%s: it ended by itself, and left %v", fault, left)
	}
}

// short lets every write come short.
func (w *workshop) short() {
	w.t.Helper()
	w.restore()
	answered := w.server.Stats().Answered
	out, err := w.watched(func(op faults.Op) faults.Verdict { return faults.Verdict{Short: op.Size > 1} })
	if err != nil {
		w.t.Errorf("every write comes short: %v\n%s", err, cut(out))
	}
	if different := w.calm.differs(w.look()); len(different) > 0 {
		w.t.Errorf("every write comes short: not as after a calm run:\n  %s", strings.Join(different, "\n  "))
	}
	w.count("every write short")
	w.after("every write comes short", answered)
}

// anywhere kills the command so many times, each in its own world, at any instant of
// the time that it takes.
func (w *workshop) anywhere(times int) {
	w.t.Helper()
	r := rand.New(rand.NewPCG(8, 1))
	took := w.takes()
	for range times {
		w.restore()
		answered := w.server.Stats().Answered
		cmd := w.command(w.row.args...)
		out, err := w.finish(cmd, func() error {
			if err := cmd.Start(); err != nil {
				return err
			}
			after := time.AfterFunc(time.Duration(r.Int64N(int64(took))), func() { _ = cmd.Process.Kill() })
			defer after.Stop()
			return cmd.Wait()
		})
		switch {
		case killed(err):
			w.count("killed anywhere")
		case err == nil:
			w.count("done before")
		default:
			w.t.Errorf("killed anywhere: it ended with %v:\n%s", err, cut(out))
		}
		w.after("killed anywhere", answered)
	}
}

// takes is how long the command takes now.
func (w *workshop) takes() time.Duration {
	w.t.Helper()
	w.restore()
	began := time.Now()
	if out, err := w.run(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	return time.Since(began)
}
