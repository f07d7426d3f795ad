// Package yamledit answers how one value of a YAML file is changed while
// everything else in it stays as a person wrote it: comments, order, quotes and
// blank lines. It changes lines of the text, where the parser says that they are.
package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Pair is a key of a small map, written in one line.
type Pair struct{ Key, Value string }

// Plain is a scalar that is written as it is: a number, a length of time.
type Plain string

// ErrShape is a file that is not written as Set can change it: a map in braces
// over several lines, an alias, a value where a map is expected.
var ErrShape = errors.New("it is not written line by line: change it by hand")

// Set gives src with a value at a path of keys: a string, Plain, []string or []Pair, each
// of which is written in one line. Maps that are not there are made, at the end
// of the map that they belong into. The error wraps ErrShape where src cannot be
// changed so.
func Set(src []byte, path []string, value any) ([]byte, error) {
	if !utf8.ValidString(fmt.Sprint(path, value)) {
		return nil, errors.New("a text that is not UTF-8 cannot stand in a YAML file")
	}
	text, err := inline(value)
	if err != nil {
		return nil, err
	}
	doc, err := read(src)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(src), "\n")
	if n := len(lines); n > 0 && lines[n-1] == "" {
		lines = lines[:n-1]
	} else if n > 0 {
		lines[n-1] += "\n"
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Column: 1}
	if len(doc.Content) > 0 {
		root = doc.Content[0]
	}
	out, err := set(lines, root, 0, len(lines), path, text)
	if err != nil {
		return nil, err
	}
	changed := []byte(strings.Join(out, ""))
	var check yaml.Node
	if err := yaml.Unmarshal(changed, &check); err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrShape, err)
	}
	return changed, nil
}

// Find is what stands at a path of keys: the scalars of a map by their keys, or a
// scalar under "". It is nil where there is nothing.
func Find(src []byte, path []string) map[string]string {
	n := node(src, path)
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return map[string]string{"": n.Value}
	case n.Kind != yaml.MappingNode:
		return map[string]string{}
	}
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i+1].Kind == yaml.ScalarNode {
			out[n.Content[i].Value] = n.Content[i+1].Value
		}
	}
	return out
}

// Get is the scalar at a path of keys; ok is false where there is none.
func Get(src []byte, path []string) (value string, ok bool) {
	n := node(src, path)
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", false
	}
	return n.Value, true
}

// node is what stands at a path; nil where there is nothing.
func node(src []byte, path []string) *yaml.Node {
	var doc yaml.Node
	if yaml.Unmarshal(src, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	n := doc.Content[0]
	for _, key := range path {
		i := keyOf(n, key)
		if i < 0 {
			return nil
		}
		n = n.Content[i+1]
	}
	return n
}

// keyOf is where a key stands among the contents of a map; -1 where it does not.
func keyOf(m *yaml.Node, key string) int {
	if m.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// breaks are the ends of lines that YAML 1.1 has beside \n and \r\n (yaml.org/spec/1.1, 4.1.4,
// "b-char"; those of 1.2 are fewer).
var breaks = regexp.MustCompile(`\r([^\n]|$)|[\x{85}\x{2028}\x{2029}]`)

// read is the one document of a file.
func read(src []byte) (doc yaml.Node, err error) {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return doc, fmt.Errorf("reading the file to change: %w", err)
	}
	if breaks.Match(src) {
		return doc, ErrShape // its lines are counted otherwise
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) || bytes.Contains(append([]byte("\n"), src...), []byte("\n...")) {
		return doc, ErrShape // a second document, or the end of the first
	}
	return doc, nil
}

// Remove gives src without the key at a path. Where there is none, src is as it was.
func Remove(src []byte, path []string) ([]byte, error) {
	doc, err := read(src)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(src), "\n")
	if len(doc.Content) == 0 {
		return src, nil
	}
	m, end := doc.Content[0], len(lines)
	for i, key := range path {
		if m.Kind != yaml.MappingNode || m.Style&yaml.FlowStyle != 0 {
			return nil, ErrShape
		}
		j := keyOf(m, key)
		if j < 0 {
			return src, nil
		}
		if j+2 < len(m.Content) {
			end = m.Content[j+2].Line - 1
		}
		if i == len(path)-1 {
			from := m.Content[j].Line
			out := splice(lines, from-1, trim(lines, from, end, m.Content[j].Column-1))
			return []byte(strings.Join(out, "")), nil
		}
		m = m.Content[j+1]
	}
	return src, nil
}

