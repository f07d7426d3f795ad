package document

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// prescan is how many bytes are looked at for a page's own declaration (HTML,
// 13.2.3.2: the first 1024; pages put scripts before it).
const prescan = 16 << 10

var (
	metaCharset = compiled(`(?i)<meta\s[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{1,40})`)
	xmlEncoding = compiled(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_.:+-]{1,40})["']`)
)

// decodeHTML turns a page's bytes into text with line ends as "\n". Its
// encoding is, in this order: a byte order mark's, the one that the server
// declared, the page's own, UTF-8 if the bytes are that, else windows-1252
// (HTML, 13.2.3.2). Bytes that are not in the encoding become U+FFFD.
func decodeHTML(name string, raw []byte, declared string) (string, error) {
	enc, label := encodingOf(raw, declared)
	text := string(raw)
	if enc != nil {
		out, err := enc.NewDecoder().Bytes(raw)
		if err != nil {
			return "", &Error{Pos{File: name}, fmt.Sprintf("is not %s text, as it says: save it as UTF-8", label)}
		}
		text = string(out)
	}
	text = strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "\ufffd")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(text, "\x00", ""), nil
}

// encodingOf is the encoding of a page and its name; nil is UTF-8.
func encodingOf(raw []byte, declared string) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return nil, "utf-8"
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16"
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16"
	}
	head := raw[:min(len(raw), prescan)]
	labels := []string{declared}
	for _, re := range []*regexp.Regexp{metaCharset(), xmlEncoding()} {
		if m := re.FindSubmatch(head); m != nil {
			labels = append(labels, string(m[1]))
		}
	}
	for _, label := range labels {
		enc, name := charset.Lookup(label)
		switch {
		case enc == nil, strings.HasPrefix(name, "utf-16"): // the page was read as ASCII to here
			continue
		case name == "utf-8" && !utf8.Valid(raw) && mostlyBroken(raw):
			continue // it says so, and is not
		case name == "utf-8":
			return nil, name
		case utf8.Valid(raw) && !ascii(raw):
			return nil, "utf-8" // text in another encoding is hardly ever UTF-8 by chance
		}
		return enc, name
	}
	if utf8.Valid(raw) || !mostlyBroken(raw) {
		return nil, "utf-8"
	}
	return charmap.Windows1252, "windows-1252"
}

func ascii(raw []byte) bool {
	for _, b := range raw {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mostlyBroken says whether of the characters beyond ASCII most are not UTF-8.
func mostlyBroken(raw []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return bad > good
}

// recode turns text that a server declared to be in another encoding than
// UTF-8 into it. A byte order mark, and text that is UTF-8, win over that.
func recode(name string, raw []byte, declared string) ([]byte, error) {
	if declared == "" || utf8.Valid(raw) || bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) || bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) {
		return raw, nil
	}
	enc, label := charset.Lookup(declared)
	if enc == nil || label == "utf-8" {
		return raw, nil
	}
	out, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, &Error{Pos{File: name}, fmt.Sprintf("is not %s text, as its server says: save it as UTF-8", label)}
	}
	return out, nil
}
