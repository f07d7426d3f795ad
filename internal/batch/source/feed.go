package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
)

// feed reads the items of an RSS, Atom or JSON feed into the record. One that
// cannot be used is set aside.
func (l *Lister) feed(ctx context.Context, s *config.Source, address string, raw []byte, r *Record, out *Listing) error {
	read, err := parseFeed(raw)
	if err != nil {
		return err
	}
	base, err := url.Parse(address)
	if err != nil {
		return err
	}
	for i, entry := range read.Items {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(r.Items) == mostEntries {
			out.find("%s has more than %d items: the others are left out", s.Title(), mostEntries)
			break
		}
		it, err := l.entry(ctx, s, base, read, entry)
		if err != nil {
			name := firstOf(entry.Title, entry.GUID, fmt.Sprintf("item %d", i+1))
			out.problem(s, name, err)
			continue
		}
		r.Items = append(r.Items, it)
	}
	return nil
}

// parseFeed reads a feed, within bounds.
func parseFeed(raw []byte) (*gofeed.Feed, error) {
	if len(raw) > mostFeed {
		return nil, because(TooLarge, "is larger than %d MiB, which is the most for a feed", mostFeed>>20)
	}
	raw = without(raw)
	if !bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n"), []byte("{")) {
		switch first := root(raw); strings.ToLower(first) {
		case "rss", "feed", "rdf":
		case "":
			return nil, because(NoFeed, "is no feed: it is not XML, and no JSON feed")
		case "html":
			return nil, because(NoFeed, "is a page, and no feed")
		default:
			return nil, because(NoFeed, "is no feed: it begins with <%s>", first)
		}
		if err := sane(raw); err != nil {
			return nil, err
		}
	}
	p := gofeed.NewParser()
	p.AtomTranslator, p.JSONTranslator = atomWords{raw: raw}, jsonWords{}
	read, err := p.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, because(NoFeed, "is no feed: %w", err)
	}
	return read, nil
}

// entry is a feed's item as a post.
func (l *Lister) entry(ctx context.Context, s *config.Source, base *url.URL, feed *gofeed.Feed, e *gofeed.Item) (Item, error) {
	link := webAddress(base, e.Link)
	if link == "" && isWeb(e.GUID) {
		link = webAddress(base, e.GUID)
	}
	if link == "" {
		return Item{}, because(NoAddress, "it links to no page of the web")
	}
	it := Item{Location: link, Link: link, GUID: guid(e.GUID), Title: text(e.Title), Author: author(feed, e), Tags: tagsOf(e)}
	for _, t := range []*time.Time{e.PublishedParsed, e.UpdatedParsed} {
		if t != nil && it.Date.IsZero() {
			it.Date = *t
		}
	}
	it.ID = l.id(link, document.Meta{Link: link})
	own, n := "", 0
	if s.Content != config.ContentPage {
		own, n = ownText(ctx, s, &it, e)
	}
	switch {
	case own != "":
		it.Text, it.Words, it.Exact = own, n, true
		it.Hash = sha(own)
	case s.Content == config.ContentItem:
		return Item{}, because(NoText, "the feed has no text of it: content: page reads the page")
	default:
		it.Hash = sha(strings.Join([]string{link, it.Title, it.Author, it.Date.UTC().Format(time.RFC3339), e.Updated, e.Description, e.Content}, "\n"))
	}
	return it, nil
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// guid is what a feed calls an item, where that can be a name.
func guid(text string) string {
	if text = strings.TrimSpace(text); len(text) > mostID || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return text
}

// isWeb says whether a GUID may be an address.
func isWeb(guid string) bool { return pipeline.IsURL(strings.TrimSpace(guid)) }

// whole is how many words an item's own text has at least to be taken for the
// whole post, where nobody says so.
const whole = 200

// ownText is a page made of what the feed itself has of a post, and its words;
// empty where that is to be read elsewhere. Of its own accord it takes only what
// is called content, is long enough, and does not end as an excerpt does.
func ownText(ctx context.Context, s *config.Source, it *Item, e *gofeed.Item) (own string, n int) {
	body := e.Content
	if body == "" && s.Content == config.ContentItem {
		body = e.Description
	}
	if body == "" {
		return "", 0
	}
	own = pageOf(it, body)
	doc, err := pipeline.ReadDocument(ctx, textOrder(Item{Location: it.Location, Text: own}))
	if err != nil {
		return "", 0
	}
	n = words(doc.Elements)
	if n == 0 || s.Content != config.ContentItem && (n < whole || excerpt(text(body))) {
		return "", 0
	}
	return own, n
}

// excerpt says whether a text ends as those do that go on elsewhere.
func excerpt(text string) bool {
	text = strings.ToLower(strings.TrimRight(text, " \n\t.!»→>]"))
	for _, end := range []string{"…", "[…", "read more", "continue reading", "read the rest", "keep reading", "weiterlesen", "lire la suite", "leer más"} {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	return false
}

// pageOf is an item as a page that says of itself what the feed says of it.
func pageOf(it *Item, body string) string {
	var b strings.Builder
	esc := html.EscapeString
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s</title>\n<link rel=\"canonical\" href=\"%s\">\n", esc(it.Title), esc(it.Link))
	if it.Author != "" {
		fmt.Fprintf(&b, "<meta name=\"author\" content=\"%s\">\n", esc(it.Author))
	}
	if !it.Date.IsZero() {
		fmt.Fprintf(&b, "<meta property=\"article:published_time\" content=\"%s\">\n", it.Date.Format(time.RFC3339))
	}
	fmt.Fprintf(&b, "</head><body><article><h1>%s</h1>\n%s\n</article></body></html>\n", esc(it.Title), body)
	return b.String()
}

// textOrder is the order of a post whose text the feed has.
func textOrder(it Item) pipeline.Order {
	return pipeline.Order{
		Source: it.Location, Reader: strings.NewReader(it.Text),
		Page: &pipeline.Page{URL: it.Location, ContentType: "text/html; charset=utf-8", Led: true},
	}
}

// text is the running text of markup, in one line.
func text(markup string) string {
	z := html.NewTokenizer(strings.NewReader(markup))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); isBlock(string(name)) {
				b.WriteByte(' ')
			}
		}
	}
}

func isBlock(name string) bool {
	switch name {
	case "p", "br", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "tr":
		return true
	}
	return false
}

func author(feed *gofeed.Feed, e *gofeed.Item) string {
	people := e.Authors
	if len(people) == 0 {
		people = feed.Authors
	}
	var names []string
	for _, p := range people {
		if p != nil && text(p.Name) != "" {
			names = append(names, text(p.Name))
		}
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func tagsOf(e *gofeed.Item) []string {
	var out []string
	for _, c := range e.Categories {
		if c = text(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}

// firstOf is the first text that has words, in one line.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = text(t); t != "" {
			return t
		}
	}
	return ""
}
