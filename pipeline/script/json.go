package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/pipeline/document"
)

// parseJSON reads JSON into the tree that YAML is read into, so that both are
// checked by one decoder. (YAML contains JSON in principle; its parser does
// not know pairs of \u escapes.)
func parseJSON(name string, raw []byte) (*yaml.Node, error) {
	p := &jsonParser{dec: json.NewDecoder(bytes.NewReader(raw)), raw: raw, line: 1, col: 1}
	p.dec.UseNumber()
	root, err := p.value(0)
	if err == nil && p.dec.More() {
		err = fmt.Errorf("more after the end of the script")
	}
	if err != nil {
		p.move()
		return nil, &document.Error{Pos: document.Pos{File: name, Line: p.line, Col: p.col}, Reason: "is not JSON: " + err.Error()}
	}
	return root, nil
}

type jsonParser struct {
	dec       *json.Decoder
	raw       []byte
	off       int // of line and col
	line, col int
}

// move goes to the start of the next token.
func (p *jsonParser) move() {
	to := int(p.dec.InputOffset())
	for to < len(p.raw) && strings.IndexByte(" \t\r\n,:", p.raw[to]) >= 0 {
		to++
	}
	for p.off < to {
		_, n := utf8.DecodeRune(p.raw[p.off:])
		p.col++
		if p.raw[p.off] == '\n' {
			p.line, p.col = p.line+1, 1
		}
		p.off += n
	}
}

// deepest is how deep a script nests: a segment's field is at five.
const deepest = 16

func (p *jsonParser) value(depth int) (*yaml.Node, error) {
	p.move()
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Line: p.line, Column: p.col}
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if depth == deepest {
			return nil, fmt.Errorf("it nests more than %d deep", deepest)
		}
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if t == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		for p.dec.More() {
			c, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, c)
		}
		_, err = p.dec.Token() // the closing delimiter
		return n, err
	case string:
		n.Value = t
	case json.Number:
		n.Value, n.Tag = t.String(), "!!int"
	case bool:
		n.Value, n.Tag = fmt.Sprint(t), "!!bool"
	case nil:
		n.Tag = "!!null"
	}
	return n, nil
}
