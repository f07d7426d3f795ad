package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/internal/glob"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
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
		named := []string{in}
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
		case err != nil && glob.Has(in):
			if named, err = matches("", in); err != nil {
				return nil, err
			}
			named = slices.DeleteFunc(named, overlay.Is)
			if len(named) == 0 {
				return nil, misuse("the pattern '%s' matches no file", in)
			}
		}
		for _, m := range named {
			if err := add(m); err != nil {
				return nil, err
			}
		}
	}
	return withoutEdits(sources), nil
}

// withoutEdits leaves out the edits of documents that are among the sources, as
// a shell names them with posts/*.
func withoutEdits(sources []string) []string {
	var out []string
	for _, name := range sources {
		if !overlay.Is(name) || !slices.ContainsFunc(overlay.Sources(name), func(of string) bool { return slices.Contains(sources, of) }) {
			out = append(out, name)
		}
	}
	return out
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

// matches are the files that a pattern names, relative to dir where that is not
// empty.
func matches(dir, pattern string) ([]string, error) {
	found, err := glob.In(dir, pattern)
	if errors.Is(err, glob.ErrPattern) {
		return nil, misuse("%v", err)
	}
	return found, err
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
