package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/narrapress/narrapress"

// pkg is what `go list` tells of a package.
type pkg struct {
	ImportPath, Dir, Name, Doc, Export string
	GoFiles, IgnoredGoFiles            []string
	TestGoFiles, XTestGoFiles          []string
	Imports, Deps                      []string
	Module                             *struct{ Path string }
}

// ours says whether it is of this module, and gives its path in it.
func (p *pkg) ours() (string, bool) {
	if p.Module == nil || p.Module.Path != module {
		return "", false
	}
	return local(p.ImportPath)
}

func local(importPath string) (string, bool) {
	return strings.CutPrefix(importPath+"/", module+"/")
}

// tree lists the module's packages and all they depend on, with export data.
var tree = sync.OnceValues(func() ([]*pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-export", "-json=ImportPath,Dir,Name,Doc,Export,GoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles,Imports,Deps,Module", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	var all []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &pkg{}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
})

// house is the module's own packages by path in it; the front room, where
// there is one, is "".
func house(t *testing.T) map[string]*pkg {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]*pkg{}
	for _, p := range all {
		if name, ok := p.ours(); ok {
			ours[strings.TrimSuffix(name, "/")] = p
		}
	}
	if len(ours) < 10 {
		t.Fatalf("go list found only %d packages", len(ours))
	}
	return ours
}

// stages are in the order of the flow; a later one knows the earlier ones.
var stages = []string{"pipeline/document", "pipeline/script", "pipeline/record", "pipeline/mix", "pipeline/master", "pipeline/publish"}

// vocabulary is plain data and units that every room may speak.
var vocabulary = []string{"pipeline/podcast", "pipeline/level"}

func isIn(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

func under(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// rank is the place of a package in the direction of imports; higher ones
// import lower ones.
func rank(name string) int {
	switch {
	case under(name, "cmd"), under(name, "examples"), name == "internal/dist":
		return 9
	case name == "internal/cli":
		return 8
	case under(name, "internal/web"), under(name, "internal/batch"):
		return 7
	case name == "pipeline":
		return 6
	case name == "config":
		return 5
	case isIn(vocabulary, name):
		return 1
	case under(name, "pipeline"):
		return 4
	case under(name, "voices"):
		return 3
	case under(name, "internal"):
		return 2
	}
	return 0
}

// forbidden says why from may not import to; empty if it may.
func forbidden(from, to string) string {
	switch {
	case rank(from) == 0:
		return "the package has no room in the house: give it one in docs/architecture.md"
	case isIn(vocabulary, from) && !isIn(vocabulary, to):
		return "vocabulary imports vocabulary only"
	case to == "pipeline/podcast" && rank(from) < 4:
		return "voices and leaves know nothing of podcasts"
	case isIn(vocabulary, to):
		return ""
	case to == "config" && rank(from) < 6:
		return "only pipeline and internal/{cli,web,batch} import config"
	case rank(from) < rank(to):
		return "imports go the other way"
	case rank(from) == 4 && rank(to) == 4 && place(from) < place(to):
		return "a stage imports earlier stages only"
	case rank(from) == 2 && rank(to) == 2 && room(from) != room(to):
		return "leaves import no sibling"
	case from == "internal/cli" || rank(from) > 8:
		return ""
	case to == "internal/cli":
		return "only cmd and internal/dist import internal/cli"
	case rank(from) == 7 && rank(to) == 7 && room(from) == "batch" && room(to) == "web":
		return "batch does not know the web"
	}
	return ""
}

// place is a stage's place in the flow, with its sub-packages.
func place(name string) int {
	for i, s := range stages {
		if under(name, s) {
			return i
		}
	}
	return -1
}

// room is the folder under internal.
func room(name string) string {
	return strings.SplitN(strings.TrimPrefix(name, "internal/"), "/", 2)[0]
}

func TestImportDirections(t *testing.T) {
	t.Parallel()
	for name, p := range house(t) {
		for _, imported := range p.Imports {
			to, ok := local(imported)
			if !ok {
				continue
			}
			if why := forbidden(name, strings.TrimSuffix(to, "/")); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, why)
			}
		}
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		ok       bool
	}{
		{"cmd/narrapress", "internal/cli", true},
		{"internal/dist", "internal/cli", true},
		{"internal/cli", "pipeline", true},
		{"internal/web", "internal/batch", true},
		{"internal/batch", "internal/web", false},
		{"internal/web", "internal/cli", false},
		{"internal/web", "config", true},
		{"pipeline", "config", true},
		{"pipeline", "internal/cli", false},
		{"pipeline/mix", "pipeline/record", true},
		{"pipeline/record", "pipeline/mix", false},
		{"pipeline/mix", "pipeline", false},
		{"pipeline/mix", "config", false},
		{"pipeline/document/markdown", "pipeline/script", false},
		{"pipeline/master", "internal/mp3", true},
		{"config", "pipeline/script", true},
		{"voices", "pipeline/level", true},
		{"voices", "pipeline/script", false},
		{"voices", "internal/audio", true},
		{"internal/audio", "internal/mp3", false},
		{"internal/audio", "internal/audio/fft", true},
		{"internal/audio", "voices", false},
		{"internal/audio", "pipeline/level", true},
		{"internal/audio", "pipeline/podcast", false},
		{"pipeline/podcast", "pipeline/level", true},
		{"pipeline/level", "voices", false},
		{"attic", "voices", false},
	}
	for _, tt := range tests {
		if why := forbidden(tt.from, tt.to); (why == "") != tt.ok {
			t.Errorf("%s → %s: %q", tt.from, tt.to, why)
		}
	}
}

func TestProgramLinksNoTests(t *testing.T) {
	t.Parallel()
	p := house(t)["cmd/narrapress"]
	if p == nil {
		t.Fatal("there is no cmd/narrapress")
	}
	for _, dep := range p.Deps {
		if under(dep, "testing") {
			t.Errorf("the program links %s: test code reached a file that is none", dep)
		}
	}
}

func TestPackages(t *testing.T) {
	t.Parallel()
	for name, p := range house(t) {
		switch path.Base(name) {
		case "util", "utils", "common", "helper", "helpers", "type", "types", "manager":
			t.Errorf("%s: a package is named after what it is about", p.ImportPath)
		}
		if p.Doc == "" {
			t.Errorf("%s: no package comment: which question does it answer?", p.ImportPath)
		}
		for _, file := range append(append([]string(nil), p.GoFiles...), p.IgnoredGoFiles...) {
			checkInit(t, filepath.Join(p.Dir, file))
		}
		for _, files := range [][]string{p.GoFiles, p.IgnoredGoFiles, p.TestGoFiles, p.XTestGoFiles} {
			for _, file := range files {
				checkLength(t, filepath.Join(p.Dir, file))
			}
		}
	}
}

func checkInit(t *testing.T, file string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			t.Errorf("%s has an init function: work begins where main says", file)
		}
	}
}

func checkLength(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	const most = 500
	if n := bytes.Count(b, []byte("\n")); n > most {
		t.Errorf("%s has %d lines; the most is %d: split it", file, n, most)
	}
}
