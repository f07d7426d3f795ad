package overlay

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// header stands at the top of the file.
const header = `# What is spoken otherwise than narrapress would by itself.
# An edit is on a segment, as "narrapress plan" divides the text:
#   on       what its author wrote, or what is spoken; nth: 2 is the second of those that are alike
#   say      spoken instead, as it stands
#   role, voice, pause, take: 1 (record the same text once more), skip: true
#   before, after    segments put there: say, role, voice, pause
#   chapter  a chapter of this title begins here; join: true ends the one that begins here
`

// Encode writes the overlay as its file has it.
func (o *Overlay) Encode(to io.Writer) error {
	w := writer{bufio.NewWriter(to)}
	_, _ = w.WriteString(header)
	w.remarks(0, o.comments.head)
	w.remarks(0, o.comments.keys["version"].above)
	w.line(0, "version: "+strconv.Itoa(Version))
	if len(o.Lexicon) > 0 {
		w.line(0, "")
		w.remarks(0, o.comments.keys["lexicon"].above)
		w.line(0, "lexicon:")
		w.lexicon(o)
	}
	first := true
	for i := range o.Edits {
		e := &o.Edits[i]
		if e.Empty() {
			continue
		}
		if first {
			w.line(0, "")
			w.remarks(0, o.comments.keys["edits"].above)
			w.line(0, "edits:")
			first = false
		}
		w.edit(e)
	}
	if len(o.comments.foot) > 0 {
		w.line(0, "")
		w.remarks(0, o.comments.foot)
	}
	return w.Flush()
}

// writer writes YAML; its first error stays with the buffer.
type writer struct{ *bufio.Writer }

func (w writer) line(indent int, text string) {
	if text != "" {
		fmt.Fprintf(w, "%*s%s", indent, "", text)
	}
	_ = w.WriteByte('\n')
}

func (w writer) remarks(indent int, lines []string) {
	for _, l := range lines {
		w.line(indent, l)
	}
}

// lexicon writes the words, in their order. Of several entries for one word the
// file has the highest first, and the overlay last.
func (w writer) lexicon(o *Overlay) {
	written := map[string]bool{}
	byWord := map[string][]*lexicon.Entry{}
	for i := range o.Lexicon {
		e := &o.Lexicon[i]
		byWord[fold(e.Words)] = append(byWord[fold(e.Words)], e)
	}
	for _, e := range o.Lexicon {
		word := fold(e.Words)
		if written[word] {
			continue
		}
		written[word] = true
		w.remarks(2, o.comments.keys[wordKey(word)].above)
		entries := byWord[word]
		slices.Reverse(entries)
		key := script.YAMLScalar(word) + ":"
		if len(entries) == 1 && plain(entries[0]) {
			w.line(2, key+" "+script.YAMLScalar(fold(entries[0].Say)))
			continue
		}
		w.line(2, key)
		for _, e := range entries {
			w.entry(e, len(entries) > 1)
		}
	}
}

// plain says whether an entry is a word and how it is said, and nothing else.
func plain(e *lexicon.Entry) bool {
	return e.Say != "" && e.IPA == "" && (e.Case == "" || e.Case == lexicon.Auto) && !e.Uninflect && e.Note == "" &&
		len(e.Languages)+len(e.Voices)+len(e.Documents) == 0
}

func (w writer) entry(e *lexicon.Entry, listed bool) {
	dash, indent := "", 4
	if listed {
		dash, indent = "- ", 6
	}
	for _, f := range []struct {
		key    string
		values []string
	}{
		{"say", []string{fold(e.Say)}},
		{"ipa", []string{fold(e.IPA)}},
		{"case", []string{string(e.Case)}},
		{"language", e.Languages},
		{"voice", e.Voices},
		{"document", e.Documents},
		{"note", []string{strings.TrimSpace(e.Note)}},
	} {
		if len(f.values) == 0 || f.values[0] == "" {
			continue
		}
		w.line(indent-len(dash), dash+f.key+": "+list(f.values))
		dash = ""
	}
	if e.Uninflect {
		w.line(indent, "inflect: false")
	}
}

// list is a value, or several in brackets.
func list(values []string) string {
	if len(values) == 1 {
		return script.YAMLScalar(values[0])
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.Quote(v) // what is plain elsewhere may have a comma in it
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// editIndent is the column at which an edit's keys stand.
const editIndent = 4

func (w writer) edit(e *Edit) {
	w.remarks(editIndent-2, e.comments.head)
	w.field(editIndent, "- ", "on", fold(e.On), e.comments.keys["on"])
	if e.Nth > 0 {
		w.field(editIndent, "", "nth", e.Nth, e.comments.keys["nth"])
	}
	for _, f := range []struct{ key, value string }{
		{"say", fold(e.Say)},
		{"role", e.Role},
		{"voice", e.Voice},
	} {
		if f.value != "" {
			w.field(editIndent, "", f.key, f.value, e.comments.keys[f.key])
		}
	}
	if e.Pause != nil {
		w.field(editIndent, "", "pause", *e.Pause, e.comments.keys["pause"])
	}
	if e.Take > 0 {
		w.field(editIndent, "", "take", e.Take, e.comments.keys["take"])
	}
	if e.Skip {
		w.field(editIndent, "", "skip", true, e.comments.keys["skip"])
	}
	w.lines("before", e.Before, e.comments.keys["before"])
	w.lines("after", e.After, e.comments.keys["after"])
	if e.Chapter != "" {
		w.field(editIndent, "", "chapter", fold(e.Chapter), e.comments.keys["chapter"])
	}
	if e.Join {
		w.field(editIndent, "", "join", true, e.comments.keys["join"])
	}
	if e.Note != "" {
		w.field(editIndent, "", "note", strings.TrimSpace(e.Note), e.comments.keys["note"])
	}
}

func (w writer) lines(key string, lines []Line, c comment) {
	if len(lines) == 0 {
		return
	}
	w.remarks(editIndent, c.above)
	w.line(editIndent, key+":")
	for _, l := range lines {
		w.field(editIndent+4, "- ", "say", fold(l.Say), comment{})
		if l.Role != "" {
			w.field(editIndent+4, "", "role", l.Role, comment{})
		}
		if l.Voice != "" {
			w.field(editIndent+4, "", "voice", l.Voice, comment{})
		}
		if l.Pause != nil {
			w.field(editIndent+4, "", "pause", *l.Pause, comment{})
		}
		if l.Take > 0 {
			w.field(editIndent+4, "", "take", l.Take, comment{})
		}
	}
}

// lineWidth is how long a text on its key's line is, in characters.
const lineWidth = 88

// field writes a key whose value is a text, a number, a time or true; dash
// stands before the first of a list's item.
func (w writer) field(indent int, dash, key string, value any, c comment) {
	text, ok := value.(string)
	if !ok {
		if d, isTime := value.(time.Duration); isTime {
			value = d.String()
		}
		text = fmt.Sprint(value)
	}
	var block []string
	if ok {
		if utf8.RuneCountInString(text) > lineWidth {
			block = script.YAMLLines(text)
		}
		text = script.YAMLScalar(text)
	}
	above, beside := c.above, c.beside
	if block != nil && beside != "" {
		above, beside = append(slices.Clone(above), beside), ""
	}
	if dash == "" {
		w.remarks(indent, above)
	} else {
		w.remarks(indent-len(dash), above)
	}
	if block != nil {
		w.line(indent-len(dash), dash+key+": >-")
		w.remarks(indent+2, block)
		return
	}
	if beside != "" {
		text += " " + beside
	}
	w.line(indent-len(dash), dash+key+": "+text)
}