// set changes the map m, which stands in lines from (its first key's or later)
// up to end.
func set(lines []string, m *yaml.Node, indent, end int, path []string, text string) ([]string, error) {
	if m.Kind != yaml.MappingNode || m.Anchor != "" {
		return nil, ErrShape
	}
	if m.Style&yaml.FlowStyle != 0 {
		return setFlow(lines, m, path, text)
	}
	if len(m.Content) > 0 {
		indent = m.Content[0].Column - 1
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, value := m.Content[i], m.Content[i+1]
		if key.Value != path[0] {
			continue
		}
		last := end
		if i+2 < len(m.Content) {
			last = m.Content[i+2].Line - 1
		}
		last = trim(lines, key.Line, last, indent)
		if len(path) == 1 {
			if value.Kind == yaml.AliasNode {
				return nil, ErrShape
			}
			if value.Line == key.Line && value.LineComment != "" {
				text += " " + value.LineComment
			}
			return splice(lines, key.Line-1, last, line(indent, path[0], text)), nil
		}
		if value.Tag == "!!null" { // a key with nothing below it yet
			return splice(lines, key.Line, key.Line, nested(indent+2, path[1:], text)...), nil
		}
		return set(lines, value, indent+2, last, path[1:], text)
	}
	at := end
	if len(m.Content) > 0 {
		at = trim(lines, m.Content[len(m.Content)-2].Line, end, indent)
	}
	return splice(lines, at, at, nested(indent, path, text)...), nil
}

// setFlow changes a map in braces, which stands in one line: it is written anew.
func setFlow(lines []string, m *yaml.Node, path []string, text string) ([]string, error) {
	line := lines[m.Line-1]
	from := 0
	for range m.Column - 1 {
		_, n := utf8.DecodeRuneInString(line[from:])
		from += n
	}
	to := closing(line, from)
	var value yaml.Node
	if to < 0 || yaml.Unmarshal([]byte(text), &value) != nil || len(value.Content) == 0 {
		return nil, ErrShape
	}
	at := m
	for i, key := range path {
		j := keyOf(at, key)
		switch last := i == len(path)-1; {
		case at.Kind != yaml.MappingNode:
			return nil, ErrShape
		case j < 0 && last:
			at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value.Content[0])
		case j < 0:
			below := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
			at.Content = append(at.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, below)
			at = below
		case last:
			at.Content[j+1] = value.Content[0]
		default:
			at = at.Content[j+1]
		}
	}
	bare(m) // comments stand behind it, and stay there
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	if enc.Encode(m) != nil || enc.Close() != nil || bytes.Count(b.Bytes(), []byte("\n")) != 1 {
		return nil, ErrShape
	}
	return splice(lines, m.Line-1, m.Line, line[:from]+strings.TrimSpace(b.String())+line[to:]), nil
}

// bare takes the comments from a node and those in it.
func bare(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		bare(c)
	}
}

// closing is where the map in braces ends that begins at an offset of a line; -1
// where that is in another line.
func closing(line string, from int) int {
	depth, quoted := 0, byte(0)
	for i := from; i < len(line); i++ {
		switch c := line[i]; {
		case quoted == '"' && c == '\\':
			i++
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '"' || c == '\'':
			if strings.IndexByte(" ,[{:", line[i-1]) >= 0 { // else it is a part of a word
				quoted = c
			}
		case c == '#' && line[i-1] == ' ':
			return -1
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// trim leaves out what stands at the end of lines [from, end) and belongs to what
// comes behind them: blank lines, and comments that are indented less.
func trim(lines []string, from, end, indent int) int {
	for end > from {
		text := strings.TrimRight(lines[end-1], "\r\n")
		bare := strings.TrimLeft(text, " ")
		if bare != "" && (bare[0] != '#' || len(text)-len(bare) > indent) {
			break
		}
		end--
	}
	return end
}

func splice(lines []string, from, to int, with ...string) []string {
	out := make([]string, 0, len(lines)+len(with))
	out = append(out, lines[:from]...)
	out = append(out, with...)
	return append(out, lines[to:]...)
}

func line(indent int, key, text string) string {
	return strings.Repeat(" ", indent) + quote(key) + ": " + text + "\n"
}

// nested are the lines of keys below each other, the value at the last.
func nested(indent int, path []string, text string) []string {
	var out []string
	for i, key := range path {
		if i == len(path)-1 {
			return append(out, line(indent, key, text))
		}
		out = append(out, strings.Repeat(" ", indent)+quote(key)+":\n")
		indent += 2
	}
	return out
}

// quote is a scalar as it has to be written in one line.
func quote(s string) string {
	var b bytes.Buffer
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsAny(s, "\n\r\u0085\u2028\u2029") {
		n.Style = yaml.DoubleQuotedStyle
	}
	enc := yaml.NewEncoder(&b)
	if enc.Encode(&n) != nil || enc.Close() != nil || bytes.Count(b.Bytes(), []byte("\n")) != 1 {
		return fmt.Sprintf("%q", s)
	}
	return strings.TrimRight(b.String(), "\n")
}

// inline is a value as it is written in one line.
func inline(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return quote(v), nil
	case Plain:
		return string(v), nil
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = flow(s)
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	case []Pair:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = flow(p.Key) + ": " + flow(p.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}", nil
	}
	return "", fmt.Errorf("a value of type %T cannot be written in one line", value)
}

// flow is a scalar inside of brackets or braces, where more signs have a meaning.
func flow(s string) string {
	if q := quote(s); q != s || !strings.ContainsAny(s, ",[]{}") {
		return q
	}
	return fmt.Sprintf("%q", s)
}
