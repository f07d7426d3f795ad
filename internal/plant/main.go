package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "plant:", err)
		os.Exit(1)
	}
}

// options are what the caller decides.
type options struct {
	n       int
	seed    uint64
	program string         // only packages that it links; "": all
	keep    string         // folder of what is known about tests
	jobs    int            // faults at once
	box     time.Duration  // for the tests of one fault
	limit   time.Duration  // after it no fault is begun; 0: none
	fault   string         // this one alone
	tests   string         // with fault: these tests of its package, and no others
	only    *regexp.Regexp // of what is chosen, what is in packages that it matches
	own     bool           // what survives is not given to tests of others
	least   float64        // percent
}

func run(ctx context.Context, args []string, out, stderr io.Writer) error {
	var o options
	f := flag.NewFlagSet("plant", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.n, "n", 200, "how many faults are planted")
	f.Uint64Var(&o.seed, "seed", 1, "of the choice of faults")
	f.StringVar(&o.program, "of", "", "leave out packages that this one does not link")
	f.StringVar(&o.keep, "keep", filepath.Join("bin", "plant"), "folder for what is known about tests")
	f.IntVar(&o.jobs, "j", 1, "faults at once")
	f.DurationVar(&o.box, "box", 2*time.Minute, "time for the tests of one fault")
	f.DurationVar(&o.limit, "for", 0, "time after which no fault is begun; 0 is none")
	f.StringVar(&o.fault, "fault", "", "plant this one alone, as a line of survivors names it: 'FILE:LINE:COLUMN OPERATOR'")
	f.StringVar(&o.tests, "tests", "", "with -fault: give it to these tests of its package, a regular expression, whatever they run")
	f.BoolVar(&o.own, "own", false, "give no fault to tests of other packages")
	f.Func("only", "of the faults that are chosen, plant those of packages whose path this regular expression matches", func(s string) (err error) {
		o.only, err = regexp.Compile(s)
		return err
	})
	f.Float64Var(&o.least, "least", 0, "percent of the faults that tests are to catch")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case o.n < 1 || o.jobs < 1 || o.box <= 0:
		return errors.New("-n, -j and -box are more than 0")
	case o.tests != "" && o.fault == "":
		return errors.New("-tests is for one -fault")
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	return plant(ctx, root, f.Args(), o, out, stderr)
}

// plant chooses faults in the packages of a module, plants them, and writes down
// what became of each.
func plant(ctx context.Context, root string, patterns []string, o options, out, stderr io.Writer) error {
	all, err := list(ctx, root, o.program, patterns)
	if err != nil {
		return err
	}
	faults := map[*pkg][]*fault{}
	for _, p := range all {
		if faults[p], err = faultsOf(root, p); err != nil {
			return err
		}
	}
	beds := choose(all, faults, o.n, o.seed)
	if o.only != nil {
		beds = slices.DeleteFunc(beds, func(b bed) bool { return !o.only.MatchString(b.pkg.ImportPath) })
	}
	if o.fault != "" {
		one, err := find(faults, o.fault)
		if err != nil {
			return err
		}
		beds = []bed{{pkg: one.pkg, queue: []*fault{one}, quota: 1}}
	}
	scratch, err := os.MkdirTemp("", "plant")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := os.Chmod(scratch, 0o755); err != nil { // a database that tests begin runs as somebody else
		return err
	}
	g := &gardener{root: root, scratch: scratch, all: all, options: o, log: stderr}
	if err := os.MkdirAll(o.keep, 0o755); err != nil {
		return err
	}
	results, err := g.judgeAll(ctx, beds)
	if err != nil {
		return err
	}
	if o.fault != "" && len(results) == 0 && ctx.Err() == nil {
		return fmt.Errorf("with %s the package does not compile", o.fault)
	}
	write(out, results, g.unsteady(), o)
	if share := 100 * caught(results); len(results) > 0 && share < o.least {
		return fmt.Errorf("tests fail for %.1f %% of %d faults; they are to fail for %g %%", share, len(results), o.least)
	}
	return nil
}
