package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// origin is where code comes from, as `go list` tells it.
type origin struct {
	Path, Version, Dir string
	Main               bool
	Replace            *origin
}

// linked is a package of the program, as `go list` tells it.
type linked struct {
	ImportPath, Dir string
	EmbedFiles      []string // relative to Dir
	Standard        bool
	Module          *origin
}

// termFile is a file of terms or notices, by its name.
var termFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|copyright|notice|patents)([.-].*)?$`)

// thirdParty is the text of THIRD_PARTY.txt: what others wrote of the programs of
// all targets, and on what terms. A module without terms is an error.
func thirdParty(ctx context.Context, root string, all []target) ([]byte, error) {
	terms := map[string]map[string]bool{} // texts by whose they are
	for _, t := range all {
		packages, err := listed(ctx, root, t)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			if err := p.collect(terms); err != nil {
				return nil, err
			}
		}
	}
	if err := standard(ctx, root, terms); err != nil {
		return nil, err
	}
	var bare []error
	for whose, texts := range terms {
		if len(texts) == 0 {
			bare = append(bare, fmt.Errorf("%s has no file of its terms: it may not be given out", whose))
		}
	}
	if err := errors.Join(bare...); err != nil {
		return nil, err
	}
	return page(terms), nil
}

// listed are the packages that a target links.
func listed(ctx context.Context, root string, t target) ([]linked, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-tags", t.tags(), "-json=ImportPath,Dir,EmbedFiles,Standard,Module", "./cmd/narrapress")
	cmd.Dir, cmd.Env = root, t.env()
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, bytes.TrimSpace(fault.Bytes()))
	}
	var all []linked
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p linked
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// collect adds the terms in the folders of the package and of the files in it that
// are no code, and in those above, up to the module's. Those of this module itself are LICENSE: only what stands deeper in it
// is of others.
func (p linked) collect(terms map[string]map[string]bool) error {
	if p.Standard || p.Module == nil {
		return nil
	}
	m := p.Module
	if m.Replace != nil {
		m = m.Replace
	}
	top, err := filepath.Abs(m.Dir)
	if err != nil {
		return err
	}
	whose := m.Path + " " + m.Version
	if !m.Main && terms[whose] == nil {
		terms[whose] = map[string]bool{}
	}
	folders := map[string]bool{p.Dir: true}
	for _, file := range p.EmbedFiles {
		folders[filepath.Join(p.Dir, filepath.Dir(filepath.FromSlash(file)))] = true
	}
	for folder := range folders {
		for dir := folder; len(dir) > len(top) || dir == top && !m.Main; dir = filepath.Dir(dir) {
			texts, err := termsIn(dir)
			if err != nil {
				return err
			}
			of := whose
			if m.Main && len(texts) > 0 {
				of = filepath.ToSlash(dir[len(top)+1:]) + " (in this source)"
				terms[of] = map[string]bool{}
			}
			for _, text := range texts {
				terms[of][text] = true
			}
		}
	}
	return nil
}

// termsIn are the texts of the files of terms in a folder.
func termsIn(dir string) ([]string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, f := range files {
		if !f.Type().IsRegular() || !termFile.MatchString(f.Name()) || filepath.Ext(f.Name()) == ".go" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		if text := strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")); text != "" && utf8.ValidString(text) {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// standard adds Go's own terms.
func standard(ctx context.Context, root string, terms map[string]map[string]bool) error {
	cmd := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	texts, err := termsIn(goroot)
	whose := "Go's standard library " + strings.TrimPrefix(version, "go")
	terms[whose] = map[string]bool{}
	for _, text := range texts {
		terms[whose][text] = true
	}
	return err
}

// page writes each text once, with all who have it.
func page(terms map[string]map[string]bool) []byte {
	type group struct {
		whose []string
		text  string
	}
	byText := map[[sha256.Size]byte]*group{}
	names := slices.Sorted(maps.Keys(terms))
	for _, whose := range names {
		for text := range terms[whose] {
			key := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
			if byText[key] == nil {
				byText[key] = &group{text: text}
			}
			g := byText[key]
			g.text = min(g.text, text) // they differ in white space alone
			if !slices.Contains(g.whose, whose) {
				g.whose = append(g.whose, whose)
			}
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `What others wrote of this program
=================================

narrapress is under the Apache License 2.0 (LICENSE, NOTICE). The programs have
code and data of these in them, each on its own terms, which follow. The source of
a module is what `+"`go mod download NAME@VERSION`"+` fetches.

`)
	for _, whose := range names {
		fmt.Fprintf(&b, "    %s\n", whose)
	}
	groups := slices.SortedFunc(maps.Values(byText), func(a, b *group) int {
		return cmp.Or(slices.Compare(a.whose, b.whose), cmp.Compare(a.text, b.text))
	})
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s\n", strings.Repeat("-", 78))
		for _, whose := range g.whose {
			fmt.Fprintf(&b, "%s\n", whose)
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", strings.Repeat("-", 78), g.text)
	}
	return b.Bytes()
}
