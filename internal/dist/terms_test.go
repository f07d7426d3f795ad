package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestThirdParty holds the page against what this system's program links.
func TestThirdParty(t *testing.T) {
	t.Parallel()
	here := target{os: runtime.GOOS, arch: runtime.GOARCH}
	page, err := thirdParty(t.Context(), source(), []target{here})
	if err != nil {
		t.Fatal(err)
	}
	packages, err := listed(t.Context(), source(), here)
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]bool{}
	for _, p := range packages {
		if p.Module != nil && !p.Module.Main {
			modules[p.Module.Path+" "+p.Module.Version] = true
		}
	}
	if len(modules) < 20 {
		t.Fatalf("go list found only %d modules", len(modules))
	}
	for m := range modules {
		// Once in the list, and at least once above its terms.
		if n := bytes.Count(page, []byte(m+"\n")); n < 2 {
			t.Errorf("%s stands %d times in the page", m, n)
		}
	}
	for _, words := range []string{
		"Go's standard library 1.", "pipeline/script/lexicon/english (in this source)", "Mozilla Public License",
		"Redistribution and use in source and binary forms",
	} {
		if !bytes.Contains(page, []byte(words)) {
			t.Errorf("the page lacks %q", words)
		}
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a/LICENSE", "of a\r\n")
	write("a/Notice.txt", "notes of a")
	write("a/deep/er/COPYING-3RD", "of deeper")
	write("a/other/LICENSE", "of what is not linked")
	write("a/license.go", "package a")
	write("bare/x.go", "package bare")
	tests := map[string]struct {
		pkg  linked
		want map[string]string // texts, sorted by hand, by whose
	}{
		"of the module":      {linked{Dir: "a"}, map[string]string{"m v1": "notes of a|of a"}},
		"and deeper":         {linked{Dir: "a/deep/er"}, map[string]string{"m v1": "notes of a|of a|of deeper"}},
		"with what it has":   {linked{Dir: "a", EmbedFiles: []string{"x.txt", "deep/er/y.txt"}}, map[string]string{"m v1": "notes of a|of a|of deeper"}},
		"none":               {linked{Dir: "bare"}, map[string]string{"m v1": ""}},
		"our own":            {linked{Dir: "a/deep/er", Module: &origin{Main: true}}, map[string]string{"deep/er (in this source)": "of deeper"}},
		"our own, all of us": {linked{Dir: "a", Module: &origin{Main: true}}, map[string]string{}},
		"of Go":              {linked{Dir: "a", Standard: true}, map[string]string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := tt.pkg
			m := origin{Path: "m", Version: "v1", Dir: filepath.Join(top, strings.Split(p.Dir, "/")[0])}
			m.Main = p.Module != nil && p.Module.Main
			p.Module, p.Dir = &m, filepath.Join(top, filepath.FromSlash(p.Dir))
			got := map[string]map[string]bool{}
			if err := p.collect(got); err != nil {
				t.Fatal(err)
			}
			if len(got) != len(tt.want) {
				t.Errorf("terms of %v, want of %v", got, tt.want)
			}
			for whose, texts := range tt.want {
				n := 0
				for text := range strings.SplitSeq(texts, "|") {
					if text == "" {
						continue
					}
					n++
					if !got[whose][text] {
						t.Errorf("%s lacks %q: %v", whose, text, got[whose])
					}
				}
				if n != len(got[whose]) {
					t.Errorf("%s has %v, want %s", whose, got[whose], texts)
				}
			}
		})
	}
}
