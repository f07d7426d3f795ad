package script

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/pipeline/document"
)

// MostBytes is the size of the largest script file that is read.
const MostBytes = 64 << 20

var (
	scriptKey   = compiled(`(?m)^chapters:`)
	jsonVersion = compiled(`^\{\s*"version"\s*:`)
)

// IsScript says whether a file that begins with these bytes (some kilobytes
// are enough) is a script, and not a document or another YAML file.
func IsScript(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	first, _, _ := strings.Cut(header, ":")
	if bytes.HasPrefix(head, []byte(first)) {
		return true
	}
	if t := bytes.TrimLeft(head, " \t\r\n"); jsonVersion().Match(t) {
		return bytes.Contains(t, []byte(`"chapters"`)) || bytes.Contains(t, []byte(`"source"`))
	}
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, " \t\r\n")
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		return bytes.HasPrefix(line, []byte("version:")) && scriptKey().Match(head)
	}
	return false
}

// Decode reads a script's file, YAML or JSON. It is strict: every fault that a
// person can mend is a *document.Error with its line and column.
func Decode(name string, r io.Reader) (*Script, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	d := &decoder{name: name}
	switch {
	case len(raw) > MostBytes:
		return nil, d.fault(nil, "is larger than %d MiB: split it", MostBytes>>20)
	case !utf8.Valid(raw):
		return nil, d.fault(nil, "is not UTF-8: save it as UTF-8 text")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	var root *yaml.Node
	if t := bytes.TrimLeft(raw, " \t\r\n"); len(t) > 0 && t[0] == '{' {
		root, err = parseJSON(name, raw)
	} else {
		root, err = parseYAML(name, raw)
	}
	if err != nil {
		return nil, err
	}
	s := d.script(root)
	if d.err != nil {
		return nil, d.err
	}
	return s, nil
}

func parseYAML(name string, raw []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, &document.Error{Pos: document.Pos{File: name}, Reason: "is empty: there is no script in it"}
	}
	if err == nil && len(doc.Content) > 0 {
		if err = dec.Decode(&more); errors.Is(err, io.EOF) {
			return doc.Content[0], nil
		}
		if err == nil {
			return nil, &document.Error{Pos: document.Pos{File: name, Line: more.Line, Col: more.Column}, Reason: "a second YAML document: a script is one"}
		}
	}
	if err == nil {
		return &doc, nil
	}
	line, col, reason := document.YAMLFault(raw, err)
	return nil, &document.Error{Pos: document.Pos{File: name, Line: line, Col: col}, Reason: "is not YAML: " + reason}
}

// decoder keeps the first fault.
type decoder struct {
	name string
	err  error
}

func (d *decoder) fault(n *yaml.Node, format string, args ...any) error {
	e := &document.Error{Pos: document.Pos{File: d.name}, Reason: fmt.Sprintf(format, args...)}
	if n != nil {
		e.Pos.Line, e.Pos.Col = n.Line, n.Column
	}
	if d.err == nil {
		d.err = e
	}
	return e
}

// keys reads a mapping: each known key once, by its reader.
func (d *decoder) keys(n *yaml.Node, what string, known map[string]func(*yaml.Node)) map[string]bool {
	seen := map[string]bool{}
	if n.Kind != yaml.MappingNode {
		d.fault(n, "%s is a map of keys", what)
		return seen
	}
	for i := 0; i+1 < len(n.Content) && d.err == nil; i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		read, ok := known[k.Value]
		switch {
		case !ok:
			d.fault(k, "unknown key %q in %s%s", k.Value, what, nearest(k.Value, known))
		case seen[k.Value]:
			d.fault(k, "key %q is given twice", k.Value)
		case v.Kind == yaml.AliasNode:
			d.fault(v, "YAML aliases are not read in a script: write the value")
		default:
			read(v)
		}
		seen[k.Value] = true
	}
	return seen
}

