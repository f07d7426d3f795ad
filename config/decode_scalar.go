package config

import (
	"encoding"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/narrapress/narrapress/voices"
)

// scalar reads a text, a number, true or false, or a length of time. What
// variables put in is read as the type that is wanted.
func (d *decoder) scalar(n *node, v reflect.Value, path string) {
	switch {
	case isLength(v.Type()):
		d.duration(n, v, path)
	case v.Kind() == reflect.String:
		if n.kind != text {
			d.wantText(n, path)
			return
		}
		v.SetString(n.text)
	case v.Kind() == reflect.Bool:
		switch {
		case n.kind == boolean, n.vars() && (n.text == "true" || n.text == "false"):
			v.SetBool(strings.EqualFold(n.text, "true"))
		default:
			d.want(n, path, "true or false")
		}
	case v.CanFloat():
		if f, ok := d.number(n, path, "a number"); ok {
			v.SetFloat(f)
		}
	case v.CanInt():
		f, ok := d.number(n, path, "a whole number")
		if !ok {
			return
		}
		const exact = 1 << 53 // beyond it a float64 is no longer a count
		if f != math.Trunc(f) || math.Abs(f) > exact || v.OverflowInt(int64(f)) {
			d.fault(path, n.at, "%s: want a whole number", word(last(path)))
			return
		}
		v.SetInt(int64(f))
	default:
		d.fault(path, n.at, "%s: cannot be set in a show's file", word(last(path)))
	}
}

func (d *decoder) number(n *node, path, what string) (float64, bool) {
	if n.kind == number || (n.vars() && coreSchema().kind(n.text) == number) {
		if f, ok := parseNumber(n.text); ok && !math.IsInf(f, 0) {
			return f, true
		}
		d.fault(path, n.at, "%s: the number is too large", word(last(path)))
		return 0, false
	}
	if n.kind == text && !n.vars() && n.quoted && coreSchema().kind(n.text) == number {
		d.fault(path, n.at, "%s: want %s, got a text: take the quotes away", word(last(path)), what)
		return 0, false
	}
	d.want(n, path, what)
	return 0, false
}

func (d *decoder) duration(n *node, v reflect.Value, path string) {
	const what = "a length of time with its unit, such as 700ms or 1.5s"
	if n.kind == number && !n.vars() {
		d.fault(path, n.at, "%s: the unit is missing: want %s", word(last(path)), what)
		return
	}
	if n.kind == text && d.length.MatchString(n.text) {
		if t, err := time.ParseDuration(n.text); err == nil {
			v.SetInt(int64(t))
			return
		}
	}
	if n.kind == text && !n.vars() {
		d.fault(path, n.at, "%s: %s is no length of time; want it with its unit, such as 700ms or 1.5s", word(last(path)), word(n.text))
		return
	}
	d.want(n, path, what)
}

// example of a quantity, in its unit.
func example(v reflect.Value) string {
	x := reflect.New(v.Type()).Elem()
	x.SetFloat(-1)
	if m, ok := x.Interface().(encoding.TextMarshaler); ok {
		if b, err := m.MarshalText(); err == nil {
			return string(b)
		}
	}
	return "-1"
}

// field of a struct that a key fills.
type field struct {
	name  string
	index int
}

// fields of a struct by their yaml tags.
func fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if t.Field(i).IsExported() && name != "" && name != "-" {
			out = append(out, field{name, i})
		}
	}
	return out
}

// isText says whether the type reads itself from a text.
func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func isSecret(t reflect.Type) bool { return t == reflect.TypeFor[voices.Secret]() }
