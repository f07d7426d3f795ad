// Package glob answers which files a pattern names, as shells do it, so that a
// pattern means the same on the command line and in a show's file.
package glob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// ErrPattern is wrapped by the error of what is no pattern.
var ErrPattern = errors.New("is not one")

// Has says whether a name may be a pattern.
func Has(name string) bool { return strings.ContainsAny(name, "*?[") }

// Find gives the files that match a pattern as [path.Match] has it, in which
// an element ** also stands for any number of folders, sorted. As in shells, names
// that begin with a dot are matched only by a dot. A link to a file is one; links
// to folders are not followed.
func Find(pattern string) ([]string, error) { return In("", pattern) }

// In is Find with the folder that a relative pattern is relative to. No sign of
// the folder's own name is one of the pattern.
func In(dir, pattern string) ([]string, error) {
	elements := strings.Split(filepath.ToSlash(pattern), "/")
	fixed := 0
	for fixed < len(elements)-1 && !Has(elements[fixed]) {
		fixed++
	}
	base := strings.Join(elements[:fixed], "/")
	if base == "" && strings.HasPrefix(pattern, "/") {
		base = "/"
	}
	rest := elements[fixed:]
	for _, e := range rest {
		if _, err := path.Match(e, ""); err != nil {
			return nil, fmt.Errorf("the pattern '%s' %w: %w", pattern, ErrPattern, err)
		}
	}
	root := filepath.FromSlash(base)
	if dir != "" && !filepath.IsAbs(root) {
		root = filepath.Join(dir, root)
		base = filepath.ToSlash(root)
	}
	if root == "" {
		root = "."
	}
	var found []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
				return nil // what cannot be seen does not match
			}
			return err
		}
		rel, err := filepath.Rel(root, name)
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
		if !d.Type().IsRegular() {
			if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
				return nil //nolint:nilerr // a dangling link, a socket
			}
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

// Match says whether a path matches a pattern, be there such a file or not. Both
// are relative to the same folder, or to none.
func Match(pattern, path string) bool {
	return match(strings.Split(filepath.ToSlash(pattern), "/"), strings.Split(filepath.ToSlash(path), "/"))
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
