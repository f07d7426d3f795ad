package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What YAML means, in the free tree of a voice's params.
func TestYAML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params string // lines below params:
		want   map[string]any
	}{
		"numbers":          {"{a: 1, b: -2.5, c: 1e3, d: 0x1F, e: 0o17, f: 012, g: +5, h: .5, i: 1_000}", map[string]any{"a": 1, "b": -2.5, "c": 1000.0, "d": 31.0, "e": 15.0, "f": 12, "g": 5, "h": 0.5, "i": "1_000"}},
		"words of YAML":    {"{a: true, b: False, c: null, d: ~, e: no, f: on, g: \"true\", h: '', i: }", map[string]any{"a": true, "b": false, "c": nil, "d": nil, "e": "no", "f": "on", "g": "true", "h": "", "i": nil}},
		"times are texts":  {"{a: 2026-01-01, b: 10:30, c: -1dB}", map[string]any{"a": "2026-01-01", "b": "10:30", "c": "-1dB"}},
		"blocks":           {"\n      a: |\n        x\n        y\n      b: >-\n        x\n        y\n      c: x\n        y\n", map[string]any{"a": "x\ny\n", "b": "x y", "c": "x y"}},
		"keys as written":  {"{Case: 1, case: 2, \"a.b\": 3, 7: x, true: y}", map[string]any{"Case": 1, "case": 2, "a.b": 3, "7": "x", "true": "y"}},
		"anchors":          {"{a: &x [1, {b: 2}], c: *x}", map[string]any{"a": []any{1, map[string]any{"b": 2}}, "c": []any{1, map[string]any{"b": 2}}}},
		"merge":            {"{a: &x {p: 1, q: 2}, b: {<<: *x, q: 3}, c: {r: 4, <<: [*x, {p: 9, s: 5}]}}", map[string]any{"a": map[string]any{"p": 1, "q": 2}, "b": map[string]any{"p": 1, "q": 3}, "c": map[string]any{"p": 1, "q": 2, "r": 4, "s": 5}}},
		"variables":        {"\n      a: ${N}\n      b: \"${N}\"\n      c: ${N}x\n      d: ${T}\n      e: ${E}\n      f: ${E:-d}\n      g: ${M}\n      h: $${N} $$ $N\n      i: ${V}\n      j: ${U:-}\n", map[string]any{"a": 7, "b": "7", "c": "7x", "d": true, "e": "", "f": "d", "g": "{a: [b]}", "h": "${N} $$ $N", "i": "${N}", "j": ""}},
		"comments":         {"# one\n      # two\n      a: b # three\n", map[string]any{"a": "b"}},
		"Windows' lines":   {"\r\n      a: b\r\n      c: 1\r\n", map[string]any{"a": "b", "c": 1}},
		"other alphabets":  {"{Ä: \"日本\", b: \"\\u00e9\"}", map[string]any{"Ä": "日本", "b": "é"}},
		"colons in values": {"{url: http://127.0.0.1:80/v1}", map[string]any{"url": "http://127.0.0.1:80/v1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := show(t, map[string]string{"show.yaml": "\ufeffendpoints: {e: {}}\nroles: {body: v}\nvoices:\n  v:\n    endpoint: e\n    params: " + c.params + "\n"})
			from.Env = environment(map[string]string{"N": "7", "T": "true", "E": "", "M": "{a: [b]}", "V": "${N}"})
			if diff := cmp.Diff(c.want, mustLoad(t, from).Voices["v"].Params); diff != "" {
				t.Errorf("params (-want +got):\n%s", diff)
			}
		})
	}
}

// Merged and aliased values keep the place where they are written.
func TestPlacesOfAliases(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": "endpoints: {e: {}}\nvoices:\n  a: &a {endpoint: e, speed: 9}\n  b: {<<: *a, voice: x}\nroles: {body: a}\n"})
	_, err := loadShow(from)
	want := "show.yaml:3:30: speed: 9 is out of range: from 0.25 to 4" // once: it is written once
	if got := faultsOf(t, err, from.Dir); got != want {
		t.Errorf("faults: %s, want %s", got, want)
	}
	var one *Error
	if !errors.As(err, &one) || one.Place != "show.yaml:3:30" {
		t.Errorf("errors.As found %v", one)
	}
}

func TestIncludeBounds(t *testing.T) {
	t.Parallel()
	chain := map[string]string{"show.yaml": "include: [i0.yaml]\n"}
	for i := range mostIncludeDepth + 1 {
		chain[fmt.Sprintf("i%d.yaml", i)] = fmt.Sprintf("include: [i%d.yaml]\n", i+1)
	}
	many := map[string]string{}
	var names []string
	for i := range mostIncludes + 1 {
		many[fmt.Sprintf("m%d.yaml", i)] = "show:\n"
		names = append(names, fmt.Sprintf("m%d.yaml", i))
	}
	many["show.yaml"] = "include: [" + strings.Join(names, ", ") + "]\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"deep": {chain, "i7.yaml:1:11: files include files deeper than 8"},
		"many": {many, "show.yaml:1:321: more than 32 files are included"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := show(t, c.files)
			_, err := loadShow(from)
			if got := faultsOf(t, err, from.Dir); got != c.want {
				t.Errorf("faults: %s, want %s", got, c.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"title", "author", "url", "id", "language", "description", "note", "quote"}
	for name, want := range map[string]string{
		"titel": "title", "Title": "title", "autor": "author", "ulr": "url", "ur": "url", "langauge": "language",
		"descripton": "description", "": "", "quite": "quote", "qoute": "quote", "xxxxxxxx": "", strings.Repeat("title", 100): "",
	} {
		if got, _ := nearest(name, known); got != want {
			t.Errorf("%q is nearest to %q, want %q", name, got, want)
		}
	}
}
