package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decode turns a source's bytes into text with line ends as "\n". UTF-8 and,
// by their byte order mark, UTF-16 of both orders are read; what is not text
// is refused by name where its first bytes tell it.
func decode(name string, raw []byte) (string, error) {
	var text string
	switch {
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		t, err := decode16(name, raw[2:], binary.BigEndian)
		if err != nil {
			return "", err
		}
		text = t
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		t, err := decode16(name, raw[2:], binary.LittleEndian)
		if err != nil {
			return "", err
		}
		text = t
	default:
		raw = bytes.TrimPrefix(raw, []byte{0xEF, 0xBB, 0xBF})
		if what := magic(raw); what != "" {
			return "", unread(name, what)
		}
		text = string(raw)
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", &Error{place(name, text, i), "is not text (a zero byte): save it as UTF-8 text"}
	}
	if i := invalid(text); i >= 0 {
		return "", &Error{place(name, text, i), fmt.Sprintf("is not UTF-8 (byte 0x%02X): save it as UTF-8 text", text[i])}
	}
	if what := magic([]byte(text[:min(len(text), magicBytes)])); what != "" {
		return "", unread(name, what)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), nil
}

// unread refuses what is not read, or not as the type that was asked for.
func unread(name, what string) error {
	switch what {
	case "HTML", "EPUB":
		return &Error{Pos{File: name}, fmt.Sprintf("is %s: read it with the type %s", what, strings.ToLower(what))}
	}
	return &Error{Pos{File: name}, fmt.Sprintf("is %s: this version reads EPUB, Markdown, HTML and plain text", what)}
}

func decode16(name string, raw []byte, order binary.ByteOrder) (string, error) {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(raw) {
				low = rune(order.Uint16(raw[i+2:]))
			}
			r = utf16.DecodeRune(r, low)
			if r == utf8.RuneError {
				return "", &Error{place(name, b.String(), b.Len()), "is not UTF-16 (half a surrogate pair): save it as UTF-8 text"}
			}
			i += 2
		}
		b.WriteRune(r)
	}
	if len(raw)%2 == 1 {
		return "", &Error{place(name, b.String(), b.Len()), "is not UTF-16 (half a character at the end): save it as UTF-8 text"}
	}
	return b.String(), nil
}

// invalid is the offset of the first byte that is not UTF-8, or -1.
func invalid(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// place is the position of an offset in text whose line ends are still as
// they came.
func place(name, text string, off int) Pos {
	head := strings.ReplaceAll(strings.ReplaceAll(text[:off], "\r\n", "\n"), "\r", "\n")
	start := strings.LastIndexByte(head, '\n') + 1
	return Pos{File: name, Line: strings.Count(head, "\n") + 1, Col: utf8.RuneCountInString(head[start:]) + 1}
}

// magicBytes is how far magic looks: past the XML declaration and comments
// that may stand before a page's doctype.
const magicBytes = 1 << 10

// zipMagic begins a zip archive's first file (APPNOTE 6.3.10, 4.3.7).
const zipMagic = "PK\x03\x04"

// IsArchive says whether a source's first bytes are those of a zip archive, as
// books are.
func IsArchive(head []byte) bool { return bytes.HasPrefix(head, []byte(zipMagic)) }

// magic names a format that is not text for narration, by its first bytes.
func magic(raw []byte) string {
	head := raw[:min(len(raw), magicBytes)]
	switch {
	case IsArchive(head):
		// An EPUB's first entry is a stored file "mimetype" (EPUB OCF 3.3, 4.3).
		if bytes.Contains(head, []byte("mimetypeapplication/epub+zip")) {
			return "EPUB"
		}
		return "a zip archive or an office document"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "PDF"
	case bytes.HasPrefix(head, []byte(`{\rtf`)):
		return "RTF"
	case bytes.HasPrefix(head, []byte("ID3")), bytes.HasPrefix(head, []byte("RIFF")), bytes.HasPrefix(head, []byte("OggS")), bytes.HasPrefix(head, []byte("fLaC")):
		if bytes.IndexByte(head, 0) >= 0 {
			return "audio"
		}
	case bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")), bytes.HasPrefix(head, []byte("GIF8")):
		return "an image"
	}
	page := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	if bytes.HasPrefix(page, []byte("<?xml")) {
		if i := bytes.Index(page, []byte("?>")); i >= 0 {
			page = bytes.TrimLeft(page[i+2:], " \t\r\n")
		}
	}
	for bytes.HasPrefix(page, []byte("<!--")) {
		i := bytes.Index(page, []byte("-->"))
		if i < 0 {
			return ""
		}
		page = bytes.TrimLeft(page[i+3:], " \t\r\n")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if after, ok := bytes.CutPrefix(page, []byte(tag)); ok && (len(after) == 0 || strings.IndexByte(" \t\r\n>", after[0]) >= 0) {
			return "HTML"
		}
	}
	return ""
}
