package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// heardOf are the sentences of a plan, each with its place such as post.md:3:1.
func heardOf(source string, p *pipeline.Plan) []pipeline.Heard {
	out := p.Sentences()
	for i := range out {
		if out[i].At != "" {
			out[i].At = source + ":" + out[i].At
		}
	}
	return out
}

// unknownDocument is a list of unknown words as --json writes it.
type unknownDocument struct {
	Version int           `json:"version"` // of this document's shape
	Source  string        `json:"source"`
	Unknown []unknownWord `json:"unknown"`

	// Languages whose words are not known: their sentences were not looked at.
	Languages []string `json:"languages_not_known"`
}

type unknownWord struct {
	Word      string          `json:"word"`
	Count     int             `json:"count"`
	Reason    lexicon.Reason  `json:"reason"`
	Sentences []unknownPlaced `json:"sentences"` // the first it stands in
}

type unknownPlaced struct {
	At   string `json:"at,omitempty"`
	Text string `json:"text"`
}

// newUnknownDocument looks for the words that engines may say wrong.
func newUnknownDocument(source string, sentences []pipeline.Heard) (*unknownDocument, error) {
	survey, err := lexicon.NewSurvey()
	if err != nil {
		return nil, err
	}
	d := &unknownDocument{Version: 1, Source: source, Unknown: []unknownWord{}, Languages: []string{}}
	other := map[string]bool{}
	for _, s := range sentences {
		survey.Add(s.Text, s.Lexicon, s.For)
		if tag := s.For.Language; !survey.Covers(tag) {
			other[tag] = true
		}
	}
	d.Languages = append(d.Languages, sortedKeys(other)...)
	for _, u := range survey.Unknown() {
		w := unknownWord{Word: u.Word, Count: u.Count, Reason: u.Reason}
		for _, n := range u.Sentences {
			w.Sentences = append(w.Sentences, unknownPlaced{At: sentences[n].At, Text: sentences[n].Text})
		}
		d.Unknown = append(d.Unknown, w)
	}
	return d, nil
}

// writeUnknown lists the unknown words of a source's sentences, as JSON or for
// a person.
func writeUnknown(out io.Writer, asJSON bool, source string, sentences []pipeline.Heard, columns int, paint paint) error {
	d, err := newUnknownDocument(source, sentences)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(out, d)
	}
	_, err = io.WriteString(out, d.text(columns, paint))
	return err
}

// text is the list for a person, wrapped to columns.
func (d *unknownDocument) text(columns int, paint paint) string {
	var b strings.Builder
	for _, tag := range d.Languages {
		fmt.Fprintf(&b, "%s the words of %s are not known: its sentences were not looked at\n", paint.yellow("warning:"), tag)
	}
	total := 0
	for _, u := range d.Unknown {
		total += u.Count
		fmt.Fprintf(&b, "%s  %s, %s\n", paint.bold(u.Word), count(u.Count, "time"), u.Reason)
		for _, s := range u.Sentences {
			if s.At != "" {
				fmt.Fprintf(&b, "    %s\n", s.At)
			}
			b.WriteString(wrap(shortened(s.Text, u.Word), "      ", columns))
		}
	}
	if len(d.Unknown) == 0 {
		if len(d.Languages) == 0 {
			b.WriteString("every word is known\n")
		}
		return b.String()
	}
	fmt.Fprintf(&b, "\n%s that may be said wrong, %s in all\n", count(len(d.Unknown), "word"), count(total, "time"))
	b.WriteString(wrap("Write how they are said into a lexicon, under words, or under known if they are said well as they are; name the file under lexicon in "+showFile+".", "", columns))
	return b.String()
}

// shortened is a sentence, or what of a long one stands around a word.
func shortened(sentence, word string) string {
	const most, around = 240, 100 // characters
	r := []rune(strings.Join(strings.Fields(sentence), " "))
	if len(r) <= most {
		return string(r)
	}
	at := max(0, strings.Index(string(r), word))
	at = len([]rune(string(r)[:at]))
	from, to := max(0, at-around), min(len(r), at+len([]rune(word))+around)
	text := string(r[from:to])
	if from > 0 {
		text = "…" + text
	}
	if to < len(r) {
		text += "…"
	}
	return text
}
