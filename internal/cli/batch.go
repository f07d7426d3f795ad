package cli

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
)

func newBatchCommand(g *globals, s Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "batch",
		Short: "Make episodes of all that is new in the sources of a show",
		Example: `  narrapress batch list                     what is new, changed or gone
  narrapress batch run                      make it, now, to the end
  narrapress batch run --schedule nightly
  narrapress batch status                   runs, jobs, and what was set aside`,
	}
	c.AddCommand(newBatchList(g, s), newBatchRun(g, s), newBatchStatus(g, s), newBatchRebuild(g, s))
	c.AddCommand(newBatchControl(g, s)...)
	return c
}

// wanted are the sources that a command line means: those that it names, of the
// show or any others; those of a schedule; else all of the show.
func wanted(cfg *config.Config, schedule string, args []string, dir string) ([]config.Source, error) {
	if schedule != "" {
		if len(args) > 0 {
			return nil, misuse("--schedule names the sources itself: leave out %q", args[0])
		}
		if _, ok := cfg.Schedules[schedule]; !ok {
			var names []string
			for name := range cfg.Schedules {
				names = append(names, name)
			}
			if near := nearest(schedule, names); near != "" {
				return nil, misuse("the show has no schedule %q; the nearest is %q", schedule, near)
			}
			return nil, misuse("the show has no schedule %q", schedule)
		}
	}
	if len(args) > 0 {
		return named(cfg, args, dir)
	}
	if sources := cfg.SourcesOf(schedule); len(sources) > 0 {
		return sources, nil
	}
	return nil, misuse("the show has no sources: name files, folders or addresses here, or under sources: in its file")
}

// named are the show's sources of these names, and for the other words the
// sources that they themselves are.
func named(cfg *config.Config, args []string, dir string) ([]config.Source, error) {
	var out []config.Source
	for _, arg := range args {
		if arg == "" {
			return nil, misuse("a source is empty")
		}
		if u, err := url.Parse(arg); pipeline.IsURL(arg) && err == nil && u.User != nil {
			return nil, misuse("an address with a password in it would stand in every file of the episode: save the page and name the file")
		}
		one := config.Source{From: arg, Dir: dir}
		for _, s := range cfg.Sources {
			if s.Name == arg {
				one = s
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// oneLined is a message as a table has it.
func oneLined(text string) string { return strings.Join(strings.Fields(text), " ") }
