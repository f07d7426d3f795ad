package cli

import (
	"context"
	"io"
	"maps"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/voices"
)

// shows finds the show that a source belongs to, and opens each show once.
type shows struct {
	globals *globals
	streams Streams
	out     string            // --out
	flags   map[string]string // further settings of the command line, by key
	observe func(pipeline.Event)
	opened  map[string]*show
	loaded  map[string]*show // without a press
}

// show is a show's configuration and its press, or why there is none.
type show struct {
	cfg   *config.Config
	press *pipeline.Press
	err   error

	priced bool // every voice has a price, be it that it costs nothing
}

func newShows(g *globals, s Streams, out string, observe func(pipeline.Event)) *shows {
	return &shows{globals: g, streams: s, out: out, observe: observe, opened: map[string]*show{}, loaded: map[string]*show{}}
}

// config is the configuration of a source's show, without its voices.
func (s *shows) config(ctx context.Context, source string) (*config.Config, error) {
	file := s.file(source)
	sh, ok := s.loaded[file]
	if !ok {
		sh = &show{}
		sh.cfg, sh.err = s.load(ctx, file)
		s.loaded[file] = sh
		if sh.err == nil {
			s.warn(sh.cfg)
		}
	}
	return sh.cfg, sh.err
}

func (s *shows) warn(cfg *config.Config) {
	if !s.globals.Quiet {
		io.WriteString(s.streams.Err, warnings(cfg.Warnings, paint(s.streams.colours(s.streams.ErrTerminal))))
	}
}

// of is the show of a source: the one given by --config, else the one whose
// file stands beside the source or above it; standard input and
// addresses belong to the working folder.
func (s *shows) of(ctx context.Context, source string) *show {
	file := s.file(source)
	if sh, ok := s.opened[file]; ok {
		return sh
	}
	sh := &show{}
	s.opened[file] = sh
	if sh.cfg, sh.err = s.load(ctx, file); sh.err != nil {
		return sh
	}
	s.warn(sh.cfg)
	sh.press, sh.err = pipeline.New(ctx, sh.cfg, pipeline.Options{
		Version: programVersion(), Log: s.globals.logger(s.streams), Observe: s.observe,
	})
	if sh.err != nil {
		sh.err = &showError{sh.err}
		return sh
	}
	sh.priced = sh.press.Engine() != "" || priced(sh.cfg)
	return sh
}

// priced says whether the show's voices all have a price. Engines of this
// machine cost nothing.
func priced(cfg *config.Config) bool {
	endpoints, err := voices.Resolve(cfg.Endpoints)
	if err != nil {
		return false
	}
	studio, err := voices.Open(endpoints, voices.OpenOptions{})
	if err != nil {
		return false
	}
	for _, v := range cfg.Voices {
		if !studio.Price(v).Known() {
			return false
		}
	}
	return true
}

// showError is a show that cannot be used as it is configured.
type showError struct{ err error }

func (e *showError) Error() string { return e.err.Error() }

// Unwrap is the cause.
func (e *showError) Unwrap() error { return e.err }

// file is the path of a source's show; empty if there is none.
func (s *shows) file(source string) string {
	if s.globals.Config != "" {
		return s.globals.Config
	}
	dir := s.streams.Dir
	if source != stdin && !pipeline.IsURL(source) {
		dir = filepath.Dir(s.abs(source))
	}
	file, ok := config.Find(dir)
	if !ok {
		return ""
	}
	return s.streams.short(file)
}

// load reads the configuration of a show's file.
func (s *shows) load(ctx context.Context, file string) (*config.Config, error) {
	flags := map[string]string{}
	maps.Copy(flags, s.flags)
	if s.out != "" {
		flags["output.dir"] = s.out
	}
	if s.globals.Store != "" {
		flags["output.store"] = s.globals.Store
	}
	return config.Load(ctx, config.Sources{
		File: file, Dir: s.streams.Dir, Env: s.streams.Env, Environ: s.streams.Environ, Flags: flags, Home: s.streams.Home,
	})
}

func (s *shows) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.streams.Dir, path)
}
