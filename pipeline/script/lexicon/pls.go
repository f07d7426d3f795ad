package lexicon

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// plsSpace is the namespace of PLS 1.0 (W3C Recommendation, 14 October 2008,
// section 4.1). Elements without one are read too: many files forget it.
const plsSpace = "http://www.w3.org/2005/01/pronunciation-lexicon"

// mostDepth of elements: a lexicon needs three, its metadata some more.
const mostDepth = 32

// decoded is the file as UTF-8, where a byte order mark says that it is
// UTF-16; another encoding of XML is that of its declaration.
func decoded(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		out, _, err := transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder(), data)
		if err != nil {
			return nil, errors.New("is damaged UTF-16: save it as UTF-8 text")
		}
		return out, nil
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}

// plsReader reads one file.
type plsReader struct {
	name     string
	data     []byte // as far as places are counted
	dec      *xml.Decoder
	out      *Lexicon
	language string
	alphabet string
	xsampa   signs

	line, col int // of the byte at
	at        int64
}

// readPLS reads a W3C Pronunciation Lexicon, version 1.0. What it cannot use
// is left out with a finding: such files come from other programs.
func readPLS(name string, data []byte) (*Lexicon, error) {
	r := &plsReader{name: name, data: data, out: &Lexicon{}, xsampa: newSigns(), line: 1, col: 1}
	r.dec = xml.NewDecoder(bytes.NewReader(data))
	r.dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if utf8.Valid(data) {
			return input, nil // what came as UTF-16 is UTF-8 by now
		}
		return charset.NewReaderLabel(label, input)
	}
	for {
		place := r.place()
		t, err := r.token()
		if errors.Is(err, io.EOF) {
			return nil, &Error{Place{File: name}, "is empty: a PLS lexicon is XML with the element lexicon"}
		}
		if err != nil {
			return nil, err
		}
		if start, ok := t.(xml.StartElement); ok {
			if !is(start, "lexicon") {
				return nil, &Error{place, fmt.Sprintf("is XML, but no PLS lexicon: its element is %s", shown(start.Name.Local))}
			}
			if err := r.lexicon(start); err != nil {
				return nil, err
			}
			return r.out, nil
		}
	}
}

