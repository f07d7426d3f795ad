package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"narrapress": main, "measured": measured, "watched": watched})
}

// TestScript runs the scripts of testdata/script: a behaviour each, with the
// program itself. -v shows what each ran; NARRAPRESS_UPDATE=1 writes files that
// a script compares anew.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Setup:               setup,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("NARRAPRESS_UPDATE") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await":      await,
			"epub":       packEPUB,
			"exits":      exits,
			"interrupts": interrupts,
			"port":       port,
			"requests":   requests,
			"ears":       ears,
			"hearings":   hearings,
			"serve":      serve,
			"site":       site,
			"value":      value,
		},
	})
}

// setup gives a script a home of its own, so that its store is empty.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, ".home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("NARRAPRESS_STORE", filepath.Join(home, "takes"))
	env.Setenv("PROGRAM", filepath.SplitList(env.Getenv("PATH"))[0]) // the folder that narrapress is in
	env.Values[studioKey{}] = &studio{}
	return nil
}

// packEPUB packs a folder as a book, its mimetype first and stored: epub FOLDER FILE.
func packEPUB(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: epub FOLDER FILE")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	ts.Check(err)
	_, err = w.Write([]byte("application/epub+zip"))
	ts.Check(err)
	ts.Check(z.AddFS(os.DirFS(ts.MkAbs(args[0]))))
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o644))
}

// exits runs a program and compares its exit code: exits CODE PROGRAM ARG…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, err := exitCode(ts.Exec(args[1], args[2:]...))
	ts.Check(err)
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// value compares a value in the JSON document on standard output, named by
// keys and indexes joined by dots: value results.0.status made. An array or
// map is compared by its length: value results len:2.
func value(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] value PATH WANT")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &v); err != nil {
		ts.Fatalf("standard output is not one JSON document: %v", err)
	}
	v, err := lookUp(v, strings.Split(args[0], "."))
	if err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	got := fmt.Sprint(v)
	switch v := v.(type) {
	case []any:
		got = fmt.Sprintf("len:%d", len(v))
	case map[string]any:
		got = fmt.Sprintf("len:%d", len(v))
	case float64:
		got = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %q (compared with %q)", args[0], got, args[1])
	}
}

func lookUp(v any, path []string) (any, error) {
	for _, key := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[key] // nil where there is none
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(in) {
				return nil, fmt.Errorf("there is no item %q of %d", key, len(in))
			}
			v = in[i]
		default:
			return nil, fmt.Errorf("%q has no key %q", fmt.Sprint(v), key)
		}
	}
	return v, nil
}
