package document

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/language"
)

// facts are what a page says of itself, each by its sources in the order in
// which they are believed.
type facts struct {
	tags     map[string][]string // <meta> by property, name or itemprop
	linked   map[string]string   // of the page's JSON-LD: schema.org's words
	titleTag string
	h1       []string
	lang     string
	links    map[string]string // <link> by rel
	time     string            // of the first <time datetime> marked as the publication's
	author   string            // of the first element marked as the author's
}

// baseOf is what the page's links are relative to.
func baseOf(root *html.Node, address string) *url.URL {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		base = nil
	} else {
		base.User = nil
	}
	if b := first(root, is(atom.Base)); b != nil {
		if u, err := url.Parse(strings.TrimSpace(attr(b, "href"))); err == nil {
			switch {
			case base != nil:
				return base.ResolveReference(u)
			case u.Host != "" && web(u):
				return u
			}
		}
	}
	return base
}

func web(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// meta reads a page's metadata.
func (p *page) meta(root *html.Node, o Options) {
	f := gather(root)
	m := &p.doc.Meta
	m.Site = pick(f.tags["og:site_name"], f.linked["publisher"], f.tags["application-name"])
	m.Title = f.title(m.Site)
	m.Author = f.byline()
	m.Description = pick(f.tags["og:description"], f.tags["description"], f.linked["description"], f.tags["twitter:description"])
	m.Language = f.language()
	m.Link = p.canonical(f, o)
	if image := pick(f.tags["og:image"], f.tags["og:image:url"], f.tags["twitter:image"], f.linked["image"]); image != "" {
		m.Image = p.link(image)
	}
	for _, s := range []string{
		f.linked["datePublished"], pick(f.tags["article:published_time"]), pick(f.tags["datepublished"]), pick(f.tags["citation_publication_date"]),
		pick(f.tags["date"]), pick(f.tags["dc.date"]), pick(f.tags["dcterms.date"]), pick(f.tags["parsely-pub-date"]), f.time,
	} {
		if t, ok := pageDate(s); ok {
			m.Date = t
			break
		}
	}
	for _, tag := range f.tags["article:tag"] {
		m.Tags = append(m.Tags, clean(tag))
	}
}

func gather(root *html.Node) *facts {
	f := &facts{tags: map[string][]string{}, linked: map[string]string{}, links: map[string]string{}}
	walk(root, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Html:
			f.lang = strings.TrimSpace(attr(n, "lang"))
		case atom.Meta:
			f.tag(n)
		case atom.Link:
			for rel := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
				if _, ok := f.links[rel]; !ok {
					f.links[rel] = strings.TrimSpace(attr(n, "href"))
				}
			}
		case atom.Title:
			if f.titleTag == "" && n.Namespace == "" {
				f.titleTag = wordsOf(n)
			}
		case atom.H1:
			f.h1 = append(f.h1, wordsOf(n))
		case atom.Time:
			if f.time == "" && (hasAttr(n, "pubdate") || strings.EqualFold(attr(n, "itemprop"), "datePublished") || hasClass(n, "published", "dt-published", "entry-date")) {
				f.time = attr(n, "datetime")
			}
		case atom.Script:
			if strings.HasPrefix(strings.ToLower(attr(n, "type")), "application/ld+json") {
				f.jsonLD(textOf(n))
			}
		}
		if f.author == "" && n.Type == html.ElementNode && (attr(n, "rel") == "author" || strings.EqualFold(attr(n, "itemprop"), "author") || hasClass(n, "p-author")) {
			f.author = wordsOf(n)
		}
		return true
	})
	return f
}

func (f *facts) tag(n *html.Node) {
	content := clean(attr(n, "content"))
	if content == "" {
		return
	}
	if strings.EqualFold(attr(n, "http-equiv"), "content-language") {
		f.tags["content-language"] = append(f.tags["content-language"], content)
	}
	for _, key := range []string{"property", "name", "itemprop"} {
		for k := range strings.FieldsSeq(strings.ToLower(attr(n, key))) {
			f.tags[k] = append(f.tags[k], content)
		}
	}
}

// jsonLD takes the first article that a block of JSON-LD describes.
func (f *facts) jsonLD(text string) {
	var v any
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "<![CDATA["), "]]>")
	if json.Unmarshal([]byte(text), &v) != nil || f.linked["@type"] != "" {
		return
	}
	article := findArticle(v, 0)
	if article == nil {
		return
	}
	f.linked["@type"] = named(article["@type"])
	f.linked["name"] = clean(named(article["name"]))
	for to, keys := range map[string][]string{
		"headline": {"headline", "name"}, "author": {"author", "creator"}, "datePublished": {"datePublished", "dateCreated"},
		"description": {"description"}, "image": {"image"}, "publisher": {"publisher"}, "inLanguage": {"inLanguage"}, "url": {"url"},
	} {
		for _, key := range keys {
			if f.linked[to] == "" {
				f.linked[to] = clean(named(article[key]))
			}
		}
	}
}

// articleTypes are schema.org's kinds of text that a page is about.
var articleTypes = compiled(`^(https?://schema\.org/)?(\w*Article|BlogPosting|Report|SocialMediaPosting|DiscussionForumPosting|LiveBlogPosting|Review)$`)

