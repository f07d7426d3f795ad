package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// planOptions are the flags and arguments of plan.
type planOptions struct {
	*globals
	Input string
	Out   string // file of the script
	Title string
	Type  string

	Chapter int    // of a source that is divided; 0 lists them
	Unknown bool   // list the words that may be said wrong instead
	Diff    string // an earlier script to compare with
	Edits   bool   // show what a person's edits change
	Save    string // an edited script that becomes edits beside the document
}

func newPlan(g *globals, s Streams) *cobra.Command {
	o := planOptions{globals: g}
	c := &cobra.Command{
		Use:   "plan INPUT",
		Short: "Show what would be said, by whom, with which pauses, at what cost",
		Long: `plan shows an episode before it is made: its chapters, and each segment with the
role, the voice, whether its take is stored, its characters and the pause after
it. It asks nothing of any endpoint.

Where the show makes an episode of each chapter (output.split: chapter), the
episodes are listed, and --chapter shows one.

With -o it writes the script to a file that can be edited and given to
produce: another text, another role, a longer pause, a retake (take: 1).

With --unknown it lists the words that an engine may say wrong, how often they
come and in which sentences, before any money is spent: names and jargon that
no lexicon of the show has. With --diff it shows what changed since an earlier
script: segments that were added, removed or said otherwise.

What a person changes about how a document is spoken stands beside it, in
INPUT.narrapress.yaml: another text, voice, pause or chapter for a segment, found
again by the words of the document. --save turns an edited plan into that file,
and --edits shows what it changes.`,
		Example: `  narrapress plan post.md
  narrapress plan post.md -o plan.yaml && $EDITOR plan.yaml && narrapress produce plan.yaml
  narrapress plan book.epub --chapter 3
  narrapress plan post.md --unknown
  narrapress plan post.md --diff plan.yaml
  narrapress plan post.md --save plan.yaml && narrapress plan post.md --edits
  narrapress plan post.md --json | jq .totals`,
		Args: between(1, 1, "an INPUT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.Input = args[0]
			return runPlan(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Out, "output", "o", "", "write the script to `FILE` (.yaml, .yml or .json; - is standard output as YAML)")
	f.StringVar(&o.Title, "title", "", "title of the episode; wins over the text's own")
	f.StringVar(&o.Type, "type", "", typeUsage)
	f.IntVar(&o.Chapter, "chapter", 0, chapterUsage)
	f.BoolVar(&o.Unknown, "unknown", false, "list the words that may be said wrong, with their sentences")
	f.StringVar(&o.Diff, "diff", "", "show what changed since the script in `FILE`")
	f.BoolVar(&o.Edits, "edits", false, "show what the edits beside the document change")
	f.StringVar(&o.Save, "save", "", "turn the edited script in `FILE` into edits, INPUT.narrapress.yaml")
	c.MarkFlagsMutuallyExclusive("unknown", "diff", "output", "edits", "save")
	return c
}

// runPlan shows the plan of one source, or writes its script to a file.
func runPlan(ctx context.Context, o planOptions, s Streams) error {
	format, err := scriptFormat(o.Out)
	if err != nil {
		return err
	}
	if o.Out == stdin && o.JSON {
		return misuse("--json and -o - both want standard output")
	}
	order, press, err := orderOf(ctx, o.globals, pipeline.Order{Source: o.Input, Title: o.Title, Type: o.Type}, s)
	if err != nil {
		return err
	}
	orders, err := press.Divide(ctx, order)
	switch {
	case err != nil:
		return &sourceError{order.Source, err}
	case o.Chapter != 0:
		if order, err = chapterOf(orders, o.Chapter, order.Source); err != nil {
			return err
		}
	case len(orders) > 1 && o.Out != "":
		return misuse("-o writes one script, and %s has %d chapters: choose one with --chapter", order.Source, len(orders))
	case len(orders) > 1 && (o.Save != "" || o.Edits):
		return misuse("each chapter has edits of its own, and %s has %d: choose one with --chapter", order.Source, len(orders))
	case len(orders) > 1:
		return planEach(ctx, o, press, order.Source, orders, s)
	default:
		order = orders[0]
	}
	source := order.Name()
	p, err := press.Plan(ctx, order)
	if err != nil {
		return &sourceError{source, err}
	}
	switch {
	case o.Unknown:
		return writeUnknown(s.Out, o.JSON, source, heardOf(source, p), s.columns(), paint(s.colours(s.OutTerminal)))
	case o.Diff != "":
		before, err := scriptIn("--diff", o.Diff)
		if err != nil {
			return err
		}
		return writeDiff(o, source, before, p.Script, s)
	case o.Edits:
		return writeEdits(o, source, p, s)
	case o.Save != "":
		return saveEdits(o, order, p, s)
	}
	if o.Out != "" {
		if err := writeScript(o.Out, format, p.Script, s.Out); err != nil {
			return err
		}
	}
	switch {
	case o.JSON:
		return writeJSON(s.Out, newPlanDocument(source, press.Engine(), p))
	case o.Out == stdin || o.Quiet:
		return nil
	case o.Out != "":
		fmt.Fprintf(s.Out, "%s: %s\nmake it with: narrapress produce %s\n", o.Out, planTotal(p), quoteArg(o.Out))
	default:
		io.WriteString(s.Out, planText(p, press.Engine(), s.columns(), paint(s.colours(s.OutTerminal))))
	}
	return nil
}

// planOf plans the one source that an order's input names, undivided.
func planOf(ctx context.Context, g *globals, order pipeline.Order, s Streams) (source string, press *pipeline.Press, p *pipeline.Plan, err error) {
	if order, press, err = orderOf(ctx, g, order, s); err != nil {
		return "", nil, nil, err
	}
	if p, err = press.Plan(ctx, order); err != nil {
		return "", nil, nil, &sourceError{order.Source, err}
	}
	return order.Source, press, p, nil
}

// orderOf is the order of the one source that an order's input names, and the
// press of its show.
func orderOf(ctx context.Context, g *globals, order pipeline.Order, s Streams) (pipeline.Order, *pipeline.Press, error) {
	if err := validType(order.Type); err != nil {
		return order, nil, err
	}
	sources, err := expand([]string{order.Source})
	if err != nil {
		return order, nil, err
	}
	if len(sources) > 1 {
		return order, nil, misuse("the pattern '%s' matches %d files: a plan is of one", order.Source, len(sources))
	}
	order.Source = sources[0]
	sh := newShows(g, s, "", nil).of(ctx, order.Source)
	if sh.err != nil {
		return order, nil, sh.err
	}
	if order.Source == stdin {
		text, err := readStdin(ctx, s.In)
		if err != nil {
			return order, nil, err
		}
		order.Reader = bytes.NewReader(text)
	}
	return order, sh.press, nil
}

// sourceError is an error about a source.
type sourceError struct {
	source string
	err    error
}

func (e *sourceError) Error() string { return located(e.source, e.err) }

// Unwrap is the cause.
func (e *sourceError) Unwrap() error { return e.err }

// scriptFormat is the format that a script is written in, by the file's name.
func scriptFormat(name string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case name == "" || name == stdin || ext == ".yaml" || ext == ".yml":
		return "yaml", nil
	case ext == ".json":
		return "json", nil
	default:
		return "", misuse("-o %s: a script is written as .yaml or .json", name)
	}
}

func writeScript(name, format string, sc *script.Script, out io.Writer) error {
	var b bytes.Buffer
	if err := script.Encode(&b, sc, format); err != nil {
		return fmt.Errorf("writing the script: %w", err)
	}
	if name == stdin {
		_, err := out.Write(b.Bytes())
		return err
	}
	switch there, err := os.ReadFile(name); {
	case err == nil && bytes.Equal(there, b.Bytes()):
		return nil
	case err == nil:
		return fmt.Errorf("%s is already there and says something else: an edited plan is not written over; remove it or name another file", name)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	_, err := publish.WriteFile(name, b.Bytes()) // its error names the file
	return err
}