// nearest names the known key that an unknown one was meant to be.
func nearest(key string, known map[string]func(*yaml.Node)) string {
	best, least := "", 3 // more edits are another word
	for k := range known {
		if n := levenshtein.ComputeDistance(strings.ToLower(key), k); n < least || n == least && k < best {
			best, least = k, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

func (d *decoder) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch {
		case n.Kind != yaml.ScalarNode:
			d.fault(n, "a text is needed here")
		case n.Tag != "!!null":
			*to = n.Value
		}
	}
}

func (d *decoder) flag(to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch {
		case n.Kind == yaml.ScalarNode && n.Value == "true":
			*to = true
		case n.Kind == yaml.ScalarNode && n.Value == "false":
		default:
			d.fault(n, "true or false is needed here")
		}
	}
}

func (d *decoder) number(to *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < 0 {
			d.fault(n, "a number from 0 is needed here")
		}
		*to = v
	}
}

func (d *decoder) pause(to *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := time.ParseDuration(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < 0 || v > longestPause {
			d.fault(n, "pause %q is not a time: write 600ms or 1.5s (at most 1h)", n.Value)
		}
		*to = v
	}
}

func (d *decoder) date(to *time.Time) func(*yaml.Node) {
	return func(n *yaml.Node) {
		for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
			if t, err := time.Parse(layout, n.Value); err == nil {
				*to = t
				return
			}
		}
		d.fault(n, "date %q is not understood: write 2006-01-02 or 2006-01-02T15:04:05Z", n.Value)
	}
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
		read(c)
	}
}

func (d *decoder) script(n *yaml.Node) *Script {
	s := &Script{}
	keys := map[string]func(*yaml.Node){
		"version": func(n *yaml.Node) {
			d.number(&s.Version)(n)
			if d.err == nil && s.Version > Version {
				d.fault(n, "script version %d was written by a newer program: this one reads %d", s.Version, Version)
			} else if d.err == nil && s.Version < 1 {
				d.fault(n, "script version %d is not known: write %d", s.Version, Version)
			}
		},
		"source": d.text(&s.Source), "id": d.text(&s.ID), "slug": d.text(&s.Slug), "title": d.text(&s.Title),
		"author": d.text(&s.Author), "language": d.text(&s.Language), "link": d.text(&s.Link),
		"description": d.text(&s.Summary), "cover": d.text(&s.Cover), "date": d.date(&s.Date),
		"chapters": func(n *yaml.Node) {
			d.items(n, "chapters", func(n *yaml.Node) { s.Chapters = append(s.Chapters, d.chapter(n)) })
		},
	}
	maps.Copy(keys, d.listing(&s.Listing))
	seen := d.keys(n, "a script", keys)
	switch {
	case d.err != nil:
	case !seen["version"]:
		d.fault(n, "has no version: write \"version: %d\"", Version)
	case s.Len() == 0:
		d.fault(n, "has nothing to speak: no chapter has a segment")
	}
	return s
}

func (d *decoder) chapter(n *yaml.Node) Chapter {
	var c Chapter
	kind := ""
	d.keys(n, "a chapter", map[string]func(*yaml.Node){
		"title": d.text(&c.Title), "link": d.text(&c.Link), "image": d.text(&c.Image), "hidden": d.flag(&c.Hidden),
		"kind": func(n *yaml.Node) {
			d.text(&kind)(n)
			c.Kind = Kind(kind)
			if c.Kind != Body && c.Kind != Intro && c.Kind != Credits {
				d.fault(n, "chapter kind %q is not known: write %s, %s or leave it out", kind, Intro, Credits)
			}
		},
		"segments": func(n *yaml.Node) {
			d.items(n, "segments", func(n *yaml.Node) { c.Segments = append(c.Segments, d.segment(n)) })
		},
	})
	return c
}

var anchorForm = compiled(`^(?:(\d{1,9})@)?(?:([^@]{1,999}):)?(\d{1,9}):(\d{1,9})$`)

