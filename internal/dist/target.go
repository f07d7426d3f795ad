package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// target is a program for a system.
type target struct {
	os, arch string
	static   bool // loads no library, so that it needs none: ffmpeg encodes
}

// targets are all that is given out.
func targets() []target {
	var all []target
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			all = append(all, target{os: system, arch: arch})
			if system == "linux" { // elsewhere the one program is such
				all = append(all, target{os: system, arch: arch, static: true})
			}
		}
	}
	return all
}

// choose gives the targets of some systems, written OS/ARCH and with commas
// between; of all where none is named.
func choose(only string) ([]target, error) {
	all := targets()
	if only == "" {
		return all, nil
	}
	var out []target
	for name := range strings.SplitSeq(only, ",") {
		before := len(out)
		for _, t := range all {
			if t.os+"/"+t.arch == strings.TrimSpace(name) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("-only: nothing more is made for %q: name linux, darwin or windows, / and amd64 or arm64", name)
		}
	}
	return out, nil
}

// program is what a target is called.
func (t target) program() string {
	if t.static {
		return "narrapress-static"
	}
	return "narrapress"
}

// file is the program's name in its archive.
func (t target) file() string {
	if t.os == "windows" {
		return t.program() + ".exe"
	}
	return t.program()
}

// archive is the name of the target's archive.
func (t target) archive(version string) string {
	ending := ".tar.gz"
	if t.os == "windows" {
		ending = ".zip"
	}
	return fmt.Sprintf("%s_%s_%s_%s%s", t.program(), strings.TrimPrefix(version, "v"), t.os, t.arch, ending)
}

// tags are the build tags of the target.
func (t target) tags() string {
	if t.static {
		return "nolame"
	}
	return ""
}

// linkedVariable is what the program knows its version by: a linker writes it. Go
// itself would ask git, and finds none in a work tree beside its repository.
const linkedVariable = "github.com/narrapress/narrapress/internal/cli.linked"

// build builds the target. What a person has in the environment about how Go
// builds does not count.
func (t target) build(ctx context.Context, root string, rel *release, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	link := fmt.Sprintf("-s -w -X '%s=%s'", linkedVariable, rel.linked())
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", link, "-tags", t.tags(), "-o", path, "./cmd/narrapress")
	cmd.Dir, cmd.Env = root, t.env()
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s for %s/%s: %w\n%s", t.program(), t.os, t.arch, err, bytes.TrimSpace(said))
	}
	return nil
}

func (t target) env() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off")
}
