package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// mostFaults bounds what a person is shown; the rest is counted.
const mostFaults = 100

// Error is one fault of a configuration.
type Error struct {
	Place  string // file:line:column, or a flag or variable
	Reason string // what, and the nearest right name where there is one

	at pos // for the order
}

func (e *Error) Error() string { return e.Place + ": " + e.Reason }

// Errors are all faults of a configuration, in the order of the file.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives errors.As each fault.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, f := range e {
		all[i] = f
	}
	return all
}

// pos is a place in a file. Files are numbered in the order they are read, so
// that faults sort; faults of flags and variables come after those of files.
type pos struct {
	file         int
	name         string
	line, column int
}

const outside = 1 << 20 // file number of what stands in no file

func (p pos) String() string {
	if p.line == 0 {
		return oneLine(p.name)
	}
	return oneLine(p.name) + ":" + strconv.Itoa(p.line) + ":" + strconv.Itoa(p.column)
}

// faults collects.
type faults struct {
	list    Errors
	dropped int
	seen    map[string]bool
}

func (f *faults) add(at pos, format string, args ...any) {
	e := &Error{Place: at.String(), Reason: oneLine(fmt.Sprintf(format, args...)), at: at}
	line := e.Error()
	if f.seen[line] { // a value that an alias repeats is wrong once
		return
	}
	if len(f.list) == mostFaults {
		f.dropped++
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[line] = true
	f.list = append(f.list, e)
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line),
			cmp.Compare(a.at.column, b.at.column), cmp.Compare(a.Place, b.Place))
	})
	if f.dropped > 0 {
		last := f.list[len(f.list)-1]
		f.list = append(f.list, &Error{Place: last.Place, at: last.at, Reason: fmt.Sprintf("and %d faults more", f.dropped)})
	}
	return f.list
}

// oneLine writes control characters and what is no UTF-8 as escapes.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029'
	}) {
		return s
	}
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// word shows a name inside a sentence: as it is, or in quotes where its ends
// would not be seen, and never longer than a line.
func word(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"',;()`, r) }) {
		return strconv.Quote(s)
	}
	return s
}

// nearest is the candidate that a name was probably meant to be: at most two
// letters differ, or a third of them in a long name, or one in a short one. Two
// letters that changed places are one slip.
func nearest(name string, candidates []string) (string, bool) {
	const longest = 64 // comparing costs the product of the lengths
	name = strings.ToLower(name)
	if name == "" || len(name) > longest {
		return "", false
	}
	const short = 3
	best, most := "", max(2, len([]rune(name))/3)+1
	if len(name) <= short {
		most = 2
	}
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if len(c) > longest {
			continue
		}
		d := levenshtein.ComputeDistance(name, strings.ToLower(c))
		if d == 2 && letters(name) == letters(strings.ToLower(c)) {
			d = 1
		}
		if d < most {
			best, most = c, d
		}
	}
	return best, best != ""
}

// letters are those of a name, in the order of the alphabet.
func letters(name string) string { return string(slices.Sorted(slices.Values([]rune(name)))) }

// meant is the end of a sentence about a name that is not there.
func meant(name string, candidates []string) string {
	if best, ok := nearest(name, candidates); ok {
		return "; did you mean " + word(best) + "?"
	}
	const few = 14
	if n := len(candidates); n > 0 && n <= few {
		known := slices.Sorted(slices.Values(candidates))
		for i := range known {
			known[i] = word(known[i])
		}
		return " (known: " + strings.Join(known, ", ") + ")"
	}
	return ""
}
