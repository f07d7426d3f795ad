package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Read reads an overlay's file, whose name is for messages. It is strict: every
// fault that a person can mend is a *document.Error with its line and column.
func Read(name string, r io.Reader) (*Overlay, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	d := &decoder{o: &Overlay{name: name, sum: sumOf(raw)}}
	switch {
	case len(raw) > MostBytes:
		return nil, d.fault(nil, "is larger than %d MiB", MostBytes>>20)
	case !utf8.Valid(raw):
		return nil, d.fault(nil, "is not UTF-8: save it as UTF-8 text")
	}
	root, err := d.parse(bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF")))
	if err != nil {
		return nil, err
	}
	d.overlay(root)
	if d.err != nil {
		return nil, d.err
	}
	return d.o, nil
}

// decoder reads an overlay and keeps the first fault.
type decoder struct {
	o   *Overlay
	err error
}

func (d *decoder) fault(n *yaml.Node, format string, args ...any) error {
	if d.err == nil {
		d.err = &document.Error{Pos: d.pos(n), Reason: fmt.Sprintf(format, args...)}
	}
	return d.err
}

func (d *decoder) pos(n *yaml.Node) document.Pos {
	if n == nil {
		return document.Pos{File: d.o.name}
	}
	return document.Pos{File: d.o.name, Line: n.Line, Col: n.Column}
}

// parse gives the document's node. An empty file is an empty map.
func (d *decoder) parse(raw []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if err == nil {
		switch err = dec.Decode(&more); {
		case err == nil:
			return nil, d.fault(&more, "a second YAML document: the edits of a source are one")
		case errors.Is(err, io.EOF) && len(doc.Content) > 0:
			return &doc, nil
		}
	}
	if errors.Is(err, io.EOF) {
		return nil, d.fault(nil, "is empty: write \"version: %d\", or remove the file", Version)
	}
	line, col, reason := document.YAMLFault(raw, err)
	return nil, d.fault(&yaml.Node{Line: line, Column: col}, "is not YAML: %s", reason)
}

func (d *decoder) overlay(doc *yaml.Node) {
	root, o := doc.Content[0], d.o
	seen := d.keys(root, "the edits of a source", []key{
		{"version", func(n *yaml.Node) {
			if v := d.number(n); d.err == nil && v > Version {
				d.fault(n, "version %d was written by a newer program: this one reads %d", v, Version)
			} else if d.err == nil && v < 1 {
				d.fault(n, "version %d is not known: write %d", v, Version)
			}
		}},
		{"lexicon", d.lexicon},
		{"edits", func(n *yaml.Node) { d.items(n, "edits", d.edit) }},
	})
	if d.err == nil && !seen["version"] {
		d.fault(root, "has no version: write \"version: %d\"", Version)
	}
	if d.err == nil {
		d.alike()
		o.gather(doc)
	}
}

// alike refuses two edits of one segment.
func (d *decoder) alike() {
	type segment struct {
		on  string
		nth int
	}
	first := map[segment]int{}
	for _, e := range d.o.Edits {
		s := segment{e.On, max(1, e.Nth)}
		if line, ok := first[s]; ok {
			d.fault(&yaml.Node{Line: e.pos.Line, Column: e.pos.Col}, "the same segment as in line %d: write both into one edit, or say with nth: 2 that it is the second of those that are alike", line)
			return
		}
		first[s] = e.pos.Line
	}
}

func (d *decoder) lexicon(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	entries, err := lexicon.ReadWords(d.o.name, wordsOf(n))
	if e := new(lexicon.Error); errors.As(err, &e) {
		d.fault(&yaml.Node{Line: e.Place.Line, Column: e.Place.Col}, "%s", e.Reason)
	} else if err != nil {
		d.fault(n, "%v", err)
	}
	d.o.Lexicon = entries
}

// wordsOf is the map of words in a lexicon: it itself, or as in a lexicon's file
// what stands under words.
func wordsOf(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}
	var words *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch k, v := n.Content[i].Value, n.Content[i+1]; {
		case k == "words" && v.Kind == yaml.MappingNode && !isEntry(v):
			words = v
		case k != "version":
			return n
		}
	}
	if words == nil {
		return n
	}
	return words
}

// isEntry says whether a map says how one word is said.
func isEntry(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if k := n.Content[i].Value; k == "say" || k == "ipa" {
			return true
		}
	}
	return false
}

