package house

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExportedTypes keeps the public packages free of internal types: nobody
// outside could name them.
func TestExportedTypes(t *testing.T) {
	t.Parallel()
	all, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	imp := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s: it does not compile", path)
		}
		return os.Open(exports[path])
	})
	for name, p := range house(t) {
		if under(name, "internal") || p.Name == "main" {
			continue
		}
		typed, err := imp.Import(p.ImportPath)
		if err != nil {
			t.Errorf("%s: %v", p.ImportPath, err)
			continue
		}
		for _, leak := range leaks(typed) {
			t.Error(leak)
		}
	}
}

func TestLeaks(t *testing.T) {
	t.Parallel()
	const source = `package p
import "x/internal/a"
type Fine struct{ hidden a.T; Next *Fine }
func (Fine) method() a.T { return a.T{} }
func unexported(a.T) {}
type Field struct{ F []map[string]a.T }
type Embedded struct{ a.T }
type embeds struct{ *a.T }
func New() *embeds { return nil }
type Method struct{}
func (*Method) M() (int, func(a.T)) { return 0, nil }
type Alias = a.T
type Interface interface{ m(chan a.T) }
func Generic[T interface{ ~[]a.T }](T) {}
var Value = a.T{}
const Constant = a.C
type Plain a.T
`
	fset := token.NewFileSet()
	checked := map[string]*types.Package{}
	conf := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) { return checked[path], nil })}
	for _, s := range []struct{ path, source string }{{"x/internal/a", "package a; type T struct{ X int }; type E int; const C E = 1"}, {"x/p", source}} {
		f, err := parser.ParseFile(fset, s.path+".go", s.source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if checked[s.path], err = conf.Check(s.path, fset, []*ast.File{f}, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"x/p.Alias mentions x/internal/a.T",
		"x/p.Constant mentions x/internal/a.E",
		"x/p.Embedded.T mentions x/internal/a.T",
		"x/p.Field.F mentions x/internal/a.T",
		"x/p.Generic mentions x/internal/a.T",
		"x/p.Interface.m mentions x/internal/a.T",
		"x/p.Method.M mentions x/internal/a.T",
		"x/p.New.embeds.T mentions x/internal/a.T",
		"x/p.Value mentions x/internal/a.T",
	}
	if diff := cmp.Diff(want, leaks(checked["x/p"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// leaks lists the exported identifiers of a package that mention a type of an
// internal folder, each once for each type.
func leaks(p *types.Package) []string {
	found := map[string]bool{}
	w := &walk{home: p, found: found, seen: map[types.Type]bool{}}
	for _, name := range p.Scope().Names() {
		if o := p.Scope().Lookup(name); o.Exported() {
			w.object(o)
		}
	}
	var list []string
	for l := range found {
		list = append(list, l)
	}
	sort.Strings(list)
	return list
}

// walk goes through every type that an exported identifier shows.
type walk struct {
	home  *types.Package
	found map[string]bool
	seen  map[types.Type]bool // named types of the package that were gone through
}

func (w *walk) object(o types.Object) {
	at := w.home.Path() + "." + o.Name()
	name, isType := o.(*types.TypeName)
	switch {
	case isType && name.IsAlias():
		w.typ(at, types.Unalias(o.Type()))
	case isType:
		w.declared(at, o.Type().(*types.Named))
	default:
		w.typ(at, o.Type())
	}
}

// declared goes through what a named type of the package shows.
func (w *walk) declared(at string, n *types.Named) {
	if w.seen[n] {
		return
	}
	w.seen[n] = true
	for i := range n.TypeParams().Len() {
		w.typ(at, n.TypeParams().At(i).Constraint())
	}
	w.typ(at, n.Underlying())
	for i := range n.NumMethods() {
		if m := n.Method(i); m.Exported() {
			w.typ(at+"."+m.Name(), m.Type())
		}
	}
}

func (w *walk) typ(at string, t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		w.typ(at, types.Unalias(t))
	case *types.Named:
		w.named(at, t)
	case *types.Pointer:
		w.typ(at, t.Elem())
	case *types.Slice:
		w.typ(at, t.Elem())
	case *types.Array:
		w.typ(at, t.Elem())
	case *types.Chan:
		w.typ(at, t.Elem())
	case *types.Map:
		w.typ(at, t.Key())
		w.typ(at, t.Elem())
	case *types.Tuple:
		for i := range t.Len() {
			w.typ(at, t.At(i).Type())
		}
	case *types.Signature:
		for i := range t.TypeParams().Len() {
			w.typ(at, t.TypeParams().At(i).Constraint())
		}
		w.typ(at, t.Params())
		w.typ(at, t.Results())
	case *types.Struct:
		for i := range t.NumFields() {
			// An embedded type shows its fields and methods, whatever its name.
			if f := t.Field(i); f.Exported() || f.Embedded() {
				w.typ(at+"."+f.Name(), f.Type())
			}
		}
	case *types.Interface:
		for i := range t.NumExplicitMethods() {
			m := t.ExplicitMethod(i)
			w.typ(at+"."+m.Name(), m.Type())
		}
		for i := range t.NumEmbeddeds() {
			w.typ(at, t.EmbeddedType(i))
		}
	case *types.Union:
		for i := range t.Len() {
			w.typ(at, t.Term(i).Type())
		}
	}
}

func (w *walk) named(at string, n *types.Named) {
	for i := range n.TypeArgs().Len() {
		w.typ(at, n.TypeArgs().At(i))
	}
	p := n.Obj().Pkg()
	switch {
	case p == nil: // error, comparable
	case isInternal(p.Path()):
		w.found[fmt.Sprintf("%s mentions %s.%s", at, p.Path(), n.Obj().Name())] = true
	case p == w.home && !n.Obj().Exported():
		w.declared(at+"."+n.Obj().Name(), n.Origin())
	}
}

// isInternal is about this module and the fixture; the standard library's
// aliases of its own internal types are its own affair.
func isInternal(importPath string) bool {
	return strings.HasPrefix(importPath, module+"/internal/") || strings.HasPrefix(importPath, "x/internal/")
}
