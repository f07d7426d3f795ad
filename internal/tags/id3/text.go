package id3

import (
	"bytes"
	"encoding/binary"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Text encodings (v2.4.0, section 4); v2.3 has the first two.
const (
	encodingLatin1  = 0
	encodingUTF16   = 1 // with a byte order mark
	encodingUTF16BE = 2
	encodingUTF8    = 3
)

// unknownLanguage stands for a language without a code (v2.4.0, section 4).
const unknownLanguage = "XXX"

// iso639 is the three-letter code of a BCP 47 language tag.
func iso639(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return unknownLanguage
	}
	base, confidence := t.Base()
	code := base.ISO3()
	if confidence == language.No || len(code) != 3 || code == "und" {
		return unknownLanguage
	}
	return code
}

// bcp47 is the shortest language tag of a three-letter code.
func bcp47(code string) string {
	base, err := language.ParseBase(code)
	if err != nil || base.String() == "und" {
		return ""
	}
	return base.String()
}

// appendUTF16 writes s little-endian behind a byte order mark.
func appendUTF16(b []byte, s string) []byte {
	b = append(b, 0xff, 0xfe)
	for _, r := range s { // a byte that is no UTF-8 comes as U+FFFD
		if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			b = binary.LittleEndian.AppendUint16(b, uint16(r1))
			b = binary.LittleEndian.AppendUint16(b, uint16(r2))
			continue
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return b
}

// escapeURL keeps an address in ASCII: the format's is Latin-1, and readers
// differ in what they make of the rest.
func escapeURL(link string) string {
	var out strings.Builder
	for i := range len(link) {
		if c := link[i]; c > ' ' && c < 0x7f {
			out.WriteByte(c)
		} else {
			out.WriteString(url.PathEscape(string([]byte{c})))
		}
	}
	return out.String()
}

// decodeText reads a whole text; of several, separated by NULs, the first.
func decodeText(encoding byte, b []byte) string {
	text, _ := cutText(encoding, b)
	return decode(encoding, text)
}

// cutText splits at the encoding's terminator; without one, rest is nil.
func cutText(encoding byte, b []byte) (text, rest []byte) {
	if encoding == encodingUTF16 || encoding == encodingUTF16BE {
		for i := 0; i+1 < len(b); i += 2 {
			if b[i] == 0 && b[i+1] == 0 {
				return b[:i], b[i+2:]
			}
		}
		return b, nil
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}

func decode(encoding byte, b []byte) string {
	switch encoding {
	case encodingLatin1:
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes)
	case encodingUTF16, encodingUTF16BE:
		var order binary.ByteOrder = binary.BigEndian
		if bytes.HasPrefix(b, []byte{0xff, 0xfe}) {
			order, b = binary.LittleEndian, b[2:]
		} else if bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
			b = b[2:]
		}
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = order.Uint16(b[2*i:])
		}
		return string(utf16.Decode(units))
	case encodingUTF8:
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return ""
}
