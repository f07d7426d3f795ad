package config

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// hint adds what to do where the parser's words alone do not help, and says where.
func (d *document) hint(message, s string, t *token.Token) (pos, string) {
	at := d.place(t)
	if t.Position == nil {
		return at, message
	}
	lines := strings.Split(s, "\n")
	n := min(max(0, t.Position.Line-1), len(lines)-1) // of the token's line
	switch {
	case strings.Contains(message, "must be specified") && strings.Contains(lines[n], "${"):
		return at, message + ": a value with ${…} inside { } needs quotes"
	case strings.Contains(message, `'	'`):
		return at, "a tab cannot indent YAML: use spaces"
	case !strings.Contains(message, "not allowed in this context"):
		return at, message
	}
	line := []rune(lines[n])
	column := min(max(0, t.Position.Column-1), len(line))
	if strings.TrimSpace(string(line[:column])) == "" { // a key, where the parser wants none
		return at, message + ": " + edge
	}
	if pair(string(line[column:])) {
		return at, message + ": put a value that has a colon in it in quotes"
	}
	// The value goes on in lines that are deeper than its key; one of them was meant
	// to be a key of its own.
	for i := n + 1; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		if indent(lines[i]) <= indent(lines[n]) {
			break
		}
		if pair(lines[i]) {
			return d.at(i+1, indent(lines[i])+1), "this line is deeper than the key above it, and no part of its value: " + edge
		}
	}
	return at, message
}

// edge is what to do about a key in a wrong column.
const edge = "the keys of a section begin in one column"

// indent is how many spaces a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// pair says whether what stands in a line, but for a comment, looks like a key with its value.
func pair(line string) bool {
	line, _, _ = strings.Cut(line, " #")
	return strings.Contains(line, ": ") || strings.HasSuffix(strings.TrimRight(line, " \r"), ":")
}
