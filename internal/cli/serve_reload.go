package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/narrapress/narrapress/config"
	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/web"
)

// settle is how long a show's files must have been left alone before they are
// read again: an editor writes them in more than one step.
const settle = 500 * time.Millisecond

// reloads reads the shows' files again on SIGHUP, and when they have changed.
// Folders are watched, as editors and clusters put other files in the place of
// the old ones; what counts is whether the bytes are others.
func (s *site) reloads(ctx context.Context) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	w, err := fsnotify.NewWatcher()
	if err != nil {
		s.log.WarnContext(ctx, "the shows' files are not watched: SIGHUP reads them again", "error", err)
		w = &fsnotify.Watcher{}
	} else {
		defer w.Close()
	}
	seen := s.lookAt(w, nil)
	var calm <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			s.systemd.tell("RELOADING=1")
			s.reload(ctx, func(*served) bool { return true })
			s.systemd.tell("READY=1")
			seen = s.lookAt(w, seen)
		case e, ok := <-w.Events:
			if ok && e.Op != fsnotify.Chmod {
				calm = time.After(settle)
			}
		case <-w.Errors: //nolint:errcheck // notices were lost: look
			calm = time.After(settle)
		case <-calm:
			calm = nil
			was := seen
			seen = s.lookAt(w, seen)
			s.reload(ctx, func(sh *served) bool { return seen[sh.file] != was[sh.file] })
			seen = s.lookAt(w, seen) // it may include others now
		}
	}
}

// lookAt watches the folders of the shows' files, and gives the marks of what is in
// the files, by show.
func (s *site) lookAt(w *fsnotify.Watcher, was map[string]string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]string{}
	for _, sh := range s.shows {
		h := sha256.New()
		for _, file := range filesOf(sh.cfg) {
			if dir := filepath.Dir(file); w.Events != nil && !slices.Contains(w.WatchList(), dir) {
				if err := w.Add(dir); err != nil && was == nil {
					s.log.Warn("a folder of the show's files is not watched: SIGHUP reads them again", "folder", dir, "error", err)
				}
			}
			body, err := os.ReadFile(file)
			fmt.Fprintf(h, "%s\x00%d\x00%t\x00", file, len(body), err == nil)
			h.Write(body)
		}
		out[sh.file] = string(h.Sum(nil))
	}
	return out
}

// filesOf are the files that a show is read from.
func filesOf(cfg *config.Config) []string {
	out := slices.Concat(cfg.Files, cfg.Lexicon)
	for _, v := range cfg.Voices {
		out = append(out, v.Lexicon...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reload reads shows' files again. One that cannot be used is told of, and the
// one before goes on.
func (s *site) reload(ctx context.Context, wanted func(*served) bool) {
	s.mu.Lock()
	shows := slices.DeleteFunc(slices.Clone(s.shows), func(sh *served) bool { return !wanted(sh) })
	s.mu.Unlock()
	for _, sh := range shows {
		_ = s.renew(ctx, sh) // it is told of
	}
}

// renew reads a show's file again, one at a time, and tells what came of it.
func (s *site) renew(ctx context.Context, sh *served) error {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	err := s.again(ctx, sh)
	s.metrics.Reloaded(sh.name, err)
	s.mu.Lock()
	sh.faults = nil
	if err != nil {
		sh.faults = strings.Split(strings.TrimSpace(err.Error()), "\n")
	}
	s.mu.Unlock()
	if err != nil {
		s.log.ErrorContext(ctx, "the show's file cannot be used; the one before goes on", "show", sh.name, "file", sh.file, "error", err)
		return err
	}
	s.log.InfoContext(ctx, "the show's file is read again", "show", sh.name, "file", sh.file)
	return nil
}

// reloadFile reads a show's file again that was just written.
func (s *site) reloadFile(ctx context.Context, file string) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.shows, func(sh *served) bool { return sh.cfg.File == file })
	s.mu.Unlock()
	if i < 0 {
		return fmt.Errorf("%s: the show is no longer served", file)
	}
	return s.renew(ctx, s.shows[i])
}

// again reads one show's file again and takes it in.
func (s *site) again(ctx context.Context, sh *served) error {
	cfg, err := s.load(ctx, sh.file)
	if err != nil {
		return err
	}
	s.mu.Lock()
	was := sh.cfg
	s.mu.Unlock()
	switch {
	case batches.ShowName(cfg) != sh.name:
		return fmt.Errorf("%s: the show is called %q now, and was %q, by which its jobs are known: give it show.id, or start the server anew", sh.file, batches.ShowName(cfg), sh.name)
	case sh.room != nil && queueAddress(cfg) != sh.room.address:
		return errors.New(sh.file + ": the database is another one now (server.database, output.dir): start the server anew")
	}
	if s.options.has(roleWeb) {
		shows := s.Shows()
		shows[slices.Index(shows, was)] = cfg
		if err := web.Clash(shows); err != nil {
			return err
		}
	}
	if cfg.Server.Listen != was.Server.Listen && s.options.Listen == "" && s.options.has(roleWeb) {
		s.log.WarnContext(ctx, "server.listen is another one now: it holds when the server is started anew", "show", sh.name)
	}
	if cfg.Server.Token.Reveal() == "" && was.Server.Token.Reveal() != "" {
		return errors.New(sh.file + ": server.token is gone: start the server anew without it")
	}
	if s.options.has(roleScheduler) || s.options.has(roleWorker) {
		if _, b, _ := sh.room.open(); b != nil {
			if err := b.Take(ctx, cfg); err != nil {
				return err
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh.cfg, sh.loaded = cfg, time.Now()
	return nil
}
