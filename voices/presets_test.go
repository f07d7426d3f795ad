package voices

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// docs/presets.md is what the presets say.
func TestPresetsPage(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "presets.md")
	want := presetsPage(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("%s (-want +got; go test ./voices -run TestPresetsPage -update writes it anew):\n%s", path, diff)
	}
}

func presetsPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Presets

What is known of each provider beforehand, as the program has it; written by
` + "`go test ./voices -run TestPresetsPage -update`" + ` from [voices/presets](../voices/presets), where each file says what it rests
on. A show overrides any of it. [endpoints.md](endpoints.md) tells what was tried of them, what they need, and how to add one.
Prices are per million characters, as last seen on the day in brackets, and no promise of the provider's.

`)
	for _, name := range presetNames() {
		e, err := readPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "## %s\n\n| | |\n|---|---|\n", name)
		row := func(key, value string) {
			if value != "" {
				fmt.Fprintf(&b, "| %s | %s |\n", key, value)
			}
		}
		row("transport", e.Transport)
		row("address", code(e.URL+e.Path))
		row("command", code(strings.Join(e.Argv, " ")))
		row("to install", e.Install)
		row("model", code(e.Model))
		row("language", code(e.Language))
		row("needs", code(e.Needs...))
		row("longest text", longest(e.Limits))
		row("requests at a time", count(e.Limits.Concurrency))
		row("requests a minute", count(e.Limits.PerMinute))
		row("price", e.Price.shown())
		row("times of", e.Response.Marks.times())
		row("voices", code(e.Voices.Names...))
		row("lists its voices", strings.TrimSpace(code(e.Voices.Path)+code(strings.Join(e.Voices.Argv, " "))))
		b.WriteString("\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func code(words ...string) string {
	var all []string
	for _, w := range words {
		if w != "" {
			all = append(all, "`"+strings.ReplaceAll(w, "|", `\|`)+"`")
		}
	}
	return strings.Join(all, ", ")
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func longest(l Limits) string {
	unit := map[string]string{"chars": "characters", "minutes": "minutes of speech"}[l.Unit]
	if unit == "" {
		unit = l.Unit
	}
	if l.Most == 0 {
		return ""
	}
	text := fmt.Sprintf("%d %s", l.Most, unit)
	for _, model := range slices.Sorted(maps.Keys(l.Models)) {
		text += fmt.Sprintf("; `%s` %d", model, l.Models[model])
	}
	return text
}

func (p Price) shown() string {
	if p.Free {
		return "free"
	}
	money := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) + " " + p.Currency }
	var all []string
	if p.PerMChars > 0 {
		all = append(all, money(p.PerMChars))
	}
	for _, model := range slices.Sorted(maps.Keys(p.Models)) {
		all = append(all, "`"+model+"` "+money(p.Models[model]))
	}
	if len(all) == 0 {
		return "not known"
	}
	return strings.Join(all, ", ") + " (" + p.Date + ")"
}

func (m Marks) times() string {
	switch {
	case m.Text == "":
		return ""
	case m.Of == "":
		return "words"
	}
	return m.Of
}
