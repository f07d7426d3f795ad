package desk

import (
	"strconv"

	"github.com/narrapress/narrapress/pipeline/script"
)

// stretch is how many rows a browser lays out at once as they come into view: a
// list of thousands would be looked through row by row for each picture.
const stretch = 25

// write is one row: what the author wrote, what is spoken, and what is known of
// it. It is written by hand, and with no more than it takes: a template takes 0.2 s
// for the 5,000 rows of a long book, and a browser as much for each element more.
// The tags that end p and li are left out, as they may be (HTML, section "Optional
// tags"), and with them the white space between rows. The three lines of a row are
// told apart by their order, and what is known of it is written in ASCII, of which a
// browser reads eight characters at once: of 5,000 rows that is a tenth of a second.
func (s *segment) write(a *answer) {
	b, text := a.b, a.text
	attribute := func(name, value string) {
		if value != "" {
			_, _ = b.WriteString(" " + name + `="`)
			text(value)
			_ = b.WriteByte('"')
		}
	}
	_, _ = b.WriteString("<li")
	attribute("id", "s"+strconv.Itoa(s.Ordinal))
	switch {
	case s.Stored && s.Edited:
		attribute("class", "stored edited")
	case s.Stored:
		attribute("class", "stored")
	case s.Edited:
		attribute("class", "edited")
	}
	attribute("data-p", decimal(s.Pause))
	if s.Role != script.RoleBody {
		attribute("data-r", s.Role)
	}
	attribute("data-v", s.Own)
	if s.Take > 0 {
		attribute("data-t", strconv.Itoa(s.Take))
	}
	_, _ = b.WriteString(`><p>`)
	for _, r := range s.Written {
		if r.Rule == "" {
			text(r.Text)
			continue
		}
		_, _ = b.WriteString("<mark")
		attribute("title", r.Rule+": "+r.Spoken)
		_ = b.WriteByte('>')
		text(r.Text)
		_, _ = b.WriteString("</mark>")
	}
	switch {
	case len(s.Written) > 0:
	case s.Announcement:
		_, _ = b.WriteString("<i>added for the ear</i>")
	default:
		_, _ = b.WriteString("<i>put in by hand</i>")
	}
	_, _ = b.WriteString(`<p>`)
	text(s.Spoken)
	_, _ = b.WriteString(`<p>`)
	text(strconv.Itoa(s.Ordinal), ", ", s.Role, ", ", s.Voice, ", ", strconv.Itoa(s.Characters), " characters, pause ", decimal(s.Pause), " s")
	if s.Take > 0 {
		text(", take ", strconv.Itoa(s.Take))
	}
	switch {
	case s.Stored:
		_, _ = b.WriteString(", <a")
		attribute("href", "take/"+s.Key)
		_, _ = b.WriteString(">its take</a>")
	case s.Cost != "":
		text(", costs ", s.Cost)
	}
	if s.Edited {
		_, _ = b.WriteString(", <b>edited</b>")
	}
	_ = b.WriteByte('\n')
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
