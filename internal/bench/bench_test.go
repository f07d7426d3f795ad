package main

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The test's program measures commands, as the real one does.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == measureWord {
		os.Exit(measure(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// TestEveryRow runs each row once over an episode of a minute: they work, and
// what does not depend on the hour's load is as it must be. It takes a minute of
// processor time, so it waits to be asked for: NARRAPRESS_BENCH=1.
func TestEveryRow(t *testing.T) {
	t.Parallel()
	if os.Getenv("NARRAPRESS_BENCH") == "" {
		t.Skip("NARRAPRESS_BENCH=1 runs every row once")
	}
	dir := t.TempDir()
	page, picture := filepath.Join(dir, "page.md"), filepath.Join(dir, "picture.svg")
	if err := os.WriteFile(page, []byte("# Page\n\n"+pageBegin+"\n"+pageEnd+"\n\nEnd.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	args := []string{"-minutes", "1", "-n", "1", "-dir", filepath.Join(dir, "bench"), "-doc", page}
	if runtime.NumCPU() > 1 {
		args = append(args, "-plot", picture)
	}
	if err := benchmark(t.Context(), args, &table, io.Discard); err != nil {
		t.Fatal(err)
	}
	got, err := readResults(filepath.Join(dir, "bench", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines() {
		f, ok := got.figure(l.id, 1)
		absent := got.Missing["others"]
		switch {
		case !ok && (strings.Contains(absent, strings.Fields(l.id)[0]) || got.Missing["workers"] != "" && l.id == "workers wall"):
		case !ok:
			t.Errorf("%s was not measured", l.id)
		case l.unit == "LUFS" && math.Abs(f.Median+16) > 0.5:
			t.Errorf("%s: %.2f LUFS", l.id, f.Median)
		case l.unit == "dB" && f.Median > l.bound:
			t.Errorf("%s: %.3f dB, of at most %v", l.id, f.Median, l.bound)
		case l.unit == "MiB" && f.Median > l.bound:
			t.Errorf("%s: %.0f MiB, of at most %v", l.id, f.Median, l.bound)
		case l.unit != "LUFS" && f.Median <= 0 && l.unit != "dB":
			t.Errorf("%s: %v %s", l.id, f.Median, l.unit)
		}
	}
	if !strings.Contains(table.String(), "peak memory") {
		t.Errorf("the table is %q", table.String())
	}
	b, err := os.ReadFile(page)
	if err != nil || !strings.HasPrefix(string(b), "# Page\n") || !strings.HasSuffix(string(b), "\nEnd.\n") || !strings.Contains(string(b), "| what |") {
		t.Errorf("the page is %v:\n%s", err, b)
	}
	if runtime.NumCPU() > 1 {
		if b, err = os.ReadFile(picture); err != nil || !strings.Contains(string(b), seriesTwo) {
			t.Errorf("the picture is %v, %d bytes", err, len(b))
		}
	}
}

// A process's memory is its own: the one that measures may have held more.
func TestMemoryOfAnother(t *testing.T) {
	t.Parallel()
	held := make([]byte, 256<<20)
	for i := range held {
		held[i] = byte(i)
	}
	got, _, _, err := run(t.Context(), command{argv: []string{"true"}})
	runtime.KeepAlive(held)
	if err != nil {
		t.Fatal(err)
	}
	if got.RSS > 64 {
		t.Errorf("true took %.0f MiB", got.RSS)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	got, stdout, stderr, err := run(t.Context(), command{
		argv: []string{"sh", "-c", `cat; echo to-$WHOM >&2; sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done' | cat`},
		env:  []string{"WHOM=you"}, stdin: "said",
	})
	if err != nil || stdout != "said" || stderr != "to-you\n" {
		t.Fatalf("%q, %q, %v", stdout, stderr, err)
	}
	if got.CPU < 0.05 || got.Wall < 0.05 {
		t.Errorf("children cost nothing: %+v", got)
	}
	if _, _, _, err := run(t.Context(), command{argv: []string{"sh", "-c", "echo why >&2; exit 3"}}); err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("a command that failed: %v", err)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		values []float64
		want   spread
	}{
		{"none", nil, spread{}},
		{"one", []float64{3}, spread{3, 3, 3, 1}},
		{"odd", []float64{9, 1, 2}, spread{2, 1, 9, 3}},
		{"even", []float64{4, 1, 2, 10}, spread{3, 1, 10, 4}},
	}
	for _, tt := range tests {
		if got := spreadOf(tt.values); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// A machine that is slow for one pair changes no ratio.
func TestRatios(t *testing.T) {
	t.Parallel()
	got := ratios([]float64{10, 40, 10}, []float64{2, 8, 2})
	if diff := cmp.Diff([]float64{5, 5, 5}, got); diff != "" {
		t.Error(diff)
	}
	sum := cost{1, 2, 30}
	sum.add(cost{3, 4, 20})
	if sum != (cost{4, 6, 30}) {
		t.Errorf("%+v", sum)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	r := &results{Figures: map[string]figure{}}
	set := func(id string, v float64) {
		r.Figures[figureKey(id, 60)] = figure{ID: id, Minutes: 60, spread: spreadOf([]float64{v})}
	}
	set("up", 4)
	set("down", 70)
	up, down := line{"up", 60, "Up", "×", 5, 9, true}, line{"down", 60, "Down", "MiB", 96, 64, false}
	for _, tt := range []struct {
		l    line
		want string
	}{
		{up, "| Up | 4.00 × | 4.00–4.00 | 1 | ≥ 5 × | ≥ 9 × | **missed** |\n"},
		{down, "| Down | 70 MiB | 70–70 | 1 | ≤ 96 MiB | ≤ 64 MiB | kept |\n"},
		{line{id: "down", minutes: 10, title: "Shorter", unit: "MiB"}, "| Shorter | not measured yet | | |  |  | |\n"},
	} {
		if got := r.line(tt.l); got != tt.want {
			t.Errorf("got  %swant %s", got, tt.want)
		}
	}
	set("up", 9)
	if got := r.line(up); !strings.Contains(got, "| aim |") {
		t.Error(got)
	}
	if _, err := between("no marks", "x"); err == nil {
		t.Error("a page without marks was written")
	}
}

// docs/performance.md is a page that the program can write.
func TestPageHasMarks(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := between(string(b), "x"); err != nil {
		t.Error(err)
	}
}

func TestParsers(t *testing.T) {
	t.Parallel()
	got, err := parseLoudnorm("noise {\n\"input_i\" : \"-20.1\",\"input_tp\" : \"-3.0\",\"input_lra\" : \"2.5\",\"input_thresh\" : \"-30.2\",\"target_offset\" : \"0.1\" }\nmore")
	if want := ":measured_I=-20.1:measured_TP=-3.0:measured_LRA=2.5:measured_thresh=-30.2:offset=0.1"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := parseLoudnorm("nothing"); err == nil {
		t.Error("no measurement was one")
	}
	gain, err := parseGain(`{"format": {"tags": {"narrapress gains": "{\"programme\":0.5,\"voices\":{\"audio\":2.25}}"}}}`)
	if err != nil || gain != 2.75 {
		t.Errorf("%v, %v", gain, err)
	}
	if _, err := parseGain(`{"format": {}}`); err == nil {
		t.Error("a file without gains had some")
	}
	if _, _, err := parse([]string{"-rows", "cold,warm"}, io.Discard); err == nil {
		t.Error("there is a row warm")
	}
}

// TestFixture: the same takes each time, no two files alike, without any
// speech engine.
func TestFixture(t *testing.T) {
	t.Parallel()
	make := func() (*fixture, []take) {
		f := &fixture{dir: t.TempDir(), speakers: []speaker{{name: "noise low"}, {name: "noise high"}}}
		takes, err := f.takes(context.Background(), 2)
		if err != nil {
			t.Fatal(err)
		}
		return f, takes
	}
	f, takes := make()
	_, again := make()
	length := 0.0
	seen := map[string]bool{}
	for i, tk := range takes {
		one, err := readWAV(tk.file)
		if err != nil {
			t.Fatal(err)
		}
		other, err := readWAV(again[i].file)
		if err != nil || string(one) != string(other) {
			t.Errorf("take %d differs from run to run (%v)", i, err)
		}
		for round := range 11 {
			alter(one, round)
			if round > 0 && seen[string(one)] {
				t.Errorf("take %d in round %d is another one", i, round)
			}
			seen[string(one)] = true
		}
		if s := float64(tk.Frames) / takeRate; s < 0.5 || s > 13 {
			t.Errorf("take %d lasts %.1f s", i, s)
		}
		length += tk.seconds()
	}
	if want := 70.0; length < want || length > want+15 {
		t.Errorf("two minutes with 50 s of music are %.1f s of speech", length)
	}
	if len(f.spoken) < len(takes) {
		t.Error("what is short was altered")
	}
}
