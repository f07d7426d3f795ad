package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
)

// doctorOptions are the flags of doctor.
type doctorOptions struct {
	*globals
	Live bool
	Out  string
}

func newDoctor(g *globals, s Streams) *cobra.Command {
	o := doctorOptions{globals: g}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything that an episode needs",
		Long: `doctor checks the programs, the configuration of the show in the working folder
(or of --config), its endpoints and voices, its lexicons, its tracks, its
folders and its store, and says for each fault what to do. It makes no request
that costs money, unless --live asks it to let every voice speak one sentence.`,
		Example: `  narrapress doctor
  narrapress doctor --live`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runDoctor(c.Context(), o, s)
		},
	}
	c.Flags().BoolVar(&o.Live, "live", false, "let every voice speak one short sentence; says first what that costs")
	c.Flags().StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are made in")
	return c
}

// check is one thing that doctor looked at.
type check struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, warn or fail
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// The statuses of a check.
const (
	checkOK   = "ok"
	checkWarn = "warn"
	checkFail = "fail"
)

// examination is a run of doctor.
type examination struct {
	opts    doctorOptions
	streams Streams
	shows   *shows
	checks  []check
	failed  int
}

// runDoctor checks everything, one line a check, and fails if one fails.
func runDoctor(ctx context.Context, o doctorOptions, s Streams) error {
	x := &examination{opts: o, streams: s, checks: []check{}}
	x.shows = newShows(o.globals, s, o.Out, nil)
	x.programs(ctx)
	if cfg, ok := x.configuration(ctx); ok {
		x.speakers(ctx, cfg)
		x.lexicons(ctx, cfg)
		x.tracks(ctx, cfg)
		x.formats(ctx, cfg)
		x.folders(cfg)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.JSON {
		err := writeJSON(s.Out, struct {
			Version int     `json:"version"` // of this document's shape
			Checks  []check `json:"checks"`
			Failed  int     `json:"failed"`
		}{1, x.checks, x.failed})
		if err != nil {
			return err
		}
	}
	if x.failed > 0 {
		return failed
	}
	return nil
}

// say adds a check and, for a person, writes its line at once.
func (x *examination) say(c check) {
	x.checks = append(x.checks, c)
	if c.Status == checkFail {
		x.failed++
	}
	if x.opts.JSON || x.opts.Quiet && c.Status == checkOK {
		return
	}
	io.WriteString(x.streams.Out, c.line(paint(x.streams.colours(x.streams.OutTerminal))))
}

func (x *examination) ok(name, format string, args ...any) {
	x.say(check{Name: name, Status: checkOK, Detail: fmt.Sprintf(format, args...)})
}

// found is a check that came out as err says; without an error it is well.
func (x *examination) found(name string, err error, well string) {
	if err != nil {
		x.say(check{Name: name, Status: checkFail, Detail: err.Error()})
		return
	}
	x.ok(name, "%s", well)
}

func (c check) line(p paint) string {
	mark := p.green("ok  ")
	switch c.Status {
	case checkWarn:
		mark = p.yellow("warn")
	case checkFail:
		mark = p.red("fail")
	}
	s := fmt.Sprintf("%s  %-14s %s", mark, c.Name, c.Detail)
	if c.Remedy != "" {
		s += ": " + c.Remedy
	}
	return s + "\n"
}

// configuration reads the show's file.
func (x *examination) configuration(ctx context.Context) (*config.Config, bool) {
	file := x.shows.file(stdin)
	cfg, err := x.shows.load(ctx, file)
	if err != nil {
		for _, fault := range faults(err) {
			x.say(check{Name: "configuration", Status: checkFail, Detail: fault})
		}
		return nil, false
	}
	if file == "" {
		x.ok("configuration", "no show's file here or above: the defaults hold (narrapress init writes one)")
	} else {
		x.ok("configuration", "%s", file)
	}
	for _, w := range cfg.Warnings {
		x.say(check{Name: "configuration", Status: checkWarn, Detail: w})
	}
	return cfg, true
}
