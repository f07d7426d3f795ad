package script

import (
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

const (
	// mostHeaded is how many columns a table may have whose heads are said in
	// every row; with more, a listener hears more heads than values.
	mostHeaded = 3
	// A table of more rows or columns is not read, but by its shape: nobody
	// keeps it in mind.
	mostRows, mostColumns = 6, 4
)

// cell is a cell of a table as it is spoken.
type cell struct {
	*speech
	text string
	pos  document.Pos
}

// table renders a table: what it is and its columns, then a row a sentence.
func (r *renderer) table(e *document.Element, role string) {
	mode := r.Options.Elements.Table
	if mode == "skip" {
		r.find(e.Pos, "a table is left out")
		return
	}
	heads, rows, columns := r.cells(e, role)
	if len(rows) == 0 && len(heads) == 0 {
		return
	}
	if isLayout(heads, rows, columns) {
		r.layout(rows, role)
		return
	}
	first := len(r.passages)
	large := mode == "shape" || mode == "auto" && (len(rows) > mostRows || columns > mostColumns)
	r.tableHead(e, heads, len(rows), columns, role, large)
	if large {
		r.find(e.Pos, "a table of %s and %s is not read", number(len(rows), "row"), number(columns, "column"))
		for _, row := range rows {
			for _, c := range row {
				r.passages = append(r.passages, r.refer(c.speech, "paragraph")...)
			}
		}
		r.enclose(first, EdgeTable)
		return
	}
	named := headed(heads, rows)
	for i, row := range rows {
		s := r.row(heads, row, columns, named)
		s.end()
		r.sayText(s, passage{role: role, line: s.line, pos: row[0].pos, begins: edges{EdgeRow}, ends: edges{EdgeRow}})
		if i == len(rows)-1 && len(rows) > 1 {
			r.announce(role, r.words[sayTableEnd], e.Pos, nil, nil)
		}
	}
	r.enclose(first, EdgeTable)
}

// cells are a table's heads and rows, spoken, and how many columns it has.
func (r *renderer) cells(e *document.Element, role string) (heads []cell, rows [][]cell, columns int) {
	for i := range e.Children {
		row := &e.Children[i]
		cells := make([]cell, len(row.Children))
		for c := range row.Children {
			d := &row.Children[c]
			s := r.speech(d.Pos, role)
			s.cell = true
			s.all(document.CellText(*d))
			cells[c] = cell{s, filling(s.String()), d.Pos}
		}
		if len(cells) == 0 {
			continue
		}
		columns = max(columns, len(cells))
		if row.Header && heads == nil && len(rows) == 0 {
			heads = cells
		} else {
			rows = append(rows, cells)
		}
	}
	if !anyText(heads) {
		heads = nil
	}
	return heads, rows, columns
}

// filling is a cell's text; a dash stands for an empty cell.
func filling(text string) string {
	text = strings.TrimSpace(text)
	if strings.Trim(text, "-–—−―") == "" {
		return ""
	}
	return text
}

func anyText(cells []cell) bool {
	for _, c := range cells {
		if strings.ContainsFunc(c.text, speakable) {
			return true
		}
	}
	return false
}

// isLayout says whether a table only lays out what stands in it.
func isLayout(heads []cell, rows [][]cell, columns int) bool {
	return heads == nil && (columns == 1 || len(rows) == 1)
}

func (r *renderer) layout(rows [][]cell, role string) {
	for _, row := range rows {
		for _, c := range row {
			r.sayText(c.speech, passage{role: role, line: c.line, pos: c.pos, begins: edges{EdgeParagraph}, ends: edges{EdgeParagraph}})
		}
	}
}

// tableHead announces a table.
func (r *renderer) tableHead(e *document.Element, heads []cell, rows, columns int, role string, large bool) {
	l := &line{}
	caption := r.speak(e.Text, e.Pos, role)
	if strings.ContainsFunc(caption.String(), speakable) {
		caption.end()
		if said := r.around(sayTable, "caption", caption.line); said != nil {
			l = said
		}
	} else if columns == 1 && heads != nil && !large { // its one head is what it is about
		if said := r.around(sayTable, "caption", heads[0].line); said != nil {
			said.end()
			l, heads = said, nil
		}
	} else if text := r.words[sayTableBare]; text != "" {
		l.announce(text)
	}
	pos := e.Pos
	add := func(name string, values ...string) {
		before, after, _ := strings.Cut(r.words.say(name, values...), "{heads}")
		if before == "" {
			return
		}
		l.announce(" " + before)
		if !strings.Contains(r.words[name], "{heads}") {
			return
		}
		for i, h := range filled(heads) {
			if i > 0 {
				l.edit(" ", ", ", RuleAnnouncement)
			}
			l.add(trimmedLine(h.line, ":"))
			pos = heads[0].pos
		}
		l.announce(after)
	}
	switch {
	case large:
		add(sayTableShape, "rows", r.words.count(rows, sayRow, sayRows), "columns", r.words.count(columns, sayColumn, sayColumnsOf))
		if heads != nil && columns <= 2*mostColumns {
			add(sayTableHeads)
		}
		add(sayTableSee)
	case heads != nil && len(filled(heads)) == 1:
		add(sayTableHeads)
	case heads != nil:
		add(sayColumns, "count", strconv.Itoa(len(filled(heads))))
	}
	r.say(passage{role: role, announcement: true, line: l, pos: pos, begins: edges{EdgeAnnouncement}, ends: edges{EdgeRow}})
	for _, h := range heads {
		r.passages = append(r.passages, r.refer(h.speech, "paragraph")...)
	}
}

func filled(cells []cell) []cell {
	var out []cell
	for _, c := range cells {
		if c.text != "" {
			out = append(out, c)
		}
	}
	return out
}

// trimmedLine is a line without some marks and spaces at its end.
func trimmedLine(l *line, marks string) *line {
	text := l.String()
	if cut := strings.TrimRight(text, " "+marks); len(cut) < len(text) {
		l.rewrite([]Edit{{From: len(cut), To: len(text), Rule: RuleStop}})
	}
	return l
}

// headed says whether the first column names the rows: its cells are marked
// so, or they are words, each another.
func headed(heads []cell, rows [][]cell) bool {
	seen := map[string]bool{}
	for _, row := range rows {
		if len(row) < 2 || !strings.ContainsFunc(row[0].text, speakable) || strings.ContainsAny(row[0].text[:1], "0123456789") || seen[row[0].text] {
			return false
		}
		seen[row[0].text] = true
	}
	return len(heads) != 1 && len(rows) > 1 || len(heads) > 1 && heads[0].text == ""
}

// row is a row as a sentence: "Ada: born 1815, died 1852."; where the first
// column does not name it "Year: 1815, city: London"; in wide tables the heads
// are not repeated.
func (r *renderer) row(heads, row []cell, columns int, named bool) *speech {
	s := &speech{line: &line{}, by: r, from: row[0].pos}
	wide := columns > mostHeaded || heads == nil
	said := 0
	for i, c := range row {
		s.pictures = append(s.pictures, c.pictures...)
		text := c.text
		if text == "" && (!wide || r.words[sayBlank] == "") {
			s.carry(c, len(s.said))
			continue
		}
		switch {
		case said == 0:
		case said == 1 && named:
			s.edit(" ", ": ", RuleAnnouncement)
		default:
			s.edit(" ", ", ", RuleAnnouncement)
		}
		said++
		if !wide && (i > 0 || !named) && i < len(heads) && strings.ContainsFunc(heads[i].text, speakable) {
			s.repeat(trimmedLine(heads[i].line, ":"))
			if named {
				s.announce(" ")
			} else {
				s.announce(": ")
			}
		}
		at := len(s.said)
		if text == "" {
			s.announce(r.words[sayBlank])
			s.carry(c, at)
			continue
		}
		if named && i == 0 {
			trimmedLine(c.line, ":.,;")
		}
		s.add(c.line)
		s.carry(c, at)
	}
	return s
}

// carry takes over the marks of notes of a cell that begins at a place.
func (s *speech) carry(c cell, at int) {
	for _, ref := range c.refs {
		s.refs = append(s.refs, noteRef{min(at+ref.off, len(s.said)), ref.label})
	}
}
