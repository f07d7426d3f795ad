package desk

import (
	"bufio"
	"bytes"
	"html"
	"net/http"
	"slices"
	"strconv"

	"github.com/narrapress/narrapress/pipeline/script"
)

// stretch is how many rows a browser lays out at once as they come into view: a
// list of thousands would be looked through row by row for each picture.
const stretch = 25

// firstRows is how many rows a browser is given at once, with all that a page is
// worked with: more than the largest screen shows.
const firstRows = 50

// send answers with the script of a document. What is above the rows goes out with
// the first of them, and is read, heard and worked with while the others follow.
func (p *scriptPage) send(w http.ResponseWriter) {
	var top, end bytes.Buffer
	for _, part := range []struct {
		to   *bytes.Buffer
		name string
	}{{&top, "script"}, {&end, "script-end"}} {
		if err := templates().ExecuteTemplate(part.to, part.name, p); err != nil {
			http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	b := bufio.NewWriterSize(w, 1<<16)
	_, _ = b.Write(top.Bytes()) // an error stays with the writer: whoever asked has gone
	n := 0
	for _, c := range p.Chapters {
		_, _ = b.WriteString(`<section class="chapter">`)
		if c.Title != "" {
			class := ""
			if c.Hidden {
				class = ` class="dim"`
			}
			_, _ = b.WriteString("<h2" + class + ">" + html.EscapeString(c.Title) + "</h2>")
		}
		for part := range slices.Chunk(c.Segments, stretch) {
			_, _ = b.WriteString("<ol>\n")
			for i := range part {
				part[i].write(b)
				if n++; n == firstRows {
					_ = b.Flush()
					_ = http.NewResponseController(w).Flush() // else they come when there are more
				}
			}
			_, _ = b.WriteString("</ol>")
		}
		_, _ = b.WriteString("</section>")
	}
	_, _ = b.Write(end.Bytes())
	_ = b.Flush()
}

// write is one row: what the author wrote, what is spoken, and what is known of
// it. It is written by hand, and with no more than it takes: a template takes 0.2 s
// for the 5,000 rows of a long book, and a browser as much for each element more.
func (s *segment) write(b *bufio.Writer) {
	text := func(parts ...string) {
		for _, p := range parts {
			_, _ = b.WriteString(html.EscapeString(p))
		}
	}
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
	_, _ = b.WriteString(`><p class="w">`)
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
	_, _ = b.WriteString(`</p><p class="t">`)
	text(s.Spoken)
	_, _ = b.WriteString(`</p><p class="m">`)
	text(strconv.Itoa(s.Ordinal), " · ", s.Role, " · ", s.Voice, " · ", strconv.Itoa(s.Characters), " characters · pause ", decimal(s.Pause), " s")
	if s.Take > 0 {
		text(" · take ", strconv.Itoa(s.Take))
	}
	switch {
	case s.Stored:
		_, _ = b.WriteString(" · <a")
		attribute("href", "take/"+s.Key)
		_, _ = b.WriteString(">its take</a>")
	case s.Cost != "":
		text(" · costs ", s.Cost)
	}
	if s.Edited {
		_, _ = b.WriteString(" · <b>edited</b>")
	}
	_, _ = b.WriteString("</p></li>\n")
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
