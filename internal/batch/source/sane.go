package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// The bounds of XML.
const (
	mostDepth = 200     // elements inside each other; those of whole posts in XHTML have some thirty
	mostWork  = 1 << 30 // bytes that are moved where an element's text is put together of pieces
)

// sane goes through XML before anything is made of it, and refuses what was
// made to swamp its reader: entities that the document defines; elements inside
// each other without end, since the feed parser calls itself for each; and text
// in a million pieces, which it adds one to the other.
func sane(raw []byte) error {
	d := decoder(raw)
	texts := make([]int, 1, mostDepth+1) // bytes of text so far, of each element that is open
	roots := 0                           // how many of these are the feed itself, whose text nobody collects
	work := 0
	for {
		t, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return because(NoFeed, "is damaged: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(texts) > mostDepth {
				return because(Bomb, "has more than %d elements inside each other", mostDepth)
			}
			if roots == len(texts)-1 && roots < 2 && isRoot(t.Name) {
				roots++
			}
			texts = append(texts, 0)
		case xml.EndElement:
			if len(texts) > 1 {
				texts = texts[:len(texts)-1]
			}
			roots = min(roots, len(texts)-1)
		case xml.CharData:
			if open := len(texts) - 1; open > roots {
				work += texts[open]
				texts[open] += len(t)
			}
			if work > mostWork {
				return because(Bomb, "has a text in more pieces than any feed has")
			}
		case xml.Directive:
			if bytes.Contains(t, []byte("<!ENTITY")) || bytes.HasPrefix(t, []byte("ENTITY")) {
				return because(Bomb, "defines entities, which no feed needs")
			}
		}
	}
}

func isRoot(name xml.Name) bool {
	switch strings.ToLower(name.Local) {
	case "rss", "channel", "feed", "urlset", "sitemapindex":
		return name.Space == ""
	case "rdf":
		return true
	}
	return false
}

// without gives a text without the control characters that XML does not allow,
// which would end its reading.
func without(raw []byte) []byte {
	bad := func(b byte) bool { return b < 0x20 && b != '\t' && b != '\n' && b != '\r' }
	if bytes.HasPrefix(raw, []byte{0xff, 0xfe}) || bytes.HasPrefix(raw, []byte{0xfe, 0xff}) { // UTF-16
		return raw
	}
	for i, b := range raw {
		if !bad(b) {
			continue
		}
		out := append(make([]byte, 0, len(raw)), raw[:i]...)
		for _, b := range raw[i:] {
			if !bad(b) {
				out = append(out, b)
			}
		}
		return out
	}
	return raw
}
