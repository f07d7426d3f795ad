package document

import (
	"strings"
	"time"
)

// What stands around a text and is none of it: the licence of Project
// Gutenberg, the header and the signature of a letter sent by mail.

var (
	gutenbergStart = compiled(`^\*{3} ?START OF (THE|THIS) PROJECT GUTENBERG EBOOK`)
	gutenbergEnd   = compiled(`^(\*{3} ?END OF (THE|THIS) PROJECT GUTENBERG EBOOK|End of (the )?Project Gutenberg('s|’s| EBook)\b)`)
	headerLine     = compiled(`^([A-Z][A-Za-z-]{1,20}): *(\S.*)$`)
	mailAddress    = compiled(`\s*<[^<>\s]+@[^<>\s]+>`)
)

// around cuts off what stands around the text.
func (p *prose) around(lines []line) []line {
	lines = p.gutenberg(lines)
	lines = p.signature(lines)
	return p.header(lines)
}

// cut leaves out lines, and says so at the first that has words.
func (p *prose) cut(lines []line, what string) {
	told := false
	for _, l := range lines {
		if l.blank() {
			continue
		}
		if !told {
			p.find(l.off, "%s is left out", what)
			told = true
		}
		p.drop(l.off, p.eol(l.off))
	}
}

// gutenberg cuts off what Project Gutenberg puts before and after a book. Of
// its header the title, the author and the language are kept.
func (p *prose) gutenberg(lines []line) []line {
	from := -1
	for i, l := range lines {
		if gutenbergStart().MatchString(l.text) {
			from = i
			break
		}
	}
	if from < 0 {
		return lines
	}
	const mostLines = 4 // of the mark, with the book's title in it
	next := from + 1
	for k := from; k < len(lines) && k < from+mostLines; k++ {
		if strings.HasSuffix(lines[k].text, "***") {
			next = k + 1
			break
		}
	}
	for _, l := range lines[:from] {
		if m := headerLine().FindStringSubmatch(l.text); m != nil {
			p.told(m[1], m[2])
		}
	}
	p.cut(lines[:next], "what Project Gutenberg says before the text")
	lines = lines[next:]
	for i, l := range lines {
		if gutenbergEnd().MatchString(l.text) {
			p.cut(lines[i:], "what Project Gutenberg says after the text")
			return lines[:i]
		}
	}
	return lines
}

// longestSignature is how many lines stand at most below the mark of a
// signature.
const longestSignature = 12

// signature cuts off what stands below a line of "-- " (RFC 3676, 4.3), if that
// is near the end.
func (p *prose) signature(lines []line) []line {
	for i := len(lines) - 1; i >= 0 && i >= len(lines)-1-longestSignature; i-- {
		if lines[i].signs && i > 0 {
			p.cut(lines[i:], "a signature")
			return lines[:i]
		}
	}
	return lines
}

// header reads lines like "Title: …" that a text begins with. They are a header
// only if each has a name that headers have, one of them says what the text is
// or who wrote it, and a blank line stands below.
func (p *prose) header(lines []line) []line {
	a := 0
	for a < len(lines) && lines[a].blank() {
		a++
	}
	b, says := a, false
	for ; b < len(lines) && !lines[b].blank(); b++ {
		m := headerLine().FindStringSubmatch(lines[b].text)
		if m == nil || lines[b].indent > 0 {
			return lines
		}
		switch strings.ToLower(m[1]) {
		case "title", "subject", "author":
			says = true
		case "from", "by", "date", "to", "cc", "language", "reply-to", "message-id", "published", "source", "url", "link", "tags", "subtitle", "translator", "organization", "sent":
		default:
			return lines
		}
	}
	if !says || b == len(lines) {
		return lines
	}
	for _, l := range lines[a:b] {
		m := headerLine().FindStringSubmatch(l.text)
		if !p.told(m[1], m[2]) {
			p.find(l.off, "%q is of the header: left out", l.text)
		}
		p.drop(l.off, p.eol(l.off))
	}
	return lines[b:]
}

// told takes a line of a header into the metadata, where it has a place and is
// not given elsewhere.
func (p *prose) told(key, value string) bool {
	set := func(to *string, value string) bool {
		if *to == "" {
			*to = value
		}
		return strings.EqualFold(*to, value)
	}
	meta := &p.doc.Meta
	switch strings.ToLower(key) {
	case "title", "subject":
		return set(&meta.Title, value)
	case "subtitle":
		return set(&meta.Subtitle, value)
	case "author", "from", "by":
		return set(&meta.Author, strings.Trim(mailAddress().ReplaceAllString(value, ""), `" `))
	case "link", "url":
		return set(&meta.Link, value)
	case "date", "published", "sent":
		t, ok := date(value)
		if !ok {
			t, ok = mailDate(value)
		}
		if ok && meta.Date.IsZero() {
			meta.Date = t
		}
		return ok
	}
	return false
}

// mailDate reads the dates of mail (RFC 5322, 3.3) that date does not.
func mailDate(s string) (time.Time, bool) {
	s, _, _ = strings.Cut(s, " (")
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
