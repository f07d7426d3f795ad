// Command dist answers what is given out of a version: for each system an archive
// with the program, its manual, completions, docs, examples and the terms of all
// that is in it, and SHA256SUMS of the archives.
//
//	go run ./internal/dist                      for every system, into dist/
//	go run ./internal/dist -only linux/amd64    for one
//	go run ./internal/dist -version v1.2.0      where git does not say the version
//	go run ./internal/dist -terms FILE          the terms alone
//
// The same source and the same Go give the same bytes, whenever and wherever that
// is: the time of all files is that of the commit, or SOURCE_DATE_EPOCH
// (https://reproducible-builds.org/specs/source-date-epoch/).
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sums is the file of checksums, as `sha256sum --check` reads it.
const sums = "SHA256SUMS"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		stop()
		os.Exit(1)
	}
}

// options of a call.
type options struct {
	root    string // of the source
	out     string
	version string // empty: what git says
	only    string // systems, such as linux/amd64; empty is all
	terms   string // file that the terms of what is linked are written to, and nothing else is made
}

func run(ctx context.Context, args []string, env func(string) (string, bool), stdout, stderr io.Writer) error {
	var o options
	f := flag.NewFlagSet("dist", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.root, "root", ".", "folder of the source")
	f.StringVar(&o.out, "out", "dist", "folder that the archives are written into")
	f.StringVar(&o.version, "version", "", "version, such as v1.2.0; else what git says")
	f.StringVar(&o.only, "only", "", "systems, such as linux/amd64,darwin/arm64; else all")
	f.StringVar(&o.terms, "terms", "", "write the terms of what is linked to this file, and make nothing else")
	if err := f.Parse(args); err != nil {
		return err
	}
	wanted, err := choose(o.only)
	if err != nil {
		return err
	}
	if o.terms != "" {
		page, err := thirdParty(ctx, o.root, wanted)
		if err != nil {
			return err
		}
		return os.WriteFile(o.terms, page, 0o666)
	}
	made, err := dist(ctx, o, env, wanted, stdout)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d archives and %s in %s\n", len(made), sums, o.out)
	return err
}

// dist builds and packs, and gives the names of the archives.
func dist(ctx context.Context, o options, env func(string) (string, bool), wanted []target, told io.Writer) ([]string, error) {
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "narrapress-dist-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	rel, err := identify(ctx, o.root, o.version, env)
	if err != nil {
		return nil, err
	}
	shared, err := common(ctx, o.root, rel)
	if err != nil {
		return nil, err
	}
	var (
		names []string
		lines strings.Builder
	)
	for i, t := range wanted {
		fmt.Fprintf(told, "builds %s %s for %s/%s\n", t.program(), rel.version, t.os, t.arch)
		program := filepath.Join(work, fmt.Sprint(i))
		if err := t.build(ctx, o.root, rel, program); err != nil {
			return nil, err
		}
		body, err := os.ReadFile(program)
		if err != nil {
			return nil, err
		}
		name := t.archive(rel.version)
		entries := append(slices.Clone(shared), entry{name: t.file(), program: true, body: body})
		sum, err := write(filepath.Join(o.out, name), entries, rel.time)
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
		fmt.Fprintf(&lines, "%x  %s\n", sum, name)
		names = append(names, name)
	}
	return names, os.WriteFile(filepath.Join(o.out, sums), []byte(lines.String()), 0o666)
}

// common is what every archive has beside the program.
func common(ctx context.Context, root string, rel *release) ([]entry, error) {
	all, err := gather(root)
	if err != nil {
		return nil, err
	}
	terms, err := thirdParty(ctx, root, targets())
	if err != nil {
		return nil, fmt.Errorf("the terms of what is linked: %w", err)
	}
	completions, err := completions()
	if err != nil {
		return nil, fmt.Errorf("completions: %w", err)
	}
	return slices.Concat(all, []entry{{name: "THIRD_PARTY.txt", body: terms}}, manual(rel), completions), nil
}

// write packs entries into a file, and gives its SHA-256.
func write(path string, entries []entry, at time.Time) ([]byte, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hash := sha256.New()
	if err := pack(io.MultiWriter(f, hash), filepath.Base(path), entries, at); err != nil {
		return nil, err
	}
	return hash.Sum(nil), f.Close()
}
