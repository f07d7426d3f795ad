package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Effective is the whole configuration as YAML, each setting with its origin
// as a comment. Secrets are masked; below names that the show gives, a value
// with variables stands as it was written.
func (c *Config) Effective() ([]byte, error) {
	e := &effective{c: c, plain: regexp.MustCompile(`^-?[A-Za-z0-9/][A-Za-z0-9_./-]*$`), scalars: coreSchema()}
	if err := e.structure(reflect.ValueOf(c).Elem(), "", 0, false); err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	return []byte(e.out.String()), nil
}

type effective struct {
	c       *Config
	out     strings.Builder
	plain   *regexp.Regexp // texts that need no quotes
	scalars scalars
}

func (e *effective) line(depth int, key, value, path string) {
	fmt.Fprintf(&e.out, "%s%s:", strings.Repeat("  ", depth), e.quoted(key))
	if value != "" {
		o := e.c.Origin(path)
		if o.Place == "" {
			o.Place = o.Layer
		}
		fmt.Fprintf(&e.out, " %s # %s", value, o.Place)
	}
	e.out.WriteByte('\n')
}

// structure writes the keys of a struct. Below names that the show gives, only
// what the show says is written: the rest is the preset's.
func (e *effective) structure(v reflect.Value, path string, depth int, named bool) error {
	for _, f := range fields(v.Type()) {
		x, p := v.Field(f.index), join(path, f.name)
		if named && x.IsZero() && e.c.Origin(p).Layer == layerDefault {
			continue
		}
		if err := e.value(f.name, x, p, depth, named); err != nil {
			return err
		}
	}
	return nil
}

func (e *effective) value(key string, v reflect.Value, path string, depth int, named bool) error {
	switch t := v.Type(); {
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return e.value(key, v.Elem(), path, depth, named)
	case v.Kind() == reflect.Struct && len(fields(t)) > 0:
		if named && v.IsZero() {
			return nil
		}
		e.line(depth, key, "", path)
		return e.structure(v, path, depth+1, named)
	case v.Kind() == reflect.Map:
		if v.Len() == 0 {
			return nil
		}
		e.line(depth, key, "", path)
		for _, k := range sortedKeys(v) {
			if err := e.value(k, v.MapIndex(reflect.ValueOf(k)), join(path, k), depth+1, true); err != nil {
				return err
			}
		}
		return nil
	case v.Kind() == reflect.Slice && v.Len() == 0:
		return nil
	}
	text, err := e.scalar(v, path, named)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	e.line(depth, key, text, path)
	return nil
}

// scalar is a value in one line: lists and free trees in flow style.
func (e *effective) scalar(v reflect.Value, path string, named bool) (string, error) {
	if s := e.written(path); s != "" && named && !isSecret(v.Type()) {
		return strconv.Quote(s), nil
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, err := m.MarshalText()
		return e.quoted(string(b)), err
	}
	switch {
	case v.Kind() == reflect.Interface && !v.IsNil():
		return e.scalar(v.Elem(), path, named)
	case isLength(v.Type()):
		return time.Duration(v.Int()).String(), nil
	case v.Kind() == reflect.String:
		return e.text(v.String()), nil
	case v.Kind() == reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			s, err := e.scalar(v.Index(i), fmt.Sprintf("%s[%d]", path, i), true)
			if err != nil {
				return "", err
			}
			items[i] = s
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	case v.Kind() == reflect.Map:
		return e.flow(sortedKeys(v), func(k string) (reflect.Value, bool) { return v.MapIndex(reflect.ValueOf(k)), true }, path)
	case v.Kind() == reflect.Struct:
		var keys []string
		index := map[string]int{}
		for _, f := range fields(v.Type()) {
			keys, index[f.name] = append(keys, f.name), f.index
		}
		return e.flow(keys, func(k string) (reflect.Value, bool) { x := v.Field(index[k]); return x, !x.IsZero() }, path)
	}
	b, err := json.Marshal(v.Interface())
	return string(b), err
}

func (e *effective) flow(keys []string, get func(string) (reflect.Value, bool), path string) (string, error) {
	var parts []string
	for _, k := range keys {
		v, ok := get(k)
		if !ok {
			continue
		}
		s, err := e.scalar(v, join(path, k), true)
		if err != nil {
			return "", err
		}
		parts = append(parts, strconv.Quote(k)+": "+s)
	}
	return "{" + strings.Join(parts, ", ") + "}", nil
}

func (e *effective) written(path string) string {
	if e.c.from == nil {
		return ""
	}
	return e.c.from.values[path].written
}

// text is the text as a show's file has it: $${ stands for ${.
func (e *effective) text(s string) string { return e.quoted(strings.ReplaceAll(s, "${", "$${")) }

// quoted is the text as YAML reads it back.
func (e *effective) quoted(s string) string {
	if e.plain.MatchString(s) && e.scalars.kind(s) == text && !slices.Contains([]string{"yes", "no", "on", "off"}, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}
