package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// formatVersion is the version of the YAML form that this program reads.
const formatVersion = 1

// yamlReader reads one file; it stops at the first fault.
type yamlReader struct {
	name string
	out  *Lexicon
}

// readYAML reads a lexicon of our own form. It is strict: what it does not
// know is an error with its place.
func readYAML(name string, data []byte) (*Lexicon, error) {
	r := &yamlReader{name: name, out: &Lexicon{}}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return nil, r.fault(nil, "is empty: write words: and below it WORD: how it is said")
	case err != nil:
		return nil, r.syntax(data, err)
	}
	if err := dec.Decode(&more); err == nil {
		return nil, r.fault(&more, "a second YAML document: a lexicon is one")
	} else if !errors.Is(err, io.EOF) {
		return nil, r.syntax(data, err)
	}
	root := doc.Content[0]
	if err := r.keys(root, "a lexicon", map[string]func(*yaml.Node) error{
		"version": r.version, "words": r.words, "patterns": r.patterns, "known": r.known,
	}); err != nil {
		return nil, err
	}
	return r.out, nil
}

func (r *yamlReader) fault(n *yaml.Node, format string, args ...any) error {
	return &Error{r.place(n), fmt.Sprintf(format, args...)}
}

func (r *yamlReader) place(n *yaml.Node) Place {
	if n == nil {
		return Place{File: r.name}
	}
	return Place{r.name, n.Line, n.Column}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

// syntax is a fault that the YAML parser found. It numbers the lines of its
// grammar's faults from 0 and those of its tokens from 1.
func (r *yamlReader) syntax(data []byte, err error) error {
	line, reason := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(reason); m != nil {
		reason = m[2]
		if n, e := strconv.Atoi(m[1]); e == nil {
			line = n
			if strings.HasPrefix(reason, "did not find expected") {
				line++
			}
		}
	}
	if strings.Contains(reason, "mapping values") {
		reason += ": put a value that has a colon in it in quotes"
	}
	lines := strings.Split(string(data), "\n")
	line = max(1, min(line, len(lines)))
	text := lines[line-1]
	col := utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " \t")) + 1
	return &Error{Place{r.name, line, col}, "is not YAML: " + strings.Join(strings.Fields(reason), " ")}
}

