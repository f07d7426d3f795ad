package desk

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// answer is a page on its way. An error of writing stays with the writer: whoever
// asked has gone.
type answer struct {
	w    http.ResponseWriter
	b    *bufio.Writer
	asIs bool // no character is written as a reference that need not be
}

// answered begins to answer with a page.
func answered(w http.ResponseWriter) *answer {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	return &answer{w: w, b: bufio.NewWriterSize(w, 1<<16)}
}

// flush sends what there is: a browser has it before there is more.
func (a *answer) flush() {
	_ = a.b.Flush()
	_ = http.NewResponseController(a.w).Flush()
}

// latin is the last character of those that Chromium keeps in a byte each. Read
// with a single other one among them, a page of 2 MB takes it 0.07 s more: so these
// are written as references, unless a text has many.
const latin = '\u00ff'

// text writes text between tags or within double quotes.
func (a *answer) text(parts ...string) {
	for _, s := range parts {
		from := 0
		for i := 0; i < len(s); {
			r, n := rune(s[i]), 1
			if r >= utf8.RuneSelf {
				r, n = utf8.DecodeRuneInString(s[i:])
			}
			if c := a.reference(r); c != "" {
				_, _ = a.b.WriteString(s[from:i])
				_, _ = a.b.WriteString(c)
				from = i + n
			}
			i += n
		}
		_, _ = a.b.WriteString(s[from:])
	}
}

// reference is how a character of a text is written, if it is not as it is.
func (a *answer) reference(r rune) string {
	switch {
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '"':
		return "&#34;"
	case r > latin && !a.asIs:
		return "&#" + strconv.Itoa(int(r)) + ";"
	}
	return ""
}

// piece writes what a template made of a part of the page: there is nothing in it
// in which a reference would not be one.
func (a *answer) piece(html []byte) {
	for len(html) > 0 {
		r, n := utf8.DecodeRune(html)
		if r > latin {
			_, _ = fmt.Fprintf(a.b, "&#%d;", r)
		} else {
			_, _ = a.b.Write(html[:n])
		}
		html = html[n:]
	}
}

// fault ends a page, which was begun, with what went wrong.
func (a *answer) fault(err error) {
	if end, err := rendered("script-fault", err.Error()); err == nil {
		a.piece(end)
	}
	_ = a.b.Flush()
}

// rendered is a part of a page.
func rendered(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("the page could not be made: %w", err)
	}
	return b.Bytes(), nil
}

// foreign says whether so much of a script stands in other characters than Latin
// ones that it is shorter as it is.
func (p *scriptPage) foreign() bool {
	all, others := 0, 0
	for _, c := range p.Chapters {
		for i := range c.Segments {
			all += len(c.Segments[i].Spoken)
			for _, r := range c.Segments[i].Spoken {
				if r > latin {
					others++
				}
			}
		}
	}
	return others > all/16
}
