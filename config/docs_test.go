package config

import (
	"encoding"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	docsBegin = "<!-- settings: written by go test ./config -run TestDocs -update -->\n"
	docsEnd   = "<!-- end of settings -->\n"
)

// The keys in docs/configuration.md are those of the program.
func TestDocs(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "configuration.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(data), docsBegin)
	_, tail, ok2 := strings.Cut(rest, docsEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the settings", path)
	}
	want := head + docsBegin + table() + docsEnd + tail
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	if !strings.Contains(string(data), "```yaml\n"+smallest+"```\n") {
		t.Errorf("%s does not show the smallest show", path)
	}
	c := Defaults()
	for _, l := range overridable(&c) {
		if !strings.Contains(string(data), "| `"+l.path+"` |") {
			t.Errorf("%s does not name %s", path, l.path)
		}
	}
}

func table() string {
	types, defaults := map[string]reflect.Type{}, map[string]string{}
	patterns(reflect.TypeFor[Config](), "", types)
	c := Defaults()
	e := &effective{c: &c}
	leaves(reflect.ValueOf(&c).Elem(), func(l leaf) {
		switch s, err := plainDefault(e, l.value); {
		case err != nil || s == "" || s == "null":
		default:
			defaults[l.path] = "`" + s + "`"
		}
	})
	var b strings.Builder
	section := ""
	for _, s := range settings() {
		if first, _, _ := strings.Cut(s.path, "."); first != section && s.path != "include" {
			section = first
			fmt.Fprintf(&b, "\n### %s\n\n| key | value | default | meaning |\n|---|---|---|---|\n", section)
		}
		path := strings.ReplaceAll(s.path, "*", "NAME")
		if strings.HasPrefix(path, "roles.") {
			path = "roles.ROLE"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", path, kindOf(s, types[s.path]), defaults[s.path], s.doc)
	}
	return b.String() + "\n"
}

// plainDefault is a default as the file would have it.
func plainDefault(e *effective, v reflect.Value) (string, error) {
	switch {
	case v.Kind() == reflect.Map || v.Kind() == reflect.Slice:
		return "", nil
	case isText(v.Type()):
		m, ok := v.Interface().(encoding.TextMarshaler)
		if !ok {
			return "", nil
		}
		b, err := m.MarshalText()
		return string(b), err
	case v.Kind() == reflect.String:
		return v.String(), nil
	}
	return e.scalar(v, "", false)
}

// kindOf says which values a setting takes, with its unit and bounds.
func kindOf(s setting, t reflect.Type) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	var what string
	switch {
	case s.oneOf != nil && t.Kind() == reflect.Slice:
		return "list of `" + strings.Join(s.oneOf, "`, `") + "`"
	case s.oneOf != nil:
		return "`" + strings.Join(s.oneOf, "`, `") + "`"
	case s.numbers != nil:
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(s.numbers), " ", ", "), "[]") + " " + s.unit
	case s.is == inputFile && t.Kind() == reflect.Slice:
		return "list of files"
	case s.is == inputFile:
		return "file"
	case s.is == folder:
		return "folder"
	case s.is == languageTag:
		return "language tag"
	case isLength(t):
		what = "length of time"
		number = seconds
	case isSecret(t):
		return "secret text"
	case isText(t):
		what = "level in " + strings.TrimPrefix(example(reflect.New(t).Elem()), "-1")
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Float64:
		what = "number"
	case t.Kind() == reflect.Slice:
		return "list"
	case t.Kind() == reflect.Map:
		return "map"
	default:
		what = "whole number"
	}
	if s.unit != "" {
		what += ", " + s.unit
	}
	if s.within == nil {
		return what
	}
	what += ", " + number(s.within.least) + " to " + number(s.within.most)
	if s.within.orZero {
		what += ", or 0"
	}
	return what
}

func seconds(f float64) string {
	if f == day {
		return "24h"
	}
	return strconv.FormatFloat(f, 'f', -1, 64) + "s"
}
