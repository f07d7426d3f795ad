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
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// reach is which stretches of the packages the tests of one package run.
type reach struct {
	Blocks []block
	Tests  []test
	// Left are tests that failed alone, or took longer than the box: they judge nothing.
	Left []string
}

// block is a stretch of a file, as a coverage profile has it.
type block struct {
	File                        string // import path of the package, and the file's name
	Line, Column, ToLine, ToCol int
}

// test is a test, an example or the seeds of a fuzz target, run once alone.
type test struct {
	Name   string
	Millis int64
	Runs   []byte // bit i: it runs block i
}

// reachVersion is of what is kept: one that is made otherwise is not read.
const reachVersion = "1"

// lesson is a reach that is found out once, by whoever needs it first.
type lesson struct {
	once  sync.Once
	reach *reach
	err   error
}

// learn finds out which tests of a package run what; nil is of one that has no tests.
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
	var paths []string
	whole := map[string]bool{}
	for _, q := range g.all {
		paths = append(paths, q.ImportPath)
		whole[q.ImportPath] = q == p || q.testFiles() == 0
	}
	if _, err := goCommand(ctx, g.root, "test", "-c", "-vet=off", "-p", "1", "-ldflags=-s -w", "-cover", "-covermode=set",
		"-coverpkg="+strings.Join(paths, ","), "-o", program, p.ImportPath); err != nil {
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
	known := map[block]int{}
	for _, name := range strings.Fields(string(said)) {
		if !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Example") && !strings.HasPrefix(name, "Fuzz") {
			continue
		}
		profile := filepath.Join(folder, "profile")
		begin := time.Now()
		if _, err := g.execute(ctx, p, g.options.box, program, "-test.run", "^"+name+"$", "-test.coverprofile", profile); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			r.Left = append(r.Left, name)
			continue
		}
		t := test{Name: name, Millis: time.Since(begin).Milliseconds()}
		b, err := os.ReadFile(profile)
		if err != nil {
			return nil, err
		}
		if err := r.count(&t, b, known, whole); err != nil {
			return nil, err
		}
		r.Tests = append(r.Tests, t)
	}
	fmt.Fprintf(g.log, "%s: %d tests, %d left out, in %v\n", p.ImportPath, len(r.Tests), len(r.Left), time.Since(began).Round(time.Second))
	if b, err = json.Marshal(r); err != nil {
		return nil, err
	}
	return r, os.WriteFile(kept, b, 0o644)
}

// count notes what a test ran, by a coverage profile:
// "FILE:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT", a block a line. Blocks that it
// did not run are noted where nobody else would know of them: whole says of which
// packages.
func (r *reach) count(t *test, profile []byte, known map[block]int, whole map[string]bool) error {
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
		ran := !strings.HasSuffix(line, " 0")
		if !ran && !whole[path.Dir(b.File)] {
			continue
		}
		i, ok := known[b]
		if !ok {
			i = len(r.Blocks)
			known[b], r.Blocks = i, append(r.Blocks, b)
		}
		if !ran {
			continue
		}
		for len(t.Runs) <= i/8 {
			t.Runs = append(t.Runs, 0)
		}
		t.Runs[i/8] |= 1 << (i % 8)
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
	return b, nil
}

func (b block) holds(p place) bool {
	after := p.line > b.Line || p.line == b.Line && p.column >= b.Column
	before := p.line < b.ToLine || p.line == b.ToLine && p.column < b.ToCol
	return after && before
}

// of are the tests that run a block.
func (r *reach) of(b block) (tests []test) {
	i := slices.Index(r.Blocks, b)
	if i < 0 {
		return nil
	}
	for _, t := range r.Tests {
		if i/8 < len(t.Runs) && t.Runs[i/8]&(1<<(i%8)) != 0 {
			tests = append(tests, t)
		}
	}
	return tests
}

// blockOf is the block that a fault stands in, by the nearest place of which
// coverage knows: the innermost, which begins last. There is none outside of functions.
func blockOf(f *fault, reaches []*reach) (best block, ok bool) {
	file := f.pkg.ImportPath + "/" + filepath.Base(f.file)
	for _, p := range f.places {
		for _, r := range reaches {
			for _, b := range r.Blocks {
				if b.File == file && b.holds(p) && (!ok || b.Line > best.Line || b.Line == best.Line && b.Column > best.Column) {
					best, ok = b, true
				}
			}
		}
		if ok {
			return best, true
		}
	}
	return best, false
}