// pairs goes through a map: each key once, and no short cuts of YAML that
// would let a small file be a large one.
func (r *yamlReader) pairs(n *yaml.Node, what string, yield func(key, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode {
		return r.alias(n)
	}
	if n.Kind != yaml.MappingNode {
		return r.fault(n, "%s is a map of keys and values", what)
	}
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			return r.fault(key, "a key has to be a text")
		case seen[key.Value] > 0:
			return r.fault(key, "%s is given twice, first in line %d", shown(key.Value), seen[key.Value])
		}
		seen[key.Value] = key.Line
		if err := yield(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (r *yamlReader) alias(n *yaml.Node) error {
	return r.fault(n, "an alias (%s): write the value out", shown(n.Value))
}

// keys goes through a map whose keys are known.
func (r *yamlReader) keys(n *yaml.Node, what string, known map[string]func(*yaml.Node) error) error {
	return r.pairs(n, what, func(key, value *yaml.Node) error {
		read := known[key.Value]
		if read == nil {
			return r.fault(key, "%s has no key %s%s", what, shown(key.Value), meant(key.Value, known))
		}
		return read(value)
	})
}

func meant(key string, known map[string]func(*yaml.Node) error) string {
	const farthest, longest = 2, 20
	best, distance := "", farthest+1
	if len(key) > longest {
		return ""
	}
	for _, k := range slices.Sorted(maps.Keys(known)) {
		d := levenshtein.ComputeDistance(strings.ToLower(key), k)
		if d < distance || d == distance && best != "" && best[0] != key[0] && k[0] == key[0] {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

func (r *yamlReader) version(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode || n.Value != strconv.Itoa(formatVersion) {
		return r.fault(n, "version %s is not read: this program reads version %d", shown(n.Value), formatVersion)
	}
	return nil
}

// text reads a scalar as it is written: no is a word here.
func (r *yamlReader) text(to *string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		switch {
		case n.Kind == yaml.AliasNode:
			return r.alias(n)
		case n.Kind != yaml.ScalarNode:
			return r.fault(n, "want a text")
		case strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" && n.Style == 0 && n.Value != "null" && n.Value != "Null" && n.Value != "NULL":
			return r.fault(n, "an empty text")
		}
		*to = n.Value
		return nil
	}
}

// texts reads a text or a list of them.
func (r *yamlReader) texts(to *[]string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		items := []*yaml.Node{n}
		if n.Kind == yaml.SequenceNode {
			items = n.Content
		}
		for _, item := range items {
			var s string
			if err := r.text(&s)(item); err != nil {
				return err
			}
			*to = append(*to, s)
		}
		return nil
	}
}

// truth reads true or false.
func (r *yamlReader) truth(to *bool) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		if n.Tag != "!!bool" {
			return r.fault(n, "want true or false")
		}
		*to = strings.EqualFold(n.Value, "true")
		return nil
	}
}

func (r *yamlReader) words(n *yaml.Node) error {
	if n.Tag == "!!null" {
		return nil
	}
	return r.pairs(n, "words", func(key, value *yaml.Node) error {
		if value.Kind != yaml.SequenceNode {
			return r.entry(key, value, value)
		}
		if len(value.Content) == 0 {
			return r.fault(value, "%s has an empty list: write how it is said", shown(key.Value))
		}
		// The first that holds wins: it is the highest, so it is added last.
		for i := len(value.Content) - 1; i >= 0; i-- {
			if err := r.entry(key, value.Content[i], value.Content[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *yamlReader) entry(key, value, at *yaml.Node) error {
	e := Entry{Words: key.Value, Place: r.place(key)}
	if at.Line != key.Line {
		e.Place = r.place(at)
	}
	var err error
	switch value.Kind {
	case yaml.MappingNode:
		inflect := true
		var inCase string
		err = r.keys(value, "an entry", map[string]func(*yaml.Node) error{
			"say": r.text(&e.Say), "ipa": r.text(&e.IPA), "case": r.text(&inCase), "inflect": r.truth(&inflect), "note": r.text(&e.Note),
			"language": r.texts(&e.Languages), "voice": r.texts(&e.Voices), "document": r.texts(&e.Documents),
		})
		e.Case, e.Uninflect = Case(inCase), !inflect
	case yaml.ScalarNode:
		if value.Tag == "!!null" && strings.TrimSpace(value.Value) != value.Value || value.Value == "" {
			return r.fault(key, "%s is said as nothing: write how it is said", shown(key.Value))
		}
		err = r.text(&e.Say)(value)
	case yaml.AliasNode:
		err = r.alias(value)
	default:
		err = r.fault(value, "%s: want a text, or a map with say", shown(key.Value))
	}
	if err != nil {
		return err
	}
	return r.out.accept(e)
}

func (r *yamlReader) patterns(n *yaml.Node) error {
	if n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return r.fault(n, "patterns is a list of {match, say}")
	}
	for _, item := range n.Content {
		if len(r.out.patterns) == mostPatterns {
			return r.fault(item, "more than %d patterns", mostPatterns)
		}
		p := pattern{place: r.place(item)}
		var match, note string
		if err := r.keys(item, "a pattern", map[string]func(*yaml.Node) error{
			"match": r.text(&match), "say": r.text(&p.say), "note": r.text(&note),
			"language": r.texts(&p.scope.languages), "voice": r.texts(&p.scope.voices), "document": r.texts(&p.scope.documents),
		}); err != nil {
			return err
		}
		if err := p.compile(match); err != nil {
			return err
		}
		r.out.patterns = append(r.out.patterns, p)
	}
	return nil
}

func (r *yamlReader) known(n *yaml.Node) error {
	if n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return r.fault(n, "known is a list of words")
	}
	for _, item := range n.Content {
		var s string
		if err := r.text(&s)(item); err != nil {
			return err
		}
		e := Entry{Words: s, Say: s, Place: r.place(item)}
		if err := e.check(); err != nil {
			return err
		}
		if len(r.out.known) == mostEntries {
			return r.fault(item, "more than %d known words", mostEntries)
		}
		r.out.known = append(r.out.known, e.Words)
	}
	return nil
}

// accept adds an entry that was read.
func (l *Lexicon) accept(e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	if len(l.entries) == mostEntries {
		return &Error{e.Place, fmt.Sprintf("more than %d entries", mostEntries)}
	}
	l.entries = append(l.entries, e)
	return nil
}