func (d *decoder) edit(n *yaml.Node) {
	e := Edit{pos: d.pos(n)}
	seen := d.keys(n, "an edit", []key{
		{"on", func(n *yaml.Node) {
			if e.On = fold(d.text(n)); d.err == nil && e.On == "" {
				d.fault(n, "on is empty: write what the author wrote of the segment")
			}
		}},
		{"nth", func(n *yaml.Node) {
			if e.Nth = d.number(n); d.err == nil && e.Nth < 1 {
				d.fault(n, "nth is which of the segments that are alike, from 1")
			}
		}},
		{"say", func(n *yaml.Node) { e.Say = d.say(n) }},
		{"role", func(n *yaml.Node) { e.Role = d.role(n) }},
		{"voice", func(n *yaml.Node) { e.Voice = d.word(n, "voice") }},
		{"pause", func(n *yaml.Node) { e.Pause = d.pause(n) }},
		{"take", func(n *yaml.Node) { e.Take = d.number(n) }},
		{"skip", func(n *yaml.Node) { e.Skip = d.truth(n) }},
		{"before", func(n *yaml.Node) { e.Before = d.lines(n, "before") }},
		{"after", func(n *yaml.Node) { e.After = d.lines(n, "after") }},
		{"chapter", func(n *yaml.Node) { e.Chapter = d.word(n, "chapter") }},
		{"join", func(n *yaml.Node) { e.Join = d.truth(n) }},
		{"note", func(n *yaml.Node) { e.Note = strings.TrimSpace(d.text(n)) }},
	})
	switch {
	case d.err != nil:
	case !seen["on"]:
		d.fault(n, "this edit has no on: write what the author wrote of the segment that it changes")
	case e.Chapter != "" && e.Join:
		d.fault(n, "chapter begins one here and join ends it: write one of them")
	}
	d.o.Edits = append(d.o.Edits, e)
}

// lines reads segments that are put in: a list of maps or of texts, or one alone.
func (d *decoder) lines(n *yaml.Node, what string) []Line {
	var out []Line
	read := func(n *yaml.Node) {
		l := Line{pos: d.pos(n)}
		if n.Kind == yaml.ScalarNode {
			l.Say = d.say(n)
			out = append(out, l)
			return
		}
		seen := d.keys(n, "a segment of "+what, []key{
			{"say", func(n *yaml.Node) { l.Say = d.say(n) }},
			{"role", func(n *yaml.Node) { l.Role = d.role(n) }},
			{"voice", func(n *yaml.Node) { l.Voice = d.word(n, "voice") }},
			{"pause", func(n *yaml.Node) { l.Pause = d.pause(n) }},
			{"take", func(n *yaml.Node) { l.Take = d.number(n) }},
		})
		if d.err == nil && !seen["say"] {
			d.fault(n, "a segment of %s has no say: write what it says", what)
		}
		out = append(out, l)
	}
	if n.Kind == yaml.SequenceNode {
		d.items(n, what, read)
	} else {
		read(n)
	}
	return out
}

// key is a known key of a map, and what reads its value.
type key struct {
	name string
	read func(*yaml.Node)
}

// keys reads a map: each known key once.
func (d *decoder) keys(n *yaml.Node, what string, known []key) map[string]bool {
	seen := map[string]bool{}
	if n.Kind != yaml.MappingNode {
		d.fault(n, "%s is a map of keys", what)
		return seen
	}
	for i := 0; i+1 < len(n.Content) && d.err == nil; i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(known, func(x key) bool { return x.name == k.Value })
		switch {
		case at < 0:
			d.fault(k, "unknown key %q in %s%s", k.Value, what, nearest(k.Value, known))
		case seen[k.Value]:
			d.fault(k, "key %q is given twice", k.Value)
		case v.Kind == yaml.AliasNode:
			d.fault(v, "YAML aliases are not read here: write the value")
		default:
			known[at].read(v)
		}
		seen[k.Value] = true
	}
	return seen
}

// nearest names the known key that an unknown one was meant to be.
func nearest(name string, known []key) string {
	best, least := "", 3 // more differences are another word
	for _, k := range known {
		if n := levenshtein.ComputeDistance(strings.ToLower(name), k.name); len(name) < 20 && n < least {
			best, least = k.name, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

// items reads a list.
func (d *decoder) items(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(n, "%s is a list", what)
		return
	}
	for _, c := range n.Content {
		if d.err != nil {
			return
		}
		if c.Kind == yaml.AliasNode {
			d.fault(c, "YAML aliases are not read here: write the value")
			return
		}
		read(c)
	}
}

func (d *decoder) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.fault(n, "a text is needed here")
		return ""
	}
	return n.Value
}

// word is a text that is not empty, its white space folded.
func (d *decoder) word(n *yaml.Node, what string) string {
	out := fold(d.text(n))
	if d.err == nil && out == "" {
		d.fault(n, "%s is empty: write one, or leave the key out", what)
	}
	return out
}

func (d *decoder) say(n *yaml.Node) string {
	out := fold(d.text(n))
	if d.err == nil && !script.Speakable(out) {
		d.fault(n, "there is nothing to speak here: write some words; skip: true leaves a segment unspoken")
	}
	return out
}

func (d *decoder) role(n *yaml.Node) string {
	out := d.text(n)
	if d.err == nil && (out == "" || strings.TrimSpace(out) != out || strings.HasSuffix(out, ":")) {
		d.fault(n, "role %q names nobody: write body, quote or speaker:NAME", out)
	}
	return out
}

func (d *decoder) truth(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		d.fault(n, "true or false is needed here")
	}
	return n.Value == "true"
}

func (d *decoder) number(n *yaml.Node) int {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 {
		d.fault(n, "a number from 0 is needed here")
	}
	return v
}

// longestPause bounds a pause: longer silence is a mistake in a unit.
const longestPause = time.Hour

func (d *decoder) pause(n *yaml.Node) *time.Duration {
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 || v > longestPause {
		d.fault(n, "pause %q is not a time: write 600ms or 1.5s (at most 1h)", n.Value)
	}
	return &v
}
