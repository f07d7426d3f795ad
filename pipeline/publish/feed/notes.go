package feed

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Bounds of show notes, in bytes.
const (
	mostDescription = 4000 // Apple, "A Podcaster's Guide to RSS", <description>
	mostContent     = 64 << 10
	mostLine        = 500 // of a credit or a notice
	mostTitle       = 300 // of a chapter or a link
)

// labels are the words of the notes, by language; the first is for all others.
var labels = []struct{ language, source, chapters, links string }{
	{"en", "Source", "Chapters", "Links"},
	{"de", "Quelle", "Kapitel", "Links"},
	{"es", "Fuente", "Capítulos", "Enlaces"},
	{"fr", "Source", "Chapitres", "Liens"},
}

// notes are an episode's show notes as HTML of at most so many bytes: what it is
// about, its source, chapters, links, credits, the notice. Where they are too
// long, links go first, then chapters, then the end of the description.
func notes(ep podcast.Episode, show podcast.Show, most int) string {
	label := labels[0]
	for _, l := range labels {
		if language, _, _ := strings.Cut(strings.ToLower(ep.Language), "-"); language == l.language {
			label = l
		}
	}
	var source, end string
	if isWeb(ep.Link) {
		if s := fmt.Sprintf("<p>%s: %s</p>", label.source, anchor(ep.Link, ep.Title)); len(s) <= most/4 {
			source = s
		}
	}
	for _, line := range []string{show.Credits, show.Copyright, show.Notice} {
		if s := paragraph(cut(clean(line), min(mostLine, most/8))); s != "" {
			end += s
		}
	}
	left := most - len(source) - len(end)
	var b strings.Builder
	add := func(s string) { b.WriteString(s); left -= len(s) }
	for text := range strings.SplitSeq(cut(clean(ep.Description), max(0, left*2/3)), "\n\n") {
		if s := paragraph(text); len(s) <= left {
			add(s)
		}
	}
	b.WriteString(source)
	if len(ep.Chapters) > 1 {
		list := make([]string, 0, len(ep.Chapters))
		for _, c := range ep.Chapters {
			list = append(list, stamp(c.Start)+" "+html.EscapeString(cut(oneLine(c.Title), mostTitle)))
		}
		add(fitting("<p>"+label.chapters+":<br />", list, "<br />", "</p>", left))
	}
	var list []string
	for _, l := range ep.Links {
		if isWeb(l.URL) && l.URL != ep.Link {
			list = append(list, "<li>"+anchor(l.URL, l.Title)+"</li>")
		}
	}
	add(fitting("<p>"+label.links+":</p><ul>", list, "", "</ul>", left))
	b.WriteString(end)
	return b.String()
}

// fitting is as many of the first parts as fit between head and tail; nothing
// where none does.
func fitting(head string, parts []string, between, tail string, most int) string {
	var b strings.Builder
	b.WriteString(head)
	n := 0
	for _, p := range parts {
		if b.Len()+len(between)+len(p)+len(tail) > most {
			break
		}
		if n++; n > 1 {
			b.WriteString(between)
		}
		b.WriteString(p)
	}
	if n == 0 {
		return ""
	}
	b.WriteString(tail)
	return b.String()
}

func paragraph(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br />") + "</p>"
}

func anchor(address, title string) string {
	if title = oneLine(title); title == "" {
		title = address
	}
	return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(oneLine(address)), html.EscapeString(cut(title, mostTitle)))
}

// stamp is a time as apps find it in a description: 01:02:03.
func stamp(s podcast.Seconds) string {
	n := int64(math.Floor(float64(s)))
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}
