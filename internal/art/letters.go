package art

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// letters are a font.
type letters struct {
	font *opentype.Font
	buf  sfnt.Buffer
}

func parse(ttf []byte) (*letters, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("the font of covers: %w", err)
	}
	return &letters{font: f}, nil
}

// mostLetters is how much of a text is looked at: no cover shows more.
const mostLetters = 400

// words are those of a text, without signs that the font lacks. It is false
// where it lacks letters, or nothing is left.
func (l *letters) words(text string) ([]string, bool) {
	var b strings.Builder
	n, shown := 0, false
	for _, r := range norm.NFC.String(text) {
		if n++; n > mostLetters {
			break
		}
		if unicode.IsSpace(r) {
			b.WriteByte(' ')
			continue
		}
		i, err := l.font.GlyphIndex(&l.buf, r)
		switch has := err == nil && i != 0; {
		case unicode.In(r, unicode.Letter, unicode.Number) && !has:
			return nil, false
		case has && unicode.IsGraphic(r):
			shown = shown || unicode.In(r, unicode.Letter, unicode.Number)
			b.WriteRune(r)
		}
	}
	return strings.Fields(b.String()), shown
}

func (l *letters) face(size int) (font.Face, error) {
	f, err := opentype.NewFace(l.font, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("the font of covers: %w", err)
	}
	return f, nil
}

// fit finds the largest letters in which words fit a frame, and the lines. What
// does not fit in small ones either ends with an ellipsis.
func (l *letters) fit(words []string, width, height int) (lines []string, face font.Face, line int, err error) {
	const largest, smallest = 430, 130
	for size := largest; ; size -= 20 {
		if face, err = l.face(size); err != nil {
			return nil, nil, 0, err
		}
		line = size * 23 / 20
		room := height / line
		var broken bool
		lines, broken = wrap(face, words, width)
		switch {
		case len(lines) <= room && (!broken || size <= smallest+100):
			return lines, face, line, nil
		case size-20 < smallest:
			last := lines[min(room, len(lines))-1]
			if len(lines) > room {
				last = shorten(face, last+" …", width)
			}
			return append(lines[:min(room, len(lines))-1], last), face, line, nil
		}
	}
}

// fitLine is one line, shortened where it must be.
func (l *letters) fitLine(words []string, width, size int) (string, font.Face, error) {
	face, err := l.face(size)
	if err != nil {
		return "", nil, err
	}
	return shorten(face, strings.Join(words, " "), width), face, nil
}

// wrap breaks words into lines of a width; a word that is longer is broken, and
// then it says so.
func wrap(face font.Face, words []string, width int) (lines []string, broken bool) {
	line := ""
	for _, w := range words {
		if joined := strings.TrimSpace(line + " " + w); wide(face, joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for wide(face, w) > width {
			broken = true
			r := []rune(w)
			n := len(r) - 1
			for n > 1 && wide(face, string(r[:n])) > width {
				n--
			}
			lines = append(lines, string(r[:n]))
			w = string(r[n:])
		}
		line = w
	}
	return append(lines, line), broken
}

// shorten drops letters before an ellipsis until a line fits.
func shorten(face font.Face, s string, width int) string {
	r := []rune(strings.TrimSuffix(s, " …"))
	for wide(face, s) > width && len(r) > 1 {
		r = r[:len(r)-1]
		s = strings.TrimSpace(string(r)) + " …"
	}
	return s
}

func wide(face font.Face, s string) int { return font.MeasureString(face, s).Ceil() }

func pointAt(x, y int) fixed.Point26_6 { return fixed.P(x, y) }
