package voicetest

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// again is a program in front of another one; its first lines are the names
// ENGINE and KEPT.
//
//go:embed again.sh
var again string

// Again puts a program in front of the preset flite's engine, and gives what
// PATH is to be for it to be found first. It has the engine do everything once,
// and gives the same again from files in the folder dir, in less than half of the time:
// for packages whose tests let the same posts be spoken a hundred times. Where
// there is no flite, or no shell, PATH stays as it is.
func Again(dir string) (path string, err error) {
	path = os.Getenv("PATH")
	flite, err := exec.LookPath("flite")
	if err != nil {
		return path, nil //nolint:nilerr // without an engine there is nothing to keep
	}
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		return path, nil //nolint:nilerr // as above
	}
	program, kept := filepath.Join(dir, "bin"), filepath.Join(dir, "kept")
	text := fmt.Sprintf("#!/bin/sh\nENGINE=%s\nKEPT=%s\n%s", word(flite), word(kept), again)
	err = errors.Join(os.MkdirAll(program, 0o755), os.MkdirAll(kept, 0o755), os.WriteFile(filepath.Join(program, "flite"), []byte(text), 0o755))
	return program + string(filepath.ListSeparator) + path, err
}

// Main runs the tests of a package with Again, for its TestMain, and gives what it
// is to exit with.
func Main(m interface{ Run() int }) int {
	dir, err := os.MkdirTemp("", "narrapress-again-")
	if err == nil {
		defer os.RemoveAll(dir)
		var path string
		if path, err = Again(dir); err == nil {
			err = os.Setenv("PATH", path)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// word is one for a shell.
func word(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
