package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// pkg is a package as `go list` tells of it.
type pkg struct {
	ImportPath, Dir           string
	GoFiles, Imports          []string
	TestGoFiles, XTestGoFiles []string
	TestImports, XTestImports []string
}

func (p *pkg) testFiles() int { return len(p.TestGoFiles) + len(p.XTestGoFiles) }

// imports says whether it or its tests import the package directly.
func (p *pkg) imports(other *pkg) bool {
	for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
		if slices.Contains(list, other.ImportPath) {
			return true
		}
	}
	return false
}

// list are the packages that the patterns name, in the order of their paths; of
// them those alone that the program links, where one is named: what is there for
// tests only has no tests of its own.
func list(ctx context.Context, root, program string, patterns []string) ([]*pkg, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	linked := map[string]bool{}
	if program != "" {
		out, err := goCommand(ctx, root, "list", "-deps", "-f", "{{.ImportPath}}", program)
		if err != nil {
			return nil, err
		}
		for _, path := range strings.Fields(string(out)) {
			linked[path] = true
		}
	}
	out, err := goCommand(ctx, root, append([]string{"list", "-json"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var all []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &pkg{}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if program == "" || linked[p.ImportPath] {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no package is named by %s", strings.Join(patterns, " "))
	}
	slices.SortFunc(all, func(a, b *pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return all, nil
}

// goCommand runs the go command in a folder; its error has what it said.
func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
