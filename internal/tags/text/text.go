// Package text answers what the words and pictures of a tag are, whatever the
// format: texts that no player stumbles over, days, and the kinds of pictures.
package text

import (
	"bytes"
	"strings"
	"time"
	"unicode"
)

// Line is s on one line, in valid UTF-8: a field of a tag has no line breaks,
// and in some formats a NUL ends it.
func Line(s string) string {
	return clean(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

// Prose is s in valid UTF-8, with line breaks and tabs as its only control
// characters.
func Prose(s string) string {
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// clean also takes off marks of byte order (U+FEFF) at either end: readers of UTF-16 do
// so with the first, and it is no part of a text (Unicode, section 23.8).
func clean(s string, space func(rune) bool) string {
	outside := func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }
	return strings.TrimFunc(strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if space(r) {
			return ' '
		}
		return r
	}, s), "\ufffd"), outside)
}

// Day is the day or the moment that a tag's text says; of a month or a year,
// its first. It is zero where the text says none.
func Day(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// The media types of pictures that tags hold.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// ImageType is the media type of a JPEG or PNG file by its first bytes (ITU-T
// T.81, annex B; W3C PNG, section 5.2); empty for anything else.
func ImageType(file []byte) string {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	}
	return ""
}
