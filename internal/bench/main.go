// Command bench answers what an episode costs, in time, processor and memory,
// beside the usual recipes: whole processes, run in turn. docs/performance.md
// tells how, and has what it measured.
//
//	go run ./internal/bench                          every row at its length; about an hour on two cores
//	go run ./internal/bench -rows cold -minutes 10   one of them
//	go run ./internal/bench -rows none -doc docs/performance.md -plot docs/performance.svg
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == measureWord {
		os.Exit(measure(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := benchmark(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// options of a run.
type options struct {
	rows, json, doc, plot, dir string
	minutes, n                 int
}

func parse(args []string, stderr io.Writer) (options, []string, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.rows, "rows", "all", "what is measured: all, none, or some of "+strings.Join(rowNames(), ","))
	f.IntVar(&o.minutes, "minutes", 0, "length of the episode in every row; 0 is each row's own")
	f.IntVar(&o.n, "n", 0, "measurements of each; 0 is each row's own")
	f.StringVar(&o.dir, "dir", filepath.Join("bin", "bench"), "folder for the fixture and all that is made")
	f.StringVar(&o.json, "json", "", "results, added to what is there; else results.json in the folder")
	f.StringVar(&o.doc, "doc", "", "page whose table is written anew")
	f.StringVar(&o.plot, "plot", "", "picture that is drawn, an .svg")
	if err := f.Parse(args); err != nil {
		return o, nil, err
	}
	var names []string
	switch o.rows {
	case "all":
		names = rowNames()
	case "none":
	default:
		names = strings.Split(o.rows, ",")
	}
	for _, name := range names {
		if !slices.Contains(rowNames(), name) {
			return o, nil, fmt.Errorf("there is no row %q: they are %s", name, strings.Join(rowNames(), ", "))
		}
	}
	switch {
	case f.NArg() > 0:
		return o, nil, fmt.Errorf("%q is no flag", f.Arg(0))
	case o.minutes < 0 || o.n < 0:
		return o, nil, fmt.Errorf("-minutes and -n are numbers from 0 on")
	}
	return o, names, nil
}

func rowNames() []string {
	var out []string
	for _, r := range rows() {
		out = append(out, r.name)
	}
	return out
}

func benchmark(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, names, err := parse(args, stderr)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	if o.json == "" {
		o.json = filepath.Join(dir, "results.json")
	}
	known, err := readResults(o.json)
	if err != nil {
		return err
	}
	known.Machine = thisMachine(ctx)
	if len(names) > 0 {
		module, err := moduleFolder(ctx)
		if err != nil {
			return err
		}
		b := &bench{module: module, dir: dir, log: stderr, n: o.n, minutes: o.minutes, results: known}
		if err := os.MkdirAll(filepath.Join(dir, "work"), 0o755); err != nil {
			return err
		}
		if b.fixture, err = openFixture(ctx, filepath.Join(dir, "takes")); err != nil {
			return err
		}
		if b.bin, err = b.build(ctx, "narrapress"); err != nil {
			return err
		}
		if err := b.measure(ctx, names, func() error { return known.write(o.json) }); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Join(dir, "work")); err != nil {
			return err
		}
	}
	fmt.Fprint(stdout, known.markdown(o.minutes))
	if o.plot != "" {
		if err := known.draw(o.plot); err != nil {
			return err
		}
	}
	if o.doc != "" {
		return known.intoPage(o.doc, o.plot)
	}
	return nil
}

// moduleFolder is where the program's source is.
func moduleFolder(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}
