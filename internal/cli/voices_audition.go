package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
)

// auditionOptions are the flags and arguments of voices audition.
type auditionOptions struct {
	*globals
	Names   []string
	Text    string
	Out     string
	MaxCost float64
	limit   *float64 // MaxCost, where it was given
}

func newVoicesAudition(g *globals, s Streams) *cobra.Command {
	o := auditionOptions{globals: g}
	c := &cobra.Command{
		Use:   "audition [ROLE|VOICE…]",
		Short: "Hear the same lines by several voices, in one file",
		Long: `audition lets voices of the show, named by themselves or by their roles, speak
the same lines one after the other, at the same loudness, into one MP3 with a
chapter a voice. Without names, every voice of the show is heard. The lines are
said as in an episode; without --text they are English ones that tell voices
apart: numbers, names, a question, a quote. Takes are kept: to hear the same
again costs nothing.`,
		Example: `  narrapress voices audition
  narrapress voices audition body quote -o quotes.mp3
  narrapress voices audition ann bob --text "The shop opens at 9:30."`,
		Args: between(0, -1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			o.Names = args
			if c.Flags().Changed("max-cost") {
				o.limit = &o.MaxCost
			}
			return runVoicesAudition(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Text, "text", "", "the `LINES` that are spoken")
	f.StringVarP(&o.Out, "output", "o", "audition.mp3", "`FILE` that is written")
	f.Float64Var(&o.MaxCost, "max-cost", 0, "ask for nothing if it would cost more than `N`, in the endpoints' currency")
	return c
}

// runVoicesAudition makes the file and says what is in it.
func runVoicesAudition(ctx context.Context, o auditionOptions, s Streams) error {
	switch {
	case !strings.EqualFold(filepath.Ext(o.Out), ".mp3"):
		return misuse("-o %s: an audition is an .mp3 file", o.Out)
	case o.MaxCost < 0, math.IsNaN(o.MaxCost), math.IsInf(o.MaxCost, 0):
		return misuse("--max-cost is an amount such as 2.50, not %g", o.MaxCost)
	}
	show := newDisplay(s, o.globals)
	sh := newShows(o.globals, s, "", show.observe).of(ctx, stdin)
	if sh.err != nil {
		return sh.err
	}
	out := outcome{Source: o.Out, Engine: sh.press.Engine(), Priced: sh.priced}
	file := o.Out
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.Dir, file)
	}
	show.begin(o.Out, 1, 1)
	res, err := sh.press.Audition(ctx, pipeline.Audition{Names: o.Names, Text: o.Text, File: file, MaxCost: o.limit})
	show.end()
	if unknown := new(pipeline.NameError); errors.As(err, &unknown) {
		reason := unknown.Error()
		if near := nearest(unknown.Name, unknown.Known); near != "" {
			reason += fmt.Sprintf("; did you mean %s?", near)
		}
		return misuse("%s", reason)
	}
	if err != nil {
		return err
	}
	out.produced(res)
	out.Seconds = res.Elapsed.Seconds()
	switch {
	case o.JSON:
		report := runReport{Version: 1}
		report.add(out)
		report.Totals.Sources, report.Totals.Seconds = 1, out.Seconds
		return writeJSON(s.Out, report)
	case !o.Quiet:
		io.WriteString(s.Out, out.summary(s, paint(s.colours(s.OutTerminal))))
	}
	return nil
}
