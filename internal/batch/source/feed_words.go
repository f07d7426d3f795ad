package source

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"golang.org/x/net/html"
)

// The words of a feed's item are markup in one format and text in another, and
// gofeed hands both on alike. Here all of them become markup: "<b>" in a text is
// what its author wrote about, and not a tag.

// jsonWords makes markup of a JSON feed, which has none but in content_html
// (JSON Feed 1.1, "Items").
type jsonWords struct{ gofeed.DefaultJSONTranslator }

// Translate is what gofeed asks for.
func (j jsonWords) Translate(feed any) (*gofeed.Feed, error) {
	out, err := j.DefaultJSONTranslator.Translate(feed)
	of, ok := feed.(*json.Feed)
	if err != nil || !ok {
		return out, err
	}
	for i, item := range of.Items {
		to := out.Items[i]
		to.Title, to.Description = shown(item.Title), paragraphs(item.Summary)
		if item.ContentHTML == "" {
			to.Content = paragraphs(item.ContentText)
		}
	}
	return out, nil
}

// atomWords makes markup of an Atom feed, in which each text says what it is
// (RFC 4287, 3.1.1 and 4.1.3.1).
type atomWords struct {
	gofeed.DefaultAtomTranslator
	raw []byte // the feed: gofeed forgets what titles and summaries are
}

// Translate is what gofeed asks for.
func (a atomWords) Translate(feed any) (*gofeed.Feed, error) {
	out, err := a.DefaultAtomTranslator.Translate(feed)
	of, ok := feed.(*atom.Feed)
	if err != nil || !ok {
		return out, err
	}
	said := forms(a.raw)
	for i, entry := range of.Entries {
		to := out.Items[i]
		if c := entry.Content; c != nil && isText(c.Type) {
			to.Content = paragraphs(c.Value)
		}
		if i >= len(said) {
			continue
		}
		if isText(said[i].title) {
			to.Title = shown(entry.Title)
		}
		if isText(said[i].summary) {
			to.Description = paragraphs(entry.Summary)
		}
	}
	return out, nil
}

// form is the type of what an entry has.
type form struct{ title, summary string }

// forms are those of the entries of an Atom feed, in order.
func forms(raw []byte) []form {
	var out []form
	d := decoder(raw)
	depth, entry := 0, 0 // entry is at which depth one is open
	for {
		t, err := d.RawToken()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			switch name := strings.ToLower(t.Name.Local); {
			case entry == 0 && name == "entry":
				entry = depth
				out = append(out, form{})
			case entry == 0 || depth != entry+1:
			case name == "title":
				out[len(out)-1].title = typeOf(t)
			case name == "summary":
				out[len(out)-1].summary = typeOf(t)
			}
		case xml.EndElement:
			if depth == entry {
				entry = 0
			}
			depth--
		}
	}
}

// typeOf is what an element says of its text. Atom 0.3, which gofeed reads too,
// says with a mode how it is written, and not what.
func typeOf(t xml.StartElement) string {
	for _, a := range t.Attr {
		if strings.EqualFold(a.Name.Local, "type") {
			return a.Value
		}
	}
	return ""
}

// isText says whether a type is one of texts that are no markup; none is text.
func isText(kind string) bool {
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "" || kind == "text" || strings.HasPrefix(kind, "text/") && kind != "text/html"
}

// shown is a title as markup. What looks like an entity stays one: of feeds that
// write "&amp;amp;" in a text nearly all mean "&".
func shown(title string) string { return strings.ReplaceAll(title, "<", "&lt;") }

// paragraphs are a text as markup: divided by empty lines, and broken where it
// breaks.
func paragraphs(text string) string {
	var b strings.Builder
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	open := false
	for _, line := range lines {
		switch blank := strings.TrimSpace(line) == ""; {
		case blank && open:
			b.WriteString("</p>\n")
		case blank:
		case open:
			fmt.Fprintf(&b, "<br>\n%s", html.EscapeString(line))
		default:
			fmt.Fprintf(&b, "<p>%s", html.EscapeString(line))
		}
		open = strings.TrimSpace(line) != ""
	}
	if open {
		b.WriteString("</p>\n")
	}
	return b.String()
}
