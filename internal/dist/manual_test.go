package main

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/cli"
)

// TestManual asks mandoc, which warns of what renders badly, for every page.
func TestManual(t *testing.T) {
	t.Parallel()
	pages := map[string][]byte{}
	for _, p := range manual(&release{version: "v1.2.0", time: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}) {
		pages[strings.TrimSuffix(path.Base(p.name), ".1")] = p.body
	}
	dir := t.TempDir()
	for _, c := range commands(cli.Commands()) {
		name := pageName(c)
		page, ok := pages[name]
		if !ok {
			t.Errorf("%s has no page", c.CommandPath())
			continue
		}
		delete(pages, name)
		file := filepath.Join(dir, name+".1")
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("mandoc", "-T", "lint", "-W", "warning", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		text := rendered(t, file)
		for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES"} {
			if !strings.Contains(text, "\n"+section+"\n") {
				t.Errorf("%s has no section %s:\n%s", name, section, text)
			}
		}
		want := squeezed(c.Long)
		if want == "" {
			want = squeezed(c.Short)
		}
		if !strings.Contains(squeezed(text), want) {
			t.Errorf("%s does not say what its help does:\n%s\nits page:\n%s", name, want, text)
		}
		for line := range strings.Lines(c.Example) {
			if !strings.Contains(squeezed(text), squeezed(line)) {
				t.Errorf("%s lacks the example %q", name, line)
			}
		}
	}
	for name := range pages {
		t.Errorf("there is a page %s, and no such command", name)
	}
}

// rendered is a page as a terminal shows it, without bold and underlined.
func rendered(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("mandoc", "-T", "utf8", "-O", "width=200", file).Output()
	if err != nil {
		t.Fatalf("mandoc %s: %v", file, err)
	}
	var b []rune
	for _, r := range string(out) {
		if r == '\b' {
			b = b[:len(b)-1]
			continue
		}
		b = append(b, r)
	}
	return "\n" + string(b)
}

// squeezed is a text without white space, in which lines are broken elsewhere.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// TestCompletions has each shell that is here read its script.
func TestCompletions(t *testing.T) {
	t.Parallel()
	all, err := completions()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Fatalf("%d completions, want 4", len(all))
	}
	for _, e := range all {
		if !bytes.Contains(e.body, []byte("narrapress")) {
			t.Errorf("%s does not name the program", e.name)
		}
	}
	cmd := exec.Command("bash", "-n")
	cmd.Stdin = bytes.NewReader(all[0].body)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("bash: %v\n%s", err, out)
	}
}