func is(e xml.StartElement, name string) bool {
	return e.Name.Local == name && (e.Name.Space == "" || e.Name.Space == plsSpace)
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && (a.Name.Space == "" || a.Name.Space == "xml" || a.Name.Space == "http://www.w3.org/XML/1998/namespace") {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// token is the next, with the place in an error.
func (r *plsReader) token() (xml.Token, error) {
	t, err := r.dec.Token()
	var syntax *xml.SyntaxError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return t, err
	case errors.As(err, &syntax):
		place := r.place()
		return nil, &Error{place, "is not XML: " + strings.Join(strings.Fields(syntax.Msg), " ")}
	}
	return nil, &Error{r.place(), "is not XML: " + strings.Join(strings.Fields(err.Error()), " ")}
}

// place is where the decoder stands. Places are asked for in their order, so
// that the file is counted through once.
func (r *plsReader) place() Place {
	to := min(r.dec.InputOffset(), int64(len(r.data)))
	for ; r.at < to; r.at++ {
		switch c := r.data[r.at]; {
		case c == '\n':
			r.line, r.col = r.line+1, 1
		case utf8.RuneStart(c):
			r.col++
		}
	}
	return Place{r.name, r.line, r.col}
}

func (r *plsReader) find(at Place, format string, args ...any) {
	const most = 100
	if n := len(r.out.findings); n < most {
		r.out.findings = append(r.out.findings, Finding{at, fmt.Sprintf(format, args...)})
	} else if n == most {
		r.out.findings = append(r.out.findings, Finding{Place{File: r.name}, "and more of the like"})
	}
}

// children goes through the elements in the one that was begun. Each is read
// to its end by yield.
func (r *plsReader) children(yield func(at Place, e xml.StartElement) error) error {
	for {
		at := r.place()
		t, err := r.token()
		if err != nil {
			return r.unended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := yield(at, t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (r *plsReader) unended(err error) error {
	if errors.Is(err, io.EOF) {
		return &Error{r.place(), "is not XML: it ends inside an element"}
	}
	return err
}

// skip reads an element to its end, without recursion.
func (r *plsReader) skip() error {
	_, err := r.text()
	return err
}

// text is all text in the element that was begun, as one line.
func (r *plsReader) text() (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := r.token()
		if err != nil {
			return "", r.unended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return "", &Error{r.place(), fmt.Sprintf("elements are nested deeper than %d", mostDepth)}
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			b.Write(t)
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}

func (r *plsReader) lexicon(root xml.StartElement) error {
	r.language, r.alphabet = attribute(root, "lang"), attribute(root, "alphabet")
	at := r.place()
	if v := attribute(root, "version"); v != "1.0" {
		r.find(at, "version %s is read as PLS 1.0", shown(v))
	}
	if r.language == "" {
		r.find(at, "has no xml:lang: its entries hold for every language")
	} else if err := (scope{languages: []string{r.language}}).check(at); err != nil {
		return err
	}
	return r.children(func(at Place, e xml.StartElement) error {
		switch {
		case is(e, "lexeme"):
			return r.lexeme(at, e)
		case is(e, "meta") || is(e, "metadata") || e.Name.Space != "" && e.Name.Space != plsSpace:
		default:
			r.find(at, "the element %s is not of PLS 1.0: left out", shown(e.Name.Local))
		}
		return r.skip()
	})
}

// said is one pronunciation of a lexeme.
type said struct {
	text   string
	prefer bool
}

// better keeps the first that is preferred, else the first (PLS 1.0, section
// 4.9.2: with more than one, the first in document order).
func better(old *said, text string, prefer bool) *said {
	if text == "" || old != nil && (old.prefer || !prefer) {
		return old
	}
	return &said{text, prefer}
}

func (r *plsReader) lexeme(at Place, e xml.StartElement) error {
	if role := attribute(e, "role"); role != "" {
		r.find(at, "role %s is not used: the entry holds for the word in every role", shown(role))
	}
	var graphemes []string
	var alias, phoneme *said
	told := false // why there may be nothing left of it
	err := r.children(func(at Place, e xml.StartElement) error {
		text, err := r.text()
		if err != nil {
			return err
		}
		prefer := attribute(e, "prefer") == "true" || attribute(e, "prefer") == "1"
		switch {
		case is(e, "grapheme"):
			if text != "" {
				graphemes = append(graphemes, text)
			}
		case is(e, "alias"):
			alias = better(alias, text, prefer)
		case is(e, "phoneme"):
			ipa, err := r.ipa(text, attribute(e, "alphabet"))
			if err != nil {
				r.find(at, "%s: left out", err)
				told = true
			}
			phoneme = better(phoneme, ipa, prefer)
		case is(e, "example") || e.Name.Space != "" && e.Name.Space != plsSpace:
		default:
			r.find(at, "the element %s is not of PLS 1.0: left out", shown(e.Name.Local))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(graphemes) == 0 || alias == nil && phoneme == nil {
		if !told {
			r.find(at, "a lexeme without a grapheme, or without a phoneme or alias: left out")
		}
		return nil
	}
	return r.entries(at, graphemes, alias, phoneme)
}

// entries adds a lexeme, once for each way to write it.
func (r *plsReader) entries(at Place, graphemes []string, alias, phoneme *said) error {
	for _, g := range graphemes {
		e := Entry{Words: g, Place: at}
		if r.language != "" {
			e.Languages = []string{r.language}
		}
		if alias != nil {
			e.Say = alias.text
		}
		if phoneme != nil {
			e.IPA = phoneme.text
		}
		var bad *Error
		switch err := r.out.accept(e); {
		case errors.As(err, &bad) && len(r.out.entries) < mostEntries:
			r.find(bad.Place, "%s: left out", bad.Reason)
		case err != nil:
			return err
		}
	}
	return nil
}

// ipa is a transcription in IPA. An element's own alphabet stands above that
// of the lexicon (PLS 1.0, section 4.6).
func (r *plsReader) ipa(text, alphabet string) (string, error) {
	if alphabet == "" {
		alphabet = r.alphabet
	}
	switch strings.ToLower(alphabet) {
	case "ipa":
		text = bare(text)
		if c, bad := notIPA(text); bad {
			return "", fmt.Errorf("%s: %q (U+%04X) is no sign of the International Phonetic Alphabet", shown(text), c, c)
		}
		return text, nil
	case "x-sampa", "xsampa":
		return r.xsampa.ipa(text)
	}
	return "", fmt.Errorf("the alphabet %s is not known: ipa and x-sampa are", shown(alphabet))
}
