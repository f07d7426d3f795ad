package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// tally counts the verdicts of a row.
type tally map[verdict]int

func (t tally) all() (n int) {
	for _, v := range t {
		n += v
	}
	return n
}

func (t tally) caught() int { return t[failed] + t[elsewhere] + t[hung] }

// caught is the share of the faults for which a test failed, from 0 to 1.
func caught(results []result) float64 {
	t := tally{}
	for _, r := range results {
		t[r.verdict]++
	}
	return float64(t.caught()) / float64(max(1, t.all()))
}

// write writes the tables and the survivors.
func write(w io.Writer, results []result, unsteady []string, o options) {
	fmt.Fprintf(w, "%d faults, seed %d: tests fail for %.1f %%\n\n", len(results), o.seed, 100*caught(results))
	table(w, "package", results, func(r result) string { return r.pkg.ImportPath })
	table(w, "operator", results, func(r result) string { return string(r.operator) })
	for _, part := range []struct {
		verdict verdict
		title   string
	}{{survived, "Survivors"}, {unreached, "Not run by any test"}} {
		n := 0
		for _, r := range results {
			if r.verdict != part.verdict {
				continue
			}
			if n++; n == 1 {
				fmt.Fprintf(w, "%s (again: go run ./internal/plant -fault '…' PACKAGE):\n", part.title)
			}
			was, is := r.lines()
			fmt.Fprintf(w, "  %s\n    - %s\n    + %s\n", r.fault, was, is)
		}
		if n > 0 {
			fmt.Fprintln(w)
		}
	}
	if len(unsteady) > 0 {
		fmt.Fprintln(w, "Tests that failed, or took too long, without a fault, and so judged nothing:")
		for _, name := range unsteady {
			fmt.Fprintf(w, "  %s\n", name)
		}
	}
}

func table(w io.Writer, title string, results []result, row func(result) string) {
	rows, all := map[string]tally{}, tally{}
	var order []string
	for _, r := range results {
		name := row(r)
		if rows[name] == nil {
			rows[name], order = tally{}, append(order, name)
		}
		rows[name][r.verdict]++
		all[r.verdict]++
	}
	slices.Sort(order)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "%s\tplanted\tcaught\tby others' tests\thung\tsurvived\tnot run\n", title)
	line := func(name string, t tally) {
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", name, t.all(), t.caught(), t[elsewhere], t[hung], t[survived], t[unreached])
	}
	for _, name := range order {
		line(name, rows[name])
	}
	line("all", all)
	out.Flush()
	fmt.Fprintln(w)
}
