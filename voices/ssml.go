package voices

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// element is one of an endpoint's SSML, read once: values are put into the
// tree, never into its text, so nothing that is spoken can become markup.
type element struct {
	name     string // with its prefix
	attrs    []attribute
	children []content
}

type attribute struct {
	name  string
	value scalar
}

// content is an element or, where that is nil, text.
type content struct {
	element *element
	text    scalar
}

// mostNested bounds the depth of a template.
const mostNested = 32

// parseSSML reads the template of a document: one element, and what is in it.
// Comments and processing instructions are left out, and so is white space
// between elements.
func parseSSML(template string) (*element, error) {
	root := &element{}
	open := []*element{root}
	d := xml.NewDecoder(strings.NewReader(template))
	for {
		token, err := d.RawToken() // prefixes stay as they are written
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		in := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e, err := newElement(t)
			if err != nil {
				return nil, err
			}
			if open = append(open, e); len(open) > mostNested {
				return nil, errors.New("its elements are nested too deep")
			}
			in.children = append(in.children, content{element: e})
		case xml.EndElement:
			if name := qualified(t.Name); len(open) == 1 || in.name != name {
				return nil, fmt.Errorf("</%s> ends nothing", name)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if strings.TrimSpace(string(t)) == "" {
				continue
			}
			text, err := parseScalar(string(t))
			if err != nil {
				return nil, err
			}
			in.children = append(in.children, content{text: text})
		}
	}
	switch {
	case len(open) > 1:
		return nil, fmt.Errorf("<%s> is not ended", open[len(open)-1].name)
	case len(root.children) != 1 || root.children[0].element == nil:
		return nil, errors.New("it must be one element, such as <speak>")
	}
	return root.children[0].element, nil
}

func newElement(t xml.StartElement) (*element, error) {
	e := &element{name: qualified(t.Name)}
	for _, a := range t.Attr {
		value, err := parseScalar(a.Value)
		if err != nil {
			return nil, err
		}
		e.attrs = append(e.attrs, attribute{qualified(a.Name), value})
	}
	return e, nil
}

// qualified is a name as RawToken has it, whose Space is the prefix.
func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// render is the document with the values in it.
func (e *element) render(v values) (string, error) {
	var b bytes.Buffer
	if err := e.write(&b, v); err != nil {
		return "", err
	}
	return b.String(), nil
}

// write leaves out attributes that come out empty, and the tags of an element
// that all of its attributes are left out of: without a rate, <prosody
// rate="{{speed}}"> is what is in it.
func (e *element) write(b *bytes.Buffer, v values) error {
	var tag bytes.Buffer
	there := 0
	for _, a := range e.attrs {
		text, err := a.value.text(v)
		if err != nil {
			return fmt.Errorf("%s of <%s>: %w", a.name, e.name, err)
		}
		if text == "" {
			continue
		}
		there++
		tag.WriteString(" " + a.name + `="`)
		escape(&tag, text)
		tag.WriteByte('"')
	}
	tagged := there > 0 || len(e.attrs) == 0
	if tagged {
		b.WriteString("<" + e.name)
		b.Write(tag.Bytes())
		b.WriteByte('>')
	}
	for _, c := range e.children {
		if c.element != nil {
			if err := c.element.write(b, v); err != nil {
				return err
			}
			continue
		}
		if v.marked != "" && len(c.text) == 1 && c.text[0].ref != nil && c.text[0].ref.name == "text" {
			b.WriteString(v.marked) // escaped where it was made
			continue
		}
		text, err := c.text.text(v)
		if err != nil {
			return fmt.Errorf("in <%s>: %w", e.name, err)
		}
		escape(b, text)
	}
	if tagged {
		b.WriteString("</" + e.name + ">")
	}
	return nil
}

// escape writes text as XML has it. What XML 1.0 cannot hold (section 2.2) is
// no sound either: a space takes its place.
func escape(b *bytes.Buffer, text string) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, text)
	_ = xml.EscapeText(b, []byte(text)) // a bytes.Buffer takes everything
}
