package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// reach is which stretches of a package its own tests run.
type reach struct {
	Blocks []block
	Tests  []test
	// Left are tests that failed, or did not end within the box: they judge nothing.
	Left []string
}

// block is a stretch of a file, as a coverage profile has it.
type block struct {
	File                        string // import path of the package, and the file's name
	Line, Column, ToLine, ToCol int
	Ran                         bool // by a test
}

// test is a test, an example or the seeds of a fuzz target.
type test struct {
	Name   string
	Millis int64
}

// reachVersion is of what is kept: one that is made otherwise is not read.
const reachVersion = "2"

// lesson is a reach that is found out once, by whoever needs it first.
type lesson struct {
	once  sync.Once
	reach *reach
	err   error
}

// learn finds out what a package's tests run, and how long each takes; nil is of one
// that has no tests.
func (g *gardener) learn(ctx context.Context, p *pkg) (*reach, error) {
	if p.testFiles() == 0 {
		return nil, nil
	}
	g.mu.Lock()
	if g.tests == nil {
		g.tests = map[*pkg]*lesson{}
	}
	l := g.tests[p]
	if l == nil {
		l = &lesson{}
		g.tests[p] = l
	}
	g.mu.Unlock()
	l.once.Do(func() {
		if l.reach, l.err = g.reachOf(ctx, p); l.err != nil {
			l.err = fmt.Errorf("coverage of %s: %w", p.ImportPath, l.err)
		}
	})
	return l.reach, l.err
}

func (g *gardener) reachOf(ctx context.Context, p *pkg) (*reach, error) {
	folder, err := os.MkdirTemp(g.scratch, "reach")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "reach.test")
	if _, err := goCommand(ctx, g.root, "test", "-c", "-vet=off", "-p", "1", "-ldflags=-s -w", "-cover", "-covermode=set", "-o", program, p.ImportPath); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(b, reachVersion...))
	kept := filepath.Join(g.options.keep, path.Base(p.ImportPath)+"-"+hex.EncodeToString(sum[:8])+".json")
	r := &reach{}
	switch b, err := os.ReadFile(kept); {
	case err == nil:
		return r, json.Unmarshal(b, r)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	began := time.Now()
	said, err := g.execute(ctx, p, time.Minute, program, "-test.list", ".")
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	left := map[string]bool{}
	for _, name := range strings.Fields(string(said)) {
		if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example") || strings.HasPrefix(name, "Fuzz") {
			left[name] = true
		}
	}
	// The first run may end early, at a test that never does: then there is no profile,
	// and those that it saw pass are run again.
	pattern, profile := ".", filepath.Join(folder, "profile")
	for try := 0; ; try++ {
		said, _ = g.execute(ctx, p, g.options.box+patience, program, "-test.v", "-test.run", pattern, "-test.coverprofile", profile, "-test.timeout", g.options.box.String())
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.Tests = passedIn(string(said))
		if exists(profile) || len(r.Tests) == 0 || try > 0 {
			break
		}
		pattern = "^(" + strings.Join(names(r.Tests), "|") + ")$"
	}
	for _, t := range r.Tests {
		delete(left, t.Name)
	}
	for _, name := range skipped.FindAllStringSubmatch(string(said), -1) {
		delete(left, name[1])
	}
	r.Left = slices.Sorted(maps.Keys(left))
	if exists(profile) {
		if b, err = os.ReadFile(profile); err != nil {
			return nil, err
		}
		if err := r.count(b); err != nil {
			return nil, err
		}
	} else {
		r.Tests = nil
	}
	fmt.Fprintf(g.log, "%s: %d tests, %d left out, %d s of them, in %v\n", p.ImportPath, len(r.Tests), len(r.Left), total(r.Tests)/1000, time.Since(began).Round(time.Second))
	if b, err = json.Marshal(r); err != nil {
		return nil, err
	}
	return r, os.WriteFile(kept, b, 0o644)
}

// passed and skipped are the lines by which a test program with -test.v names what
// passed, with its seconds, and what was left out by itself.
var (
	passed  = regexp.MustCompile(`(?m)^--- PASS: ([\pL\pN_]+) \(([0-9.]+)s\)`)
	skipped = regexp.MustCompile(`(?m)^--- SKIP: ([\pL\pN_]+) \(`)
)

// passedIn are the tests that passed, by what a test program said.
func passedIn(said string) (tests []test) {
	for _, m := range passed.FindAllStringSubmatch(said, -1) {
		seconds, err := strconv.ParseFloat(m[2], 64)
		if err == nil {
			tests = append(tests, test{m[1], int64(seconds * 1000)})
		}
	}
	return tests
}

// count notes what tests ran, by a coverage profile:
// "FILE:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT", a block a line.
func (r *reach) count(profile []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(profile))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "mode:") {
			continue
		}
		b, err := parseBlock(line)
		if err != nil {
			return err
		}
		r.Blocks = append(r.Blocks, b)
	}
	return lines.Err()
}

func parseBlock(line string) (b block, err error) {
	colon := strings.LastIndexByte(line, ':')
	if colon < 0 {
		return b, fmt.Errorf("a line of a coverage profile is %q", line)
	}
	b.File = line[:colon]
	f := strings.FieldsFunc(line[colon+1:], func(r rune) bool { return r == '.' || r == ',' || r == ' ' })
	if len(f) != 6 {
		return b, fmt.Errorf("a line of a coverage profile is %q", line)
	}
	for i, to := range []*int{&b.Line, &b.Column, &b.ToLine, &b.ToCol} {
		if *to, err = strconv.Atoi(f[i]); err != nil {
			return b, fmt.Errorf("a line of a coverage profile is %q", line)
		}
	}
	b.Ran = f[5] != "0"
	return b, nil
}

func (b block) holds(p place) bool {
	after := p.line > b.Line || p.line == b.Line && p.column >= b.Column
	before := p.line < b.ToLine || p.line == b.ToLine && p.column < b.ToCol
	return after && before
}

// blockOf is the block that a fault stands in, by the nearest place of which
// coverage knows: the innermost, which begins last. There is none outside of functions.
func (r *reach) blockOf(f *fault) (best block, ok bool) {
	file := f.pkg.ImportPath + "/" + filepath.Base(f.file)
	for _, p := range f.places {
		for _, b := range r.Blocks {
			if b.File == file && b.holds(p) && (!ok || b.Line > best.Line || b.Line == best.Line && b.Column > best.Column) {
				best, ok = b, true
			}
		}
		if ok {
			return best, true
		}
	}
	return best, false
}