func findArticle(v any, depth int) map[string]any {
	const deepest = 4 // @graph, mainEntity, and lists of them
	if depth > deepest {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if a := findArticle(x, depth+1); a != nil {
				return a
			}
		}
	case map[string]any:
		types, _ := v["@type"].([]any)
		for _, t := range append(types, v["@type"]) {
			if s, ok := t.(string); ok && articleTypes().MatchString(s) {
				return v
			}
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if a := findArticle(v[key], depth+1); a != nil {
				return a
			}
		}
	}
	return nil
}

// named is a value as one line: a text, a thing's name or address, or a list.
func named(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		for _, key := range []string{"name", "alternateName", "url", "@value"} {
			if s, ok := v[key].(string); ok && s != "" {
				return s
			}
		}
	case []any:
		var names []string
		for _, x := range v {
			if s := named(x); s != "" {
				names = append(names, s)
			}
		}
		return people(names)
	}
	return ""
}

// people lists names as a sentence does.
func people(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// clean is a value as one line, entities that were escaped twice resolved.
func clean(s string) string { return strings.Join(strings.Fields(html.UnescapeString(s)), " ") }

// pick is the first text that is not empty.
func pick(sources ...any) string {
	for _, s := range sources {
		switch s := s.(type) {
		case string:
			if s != "" {
				return s
			}
		case []string:
			if len(s) > 0 {
				return s[0]
			}
		}
	}
	return ""
}

// titleMark is what stands between a page's title and its site's name.
var titleMark = compiled(`\s+[|\-–—:·»/\\]+\s+`)

// title is the page's title without its site's name.
func (f *facts) title(site string) string {
	t := pick(f.linked["headline"], f.tags["og:title"], f.tags["twitter:title"], f.tags["citation_title"], f.tags["dc.title"])
	if t == "" {
		t = clean(f.titleTag)
	}
	for _, h := range f.h1 {
		if h != "" && strings.EqualFold(h, f.linked["name"]) {
			return h // and the headline is a description
		}
		// The heading that the page shows is the title, where the other has more.
		if len(strings.Fields(h)) >= 2 && len(h) < len(t) && strings.Contains(strings.ToLower(t), strings.ToLower(h)) {
			return h
		}
	}
	marks := titleMark().FindAllStringIndex(t, -1)
	if len(marks) == 0 {
		return t
	}
	end := marks[len(marks)-1]
	tail, head := t[end[1]:], t[:end[0]]
	if site != "" {
		if strings.EqualFold(tail, site) {
			return head
		}
		return t
	}
	if len(f.linked["headline"]) == 0 && len(f.tags["og:title"]) == 0 && len(strings.Fields(head)) >= 3 && len(strings.Fields(tail)) <= 3 {
		return head
	}
	return t
}

var byWord = compiled(`(?i)^(written\s+)?by:?\s+`)

// byline is who wrote the page: names, no addresses.
func (f *facts) byline() string {
	for _, s := range []string{
		f.linked["author"], people(f.tags["citation_author"]), pick(f.tags["author"]), pick(f.tags["article:author"]),
		pick(f.tags["parsely-author"]), pick(f.tags["dc.creator"]), f.author,
	} {
		s = byWord().ReplaceAllString(clean(s), "")
		if s != "" && len(s) <= 200 && !strings.Contains(s, "://") && !strings.HasPrefix(s, "@") {
			return s
		}
	}
	return ""
}

// language is the page's language by BCP 47.
func (f *facts) language() string {
	for _, s := range []string{f.lang, f.linked["inLanguage"], pick(f.tags["content-language"]), pick(f.tags["og:locale"])} {
		tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
		if err == nil && tag != language.Und && s != "" {
			return tag.String()
		}
	}
	return ""
}

// canonical is the page's own address: what it declares, else where it was
// read. A site's start page is no article's address.
func (p *page) canonical(f *facts, o Options) string {
	for _, ref := range []string{f.links["canonical"], pick(f.tags["og:url"])} {
		u, err := url.Parse(p.link(ref))
		if err != nil || ref == "" || !web(u) || u.Host == "" || u.User != nil {
			continue
		}
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && p.base != nil && (strings.Trim(p.base.Path, "/") != "" || p.base.RawQuery != "") {
			continue
		}
		u.Fragment = ""
		return u.String()
	}
	return plainAddress(o.URL)
}

// plainAddress is an address without its fragment and credentials.
func plainAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return u.String()
}

// fromWeb gives a text that was read from an address its link, and takes its
// cover for what it is there: an address, and no file of this machine.
func (d *Document) fromWeb(address string) {
	if d.Meta.Link == "" {
		d.Meta.Link = plainAddress(address)
	}
	if d.Meta.Cover != "" {
		if base, err := url.Parse(address); err == nil {
			if u, err := base.Parse(d.Meta.Cover); err == nil && web(u) {
				d.Meta.Image = u.String()
			}
		}
		d.Meta.Cover = ""
	}
}

// pageDate reads the dates of pages: ISO 8601 in its common forms, else those
// of front matter.
func pageDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04:05.999Z0700",
		"2006-01-02T15:04", time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "2006/01/02 15:04:05", "20060102",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return date(s)
}
