package cli

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/voices"
)

//go:embed starter
var starter embed.FS

// The files that init writes.
const (
	showFile  = "narrapress.yaml"
	firstPost = "posts/first-post.md"
)

// initOptions are the arguments of init.
type initOptions struct {
	*globals
	Dir string
}

func newInit(g *globals, s Streams) *cobra.Command {
	o := initOptions{globals: g}
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a show that works as it stands",
		Long: `init writes a show's file and a first post into DIR (the working folder). The
voices are those of a speech engine that is installed here, else of a provider
whose key you put into the environment. It overwrites nothing.`,
		Example: `  narrapress init
  narrapress init my-show && cd my-show && narrapress produce posts/first-post.md`,
		Args: between(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			o.Dir = "."
			if len(args) > 0 {
				o.Dir = args[0]
			}
			return runInit(c.Context(), o, s)
		},
	}
}

// starterShow fills the template of a show's file.
type starterShow struct {
	Title, Author    string
	Local            bool
	Endpoint, Preset string
	First, Second    string // voices at the endpoint
}

// runInit writes a show's file and a first post.
func runInit(ctx context.Context, o initOptions, s Streams) error {
	if file, ok := config.Find(o.Dir); ok && sameFolder(filepath.Dir(file), o.Dir) {
		return fmt.Errorf("%s is already there: nothing was written", file)
	}
	abs, err := filepath.Abs(o.Dir)
	if err != nil {
		return fmt.Errorf("finding %s: %w", o.Dir, err)
	}
	show := starterShow{
		Title: document.TitleFromName(abs), Author: "Your Name",
		Endpoint: "studio", Preset: "openai", First: "alloy", Second: "onyx",
	}
	if preset, names, ok := voices.Local(ctx, ""); ok {
		show.Local, show.Endpoint, show.Preset, show.First, show.Second = true, "local", preset, names[0], ""
		if len(names) > 1 {
			show.Second = names[1]
		}
	}
	text, err := show.render()
	if err != nil {
		return err
	}
	post, err := starter.ReadFile("starter/" + firstPost)
	if err != nil {
		return fmt.Errorf("reading the first post: %w", err)
	}
	if err := writeNew(filepath.Join(o.Dir, showFile), text); err != nil {
		return err
	}
	err = writeNew(filepath.Join(o.Dir, filepath.FromSlash(firstPost)), post)
	if err != nil && !errors.Is(err, fs.ErrExist) { // a post of that name is as good
		return err
	}
	return o.next(show, s)
}

// next says what was written and what to run now.
func (o initOptions) next(show starterShow, s Streams) error {
	file, post := filepath.Join(o.Dir, showFile), filepath.Join(o.Dir, filepath.FromSlash(firstPost))
	if o.JSON {
		return writeJSON(s.Out, struct {
			Version int      `json:"version"` // of this document's shape
			Files   []string `json:"files"`
			Preset  string   `json:"preset"`
			Voices  []string `json:"voices"`
		}{1, []string{file, post}, show.Preset, []string{show.First, show.Second}})
	}
	if o.Quiet {
		return nil
	}
	fmt.Fprintf(s.Out, "wrote %s and %s\n", file, post)
	if show.Local {
		fmt.Fprintf(s.Out, "the voices are those of %s, found on this machine\n", show.Preset)
	} else {
		fmt.Fprintln(s.Out, "no speech engine was found here (apt install flite would do); the show asks OpenAI: first run")
		fmt.Fprintln(s.Out, "  export OPENAI_API_KEY=…")
	}
	fmt.Fprintf(s.Out, "next: narrapress produce %s\n", quoteArg(post))
	return nil
}

func (show starterShow) render() ([]byte, error) {
	t, err := template.New("narrapress.yaml.tmpl").
		Funcs(template.FuncMap{"quote": strconv.Quote}). // a JSON string, which is one of YAML
		ParseFS(starter, "starter/narrapress.yaml.tmpl")
	if err != nil {
		return nil, fmt.Errorf("reading the template of a show: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, show); err != nil {
		return nil, fmt.Errorf("writing a show: %w", err)
	}
	return b.Bytes(), nil
}

// writeNew writes a file that is not there yet, and the folders above it.
func writeNew(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", name, err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	_, err = f.Write(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

func sameFolder(a, b string) bool {
	ia, err := os.Stat(a)
	if err != nil {
		return false
	}
	ib, err := os.Stat(b)
	return err == nil && os.SameFile(ia, ib)
}
