package publish

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html"
	"html/template"
	"strings"
)

//go:embed report.tmpl.html
var reportPage string

// reportTemplate is the page of a report. What stands in it is escaped by
// where it stands.
func reportTemplate() (*template.Template, error) {
	return template.New("report").Funcs(template.FuncMap{
		"plain": func(v string) string { return plainText(v, mostText) },
		"next":  func(i int) int { return i + 1 },
		"marks": func(i int) template.HTML { return template.HTML([]string{verdictBegin, verdictEnd}[i]) }, //nolint:gosec // two constants
	}).Parse(reportPage)
}

// html is the page.
func (r *report) html() ([]byte, error) {
	t, err := reportTemplate()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "page", r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// verdictHTML is what the gate says.
func (r *report) verdictHTML() (string, error) {
	t, err := reportTemplate()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, "verdict", r)
	return b.String(), err
}

// Picture is one of them as it stands in the page: the drawing itself, named
// for who does not see it. Nothing of a text is in it but numbers.
func (r *report) Picture(name string) template.HTML {
	for _, p := range r.Pictures {
		if p.Name != name {
			continue
		}
		_, svg, ok := strings.Cut(string(p.SVG), "<svg ")
		if !ok {
			return ""
		}
		return template.HTML(fmt.Sprintf(`<svg role="img" aria-label="%s" %s`, html.EscapeString(p.Alt), svg)) //nolint:gosec // drawn here
	}
	return ""
}

// AllNotes are the findings of the run.
func (r *report) AllNotes() []string { return r.notes() }

// SomeChapters are as many as are shown.
func (r *report) SomeChapters() []chapterRow { return r.Chapters[:min(len(r.Chapters), mostRows)] }

// OutlierWords say how many segments are unlike the others.
func (r *report) OutlierWords() string { return r.outlierWords() }

// CallWords say how many calls there were.
func (r *report) CallWords() string { return r.callWords() }

// RateText is the speaking rate.
func (o outlier) RateText() string { return o.rate() }
