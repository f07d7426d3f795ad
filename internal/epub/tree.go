package epub

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
)

// node is an element of a book's own XML: names without namespaces, lower case.
type node struct {
	name     string
	attrs    map[string]string
	kids     []*node
	text     *strings.Builder // of the whole file
	from, to int              // of its text
}

// words are those of a node and of all in it, as one line.
func (n *node) words() string {
	return strings.Join(strings.Fields(n.text.String()[n.from:n.to]), " ")
}

// Bounds of the XML that says how a book is built.
const (
	mostNested = 200
	mostNodes  = 500_000
)

// tree reads a file of XML as a tree. What stands before a fault in it is in
// the tree that is returned with the error.
func (b *Book) tree(name string) (*node, error) {
	text := &strings.Builder{}
	root := &node{text: text}
	raw, err := b.files.read(name)
	if err != nil {
		return root, err
	}
	d, err := decoder(raw)
	if err != nil {
		return root, fault(name, nil, err)
	}
	open := []*node{root}
	defer func() {
		for _, n := range open {
			n.to = text.Len()
		}
	}()
	for nodes := 0; ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return root, fault(name, d, err)
		}
		top := open[len(open)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if nodes++; len(open) > mostNested || nodes > mostNodes {
				line, col := d.InputPos()
				return root, &Error{name, line, col, fmt.Sprintf("has more than %d elements, or %d inside each other", mostNodes, mostNested)}
			}
			n := &node{name: strings.ToLower(t.Name.Local), attrs: make(map[string]string, len(t.Attr)), text: text, from: text.Len()}
			for _, a := range t.Attr {
				n.attrs[strings.ToLower(a.Name.Local)] = strings.TrimSpace(a.Value)
			}
			top.kids = append(top.kids, n)
			open = append(open, n)
		case xml.EndElement:
			if len(open) > 1 {
				top.to = text.Len()
				open = open[:len(open)-1]
			}
		case xml.CharData:
			text.Write(t)
		}
	}
}

// all are a node's descendants with a name, in their order.
func (n *node) all(name string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
		out = append(out, k.all(name)...)
	}
	return out
}

// kid is a node's first child with one of the names, or nil.
func (n *node) kid(names ...string) *node {
	for _, k := range n.kids {
		for _, name := range names {
			if k.name == name {
				return k
			}
		}
	}
	return nil
}

// has says whether a list of words, such as an epub:type, has a word.
func has(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// Resolve turns a reference in a file of the book into the path and the
// fragment that it leads to. It says false for what leads out of the book.
func (b *Book) Resolve(from, ref string) (target, fragment string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		// A file whose name is not escaped as addresses are.
		target, fragment, _ = strings.Cut(strings.TrimSpace(ref), "#")
		target = path.Join(path.Dir(from), target)
		return target, fragment, b.Has(target)
	}
	if u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "/") {
		return "", "", false
	}
	if u.Path == "" {
		return from, u.Fragment, true
	}
	target = path.Join(path.Dir(from), u.Path)
	if raw := path.Join(path.Dir(from), u.EscapedPath()); !b.Has(target) && b.Has(raw) {
		target = raw // the name has a % in it
	}
	if strings.HasPrefix(target, "../") || target == ".." {
		return "", "", false
	}
	return target, u.Fragment, true
}
