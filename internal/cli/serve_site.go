package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/config"
	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/internal/web/desk"
	"github.com/narrapress/narrapress/internal/web/metrics"
	"github.com/narrapress/narrapress/pipeline"
)

// site is a server: its shows, and the rooms that their episodes are made in. It
// is a web.Site.
type site struct {
	options serverOptions
	log     *slog.Logger
	began   time.Time
	rooms   []*room // one for each database
	metrics *metrics.Metrics
	systemd *systemd
	load    func(ctx context.Context, file string) (*config.Config, error)

	renewing sync.Mutex // a show's file is read again

	mu       sync.Mutex
	shows    []*served // in the order in which they were named
	stopping bool
}

// served is a show as it is served.
type served struct {
	file   string
	name   string
	room   *room
	cfg    *config.Config // the last one that could be used
	loaded time.Time
	faults []string // of the file as it is now
}

// newSite reads the shows' files: at the beginning each must be in order.
func newSite(ctx context.Context, o serverOptions, s Streams, files []string) (*site, error) {
	shows := newShows(o.globals, s, o.Out, nil)
	out := &site{options: o, log: o.serverLog(s), began: time.Now(), systemd: newSystemd(s.Env), load: shows.load}
	var errs []error
	for _, file := range files {
		cfg, err := shows.load(ctx, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		shows.warn(cfg)
		if err := out.add(file, cfg); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := web.Clash(out.Shows()); err != nil && o.has(roleWeb) {
		return nil, &showError{err}
	}
	out.metrics = metrics.New(programVersion(), out.queues)
	for _, sh := range out.shows {
		out.metrics.Show(sh.name)
	}
	return out, nil
}

func (s *site) add(file string, cfg *config.Config) error {
	if err := pipeline.Settle(cfg.Output.Dir); err != nil { // what a kill interrupted
		return err
	}
	sh := &served{file: file, name: batches.ShowName(cfg), cfg: cfg, loaded: time.Now()}
	for _, other := range s.shows {
		if other.name == sh.name {
			return &showError{fmt.Errorf("%s and %s are both called %q: give each an id under show: in its file", other.file, file, sh.name)}
		}
	}
	address := queueAddress(cfg)
	i := slices.IndexFunc(s.rooms, func(r *room) bool { return r.address == address })
	if s.options.DeskAlone {
		s.shows = append(s.shows, sh)
		return nil
	}
	if i < 0 {
		i = len(s.rooms)
		s.rooms = append(s.rooms, &room{site: s, address: address})
	}
	sh.room = s.rooms[i]
	s.shows = append(s.shows, sh)
	return nil
}

// run does what the roles are, until ctx ends.
func (s *site) run(ctx context.Context, l net.Listener) error {
	s.log.InfoContext(ctx, "narrapress serves", "version", programVersion(), "shows", len(s.shows), "roles", strings.Join(s.options.Roles, ","))
	all, ctx := errgroup.WithContext(ctx)
	working, stopped := context.WithCancel(context.WithoutCancel(ctx))
	defer stopped()
	rooms, roomsCtx := errgroup.WithContext(ctx)
	for _, r := range s.rooms {
		rooms.Go(func() error { return r.run(roomsCtx) })
	}
	all.Go(func() error {
		defer stopped()
		if err := rooms.Wait(); err != nil {
			return err
		}
		<-ctx.Done() // a room without work ends at once
		return nil
	})
	all.Go(func() error { return s.reloads(ctx) })
	if l != nil {
		o := desk.Options{Shows: s.Shows, Version: programVersion(), Log: s.log, Reload: s.reloadFile}
		if !s.options.DeskAlone {
			o.Runs = s.runsOf
		}
		d := desk.New(ctx, o)
		defer d.Wait() // what it makes ends with ctx
		server := web.New(s, web.Options{Log: s.log, Metrics: s.metrics.Handler(), Desk: d})
		// It answers while episodes end: whoever asks is told that it stops.
		all.Go(func() error { return server.Serve(working, l, webGrace) })
	}
	all.Go(func() error { s.systemd.watch(working, s.alive); return nil })
	s.systemd.tell("READY=1")
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		s.stopping = true
		s.mu.Unlock()
		s.systemd.tell("STOPPING=1")
		s.log.Info("narrapress stops")
	})
	err := all.Wait()
	s.log.Info("narrapress has stopped")
	return err
}

// webGrace is how long requests may take after everything else has stopped.
const webGrace = 3 * time.Second

// runsOf is the queue of a show, and the batch that works on it.
func (s *site) runsOf(show string) (*queue.Queue, *batches.Batch, error) {
	s.mu.Lock()
	i := slices.IndexFunc(s.shows, func(sh *served) bool { return sh.name == show })
	s.mu.Unlock()
	if i < 0 {
		return nil, nil, fmt.Errorf("the show %s is no longer served", show)
	}
	q, b, fault := s.shows[i].room.open()
	switch {
	case fault != nil:
		return nil, nil, fault
	case q == nil:
		return nil, nil, errors.New("the queue is not open yet")
	}
	return q, b, nil
}

// alive takes what every request needs: where it does not come back, the process
// hangs, and systemd begins it anew.
func (s *site) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
}

// Shows are the shows as they are served.
func (s *site) Shows() []*config.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*config.Config, len(s.shows))
	for i, sh := range s.shows {
		out[i] = sh.cfg
	}
	return out
}

// of are the shows of a room.
func (s *site) of(r *room) []*config.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*config.Config
	for _, sh := range s.shows {
		if sh.room == r {
			out = append(out, sh.cfg)
		}
	}
	return out
}

// Token is the first that a show has.
func (s *site) Token() string {
	token := ""
	for _, cfg := range s.Shows() {
		token = cmp.Or(token, cfg.Server.Token.Reveal())
	}
	return token
}

// Ready says what is missing.
func (s *site) Ready(context.Context) []string {
	s.mu.Lock()
	stopping := s.stopping
	s.mu.Unlock()
	if stopping {
		return []string{"it stops"}
	}
	var out []string
	for _, r := range s.rooms {
		if why := r.missing(); why != "" && !slices.Contains(out, why) {
			out = append(out, why)
		}
	}
	return out
}

// Status is everything at a glance.
func (s *site) Status(ctx context.Context) *web.Status {
	now := time.Now()
	st := &web.Status{Version: 1, Program: programVersion(), Now: now, Started: s.began, Roles: s.options.Roles, Missing: s.Ready(ctx)}
	s.mu.Lock()
	for _, sh := range s.shows {
		st.Shows = append(st.Shows, web.Show{
			Name: sh.name, Title: sh.cfg.Show.Title, File: sh.cfg.File, Loaded: sh.loaded, Faults: slices.Clone(sh.faults), Slots: web.Slots(sh.cfg, now),
		})
	}
	s.mu.Unlock()
	for _, r := range s.rooms {
		st.Queues = append(st.Queues, r.status(ctx))
	}
	return st
}

// queues are those of the rooms whose databases answer.
func (s *site) queues(ctx context.Context) []metrics.Queue {
	var out []metrics.Queue
	for _, r := range s.rooms {
		q, b, _ := r.open()
		if q == nil {
			continue
		}
		st, err := q.Status(ctx)
		unpublished, fault := b.Unpublished(ctx)
		if err == nil && fault == nil {
			out = append(out, metrics.Queue{Status: st, Unpublished: unpublished})
		}
	}
	return out
}
