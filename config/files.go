package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Bounds of includes.
const (
	mostIncludes     = 32
	mostIncludeDepth = 8
)

// reader reads a whole regular file of at most so many bytes.
type reader func(path string, most int64) ([]byte, error)

var (
	errTooLong    = errors.New("it is too long")
	errNotRegular = errors.New("it is no regular file")
)

// readRegular does not wait on pipes and devices.
func readRegular(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, errTooLong
	}
	return data, nil
}

// cause is an error of the file system without the path, which the fault has.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// missing says what is not there, what probably was meant, and where it was
// looked for.
func missing(what, path string) string {
	dir, name := filepath.Split(path)
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Sprintf("no such %s: there is no folder %s", what, filepath.Clean(dir))
	}
	const most = 1000 // names that are compared
	names, _ := f.Readdirnames(most)
	_ = f.Close() // read only
	if best, ok := nearest(name, names); ok && best != name {
		return fmt.Sprintf("no such %s in %s; did you mean %s?", what, filepath.Clean(dir), word(best))
	}
	return fmt.Sprintf("no such %s in %s", what, filepath.Clean(dir))
}

// gather reads a show's file and all it includes into one tree.
type gather struct {
	env    func(string) (string, bool)
	read   reader
	faults *faults
	held   map[string]string // of variables
	files  int
	tokens int            // of all files
	dirs   []string       // of the files, by number
	open   []string       // files being read, the outermost first
	done   map[string]pos // full path → where it was included
	stop   bool           // a newer version: nothing else can be judged
}

// file reads the file at path, shown as name; from is where it is included.
func (g *gather) file(path, name string, from pos) *node {
	data, err := g.read(path, mostBytes)
	number := g.files
	g.files++
	g.dirs = append(g.dirs, filepath.Dir(path))
	g.done[path] = from
	if err != nil {
		reason := "cannot be read: " + cause(err)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			reason = missing("file", path)
		case errors.Is(err, errTooLong):
			reason = fmt.Sprintf("longer than %d MiB: it is no show's file", mostBytes>>20)
		}
		if from.line > 0 {
			reason = word(name) + ": " + reason
		} else {
			from = pos{file: number, name: name}
		}
		g.faults.add(from, "%s", reason)
		return nil
	}
	v := &variables{env: g.env, dir: filepath.Dir(path), read: g.read, faults: g.faults, name: variableName(), held: g.held}
	d := &document{file: number, name: name, expand: v.expand, faults: g.faults, scalars: coreSchema(), tokens: &g.tokens}
	root := d.parse(data)
	if root == nil {
		return nil
	}
	if root, err = g.version(root, from); err != nil {
		g.stop = true
		g.faults.list, g.faults.dropped = nil, 0
		e, _ := root.get("version")
		g.faults.add(e.value.at, "%s", err)
		return nil
	}
	g.open = append(g.open, path)
	defer func() { g.open = g.open[:len(g.open)-1] }()
	return g.includes(root, name)
}

// version refuses a file that a newer program wrote, before anything else is
// said of it. An included file may say its version too; the main file's counts.
func (g *gather) version(root *node, from pos) (*node, error) {
	e, ok := root.get("version")
	if !ok {
		return root, nil
	}
	if v, isNumber := parseNumber(e.value.text); isNumber && (e.value.kind == number || e.value.vars()) && v > version {
		return root, fmt.Errorf("this file is of version %s, and this program reads version %d: use a newer narrapress", word(e.value.text), version)
	}
	if from.line > 0 {
		root = root.without("version")
	}
	return root, nil
}

// includes merges what the file includes into it.
func (g *gather) includes(root *node, name string) *node {
	e, ok := root.get("include")
	if !ok || e.value.kind != list {
		return root // decoding says what is wrong with it
	}
	dir := filepath.Dir(g.open[len(g.open)-1])
	for _, i := range e.value.items {
		if i.kind != text || i.text == "" {
			continue
		}
		path, shown := i.text, i.text
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
			if base := filepath.Dir(name); base != "." {
				shown = filepath.Join(base, shown)
			}
		}
		if i.vars() {
			shown = i.written
		}
		first, again := g.done[path]
		switch {
		case slices.Contains(g.open, path):
			g.faults.add(i.at, "%s would include itself", word(shown))
			continue
		case again:
			g.faults.add(i.at, "%s is included twice; first at %s", word(shown), first)
			continue
		case len(g.open) > mostIncludeDepth:
			g.faults.add(i.at, "files include files deeper than %d", mostIncludeDepth)
			continue
		case g.files > mostIncludes:
			g.faults.add(i.at, "more than %d files are included", mostIncludes)
			continue
		}
		more := g.file(path, shown, i.at)
		if g.stop {
			return nil
		}
		if more != nil {
			root = merge(root, more.without("include"), g.faults)
		}
	}
	return root
}

// without is the map without a key.
func (n *node) without(key string) *node {
	out := *n
	out.entries = slices.DeleteFunc(slices.Clone(n.entries), func(e entry) bool { return e.key == key })
	return out.measure()
}
