package script

import (
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// list renders a list: every item by itself, ended as a sentence is, with the
// number that an ordered list gives it.
func (r *renderer) list(e *document.Element, role string) {
	for i := range e.Children {
		item := &e.Children[i]
		lead := ""
		if e.Start > 0 {
			lead = r.ordinal(e.Start+i) + " "
		}
		switch item.Task {
		case "done":
			lead += "Done: "
		case "open":
			lead += "To do: "
		}
		r.item(item, lead, role)
	}
	if n := len(r.passages); n > 0 {
		r.passages[n-1].after = max(r.passages[n-1].after, r.Pauses.Paragraph)
	}
}

// item renders an item; its lead is spoken with its first paragraph.
func (r *renderer) item(item *document.Element, lead, role string) {
	for i := range item.Children {
		c := &item.Children[i]
		if c.Kind != document.Paragraph {
			r.element(c, role)
			continue
		}
		s := r.spoken(c.Pos, role)
		if i == 0 {
			s.WriteString(lead)
		}
		s.walk(c.Text)
		said := s.phrase()
		said.text = endedItem(said.text)
		r.say(passage{role: role, phrase: said, places: s.places, pos: c.Pos, after: r.Pauses.Item})
		r.pictures(s, c.Pos, role)
	}
}

// endedItem ends an item as a sentence. A comma or a semicolon, as between the
// items of a long sentence, is kept.
func endedItem(text string) string {
	t := strings.TrimRight(text, " \n")
	if strings.HasSuffix(t, ",") || strings.HasSuffix(t, ";") {
		return text
	}
	return ended(text)
}

// cardinals are the numbers that an English list is counted with.
const cardinals = "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty"

// ordinal is the number of an item, as a sentence.
func (r *renderer) ordinal(n int) string {
	if words := strings.Fields(cardinals); r.english && n <= len(words) {
		return words[n-1] + "."
	}
	return strconv.Itoa(n) + "."
}

// mostHeaded is how many columns a table may have whose heads are said in
// every row; with more, a listener hears more heads than values.
const mostHeaded = 3

// table renders a table, a row a sentence.
func (r *renderer) table(e *document.Element, role string) {
	p := r.Pauses
	var heads []phrase
	first := len(r.passages)
	for i := range e.Children {
		row := &e.Children[i]
		cells := make([]phrase, len(row.Children))
		for c := range row.Children {
			s := r.speak(row.Children[c].Text, row.Children[c].Pos, role)
			cells[c] = s.phrase().line()
			r.pictures(s, row.Children[c].Pos, role)
		}
		if row.Header && i == 0 {
			heads = cells
			if listed(heads).text != "" {
				said := joined("", phrase{text: "Table: "}, listed(heads))
				said.text = ended(said.text)
				r.say(passage{role: role, announcement: true, phrase: said, pos: row.Pos, before: p.Paragraph, after: p.Item})
			}
			continue
		}
		said := sentence(heads, cells)
		said.text = ended(said.text)
		r.say(passage{role: role, phrase: said, pos: row.Pos, after: p.Item})
	}
	if n := len(r.passages); n > first {
		r.passages[first].before = max(r.passages[first].before, p.Paragraph)
		r.passages[n-1].after = max(r.passages[n-1].after, p.Paragraph)
	}
}

// sentence is a row: "Name: Ada, Born: 1815"; in wide tables "Ada, 1815, …".
func sentence(heads, cells []phrase) phrase {
	out := make([]phrase, len(cells))
	for i, c := range cells {
		switch {
		case len(heads) > mostHeaded && c.text == "":
			out[i].text = "blank" // keeps the count of columns
		case c.text != "" && len(heads) > 1 && i < len(heads) && len(heads) <= mostHeaded && strings.ContainsFunc(heads[i].text, speakable):
			head := heads[i]
			head.text = strings.TrimRight(head.text, ": ")
			out[i] = joined(": ", head, c)
		default:
			out[i] = c
		}
	}
	return listed(out)
}

// listed is the cells that are not empty, with commas.
func listed(cells []phrase) phrase {
	var filled []phrase
	for _, c := range cells {
		if c.text != "" {
			filled = append(filled, c)
		}
	}
	return joined(", ", filled...)
}

// line is a phrase on one line, without the space around it.
func (p phrase) line() phrase {
	text := strings.ReplaceAll(p.text, "\n", " ")
	lead := len(text) - len(strings.TrimLeft(text, " "))
	move := func(spans []normalize.Span) []normalize.Span {
		for i := range spans {
			spans[i].From, spans[i].To = spans[i].From-lead, spans[i].To-lead
		}
		return spans
	}
	return phrase{strings.TrimSpace(text), move(p.kept), move(p.code)}
}
