package script

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
)

// Plan renders a document for the ear: what [document.Document.Heard] has of it.
// The findings are what it has left unspoken without an announcement; the
// document's own are not repeated. A document that holds no word to speak is a
// *document.Error.
func Plan(doc *document.Document, b Brief) (*Script, []document.Finding, error) {
	meta := doc.Meta
	s := &Script{
		Version: Version, Source: doc.Source, ID: meta.ID, Slug: meta.Slug, Title: meta.Title,
		Author: cmp.Or(meta.Author, b.Author), Language: cmp.Or(meta.Language, b.Language),
		Link: meta.Link, Summary: meta.Description, Cover: meta.Cover, Date: meta.Date,
		Listing: meta.Listing,
	}
	s.Keywords = meta.Tags[:min(len(meta.Tags), mostKeywords)]
	r := newRenderer(&b, s)
	doc, r.findings = doc.Heard()
	r.gather(doc.Elements)
	r.elements(doc.Elements, RoleBody)
	r.unreferred(doc.Elements)
	body := append(r.passages, r.endnotes...)
	if !speaks(body) {
		reason := "has nothing to speak: no letter or number outside of what is left out"
		if len(doc.Elements) == 0 && meta.Title != "" {
			reason = "has a title and no text: there is nothing to speak under it"
		}
		return nil, r.findings, &document.Error{Pos: document.Pos{File: doc.Source}, Reason: reason}
	}
	r.passages = body
	r.summary()
	spokenFirst := b.Options.Opening
	if spokenFirst == LanguageOpening {
		spokenFirst = r.words[sayOpening]
	}
	title := s.Title
	if meta.Book != "" && meta.Book != title && !strings.Contains(spokenFirst, "{book}") {
		title = meta.Book + ": " + title // a chapter is said with its book
	}
	values := map[string]string{"title": title, "book": meta.Book, "author": s.Author, "date": spokenDate(s.Date, s.Language), "site": meta.Site, "show": b.Show}
	opening, err := r.template("opening", spokenFirst, values)
	if err != nil {
		return nil, nil, err
	}
	closing, err := r.template("closing", b.Options.Closing, values)
	if err != nil {
		return nil, nil, err
	}
	a := arranger{brief: &b, script: s, words: newWording(&b, s.Language), told: map[string]bool{}}
	cold := r.cold
	if !speaks(body[:cold]) || !speaks(body[cold:]) {
		cold = 0
	}
	a.arrange(opening, r.passages[:cold], r.passages[cold:], closing, r.outside(b.Credits, RoleCredits))
	findings := append(r.findings, a.findings...)
	slices.SortStableFunc(findings, func(x, y document.Finding) int {
		return cmp.Or(cmp.Compare(x.Pos.File, y.Pos.File), cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col))
	})
	return s, findings, nil
}

// template is an opening or a closing with the episode's names in it, which
// are read as the document's words are.
func (r *renderer) template(setting, text string, values map[string]string) (*line, error) {
	out, err := fill(text, values)
	if err != nil {
		return nil, &OptionError{setting, text, err.Error()}
	}
	return r.outside(out, RoleTitle), nil
}

// spokenDate is a date as it is written where it is to be read aloud.
func spokenDate(t time.Time, language string) string {
	switch {
	case t.IsZero():
		return ""
	case english(language):
		return t.Format("January 2, 2006")
	default:
		return t.Format(time.DateOnly)
	}
}

func english(language string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	return primary == "" || primary == "en"
}

func speaks(ps []passage) bool {
	for _, p := range ps {
		if !p.silent {
			return true
		}
	}
	return false
}
