package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
)

// trial is tests of one package that a fault is given to.
type trial struct {
	pkg   *pkg
	tests []test
}

// ownTrials are the tests of the fault's package that run its line.
func (g *gardener) ownTrials(ctx context.Context, f *fault) ([]trial, error) {
	if g.options.tests != "" {
		return []trial{{pkg: f.pkg, tests: []test{{Name: g.options.tests, Millis: g.options.box.Milliseconds() / factor}}}}, nil
	}
	r, err := g.learn(ctx, f.pkg)
	if err != nil || r == nil {
		return nil, err
	}
	tests := r.Tests
	if b, inside := blockOf(f, []*reach{r}); inside {
		tests = r.of(b)
	}
	return g.trialOf(f.pkg, tests), nil
}

// others is how many other packages' tests a fault is given to at most.
const others = 3

// othersTrials are the tests of other packages that run the fault's line: those that
// import its package before those that do not, and the quickest first.
func (g *gardener) othersTrials(ctx context.Context, f *fault) (trials []trial, err error) {
	reaches := map[*pkg]*reach{}
	for _, p := range g.all {
		r, err := g.learn(ctx, p)
		if err != nil {
			return nil, err
		}
		if r != nil {
			reaches[p] = r
		}
	}
	b, inside := blockOf(f, slices.Collect(maps.Values(reaches)))
	for p, r := range reaches {
		switch {
		case p == f.pkg:
		case inside:
			trials = append(trials, g.trialOf(p, r.of(b))...)
		case p.imports(f.pkg): // what stands outside of functions
			trials = append(trials, g.trialOf(p, r.Tests)...)
		}
	}
	distance := func(p *pkg) int {
		if p.imports(f.pkg) {
			return 0
		}
		return 1
	}
	slices.SortFunc(trials, func(a, b trial) int {
		return cmp.Or(cmp.Compare(distance(a.pkg), distance(b.pkg)), cmp.Compare(total(a.tests), total(b.tests)), strings.Compare(a.pkg.ImportPath, b.pkg.ImportPath))
	})
	return trials[:min(len(trials), others)], nil
}

// trialOf has the quickest of the tests, half the box of them; none where there are none.
func (g *gardener) trialOf(p *pkg, tests []test) []trial {
	tests = g.steady(p, tests)
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.Millis, b.Millis) })
	for i := range tests {
		if i > 0 && total(tests[:i+1]) > g.options.box.Milliseconds()/2 {
			tests = tests[:i]
			break
		}
	}
	if len(tests) == 0 {
		return nil
	}
	return []trial{{p, tests}}
}

func total(tests []test) (millis int64) {
	for _, t := range tests {
		millis += t.Millis
	}
	return millis
}
