package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// trial is tests of one package that a fault is given to.
type trial struct {
	pkg   *pkg
	tests []test
}

// ownTrials are the tests of the fault's package, where any of them runs its line.
func (g *gardener) ownTrials(ctx context.Context, f *fault) ([]trial, error) {
	if g.options.tests != "" {
		return []trial{{pkg: f.pkg, tests: []test{{Name: g.options.tests, Millis: g.options.box.Milliseconds() / factor}}}}, nil
	}
	r, err := g.learn(ctx, f.pkg)
	if err != nil || r == nil {
		return nil, err
	}
	if b, inside := r.blockOf(f); inside && !b.Ran {
		return nil, nil
	}
	return g.trialOf(f.pkg, r.Tests), nil
}

// others is how many other packages' tests a fault is given to at most.
const others = 3

// othersTrials are the tests of packages that import the fault's, the quickest
// packages first. Whether they run its line is not asked: that would be a run of its own.
func (g *gardener) othersTrials(ctx context.Context, f *fault) (trials []trial, err error) {
	for _, p := range g.all {
		if p == f.pkg || !p.imports(f.pkg) {
			continue
		}
		r, err := g.learn(ctx, p)
		if err != nil {
			return nil, err
		}
		if r != nil {
			trials = append(trials, g.trialOf(p, r.Tests)...)
		}
	}
	slices.SortFunc(trials, func(a, b trial) int {
		return cmp.Or(cmp.Compare(total(a.tests), total(b.tests)), strings.Compare(a.pkg.ImportPath, b.pkg.ImportPath))
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
