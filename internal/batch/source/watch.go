package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/narrapress/narrapress/config"
)

// Watch tells of changes of the watched sources' files, until ctx ends: a file
// was written and has settled (its size and time stayed for Options.Settle), or is
// gone. Settled is called with the names of one or more such files; it is called
// by one goroutine, and while it works others are gathered. What it is told of is
// to be listed: a name may be one that no source wants. Of what the program itself
// writes nothing is told.
//
// A folder that is made later is watched, too. What the system loses of its
// notices, as it may of a great many at once, a later listing finds.
func (l *Lister) Watch(ctx context.Context, sources []config.Source, settled func(names []string)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching the sources: %w", err)
	}
	defer w.Close()
	watched := &watched{Watcher: w, waiting: map[string]waiting{}, settle: l.o.Settle}
	for i := range sources {
		if s := &sources[i]; s.Watch {
			watched.own = append(watched.own, l.own(s))
		}
	}
	for i := range sources {
		if s := &sources[i]; s.Watch {
			folder := beginning(s)
			if err := watched.add(folder); err != nil {
				return fmt.Errorf("watching %s: %w", s.Title(), err)
			}
			// What was being written just now, a listing has left alone.
			watched.wait(folder, time.Now().Add(-l.o.Settle))
		}
	}
	tick := time.NewTicker(max(l.o.Settle/4, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, ok := <-w.Events:
			if !ok {
				return errors.New("watching the sources: the system ended it")
			}
			watched.heard(e)
		case <-w.Errors: //nolint:errcheck // notices were lost: a listing finds what they were of
		case now := <-tick.C:
			if names := watched.quiet(now); len(names) > 0 {
				settled(names)
			}
		}
	}
}

// beginning is the folder below which a source's files are.
func beginning(s *config.Source) string {
	path := rooted(s)
	for {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
		above := filepath.Dir(path)
		if above == path {
			return path
		}
		path = above
	}
}

// watched are folders, and the files in them that were heard of.
type watched struct {
	*fsnotify.Watcher
	waiting map[string]waiting
	settle  time.Duration
	own     []own // by source
}

// ours says whether a path is the program's own to all sources whose it might be.
func (w *watched) ours(path string) bool {
	return !slices.ContainsFunc(w.own, func(o own) bool { return below(path, o.base) && !o.has(path) })
}

// waiting is a file that was written, as it was when it was last looked at.
type waiting struct {
	mark  string
	since time.Time
}

// add watches a folder and those below it, without the hidden ones.
func (w *watched) add(folder string) error {
	return filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name != folder:
			return nil // gone, or not ours to see
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case name != folder && strings.HasPrefix(d.Name(), "."), w.ours(name):
			return filepath.SkipDir
		}
		return w.Add(name)
	})
}

// heard takes a notice.
func (w *watched) heard(e fsnotify.Event) {
	if strings.HasPrefix(filepath.Base(e.Name), ".") || e.Op == fsnotify.Chmod {
		return
	}
	info, err := os.Stat(e.Name)
	if err == nil && info.IsDir() {
		if e.Has(fsnotify.Create) && !w.ours(e.Name) {
			w.arrived(e.Name)
		}
		return
	}
	w.waiting[e.Name] = waiting{markOr(info, err), time.Now()}
}

// arrived watches a new folder. Files may have come into it before it was.
func (w *watched) arrived(folder string) {
	if w.add(folder) != nil {
		return // it is gone again
	}
	w.wait(folder, time.Time{})
}

// wait waits for the files in a folder that were written since a time.
func (w *watched) wait(folder string, since time.Time) {
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // what cannot be read is not waited for
		case d.IsDir() && name != folder && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.Type().IsRegular() && !strings.HasPrefix(d.Name(), "."):
			if info, err := d.Info(); err != nil || info.ModTime().After(since) {
				w.waiting[name] = waiting{markOr(info, err), time.Now()}
			}
		}
		return nil
	})
}

// quiet gives the files that have stayed as they were for long enough.
func (w *watched) quiet(now time.Time) []string {
	var out []string
	for name, last := range w.waiting {
		info, err := os.Stat(name)
		switch mark := markOr(info, err); {
		case mark != last.mark:
			w.waiting[name] = waiting{mark, now}
		case now.Sub(last.since) >= w.settle:
			delete(w.waiting, name)
			if !w.ours(name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// markOr is a file's mark; that of one that is gone is empty.
func markOr(info fs.FileInfo, err error) string {
	if err != nil {
		return ""
	}
	return markOf(info)
}
