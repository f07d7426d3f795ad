package script

import (
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
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
		s := &spoken{from: c.Pos}
		if i == 0 {
			s.WriteString(lead)
		}
		s.walk(c.Text)
		r.say(passage{role: role, text: endedItem(s.String()), place: s.places(), pos: c.Pos, after: r.Pauses.Item})
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
	var heads []string
	first := len(r.passages)
	for i := range e.Children {
		row := &e.Children[i]
		cells := make([]string, len(row.Children))
		for c := range row.Children {
			s := speak(row.Children[c].Text, row.Children[c].Pos)
			cells[c] = strings.Join(strings.Fields(s.String()), " ")
			r.pictures(s, row.Children[c].Pos, role)
		}
		if row.Header && i == 0 {
			heads = cells
			if len(filled(heads)) > 0 {
				r.announce(role, "Table: "+ended(strings.Join(filled(heads), ", ")), row.Pos, p.Paragraph, p.Item)
			}
			continue
		}
		r.say(passage{role: role, text: ended(sentence(heads, cells)), pos: row.Pos, after: p.Item})
	}
	if n := len(r.passages); n > first {
		r.passages[first].before = max(r.passages[first].before, p.Paragraph)
		r.passages[n-1].after = max(r.passages[n-1].after, p.Paragraph)
	}
}

// sentence is a row: "Name: Ada, Born: 1815"; in wide tables "Ada, 1815, …".
func sentence(heads, cells []string) string {
	if len(heads) > mostHeaded || len(heads) < 2 {
		if len(heads) > mostHeaded {
			for i, c := range cells {
				if c == "" {
					cells[i] = "blank" // keeps the count of columns
				}
			}
		}
		return strings.Join(filled(cells), ", ")
	}
	var out []string
	for i, c := range cells {
		switch {
		case c == "":
		case i < len(heads) && strings.ContainsFunc(heads[i], speakable):
			out = append(out, strings.TrimRight(heads[i], ": ")+": "+c)
		default:
			out = append(out, c)
		}
	}
	return strings.Join(out, ", ")
}

func filled(cells []string) []string {
	var out []string
	for _, c := range cells {
		if c != "" {
			out = append(out, c)
		}
	}
	return out
}
