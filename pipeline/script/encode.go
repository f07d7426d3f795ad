package script

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Formats of a script's file.
const (
	YAML = "yaml"
	JSON = "json"
)

// header stands at the top of a script that is written as YAML.
const header = `# Narrapress script: everything that will be spoken, in order.
# Edit it and give it to "narrapress produce" instead of the document.
#   text    what is said. An edited segment is recorded anew, the others are kept
#   role    which voice of the show says it: body, quote, heading, speaker:NAME …
#   pause   the least silence after it, such as 600ms or 1.5s
#   take    1, 2 …: record the same text once more
#   voice   a voice of the show, over the role's
#   phonemes  words of the text and how they are pronounced (IPA), for endpoints that take it
# Segments and chapters may be added, moved and removed. A hidden chapter is
# spoken but not listed; the intro's music stands where its chapter is. "between" (what
# ends and what begins there, and the pause that the show had for it: another pause is
# yours, and stays), "at" (the place in the source), "written" (what the author wrote) and
# "edits" (how the text follows from it) are kept by the program.
`

// Encode writes a script as YAML, to be read and edited, or as JSON.
func Encode(w io.Writer, s *Script, format string) error {
	switch format {
	case YAML:
		return encodeYAML(w, s)
	case JSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(s)
	default:
		return fmt.Errorf("script format %q is not known: use %s or %s", format, YAML, JSON)
	}
}

// segmentJSON is a segment with its pause, anchors and edits as people read
// them.
type segmentJSON struct {
	Role         string  `json:"role"`
	Text         string  `json:"text"`
	Pause        string  `json:"pause"`
	Between      string  `json:"between,omitempty"`
	Announcement bool    `json:"announcement,omitempty"`
	Take         int     `json:"take,omitempty"`
	Voice        string  `json:"voice,omitempty"`
	At           string  `json:"at,omitempty"`
	Written      string  `json:"written,omitempty"`
	Edits        [][]any `json:"edits,omitempty"`    // from, to, rule, spoken
	Phonemes     [][]any `json:"phonemes,omitempty"` // word, IPA
}

