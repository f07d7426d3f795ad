package epub

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Files of the container (EPUB 3.3, 4.2.6).
const (
	containerFile  = "META-INF/container.xml"
	encryptionFile = "META-INF/encryption.xml"
	rightsFile     = "META-INF/rights.xml"
	mimetypeFile   = "mimetype"
)

// rootfile is the path of the package document: the first that the container
// names and the archive has (EPUB 3.3, 4.2.6.3.1: the first is the default
// rendition).
func (b *Book) rootfile() (string, error) {
	if !b.files.has(containerFile) {
		if !b.files.has(mimetypeFile) {
			return "", ErrNotEPUB
		}
		raw, err := b.files.read(mimetypeFile)
		if err != nil || strings.TrimSpace(string(raw)) != MediaType {
			return "", ErrNotEPUB
		}
		return "", &Error{Reason: "has no " + containerFile + ", which says where the book's parts are: repair it with Calibre or Sigil"}
	}
	var c struct {
		Rootfiles []struct {
			Path string `xml:"full-path,attr"`
			Type string `xml:"media-type,attr"`
		} `xml:"rootfiles>rootfile"`
	}
	if err := b.decode(containerFile, &c); err != nil {
		return "", err
	}
	var found []string
	for _, r := range c.Rootfiles {
		if r.Type != "" && r.Type != "application/oebps-package+xml" {
			continue // another form of the book, such as a PDF
		}
		if b.files.has(r.Path) {
			found = append(found, r.Path)
		}
	}
	switch {
	case len(found) == 0 && len(c.Rootfiles) == 0:
		return "", &Error{Entry: containerFile, Reason: "names no package document (rootfile): repair the book with Calibre or Sigil"}
	case len(found) == 0:
		return "", &Error{Entry: containerFile, Reason: fmt.Sprintf("names the package document %q, which is not in the book", c.Rootfiles[0].Path)}
	case len(found) > 1:
		b.find(containerFile, "the book has %d renditions; the first, %s, is read", len(found), found[0])
	}
	return found[0], nil
}

// obfuscations are the algorithms that hide fonts and protect nothing
// (EPUB 3.3, 4.4; Adobe's older one).
var obfuscations = map[string]bool{
	"http://www.idpf.org/2008/embedding": true,
	"http://ns.adobe.com/pdf/enc#RC":     true,
}

// locks refuses a book whose text is encrypted.
func (b *Book) locks() error {
	if b.files.has(encryptionFile) {
		var e struct {
			Data []struct {
				Method struct {
					Algorithm string `xml:"Algorithm,attr"`
				} `xml:"EncryptionMethod"`
			} `xml:"EncryptedData"`
		}
		if err := b.decode(encryptionFile, &e); err != nil {
			return err
		}
		for _, d := range e.Data {
			if !obfuscations[d.Method.Algorithm] {
				return &Error{Reason: "is protected (DRM): its text is encrypted and cannot be read; get a copy without protection"}
			}
		}
	}
	if b.files.has(rightsFile) && !b.files.has(encryptionFile) {
		b.find(rightsFile, "the book has a licence, but nothing in it is encrypted")
	}
	return nil
}

// decode reads a file of XML into v.
func (b *Book) decode(name string, v any) error {
	raw, err := b.files.read(name)
	if err != nil {
		return err
	}
	d, err := decoder(raw)
	if err == nil {
		err = d.Decode(v)
	}
	return fault(name, d, err)
}

// fault is an error of a decoder with its place; nil for none.
func fault(name string, d *xml.Decoder, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Entry: name, Reason: "is not XML: " + err.Error()}
	if d != nil {
		e.Line, e.Col = d.InputPos()
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		e.Line, e.Reason = syntax.Line, "is not XML: "+syntax.Msg
	case errors.Is(err, io.EOF):
		e.Reason = "is empty"
	}
	return e
}

// decoder reads XML of an EPUB: UTF-8 or UTF-16 (EPUB 3.3, 3.2), lenient where
// that loses nothing. It expands no entities of the document's own.
func decoder(raw []byte) (*xml.Decoder, error) {
	if bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) || bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) {
		text, _, err := transform.Bytes(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder(), raw)
		if err != nil {
			return nil, err
		}
		raw = text
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte{0xEF, 0xBB, 0xBF})))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return d, nil
}
