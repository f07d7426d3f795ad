package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// gardener plants faults and looks what comes up.
type gardener struct {
	root, scratch string
	all           []*pkg
	options       options
	log           io.Writer
	began         time.Time

	mu     sync.Mutex
	tests  map[*pkg]*lesson
	sound  map[*pkg]*program        // test programs without a fault
	shaken map[*pkg]map[string]bool // tests that failed without a fault
}

// program is a test program that is compiled once, by whoever needs it first.
type program struct {
	once   sync.Once
	folder string
	err    error
}

// verdict is what became of a fault.
type verdict string

const (
	failed    verdict = "failed"    // a test of its own package fails
	elsewhere verdict = "elsewhere" // a test of another package fails
	hung      verdict = "hung"      // a test does not end
	survived  verdict = "survived"  // no test fails that runs it
	unreached verdict = "unreached" // no test runs it
	broken    verdict = "broken"    // it does not compile
)

// result is a fault with its verdict.
type result struct {
	*fault
	verdict verdict
	by      string // the test
	took    time.Duration
}

// judgeAll plants what is chosen: first for the tests of each package itself, one
// package after the other; then what survived there for the tests of others. Where
// it is interrupted, what was found until then is told.
func (g *gardener) judgeAll(ctx context.Context, beds []bed) ([]result, error) {
	g.began = time.Now()
	var mu sync.Mutex
	results := map[string]result{}
	note := func(r result) {
		mu.Lock()
		defer mu.Unlock()
		results[r.String()] = r
		fmt.Fprintf(g.log, "%3d %-9s %6.1fs %s %s\n", len(results), r.verdict, r.took.Seconds(), r.fault, r.by)
	}
	// Those with little to learn of come first: an interrupted run has then judged many.
	beds = slices.SortedStableFunc(slices.Values(beds), func(a, b bed) int { return cmp.Compare(a.pkg.testFiles(), b.pkg.testFiles()) })
	err := each(ctx, g.options.jobs, beds, func(ctx context.Context, b bed) error {
		for planted := 0; planted < b.quota && len(b.queue) > 0; b.queue = b.queue[1:] {
			if g.over() {
				return nil
			}
			r, err := g.judge(ctx, b.queue[0], g.ownTrials)
			switch {
			case err != nil:
				return err
			case r.verdict != broken:
				planted++
				note(r)
			}
		}
		return nil
	})
	if err == nil && g.options.tests == "" && !g.options.own {
		var again []*fault
		for _, r := range results {
			if r.verdict == survived || r.verdict == unreached {
				again = append(again, r.fault)
			}
		}
		slices.SortFunc(again, func(a, b *fault) int { return strings.Compare(a.String(), b.String()) })
		err = each(ctx, g.options.jobs, again, func(ctx context.Context, f *fault) error {
			if g.over() {
				return nil
			}
			r, err := g.judge(ctx, f, g.othersTrials)
			if err == nil && r.verdict != unreached && r.verdict != survived { // else the first verdict says more
				note(r)
			}
			return err
		})
	}
	if ctx.Err() != nil {
		err = nil
	}
	return slices.SortedFunc(maps.Values(results), func(a, b result) int {
		return cmp.Or(strings.Compare(a.pkg.ImportPath, b.pkg.ImportPath), strings.Compare(a.String(), b.String()))
	}), err
}

// over says whether the time is.
func (g *gardener) over() bool {
	return g.options.limit > 0 && time.Since(g.began) > g.options.limit
}

// judge gives a fault to tests that run it.
func (g *gardener) judge(ctx context.Context, f *fault, trialsOf func(context.Context, *fault) ([]trial, error)) (result, error) {
	trials, err := trialsOf(ctx, f)
	if err != nil {
		return result{}, err
	}
	begin := time.Now()
	folder, ok, err := g.lay(ctx, f, trials)
	defer os.RemoveAll(folder)
	if err != nil || !ok {
		return result{fault: f, verdict: broken}, err
	}
	v, by, err := g.give(ctx, f, trials, folder)
	return result{fault: f, verdict: v, by: by, took: time.Since(begin)}, err
}

// give gives the fault that was laid into a folder to tests, until one fails.
func (g *gardener) give(ctx context.Context, f *fault, trials []trial, folder string) (verdict, string, error) {
	if len(trials) == 0 {
		return unreached, "", nil
	}
	path := filepath.Join(folder, testProgram)
	for i, t := range trials {
		if i > 0 { // the first is there
			if err := g.compile(ctx, t.pkg, folder); err != nil {
				return "", "", err
			}
		}
		for _, tests := range portions(t.tests) {
			v, by, err := g.try(ctx, t.pkg, path, tests)
			if err != nil {
				return "", "", err
			}
			if v == failed && t.pkg != f.pkg {
				v, by = elsewhere, t.pkg.ImportPath+" "+by
			}
			if v != survived {
				return v, by, nil
			}
		}
	}
	return survived, "", nil
}

