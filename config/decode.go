package config

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// provenance is where the values of a configuration came from.
type provenance struct {
	values map[string]source // by setting, such as voices.narrator.speed
}

// source of one value, or of a map or list.
type source struct {
	layer   string
	at      pos    // of the value, or the flag or variable
	key     pos    // of its key
	written string // as the file has it, where variables stand in it and it is no secret
	vars    bool
}

// decoder puts a tree into structs, by their yaml tags, and keeps where each
// value came from. What the tree does not say stays as it is.
type decoder struct {
	faults *faults
	from   *provenance
	bad    map[string]bool   // settings with a fault, and all above them
	held   map[string]string // what variables held → their names, to keep it out of faults
	length *regexp.Regexp
	root   reflect.Type // of the whole tree
}

func newDecoder(f *faults) *decoder {
	return &decoder{faults: f, from: &provenance{values: map[string]source{}}, bad: map[string]bool{}, held: map[string]string{}, length: regexp.MustCompile(lengthPattern)}
}

// lengthPattern is a length of time: Go's notation, with a unit, not negative.
const lengthPattern = `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`

func (d *decoder) fault(path string, at pos, format string, args ...any) {
	d.faults.add(at, format, args...)
	d.mark(path)
}

// mark says that the setting cannot be judged further.
func (d *decoder) mark(path string) {
	for path != "" {
		d.bad[path] = true
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
	d.bad[""] = true
}

// want reports a value of a wrong type. It never shows the value.
func (d *decoder) want(n *node, path, what string) {
	got := n.kind.String()
	if n.vars() {
		got = "something else from " + word(references(n.written))
	}
	d.fault(path, n.at, "%s: want %s, got %s", word(last(path)), what, got)
}

func (d *decoder) value(n *node, v reflect.Value, path string) {
	if n.broken {
		d.mark(path) // reported when it was read
		return
	}
	switch t := v.Type(); {
	case v.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		if !v.IsNil() {
			p.Elem().Set(v.Elem())
		}
		d.value(n, p.Elem(), path)
		v.Set(p)
	case isText(t) && (v.Kind() != reflect.Struct || len(fields(t)) == 0 || (n.kind != mapping && n.kind != null)):
		d.text(n, v, path)
	case v.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case v.Kind() == reflect.Map:
		d.names(n, v, path)
	case v.Kind() == reflect.Slice:
		d.items(n, v, path)
	case v.Kind() == reflect.Interface:
		if x := d.any(n, path); x != nil {
			v.Set(reflect.ValueOf(x))
		}
	default:
		d.scalar(n, v, path)
	}
}

// section is a map, or nothing at all, which says nothing.
func (d *decoder) section(n *node, path, what string) bool {
	switch n.kind {
	case mapping:
		return true
	case null:
	default:
		d.want(n, path, what)
	}
	return false
}

func (d *decoder) structure(n *node, v reflect.Value, path string) {
	what := "a map"
	if isText(v.Type()) {
		what = "a text or a map"
	}
	if !d.section(n, path, what) {
		return
	}
	if path == "" {
		d.root = v.Type()
	}
	known := fields(v.Type())
	for _, e := range n.entries {
		i := slices.IndexFunc(known, func(f field) bool { return f.name == e.key })
		if i < 0 {
			names := make([]string, len(known))
			for i := range known {
				names[i] = known[i].name
			}
			d.fault(path, e.at, "unknown key %s%s", word(e.key), d.whereTo(path, e.key, names))
			continue
		}
		d.entry(e, v.Field(known[i].index), join(path, e.key))
	}
}

// whereTo is the end of a sentence about a key that is unknown in the section of a
// path. In a show's file it may be right in another place.
func (d *decoder) whereTo(path, key string, known []string) string {
	if d.root != reflect.TypeFor[Config]() {
		return meant(key, known)
	}
	if path != "" && slices.ContainsFunc(fields(d.root), func(f field) bool { return f.name == key }) {
		section, _, _ := strings.Cut(path, ".")
		section, _, _ = strings.Cut(section, "[")
		return "; it belongs at the left edge, beside " + word(section)
	}
	if _, near := nearest(key, known); near {
		return meant(key, known)
	}
	var sections []string
	for _, s := range settings() {
		if section, found := strings.CutSuffix(s.path, "."+key); found && !strings.ContainsAny(section, "*[") {
			sections = append(sections, section)
		}
	}
	if len(sections) != 1 {
		return meant(key, known)
	}
	return "; it belongs under " + sections[0]
}

func (d *decoder) entry(e entry, v reflect.Value, path string) {
	s := source{layer: layerFile, at: e.value.at, key: e.at, vars: e.value.vars()}
	if !isSecret(v.Type()) {
		s.written = e.value.written
	}
	d.from.values[path] = s
	d.value(e.value, v, path)
}

func (d *decoder) names(n *node, v reflect.Value, path string) {
	if !d.section(n, path, "a map") || len(n.entries) == 0 {
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), len(n.entries))
	for _, e := range n.entries {
		if e.key == "" {
			d.fault(path, e.at, "an empty name")
			continue
		}
		x := reflect.New(v.Type().Elem()).Elem()
		d.entry(e, x, join(path, e.key))
		m.SetMapIndex(reflect.ValueOf(e.key), x)
	}
	v.Set(m)
}