// MarshalJSON writes the pause as a duration such as "600ms".
func (s Segment) MarshalJSON() ([]byte, error) {
	out := segmentJSON{Role: s.Role, Text: s.Text, Pause: s.Pause.String(), Between: s.Between.String(), Announcement: s.Announcement, Take: s.Take, Voice: s.Voice, At: anchorText(s.Anchors), Written: s.Written}
	for _, e := range s.Edits {
		out.Edits = append(out.Edits, []any{e.From, e.To, e.Rule, e.Spoken})
	}
	for _, p := range s.Phonemes {
		out.Phonemes = append(out.Phonemes, []any{s.Text[p.From:p.To], p.IPA})
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return []byte(b.String()), err
}

// anchorText is anchors in a line: the first as line:column, of a book with the
// path before it, the others as offset@line:column. A space in a path is %20.
func anchorText(as []Anchor) string {
	var b strings.Builder
	for i, a := range as {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i > 0 || a.Off > 0 {
			fmt.Fprintf(&b, "%d@", a.Off)
		}
		if a.File != "" {
			b.WriteString(anchorSpace.Replace(a.File) + ":")
		}
		fmt.Fprintf(&b, "%d:%d", a.Line, a.Col)
	}
	return b.String()
}

var (
	anchorSpace = strings.NewReplacer("%", "%25", " ", "%20", "@", "%40", "\t", "%09", "\n", "%0A")
	anchorPlain = strings.NewReplacer("%25", "%", "%20", " ", "%40", "@", "%09", "\t", "%0A", "\n")
)

// writer writes YAML; its first error stays with the buffer.
type writer struct{ *bufio.Writer }

func (w writer) line(indent int, key, value string) {
	fmt.Fprintf(w, "%*s%s: %s\n", indent, "", key, value)
}

func (w writer) field(indent int, key, value string) {
	if value != "" {
		w.line(indent, key, scalar(value))
	}
}

func encodeYAML(to io.Writer, s *Script) error {
	w := writer{bufio.NewWriter(to)}
	_, _ = w.WriteString(header)
	w.line(0, "version", strconv.Itoa(s.Version))
	for _, f := range []struct{ key, value string }{
		{"source", s.Source},
		{"id", s.ID},
		{"slug", s.Slug},
		{"title", s.Title},
		{"author", s.Author},
		{"language", s.Language},
		{"link", s.Link},
		{"description", s.Summary},
		{"cover", s.Cover},
	} {
		w.field(0, f.key, f.value)
	}
	if !s.Date.IsZero() {
		w.line(0, "date", dateText(s.Date))
	}
	w.listing(s.Listing)
	if len(s.Chapters) == 0 {
		w.line(0, "chapters", "[]")
		return w.Flush()
	}
	_, _ = w.WriteString("chapters:\n")
	for _, c := range s.Chapters {
		w.line(2, "- title", scalar(c.Title))
		w.field(4, "kind", string(c.Kind))
		if c.Hidden {
			w.line(4, "hidden", "true")
		}
		w.field(4, "link", c.Link)
		w.field(4, "image", c.Image)
		if len(c.Segments) > 0 {
			_, _ = w.WriteString("    segments:\n")
		}
		for _, g := range c.Segments {
			w.segment(g)
		}
	}
	return w.Flush()
}

// segmentIndent is the column at which a segment's keys stand.
const segmentIndent = 8

func (w writer) segment(g Segment) {
	w.line(segmentIndent-2, "- role", scalar(g.Role))
	w.text("text", g.Text)
	w.line(segmentIndent, "pause", g.Pause.String())
	w.field(segmentIndent, "between", g.Between.String())
	if g.Announcement {
		w.line(segmentIndent, "announcement", "true")
	}
	if g.Take != 0 {
		w.line(segmentIndent, "take", strconv.Itoa(g.Take))
	}
	w.field(segmentIndent, "voice", g.Voice)
	if len(g.Phonemes) > 0 {
		fmt.Fprintf(w, "%*sphonemes:\n", segmentIndent, "")
		for _, p := range g.Phonemes {
			fmt.Fprintf(w, "%*s- [%s, %s]\n", segmentIndent+2, "", quotedScalar(g.Text[p.From:p.To]), quotedScalar(p.IPA))
		}
	}
	w.field(segmentIndent, "at", anchorText(g.Anchors))
	if len(g.Edits) == 0 {
		return
	}
	w.text("written", g.Written)
	fmt.Fprintf(w, "%*sedits:\n", segmentIndent, "")
	for _, e := range g.Edits {
		fmt.Fprintf(w, "%*s- [%d, %d, %s, %s]\n", segmentIndent+2, "", e.From, e.To, e.Rule, quotedScalar(e.Spoken))
	}
}

// text writes a segment's text, in lines where it is long.
func (w writer) text(key, text string) {
	lines := folded(text)
	if lines == nil {
		w.line(segmentIndent, key, scalar(text))
		return
	}
	w.line(segmentIndent, key, ">-")
	for _, l := range lines {
		fmt.Fprintf(w, "%*s%s\n", segmentIndent+2, "", l)
	}
}

func dateText(t time.Time) string {
	if t.Equal(t.Truncate(24*time.Hour)) && t.Location() == time.UTC {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

// scalar is a YAML value on one line: plain where no parser can take it for
// anything but this text, else in double quotes, with escapes for whatever does
// not print.
func scalar(s string) string {
	if plain(s) {
		return s
	}
	return quotedScalar(s)
}

func quotedScalar(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func plain(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	switch {
	case !unicode.IsLetter(first), !printable(s), strings.HasSuffix(s, ":"), strings.HasSuffix(s, " "):
		return false
	case strings.Contains(s, ": "), strings.Contains(s, " #"):
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return false
	}
	return true
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
}

// lineWidth is how long a line of a segment's text is, in characters.
const lineWidth = 96

// folded is a long text as the lines of a folded block, a sentence a line and
// long ones wrapped; nil for a text that is short or would not come back the
// same. Sentences on lines of their own keep an edit's diff small.
func folded(text string) []string {
	if utf8.RuneCountInString(text) <= lineWidth/2 && plain(text) {
		return nil
	}
	if !printable(text) || strings.Contains(text, "  ") || strings.TrimSpace(text) != text || text == "" {
		return nil
	}
	var lines []string
	for _, s := range Sentences(text) {
		lines = append(lines, wrap(s)...)
	}
	if strings.Join(lines, " ") != text {
		return nil
	}
	return lines
}

func wrap(text string) []string {
	var lines []string
	line, n := "", 0
	for _, word := range strings.Split(text, " ") {
		k := utf8.RuneCountInString(word)
		if n > 0 && n+1+k > lineWidth {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += k
	}
	return append(lines, line)
}