func (d *decoder) segment(n *yaml.Node) Segment {
	var g Segment
	var phonemes [][2]string
	seen := d.keys(n, "a segment", map[string]func(*yaml.Node){
		"role": func(n *yaml.Node) {
			d.text(&g.Role)(n)
			if g.Role == "" || strings.TrimSpace(g.Role) != g.Role || strings.HasSuffix(g.Role, ":") {
				d.fault(n, "role %q names nobody: write body, quote or speaker:NAME", g.Role)
			}
		},
		"text": func(n *yaml.Node) {
			d.text(&g.Text)(n)
			g.Text = strings.Join(strings.Fields(g.Text), " ")
			if !strings.ContainsFunc(g.Text, speakable) {
				d.fault(n, "this segment's text has nothing to speak: write some or remove the segment")
			}
		},
		"pause": d.pause(&g.Pause), "between": d.joint(&g.Between), "take": d.number(&g.Take), "announcement": d.flag(&g.Announcement), "voice": d.text(&g.Voice),
		"phonemes": func(n *yaml.Node) {
			d.items(n, "phonemes", func(n *yaml.Node) { phonemes = append(phonemes, d.pair(n)) })
		},
		"at": d.anchors(&g.Anchors), "written": d.text(&g.Written),
		"edits": func(n *yaml.Node) {
			d.items(n, "edits", func(n *yaml.Node) { g.Edits = append(g.Edits, d.edit(n)) })
		},
	})
	if !seen["pause"] {
		g.Pause = g.Between.Pause
	}
	g.realign()
	g.pronounce(phonemes)
	for _, key := range []string{"role", "text"} {
		if !seen[key] {
			d.fault(n, "this segment has no %s", key)
		}
	}
	return g
}

// joint reads where a segment meets the next.
func (d *decoder) joint(to *Joint) func(*yaml.Node) {
	return func(n *yaml.Node) {
		text := ""
		d.text(&text)(n)
		j, err := ParseJoint(text)
		if err != nil && text != "" {
			d.fault(n, "between %q %s", text, err)
		}
		*to = j
	}
}

// anchors reads places such as "12:1 25@12:40".
func (d *decoder) anchors(to *[]Anchor) func(*yaml.Node) {
	return func(n *yaml.Node) {
		text := ""
		d.text(&text)(n)
		for part := range strings.FieldsSeq(text) {
			m := anchorForm().FindStringSubmatch(part)
			if m == nil {
				d.fault(n, "at %q is not line:column", text)
				return
			}
			var a Anchor
			a.Off, _ = strconv.Atoi(m[1]) // none is 0
			a.File = anchorPlain.Replace(m[2])
			a.Line, _ = strconv.Atoi(m[3])
			a.Col, _ = strconv.Atoi(m[4])
			*to = append(*to, a)
		}
	}
}

// pair reads a word and how it is pronounced.
func (d *decoder) pair(n *yaml.Node) (out [2]string) {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		d.fault(n, "phonemes are lists of a word and its IPA")
		return out
	}
	d.text(&out[0])(n.Content[0])
	d.text(&out[1])(n.Content[1])
	return out
}

// pronounce finds words with phonemes in the text, in their order. A word that
// is no longer there has none.
func (s *Segment) pronounce(words [][2]string) {
	at := 0
	for _, w := range words {
		if i := strings.Index(s.Text[at:], w[0]); i >= 0 && w[0] != "" && w[1] != "" {
			s.Phonemes = append(s.Phonemes, Phoneme{From: at + i, To: at + i + len(w[0]), IPA: w[1]})
			at += i + len(w[0])
		}
	}
}

// edit reads an edit: from, to, rule, what is said.
func (d *decoder) edit(n *yaml.Node) Edit {
	var e Edit
	if n.Kind != yaml.SequenceNode || len(n.Content) != 4 {
		d.fault(n, "an edit is a list of from, to, rule and what is said: remove it if in doubt")
		return e
	}
	d.number(&e.From)(n.Content[0])
	d.number(&e.To)(n.Content[1])
	d.text(&e.Rule)(n.Content[2])
	d.text(&e.Spoken)(n.Content[3])
	return e
}
