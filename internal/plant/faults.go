package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// fault is one change that may be planted.
type fault struct {
	pkg      *pkg
	file     string // its path on this machine
	name     string // its path from the root, and the place in it: file:line:column
	operator operator
	places   []place // where coverage may know of it, the nearest first
	src      []byte  // the whole file, without it
	edits    []edit  // in the order of the file
}

// edit is text that takes the place of bytes of a file.
type edit struct {
	from, to int
	with     string
}

// place is a line and a column of the fault's file, both from 1.
type place struct{ line, column int }

func (f *fault) String() string { return f.name + " " + string(f.operator) }

// faultsOf are all that may be planted in a package, file by file from the top.
func faultsOf(root string, p *pkg) (out []*fault, err error) {
	for _, name := range p.GoFiles {
		file := filepath.Join(p.Dir, name)
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return nil, err
		}
		of, err := faultsIn(src, filepath.ToSlash(rel))
		if err != nil {
			return nil, err
		}
		for _, f := range of {
			f.pkg, f.file = p, file
		}
		out = append(out, of...)
	}
	return out, nil
}

// faultsIn are all that may be planted in one file.
func faultsIn(src []byte, name string) (out []*fault, err error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(parsed) {
		return nil, nil
	}
	tokens := set.File(parsed.Pos())
	ast.PreorderStack(parsed, nil, func(n ast.Node, around []ast.Node) bool {
		changes := changesOf(n, around)
		for len(changes) > 0 {
			// Changes of one operator are one fault: what stands on both sides of a condition.
			last := 1
			for last < len(changes) && changes[last].operator == changes[0].operator {
				last++
			}
			at := tokens.Position(changes[0].from)
			f := &fault{name: fmt.Sprintf("%s:%d:%d", name, at.Line, at.Column), operator: changes[0].operator, places: []place{{at.Line, at.Column}}, src: src}
			for _, c := range changes[:last] {
				f.edits = append(f.edits, edit{tokens.Offset(c.from), tokens.Offset(c.to), c.with})
			}
			for i := len(around) - 1; i >= 0; i-- {
				if _, ok := around[i].(ast.Stmt); ok {
					p := tokens.Position(around[i].Pos())
					f.places = append(f.places, place{p.Line, p.Column})
				}
			}
			out, changes = append(out, f), changes[last:]
		}
		return true
	})
	return out, nil
}

// text is the whole file with the fault; its lines keep their numbers.
func (f *fault) text() (out []byte) {
	done := 0
	for _, e := range f.edits {
		out = append(append(out, f.src[done:e.from]...), e.with...)
		out = append(out, bytes.Repeat([]byte("\n"), bytes.Count(f.src[e.from:e.to], []byte("\n")))...)
		done = e.to
	}
	return append(out, f.src[done:]...)
}

// lines are those that are changed, before and after, in one line each.
func (f *fault) lines() (was, is string) {
	from, to := f.edits[0].from, f.edits[len(f.edits)-1].to
	from = bytes.LastIndexByte(f.src[:from], '\n') + 1
	after := len(f.src) - to // bytes from the end of the change to that of the file
	if i := bytes.IndexByte(f.src[to:], '\n'); i >= 0 {
		after -= i
	} else {
		after = 0
	}
	text := f.text()
	return oneLine(f.src[from : len(f.src)-after]), oneLine(text[from : len(text)-after])
}

// oneLine is text as it may stand in a list.
func oneLine(b []byte) string {
	s := strings.Join(strings.Fields(string(b)), " ")
	const most = 110
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + " …"
	}
	return s
}

// bed is a package, and faults for it: as many as its quota are planted, from the
// front of the queue, and what does not compile is passed over.
type bed struct {
	pkg   *pkg
	queue []*fault
	quota int
}

// choose divides n faults evenly among the packages, and in each among the
// operators. The seed alone decides, not what is planted at the same time.
func choose(all []*pkg, faults map[*pkg][]*fault, n int, seed uint64) (beds []bed) {
	have := 0
	for _, p := range all {
		if len(faults[p]) == 0 {
			continue
		}
		b := bed{pkg: p}
		r := rand.New(rand.NewPCG(seed, hashOf(p.ImportPath)))
		by := map[operator][]*fault{}
		for _, f := range faults[p] {
			by[f.operator] = append(by[f.operator], f)
		}
		order := append([]operator(nil), operators...)
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, op := range order {
			r.Shuffle(len(by[op]), func(i, j int) { by[op][i], by[op][j] = by[op][j], by[op][i] })
		}
		for round := 0; len(b.queue) < len(faults[p]); round++ {
			for _, op := range order {
				if round < len(by[op]) {
					b.queue = append(b.queue, by[op][round])
				}
			}
		}
		beds = append(beds, b)
	}
	for more := true; more && have < n; {
		more = false
		for i := range beds {
			if b := &beds[i]; have < n && b.quota < len(b.queue) {
				b.quota, have, more = b.quota+1, have+1, true
			}
		}
	}
	return beds
}

// hashOf is FNV-1a, 64 bits: the same on every machine.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// find is the fault that a line of survivors names.
func find(faults map[*pkg][]*fault, name string) (*fault, error) {
	for _, of := range faults {
		for _, f := range of {
			if f.String() == name {
				return f, nil
			}
		}
	}
	return nil, fmt.Errorf("no fault is named %q in these packages", name)
}
