package config

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of what is read. A show's file has a few thousand bytes; a hostile
// one must end quickly and in little memory.
const (
	mostBytes  = 4 << 20
	mostTokens = 50_000  // in all files of a show; the parser takes time with their square
	mostNodes  = 100_000 // after aliases are followed
	mostDepth  = 50
)

// document is one file on its way to a tree.
type document struct {
	file    int
	name    string // as shown
	expand  func(s string, at pos) (string, bool)
	faults  *faults
	scalars scalars
	anchors map[string]*node // nil while open
	tokens  *int             // of all files
	nodes   int
	full    bool // mostNodes was passed and reported
	first   int  // lines of the file before the text
}

// parse reads a file's bytes; nil where nothing can be made of them. An empty
// file is an empty map.
func (d *document) parse(data []byte) *node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !d.readable(data) {
		return nil
	}
	body, ok := d.body(string(data))
	if !ok {
		return nil
	}
	if body == nil {
		return (&node{kind: mapping, at: d.at(1, 1)}).measure()
	}
	d.anchors = map[string]*node{}
	n := d.node(body, 1)
	if n.broken {
		return nil
	}
	if n.kind == null {
		n = (&node{kind: mapping, at: n.at}).measure()
	}
	if n.kind != mapping {
		d.faults.add(n.at, "want a map of settings, got %s", n.kind)
		return nil
	}
	return n
}

func (d *document) at(line, column int) pos {
	return pos{d.file, d.name, d.first + line, column}
}

// readable says whether the bytes are text at all: the parser drops or
// replaces what is not.
func (d *document) readable(data []byte) bool {
	if len(data) > mostBytes {
		d.faults.add(d.at(1, 1), "the file is longer than %d MiB: it is no show's file", mostBytes>>20)
		return false
	}
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			d.faults.add(d.at(line, column), "this byte is no UTF-8: save the file as UTF-8")
			return false
		case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f:
			d.faults.add(d.at(line, column), "a control character (%U) cannot stand in a show's file", r)
			return false
		case r == '\n':
			line, column = line+1, 0
		}
		i, column = i+n, column+1
	}
	return true
}

// body is the one document in the text; nil if it is empty.
func (d *document) body(s string) (body ast.Node, ok bool) {
	defer func() {
		if r := recover(); r != nil { // the parser is not ours
			d.faults.add(d.at(1, 1), "the YAML cannot be read")
			body, ok = nil, false
		}
	}()
	tokens := lexer.Tokenize(s)
	if *d.tokens += len(tokens); *d.tokens > mostTokens {
		d.faults.add(d.at(1, 1), "more than %d words and signs: it is no show's file", mostTokens)
		return nil, false
	}
	if !d.shallow(tokens) {
		return nil, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var fault yaml.Error
	switch {
	case errors.As(err, &fault) && fault.GetToken() != nil:
		at, message := d.hint(fault.GetMessage(), s, fault.GetToken())
		d.faults.add(at, "%s", message)
		return nil, false
	case err != nil:
		d.faults.add(d.at(1, 1), "the YAML cannot be read: %s", strings.SplitN(err.Error(), "\n", 2)[0])
		return nil, false
	}
	for _, doc := range file.Docs {
		switch _, directive := doc.Body.(*ast.DirectiveNode); {
		case doc.Body == nil || directive:
		case body != nil:
			d.faults.add(d.place(doc.Start), "a second document begins here: a show's file is one")
			return nil, false
		default:
			body = doc.Body
		}
	}
	return body, true
}

// shallow bounds nesting before the parser follows it.
func (d *document) shallow(tokens token.Tokens) bool {
	flow, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position != nil && t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			dashes++
		}
		if flow > mostDepth || (dashes > mostDepth && flow == 0) {
			d.faults.add(d.place(t), "nested deeper than %d", mostDepth)
			return false
		}
	}
	return true
}

func (d *document) place(t *token.Token) pos {
	if t == nil || t.Position == nil {
		return d.at(1, 1)
	}
	return d.at(max(1, t.Position.Line), max(1, t.Position.Column))
}