func (d *decoder) items(n *node, v reflect.Value, path string) {
	switch n.kind {
	case list:
	case null:
		return
	default:
		d.want(n, path, "a list")
		return
	}
	s := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		d.entry(entry{at: item.at, value: item}, s.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	v.Set(s)
}

// any is a tree of no fixed shape, as JSON has it.
func (d *decoder) any(n *node, path string) any {
	switch n.kind {
	case mapping:
		m := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			p := join(path, e.key)
			d.from.values[p] = source{layer: layerFile, at: e.value.at, key: e.at, vars: e.value.vars(), written: e.value.written}
			m[e.key] = d.any(e.value, p)
		}
		return m
	case list:
		l := make([]any, len(n.items))
		for i, item := range n.items {
			p := fmt.Sprintf("%s[%d]", path, i)
			d.from.values[p] = source{layer: layerFile, at: item.at, key: item.at, vars: item.vars(), written: item.written}
			l[i] = d.any(item, p)
		}
		return l
	case null:
		return nil
	}
	k := n.kind
	if n.vars() && !n.quoted { // a variable may hold a number, but nothing that is more than one scalar
		if k = coreSchema().kind(n.text); k == null {
			k = text
		}
	}
	switch k {
	case boolean:
		return strings.EqualFold(n.text, "true")
	case number:
		f, ok := parseNumber(n.text)
		if !ok || math.IsInf(f, 0) {
			d.want(n, path, "a number that can be held")
			return nil
		}
		if i, err := strconv.Atoi(n.text); err == nil {
			return i
		}
		return f
	}
	return n.text
}

// text reads a scalar that says itself how it is written. A number without
// quotes is good for a quantity, not for words.
func (d *decoder) text(n *node, v reflect.Value, path string) {
	quantity := v.Kind() == reflect.Float64 || v.Kind() == reflect.Int
	structure := v.Kind() == reflect.Struct && len(fields(v.Type())) > 0
	switch {
	case n.kind == text, n.kind == number && quantity:
	case structure:
		d.want(n, path, "a text or a map")
		return
	case quantity:
		d.want(n, path, "a level, such as "+example(v))
		return
	default:
		d.wantText(n, path)
		return
	}
	x := reflect.New(v.Type())
	if err := x.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.text)); err != nil {
		if n.vars() || !quantity {
			d.want(n, path, "a level, such as "+example(v))
			return
		}
		d.fault(path, n.at, "%s: %s", word(last(path)), err)
		return
	}
	if !structure {
		v.Set(x.Elem())
		return
	}
	// A struct that is written as one text says only the fields that the text
	// fills; the others keep their defaults.
	for _, f := range fields(v.Type()) {
		if said := x.Elem().Field(f.index); !said.IsZero() {
			v.Field(f.index).Set(said)
			d.from.values[join(path, f.name)] = d.from.values[path]
		}
	}
}

func (d *decoder) wantText(n *node, path string) {
	switch {
	case n.kind == number || n.kind == boolean:
		d.fault(path, n.at, "%s: want a text, got %s: put it in quotes", word(last(path)), n.kind)
	default:
		d.want(n, path, "a text")
	}
}

// references are the variables in a text, without their defaults.
func references(written string) string {
	var names []string
	for _, part := range strings.Split(written, "${")[1:] {
		name, _, _ := strings.Cut(part, "}")
		name, _, _ = strings.Cut(name, ":-")
		names = append(names, "${"+name+"}")
	}
	return strings.Join(names, " ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// isLength says whether the type is a length of time.
func isLength(t reflect.Type) bool { return t == reflect.TypeFor[time.Duration]() }
