package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/subject"
)

// globals are the flags that every command has.
type globals struct {
	Config  string
	Store   string
	JSON    bool
	Quiet   bool
	Verbose bool
	Args    []string // the command line, to be shown to who wants to go on with it
}

// Run follows a command line and returns the exit code. It writes every
// message itself. When ctx ends, what is finished is kept and named.
func Run(ctx context.Context, args []string, s Streams) int {
	if s.OutTerminal {
		s.Out = screen{s.Out}
	}
	if s.ErrTerminal {
		s.Err = screen{s.Err}
	}
	out := &sticky{w: s.Out}
	s.Out = out
	if s.Env == nil {
		s.Env = func(string) (string, bool) { return "", false }
	}
	root := newRoot(&globals{Args: args}, s)
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	err := root.ExecuteContext(ctx)
	if err == nil && out.err != nil {
		err = fmt.Errorf("writing to standard output: %w", out.err)
	}
	var said code
	switch {
	case err == nil, errors.As(err, &said):
	case ctx.Err() != nil:
		io.WriteString(s.Err, "narrapress: interrupted\n")
	default:
		io.WriteString(s.Err, complain(err))
	}
	return int(codeOf(ctx, err))
}

func newRoot(g *globals, s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "narrapress",
		Short: "A printing press for spoken episodes",
		Long: `narrapress makes podcast episodes of texts: a post goes in, a finished episode
comes out, with an intro, the narration in the voices of the show, chapters and
credits. What was spoken once is kept: an edit pays only for what it touched.`,
		Example: `  narrapress init                 a show that works as it stands
  narrapress produce post.md      an episode of a post
  narrapress plan post.md         what would be said, by whom, at what cost
  narrapress release --list       what the gate holds back, and why
  narrapress feed                 the show's feed, of its finished episodes
  narrapress upload               the feed and what it names, onto the web
  narrapress serve                all of it by schedule, with feed and status by HTTP`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	f := root.PersistentFlags()
	f.StringVar(&g.Config, "config", "", "the show's `FILE`; else narrapress.yaml or show.yaml beside the input or above it")
	f.StringVar(&g.Store, "store", "", "`DIR` that takes are kept in")
	f.BoolVar(&g.JSON, "json", false, "write one JSON document to standard output, and nothing else there")
	f.BoolVarP(&g.Quiet, "quiet", "q", false, "say only what went wrong")
	f.BoolVarP(&g.Verbose, "verbose", "v", false, "log what is asked and answered")

	root.AddCommand(
		newProduce(g, s), newPlan(g, s), newStitch(g, s), newInit(g, s), newDoctor(g, s), newConfig(g, s),
		newVoices(g, s), newStore(g, s), newInspect(g, s), newRelease(g, s), newFeed(g, s), newUpload(g, s),
		newBatchCommand(g, s), newServe(g, s), newDesk(g, s), newText(g, s), newVersion(g, s),
	)
	dress(root, s)
	return root
}

// Commands is the tree of commands as help shows it, for who writes a manual of it.
func Commands() *cobra.Command {
	return newRoot(&globals{}, Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: func(string) (string, bool) { return "", false }})
}

// shown is the command line as a person would type it again.
func (g *globals) shown() string { return "narrapress " + quoteArgs(g.Args) }

// logger writes to Err with -v, and nowhere without.
func (g *globals) logger(s Streams) *slog.Logger {
	if !g.Verbose {
		return slog.New(slog.DiscardHandler)
	}
	return g.log(s, slog.LevelDebug)
}

// log writes lines of text to Err, or with --json of JSON, with what they are about.
func (g *globals) log(s Streams, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if g.JSON {
		return slog.New(subject.NewHandler(slog.NewJSONHandler(s.Err, o)))
	}
	return slog.New(subject.NewHandler(slog.NewTextHandler(s.Err, o)))
}
