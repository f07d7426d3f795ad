package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var whole = flag.Bool("whole", false, "plant every fault of the little module: a build for each")

// lamp is a copy of the little module, for faults to be planted in.
func lamp(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("testdata", "lamp"))); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestPlant plants every fault of the little module that compiles. What is to
// become of those that are named is known.
func TestPlant(t *testing.T) {
	if !*whole {
		t.Skip("-whole plants every fault of the little module, as make bite does")
	}
	t.Parallel()
	root, keep := lamp(t), t.TempDir()
	before := files(t, root)
	var out, log bytes.Buffer
	o := options{n: 100, seed: 7, keep: keep, jobs: 2, box: 3 * time.Second, least: 99}
	if err := plant(t.Context(), root, nil, o, &out, &log); err == nil || !strings.Contains(err.Error(), "they are to fail for 99 %") {
		t.Errorf("too few are caught, and it ends with %v\n%s", err, log.String())
	}
	for _, tt := range []struct {
		name, fault string
		want        verdict
	}{
		{"an hour nobody asks for", "lamp/lamp.go:10:14 boundary", survived},
		{"the opposite", "lamp/lamp.go:10:14 negated", failed},
		{"an error is not returned", "lamp/lamp.go:17:11 noerror", failed},
		{"a condition is false", "lamp/lamp.go:16:13 never", failed},
		{"a loop without end", "lamp/lamp.go:26:3 dropped", hung},
		{"a test of another package fails", "lamp/lamp.go:33:41 offbyone", elsewhere},
		{"nobody runs it", "lamp/lamp.go:36:44 offbyone", unreached},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdictIn(log.String(), tt.fault); got != tt.want {
				t.Errorf("%s: %q, want %q\n%s", tt.fault, got, tt.want, log.String())
			}
			if named := strings.Contains(out.String(), "  "+tt.fault+"\n"); named != (tt.want == survived || tt.want == unreached) {
				t.Errorf("it is among the survivors: %v\n%s", named, out.String())
			}
		})
	}
	head, _, _ := strings.Cut(out.String(), "\n")
	if n := 14; !strings.HasPrefix(head, fmt.Sprintf("%d faults, seed 7: ", n)) {
		t.Errorf("of %d faults the first line is %q", n, head)
	}
	if !strings.Contains(out.String(), "room TestMorning") {
		t.Errorf("the test that fails without a fault is not named:\n%s", out.String())
	}
	if after := files(t, root); !slices.Equal(before, after) {
		t.Errorf("the tree was touched: %v, before %v", after, before)
	}
	if kept := files(t, keep); len(kept) != 2 {
		t.Errorf("what is known of the tests of two packages is in %v", kept)
	}
}

// verdictIn is what the log says of a fault at last.
func verdictIn(log, fault string) (last verdict) {
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(line, " "+fault+" ") {
			last = verdict(strings.Fields(line)[1])
		}
	}
	return last
}

// TestPlantOne plants one fault for the tests that a person names.
func TestPlantOne(t *testing.T) {
	t.Parallel()
	root := lamp(t)
	for tests, want := range map[string]verdict{"TestLit": failed, "TestWait": survived} {
		var out, log bytes.Buffer
		o := options{n: 1, keep: t.TempDir(), jobs: 1, box: 10 * time.Second, fault: "lamp/lamp.go:10:14 negated", tests: tests}
		if err := plant(t.Context(), root, []string{"./lamp"}, o, &out, &log); err != nil {
			t.Fatal(err)
		}
		if got := verdictIn(log.String(), o.fault); got != want {
			t.Errorf("%s: %q, want %q", tests, got, want)
		}
	}
	o := options{n: 1, keep: t.TempDir(), jobs: 1, box: time.Second, fault: "lamp/lamp.go:1:1 negated"}
	if err := plant(t.Context(), root, []string{"./lamp"}, o, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "no fault is named") {
		t.Errorf("a fault that is none: %v", err)
	}
}

// files are the names in a folder, with their sizes and times.
func files(t *testing.T, root string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		if err == nil {
			out = append(out, name+" "+i.ModTime().String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestChoose(t *testing.T) {
	t.Parallel()
	all, err := list(context.Background(), lamp(t), "", []string{"./..."})
	if err != nil {
		t.Fatal(err)
	}
	choice := func(n int, seed uint64) (out []string) {
		faults := map[*pkg][]*fault{}
		for _, p := range all {
			of, err := faultsOf(filepath.Dir(p.Dir), p)
			if err != nil {
				t.Fatal(err)
			}
			faults[p] = of
		}
		for _, b := range choose(all, faults, n, seed) {
			for _, f := range b.queue[:b.quota] {
				out = append(out, f.String())
			}
		}
		return out
	}
	if a, b := choice(5, 1), choice(5, 1); !slices.Equal(a, b) || len(a) != 5 {
		t.Errorf("one seed chooses %v and %v", a, b)
	}
	if a, b := choice(5, 1), choice(5, 2); slices.Equal(a, b) {
		t.Errorf("two seeds choose %v", a)
	}
	if a, b := choice(5, 1), choice(10, 1); !slices.Equal(a, b[:5]) {
		t.Errorf("ten begin with %v, not with the five %v", b[:5], a)
	}
}