// portions divides tests, the quickest first, so that a fault that a quick one
// catches waits for no slow one: of 2 s, of 10 s, and the rest.
func portions(tests []test) (out [][]test) {
	for _, most := range []int64{2000, 10000} {
		i, sum := 0, int64(0)
		for i < len(tests) && sum+tests[i].Millis <= most {
			sum += tests[i].Millis
			i++
		}
		if i > 0 {
			out = append(out, tests[:i])
		}
		tests = tests[i:]
	}
	if len(tests) > 0 {
		out = append(out, tests)
	}
	return out
}

// failing are the lines by which a test program names tests that failed or were
// under way as it ended.
var failing = regexp.MustCompile(`(?m)^(?:--- FAIL: |\t)((?:Test|Example|Fuzz)[\pL\pN_]*)(?:/\S*)? \(`)

const (
	factor   = 8                // how many times as long as alone a test may take
	patience = 30 * time.Second // and beside it: a machine that others use stands still for as long
)

// try runs tests of a program with a fault. What fails there, and without the
// fault too, is left out from then on.
func (g *gardener) try(ctx context.Context, p *pkg, path string, tests []test) (verdict, string, error) {
	for tests = g.steady(p, tests); len(tests) > 0; tests = g.steady(p, tests) {
		said, late, err := g.exam(ctx, p, path, tests)
		if err == nil {
			return survived, "", nil
		}
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		var suspects []test
		for _, m := range failing.FindAllSubmatch(said, -1) {
			if i := slices.IndexFunc(tests, func(t test) bool { return t.Name == string(m[1]) }); i >= 0 && !slices.Contains(names(suspects), tests[i].Name) {
				suspects = append(suspects, tests[i])
			}
		}
		if len(suspects) == 0 { // it ended without a word
			suspects = tests
		}
		without, err := g.without(ctx, p)
		if err != nil {
			return "", "", err
		}
		if _, _, err := g.exam(ctx, p, without, suspects); err == nil {
			// A machine that stood still for others may have failed it: with the fault it is to fail again.
			_, again, err := g.exam(ctx, p, path, suspects)
			switch {
			case ctx.Err() != nil:
				return "", "", ctx.Err()
			case err != nil && late && again:
				return hung, suspects[0].Name, nil
			case err != nil:
				return failed, suspects[0].Name, nil //nolint:nilerr // a test that fails has found the fault
			}
		}
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		if g.options.tests != "" {
			return "", "", fmt.Errorf("%s of %s fails without the fault, too", g.options.tests, p.ImportPath)
		}
		g.leaveOut(p, suspects)
	}
	return survived, "", nil
}

// exam runs tests; late says whether they did not end in time.
func (g *gardener) exam(ctx context.Context, p *pkg, path string, tests []test) (said []byte, late bool, err error) {
	limit := min(g.options.box, patience+factor*time.Duration(total(tests))*time.Millisecond)
	begin := time.Now()
	pattern := "^(" + strings.Join(names(tests), "|") + ")$"
	said, err = g.execute(ctx, p, limit+patience, path, "-test.run", pattern, "-test.failfast", "-test.timeout", limit.String())
	return said, err != nil && time.Since(begin) >= limit, err
}

func names(tests []test) (out []string) {
	for _, t := range tests {
		out = append(out, t.Name)
	}
	return out
}

// steady are those of the tests that did not fail without a fault.
func (g *gardener) steady(p *pkg, tests []test) []test {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(tests), func(t test) bool { return g.shaken[p][t.Name] })
}

func (g *gardener) leaveOut(p *pkg, tests []test) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shaken == nil {
		g.shaken = map[*pkg]map[string]bool{}
	}
	if g.shaken[p] == nil {
		g.shaken[p] = map[string]bool{}
	}
	for _, t := range tests {
		g.shaken[p][t.Name] = true
	}
}

// unsteady are the tests that judge nothing: they fail, or take too long, without a fault.
func (g *gardener) unsteady() (out []string) {
	for p, names := range g.shaken {
		for name := range names {
			out = append(out, p.ImportPath+" "+name)
		}
	}
	for p, l := range g.tests {
		if l.reach == nil {
			continue
		}
		for _, name := range l.reach.Left {
			out = append(out, p.ImportPath+" "+name)
		}
	}
	slices.Sort(out)
	return out
}
