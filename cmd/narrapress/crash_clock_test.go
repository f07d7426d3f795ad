package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/faults"
	"github.com/narrapress/narrapress/pipeline/publish"
)

const day = 24 * time.Hour

// TestCrashClock gives commands by a clock that is a year ahead or a day behind, from
// their beginning or from one of their file operations on, and then again by the right
// one. Each ends well, and nothing is asked for twice, published otherwise or put off.
func TestCrashClock(t *testing.T) {
	t.Parallel()
	jumped := []string{"produce again", "batch", "feed", "upload"}
	for _, r := range rows() {
		if !slices.Contains(jumped, r.name) || smoke() && r.name != "feed" {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, r)
			for _, jump := range []time.Duration{365 * day, -day} {
				for _, at := range append([]faults.Op{{}}, w.stages(func(faults.Op) bool { return true }, *points)...) {
					w.jump(jump, at)
				}
			}
			t.Logf("%d file operations; %s", len(w.ops), w.figures())
		})
	}
}

// jump gives the command by a clock that is right up to an operation, none being the
// beginning, and then by so much ahead.
func (w *workshop) jump(by time.Duration, at faults.Op) {
	w.t.Helper()
	w.restore()
	answered := w.server.Stats().Answered
	fault := fmt.Sprintf("the clock jumps by %v at %v", by, at)
	var ahead time.Duration
	var since time.Time
	jumps := func() { ahead, since = by, time.Now() }
	if at.N == 0 {
		jumps()
	}
	cmd := w.command(w.row.args...)
	out, err := w.finish(cmd, func() error {
		return faults.WatchClock(cmd, "watched", func(op faults.Op) faults.Verdict {
			if op.N == at.N {
				jumps()
			}
			return faults.Verdict{}
		}, func() time.Duration { return ahead })
	})
	if err != nil {
		w.t.Errorf("%s: %v\n%s", fault, err, cut(out))
	}
	if different := w.calm.differs(w.look()); len(different) > 0 {
		w.t.Errorf("%s: not as after a calm run:\n  %s\nit said:\n%s", fault, strings.Join(different, "\n  "), cut(out))
	}
	if ahead != 0 {
		w.dated(since, by)
	}
	w.count(fmt.Sprintf("by %v", by))
	w.after(fault, answered)
	if w.row.name == "batch" { // nor is what is written from now on put off
		w.post("three", "A third lamp.")
		out, err := w.run()
		if err != nil {
			w.t.Errorf("%s: the next run: %v\n%s", fault, err, cut(out))
		}
		if err := publish.Verify(w.file("show/out/three")); err != nil {
			w.t.Errorf("%s: the next run: %v\n%s", fault, err, cut(out))
		}
		w.whole(fault + ", and a new post")
	}
}

// dated gives what was written since a moment the times that a system would have noted
// whose clock jumped.
func (w *workshop) dated(since time.Time, by time.Duration) {
	w.t.Helper()
	err := filepath.WalkDir(w.now, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || info.ModTime().Before(since) {
			return err
		}
		then := info.ModTime().Add(by)
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
