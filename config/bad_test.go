package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what comes out into the golden files")

// badShow is a case of testdata/bad.txt: a show and its faults.
type badShow struct{ name, show, faults string }

func badShows(t testing.TB) []badShow {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "bad.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all []badShow
	for _, block := range strings.Split("\n"+string(data), "\n=== ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		text, faults, ok := strings.Cut(rest+"\n", "\n----\n")
		if !ok {
			t.Fatalf("%s: no ---- below the show", name)
		}
		all = append(all, badShow{name, text + "\n", strings.TrimRight(faults, "\n")})
	}
	return all
}

// Each bad show gives its faults, one line each, with their places. Shows are
// written as they stand, but \xNN is a byte.
func TestBadShows(t *testing.T) {
	t.Parallel()
	all := badShows(t)
	const least = 60
	if len(all) < least {
		t.Fatalf("%d cases, want at least %d", len(all), least)
	}
	var out strings.Builder
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			from := show(t, map[string]string{
				"show.yaml":     strings.NewReplacer(`\x01`, "\x01", `\xff`, "\xff").Replace(c.show),
				"voices.yaml":   "audio:\n  peak: -2\n",
				"circle.yaml":   "include: [art/back.yaml]\n",
				"art/back.yaml": "include: [../circle.yaml]\n",
				"faulty.yaml":   "show:\n  autor: x\n",
				"newer.yaml":    "version: 3\n",
				"long":          strings.Repeat("x", mostSecret+1),
			})
			const secret, wrong = "sk-very-secret", "held by a variable"
			from.Env = environment(map[string]string{"WRONG": wrong, "SECRET": secret, "FAR": "-99.75", "MAP": "{title: T}"})
			_, err := loadShow(from)
			got := faultsOf(t, err, from.Dir)
			out.WriteString("=== " + c.name + "\n" + c.show + "----\n" + got + "\n")
			for _, s := range []string{secret, wrong, "sk-literal", "99.75"} {
				if strings.Contains(got, s) {
					t.Errorf("a fault shows %q:\n%s", s, got)
				}
			}
			if got == "" {
				t.Error("no fault")
			}
			if diff := cmp.Diff(c.faults, got); diff != "" && !*update {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	if *update && strings.Count(out.String(), "\n----\n") == len(all) {
		if err := os.WriteFile(filepath.Join("testdata", "bad.txt"), []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
