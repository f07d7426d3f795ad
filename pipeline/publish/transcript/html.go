package transcript

import (
	"bytes"
	"html/template"
	"math"
	"strconv"

	"golang.org/x/text/language"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
)

// page has what Podcasting 2.0 asks for (transcripts.md, HTML): cite,
// time and p, on a page of its own. It has no scripts, and loads nothing.
var page = template.Must(template.New("transcript").Parse(`<!DOCTYPE html>
<html{{with .Language}} lang="{{.}}"{{end}}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{{.Title}}</title>
</head>
<body>
<h1 dir="auto">{{.Title}}</h1>
{{range .Paragraphs -}}
{{if .Chapter}}<h2 dir="auto">{{.Chapter}}</h2>
{{else}}{{with .Speaker}}<cite>{{.}}:</cite>
{{end}}<time datetime="{{.Duration}}">{{.Time}}</time>
<p dir="auto">{{.Text}}</p>
{{end}}{{end}}</body>
</html>
`))

type pageParagraph struct{ Chapter, Speaker, Duration, Time, Text string }

// writeHTML writes a page to read. Who speaks is said where that changes.
func writeHTML(b *bytes.Buffer, t *transcript) error {
	out := struct {
		Language, Title string
		Paragraphs      []pageParagraph
	}{Title: cue.Plain(t.episode.Title)}
	if out.Title == "" {
		out.Title = t.episode.Slug
	}
	for _, tag := range []string{t.episode.Language, t.show.Language} {
		if _, err := language.Parse(tag); err == nil && tag != "" {
			out.Language = tag
			break
		}
	}
	speaker := ""
	for _, p := range t.paragraphs() {
		shown := pageParagraph{Chapter: p.chapter, Duration: duration(p.start), Time: clock(p.start), Text: p.text}
		if p.chapter == "" && p.speaker != speaker {
			speaker = p.speaker
			shown.Speaker = speaker
		}
		out.Paragraphs = append(out.Paragraphs, shown)
	}
	return page.Execute(b, out)
}

// duration is a valid duration string (HTML, section 2.3.5.9): PT65S.
func duration(s podcast.Seconds) string {
	return "PT" + strconv.Itoa(int(math.Floor(float64(max(0, s))))) + "S"
}
