package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
)

// stdin is the input that stands for standard input.
const stdin = "-"

// mostStdin bounds what is read from standard input; the longest novels have
// some ten million characters.
const mostStdin = 64 << 20

// expand turns the inputs of a command line into sources: files and addresses
// as they are, globs into the files they match, sorted. A file that is named
// twice is one source. A glob that matches nothing is an error: it is more often a slip
// than an empty folder.
func expand(inputs []string) ([]string, error) {
	var sources []string
	seen := map[string]bool{}
	add := func(source string) error {
		id := source
		if source != stdin && !pipeline.IsURL(source) {
			abs, err := filepath.Abs(source)
			if err != nil {
				return fmt.Errorf("finding %s: %w", source, err)
			}
			id = abs
		}
		if !seen[id] {
			seen[id] = true
			sources = append(sources, source)
		}
		return nil
	}
	for _, in := range inputs {
		matches := []string{in}
		if pipeline.IsURL(in) {
			if u, err := url.Parse(in); err == nil && u.User != nil {
				return nil, misuse("an address with a password in it would stand in every file of the episode: save the page and name the file")
			}
			if err := add(in); err != nil {
				return nil, err
			}
			continue
		}
		info, err := os.Stat(in)
		switch {
		case in == stdin:
		case in == "":
			return nil, misuse("an input is empty")
		case err == nil && info.IsDir():
			return nil, misuse("%s is a folder: name files in it, such as '%s'", in, filepath.Join(in, "*.md"))
		case err != nil && strings.ContainsAny(in, "*?["):
			if matches, err = glob(in); err != nil {
				return nil, err
			}
			if len(matches) == 0 {
				return nil, misuse("the pattern '%s' matches no file", in)
			}
		}
		for _, m := range matches {
			if err := add(m); err != nil {
				return nil, err
			}
		}
	}
	return sources, nil
}

// typeUsage is the help of --type.
const typeUsage = "read the input as `TYPE`: markdown, text, html or epub; else its name and content tell"

// chapterUsage is the help of --chapter.
const chapterUsage = "only the `N`th chapter of a source that the show divides (output.split: chapter)"

// validType says whether a --type is one.
func validType(kind string) error {
	types := document.Types()
	if kind == "" || slices.Contains(types, kind) {
		return nil
	}
	last := len(types) - 1
	return misuse("--type is %s or %s, not %q", strings.Join(types[:last], ", "), types[last], kind)
}

// chapterOf is the order of the chapter that --chapter names.
func chapterOf(orders []pipeline.Order, n int, source string) (pipeline.Order, error) {
	switch {
	case len(orders) == 1:
		return pipeline.Order{}, misuse("--chapter %d: %s is made into one episode; output.split: chapter in the show's file divides a source that has two chapters or more", n, source)
	case n < 1 || n > len(orders):
		return pipeline.Order{}, misuse("--chapter is 1 to %d, not %d: %s has %d chapters", len(orders), n, source, len(orders))
	}
	return orders[n-1], nil
}

// glob finds the files that match a pattern as [path.Match] has it, in which
// an element ** also stands for any number of folders. As in shells, names
// that begin with a dot are matched only by a dot.
func glob(pattern string) ([]string, error) {
	elements := strings.Split(filepath.ToSlash(pattern), "/")
	fixed := 0
	for fixed < len(elements)-1 && !strings.ContainsAny(elements[fixed], "*?[") {
		fixed++
	}
	base := strings.Join(elements[:fixed], "/")
	if base == "" && strings.HasPrefix(pattern, "/") {
		base = "/"
	}
	rest := elements[fixed:]
	for _, e := range rest {
		if _, err := path.Match(e, ""); err != nil {
			return nil, misuse("the pattern '%s' is not one: %v", pattern, err)
		}
	}
	root := base
	if root == "" {
		root = "."
	}
	var found []string
	err := filepath.WalkDir(filepath.FromSlash(root), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
				return nil // what cannot be seen does not match
			}
			return err
		}
		rel, err := filepath.Rel(filepath.FromSlash(root), name)
		if err != nil || rel == "." {
			return err
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		if d.IsDir() {
			if !couldHold(rest, parts) {
				return filepath.SkipDir
			}
			return nil
		}
		if !match(rest, parts) {
			return nil
		}
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
			return nil // a dangling link, a socket
		}
		found = append(found, path.Join(base, path.Join(parts...)))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for '%s': %w", pattern, err)
	}
	sort.Strings(found)
	return found, nil
}

func match(pattern, parts []string) bool {
	if len(pattern) == 0 {
		return len(parts) == 0
	}
	if pattern[0] == "**" {
		for i := 0; i <= len(parts); i++ {
			if match(pattern[1:], parts[i:]) {
				return true
			}
			if i < len(parts) && strings.HasPrefix(parts[i], ".") {
				return false
			}
		}
		return false
	}
	return len(parts) > 0 && matchName(pattern[0], parts[0]) && match(pattern[1:], parts[1:])
}

// couldHold says whether files under a folder could match.
func couldHold(pattern, folder []string) bool {
	if len(folder) == 0 {
		return len(pattern) > 0
	}
	if len(pattern) == 0 {
		return false
	}
	if pattern[0] == "**" {
		return !strings.HasPrefix(folder[0], ".") && couldHold(pattern, folder[1:]) || couldHold(pattern[1:], folder)
	}
	return matchName(pattern[0], folder[0]) && couldHold(pattern[1:], folder[1:])
}

func matchName(pattern, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") {
		return false
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// readStdin reads standard input whole: a source is read more than once. When
// ctx ends the read is left to itself, for nothing can wake it.
func readStdin(ctx context.Context, in io.Reader) ([]byte, error) {
	type answer struct {
		text []byte
		err  error
	}
	ready := make(chan answer, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(in, mostStdin+1))
		ready <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-ready:
		if a.err != nil {
			return nil, fmt.Errorf("reading standard input: %w", a.err)
		}
		if len(a.text) > mostStdin {
			return nil, fmt.Errorf("standard input: more than %d MiB is no episode: give several files", mostStdin>>20)
		}
		return a.text, nil
	}
}
