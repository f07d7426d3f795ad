package config

import (
	"regexp"
	"slices"
	"strconv"
)

// kind of a node, by YAML's core schema.
type kind int

const (
	null kind = iota
	boolean
	number
	text
	list
	mapping
)

func (k kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a map"}[k]
}

// node is a value of a show's file. Nodes may be shared (an alias is the node
// of its anchor) and are never changed once made.
type node struct {
	kind    kind
	at      pos
	text    string // of a scalar, with its variables' values in it
	written string // of a scalar with variables, as the file has it
	quoted  bool   // or a block scalar: never anything but text
	broken  bool   // a fault has been reported: nothing more can be said of it
	entries []entry
	items   []*node
	nodes   int // in it, aliases counted each time
	height  int
}

// entry is a key of a map with its value.
type entry struct {
	key   string
	at    pos // of the key
	value *node
}

// vars says whether the node's text came from variables.
func (n *node) vars() bool { return n.written != "" }

func (n *node) get(key string) (entry, bool) {
	if i := slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key }); i >= 0 {
		return n.entries[i], true
	}
	return entry{}, false
}

// measure sets what depends on the node's children.
func (n *node) measure() *node {
	n.nodes, n.height = 1, 1
	for _, e := range n.entries {
		n.nodes, n.height = n.nodes+e.value.nodes, max(n.height, e.value.height+1)
	}
	for _, i := range n.items {
		n.nodes, n.height = n.nodes+i.nodes, max(n.height, i.height+1)
	}
	return n
}

// merge lays the map b beside the map a: maps in both are merged, anything
// else that stands in both is a fault.
func merge(a, b *node, f *faults) *node {
	out := &node{kind: mapping, at: a.at, entries: slices.Clone(a.entries)}
	index := make(map[string]int, len(out.entries))
	for i, e := range out.entries {
		index[e.key] = i
	}
	for _, e := range b.entries {
		i, twice := index[e.key]
		switch {
		case !twice:
			out.entries = append(out.entries, e)
		case out.entries[i].value.kind == mapping && e.value.kind == mapping:
			out.entries[i].value = merge(out.entries[i].value, e.value, f)
		case e.value.kind == null: // an empty section says nothing
		case out.entries[i].value.kind == null:
			out.entries[i] = e
		default:
			f.add(e.at, "key %s is given twice; first at %s", word(e.key), out.entries[i].at)
		}
	}
	return out.measure()
}

// Scalars without quotes, YAML 1.2.2, section 10.3.2 (core schema), but for
// .inf and .nan: no setting of a show is infinite.
type scalars struct{ boolean, null, number *regexp.Regexp }

func coreSchema() scalars {
	return scalars{
		boolean: regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`),
		null:    regexp.MustCompile(`^(|~|null|Null|NULL)$`),
		number:  regexp.MustCompile(`^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+)$`),
	}
}

func (s scalars) kind(plain string) kind {
	const longest = 64 // no number of a show is longer; anything longer is text
	switch {
	case len(plain) > longest:
		return text
	case s.null.MatchString(plain):
		return null
	case s.boolean.MatchString(plain):
		return boolean
	case s.number.MatchString(plain):
		return number
	}
	return text
}

// parseNumber reads a number as the core schema writes it.
func parseNumber(s string) (float64, bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'o') {
		i, err := strconv.ParseInt(s, 0, 64)
		return float64(i), err == nil
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
