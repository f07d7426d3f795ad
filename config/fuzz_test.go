package config

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
)

// FuzzLoad: whatever the file holds, loading ends soon, does not panic, and
// its faults are lines with a place. What loads can be written and read again.
func FuzzLoad(f *testing.F) {
	f.Add(smallest)
	f.Add(full)
	f.Add("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
	for _, c := range badShows(f) {
		f.Add(c.show)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sys := system{goos: "linux", resolve: resolveOpenAI, read: func(path string, most int64) ([]byte, error) {
			if strings.HasSuffix(path, "/show.yaml") {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}}
		from := Sources{File: "show.yaml", Dir: "/nowhere", Home: "/home", Env: environment(nil)}
		c, err := load(context.Background(), from, sys)
		if err != nil {
			var all Errors
			if !errors.As(err, &all) || len(all) == 0 || len(all) > mostFaults+1 {
				t.Fatalf("no faults in %v", err)
			}
			for _, e := range all {
				if e.Place == "" || e.Reason == "" || strings.ContainsAny(e.Error(), "\n\r") {
					t.Errorf("not a line with a place: %q", e.Error())
				}
			}
			return
		}
		out, err := c.Effective()
		if err != nil {
			t.Fatal(err)
		}
		text = string(out)
		if _, err := load(context.Background(), from, sys); err != nil {
			t.Errorf("the effective configuration does not load: %v\n%s", err, out)
		}
	})
}

// Short files that mean very much end soon.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := '1'; i <= '9'; i++ {
		bomb += "a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat("*a"+string(i-1)+", ", 10) + "]\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"alias bomb":     {bomb, "aliases followed"},
		"deep lists":     {strings.Repeat("[", 1<<15), "nested deeper"},
		"deep dashes":    {strings.Repeat("- ", 1<<15), "nested deeper"},
		"deep questions": {strings.Repeat("? ", 1<<14), "nested deeper"},
		"deep anchors":   {strings.Repeat("&a ", 1<<14), "nested deeper"},
		"deep maps":      {deepMap(60), "nested deeper"},
		"many keys":      {strings.Repeat("abcdef: x\n", 1<<15), "words and signs"},
		"many faults":    {manyFaults(1000), "faults more"},
		"too long":       {"# " + strings.Repeat("x", mostBytes), "longer than 4 MiB"},
		"many includes":  {"include: [" + strings.Repeat("none.yaml, ", 100) + "x]", "included twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := show(t, map[string]string{"show.yaml": c.text})
			_, err := loadShow(from)
			if got := faultsOf(t, err, from.Dir); !strings.Contains(got, c.want) {
				t.Errorf("%.300s, want %q in it", got, c.want)
			}
		})
	}
}

func deepMap(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyFaults(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("key" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + ": " + "x\n")
	}
	return b.String()
}
