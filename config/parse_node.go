package config

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// node makes a tree of the parser's nodes: anchors followed, variables put in,
// every key once.
func (d *document) node(from ast.Node, depth int) *node {
	at := d.place(from.GetToken())
	if depth > mostDepth {
		return d.broken(at, "nested deeper than %d", mostDepth)
	}
	switch x := from.(type) {
	case *ast.AnchorNode:
		return d.anchor(x, depth)
	case *ast.AliasNode:
		return d.alias(x, at, depth)
	case *ast.TagNode:
		return d.broken(at, "the tag %s means nothing here: leave it out, or put a text in quotes", word(x.Start.Value))
	case *ast.MappingNode:
		return d.mapping(x, depth)
	case *ast.MappingValueNode:
		return d.mapping(&ast.MappingNode{Start: x.Start, Values: []*ast.MappingValueNode{x}}, depth)
	case *ast.SequenceNode:
		n := &node{kind: list, at: at}
		for _, v := range x.Values {
			n.items = append(n.items, d.node(v, depth+1))
		}
		return d.counted(n)
	case *ast.LiteralNode:
		return d.scalar(x.Value.Value, true, at)
	case ast.ScalarNode:
		t := x.GetToken()
		if t.Type == token.ImplicitNullType {
			return d.counted(&node{kind: null, at: at})
		}
		return d.scalar(t.Value, t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType, at)
	}
	return d.broken(at, "this YAML means nothing in a show's file")
}

func (d *document) broken(at pos, format string, args ...any) *node {
	d.faults.add(at, format, args...)
	return &node{kind: null, at: at, broken: true, nodes: 1, height: 1}
}

// counted keeps the sum of nodes under its bound: aliases of aliases make a
// short file very large.
func (d *document) counted(n *node) *node {
	if d.nodes++; d.nodes > mostNodes || n.measure().nodes > mostNodes {
		if d.full {
			return &node{kind: null, at: n.at, broken: true, nodes: 1, height: 1}
		}
		d.full = true
		return d.broken(n.at, "more than %d values, its aliases followed: it is no show's file", mostNodes)
	}
	return n
}

func (d *document) anchor(x *ast.AnchorNode, depth int) *node {
	name := x.Name.GetToken().Value
	d.anchors[name] = nil
	n := d.node(x.Value, depth)
	d.anchors[name] = n
	return n
}

func (d *document) alias(x *ast.AliasNode, at pos, depth int) *node {
	name := x.Value.GetToken().Value
	n, known := d.anchors[name]
	switch {
	case !known:
		names := []string{}
		for a := range d.anchors {
			names = append(names, a)
		}
		return d.broken(at, "no anchor %s before its alias%s", word(name), meant(name, names))
	case n == nil:
		return d.broken(at, "the alias %s stands inside its own anchor", word(name))
	case depth+n.height > mostDepth+1:
		return d.broken(at, "nested deeper than %d, its aliases followed", mostDepth)
	}
	return n
}

func (d *document) mapping(x *ast.MappingNode, depth int) *node {
	n := &node{kind: mapping, at: d.place(x.Start)}
	if len(x.Values) > 0 && !x.IsFlowStyle {
		n.at = d.place(x.Values[0].Key.GetToken())
	}
	index := map[string]int{}
	var merged []*node
	for _, v := range x.Values {
		if v.Key.IsMergeKey() {
			merged = append(merged, d.merged(d.node(v.Value, depth+1))...)
			continue
		}
		key, ok := d.key(v)
		if !ok {
			n.broken = true
			continue
		}
		e := entry{key: key, at: d.place(v.Key.GetToken()), value: d.node(v.Value, depth+1)}
		if i, twice := index[key]; twice {
			d.faults.add(e.at, "key %s is given twice; first at %s", word(key), n.entries[i].at)
			continue
		}
		index[key] = len(n.entries)
		n.entries = append(n.entries, e)
	}
	for _, m := range merged { // its own keys win over merged ones, the first merged over the next
		for _, e := range m.entries {
			if _, there := index[e.key]; !there {
				index[e.key] = len(n.entries)
				n.entries = append(n.entries, e)
			}
		}
	}
	return d.counted(n)
}

// merged are the maps that a merge key (<<) names.
func (d *document) merged(n *node) []*node {
	switch {
	case n.broken:
	case n.kind == mapping:
		return []*node{n}
	case n.kind == list && !slices.ContainsFunc(n.items, func(i *node) bool { return i.kind != mapping }):
		return n.items
	default:
		d.faults.add(n.at, "<<: want a map or a list of maps, got %s", n.kind)
	}
	return nil
}

// key is the text of a map's key. In { } the parser ends a key at any colon;
// YAML does so only at one with a space behind it, so a key such as
// speaker:Ana is refused there rather than read wrongly (goccy/go-yaml 1.19.2;
// YAML 1.2.2, section 7.3.3).
func (d *document) key(v *ast.MappingValueNode) (string, bool) {
	k, scalar := v.Key.(ast.ScalarNode)
	if !scalar {
		d.faults.add(d.place(v.Key.GetToken()), "a key is a text")
		return "", false
	}
	t := k.GetToken()
	plain := t.Type != token.SingleQuoteType && t.Type != token.DoubleQuoteType
	if value := v.Value.GetToken(); plain && value.Type != token.ImplicitNullType && v.Start != nil && value.Position != nil &&
		value.Position.Line == v.Start.Position.Line && value.Position.Column == v.Start.Position.Column+1 {
		d.faults.add(d.place(t), "%s:%s: put it in quotes, or a space after its colon", word(t.Value), word(firstWord(value.Value)))
		return "", false
	}
	return t.Value, true
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, ": "); i > 0 {
		return s[:i]
	}
	return s
}

// scalar puts a scalar's variables in; what they hold stays one scalar.
func (d *document) scalar(s string, quoted bool, at pos) *node {
	n := &node{kind: text, at: at, text: s, quoted: quoted}
	if !strings.Contains(s, "${") {
		if !quoted {
			n.kind = d.scalars.kind(s)
		}
		return d.counted(n)
	}
	value, ok := d.expand(s, at)
	if !ok {
		return &node{kind: null, at: at, broken: true, nodes: 1, height: 1}
	}
	n.text = value
	if value != s {
		n.written = s
	}
	return d.counted(n)
}
