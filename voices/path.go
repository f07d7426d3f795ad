package voices

import (
	"strconv"
	"strings"
)

// at is the first value at a path; nil if there is none.
func at(tree any, path string) any {
	if found := all(tree, path); len(found) > 0 {
		return found[0]
	}
	return nil
}

// all are the values at a path of keys and indexes joined by dots, where *
// stands for every item of a list in turn. An item without what the rest of
// the path names has nil there, so that lists of several paths stay in step.
func all(tree any, path string) []any {
	step, rest, more := strings.Cut(path, ".")
	if step == "*" {
		list, _ := tree.([]any)
		var out []any
		for _, item := range list {
			if !more {
				out = append(out, item)
				continue
			}
			found := all(item, rest)
			if len(found) == 0 {
				found = []any{nil}
			}
			out = append(out, found...)
		}
		return out
	}
	var under any
	switch t := tree.(type) {
	case map[string]any:
		under = t[step]
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(t) {
			under = t[i]
		}
	}
	switch {
	case under == nil:
		return nil
	case more:
		return all(under, rest)
	}
	return []any{under}
}
