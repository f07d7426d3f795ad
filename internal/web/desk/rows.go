package desk

import (
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// stretch is how many rows a browser lays out at once as they come into view: a
// list of thousands would be looked through row by row for each picture.
const stretch = 25

// Rows are the segments of a chapter as items of lists. They are written by hand:
// a template takes 0.2 s for the 5,000 rows of a long book, this a tenth of it.
func (c *chapter) Rows() template.HTML {
	var b strings.Builder
	for part := range slices.Chunk(c.Segments, stretch) {
		b.WriteString("<ol>\n")
		for i := range part {
			part[i].write(&b)
		}
		b.WriteString("</ol>")
	}
	return template.HTML(b.String()) // every text in it is escaped
}

// write is one row: what the author wrote, what is spoken, and what is known of it.
func (s *segment) write(b *strings.Builder) {
	text := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(html.EscapeString(p))
		}
	}
	attribute := func(name, value string) {
		b.WriteString(" " + name + `="`)
		text(value)
		b.WriteByte('"')
	}
	b.WriteString("<li")
	attribute("id", "s"+strconv.Itoa(s.Ordinal))
	class := "r-" + s.Role
	if s.Stored {
		class += " stored"
	}
	if s.Edited {
		class += " edited"
	}
	attribute("class", class)
	attribute("tabindex", "-1")
	attribute("data-k", s.Key)
	attribute("data-t", strconv.Itoa(s.Take))
	attribute("data-p", decimal(s.Pause))
	attribute("data-r", s.Role)
	attribute("data-v", s.Own)
	b.WriteString(`><p class="w">`)
	for _, r := range s.Written {
		if r.Rule == "" {
			text(r.Text)
			continue
		}
		b.WriteString("<mark")
		attribute("title", r.Rule+": "+r.Spoken)
		b.WriteByte('>')
		text(r.Text)
		b.WriteString("</mark>")
	}
	switch {
	case len(s.Written) > 0:
	case s.Announcement:
		b.WriteString("<i>added for the ear</i>")
	default:
		b.WriteString("<i>put in by hand</i>")
	}
	b.WriteString(`</p><p class="t">`)
	text(s.Spoken)
	b.WriteString(`</p><p class="m">`)
	text(strconv.Itoa(s.Ordinal), " · ", s.Role, " · ", s.Voice, " · ", strconv.Itoa(s.Characters), " characters · pause ", decimal(s.Pause), " s")
	if s.Take > 0 {
		text(" · take ", strconv.Itoa(s.Take))
	}
	switch {
	case s.Stored:
		b.WriteString(" · <a")
		attribute("href", "take/"+s.Key)
		b.WriteString(">its take</a>")
	case s.Cost != "":
		text(" · costs ", s.Cost)
	}
	if s.Edited {
		b.WriteString(" · <b>edited</b>")
	}
	b.WriteString("</p></li>\n")
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
