package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
)

// isSitemap says whether a body is a sitemap or an index of them.
func isSitemap(raw []byte) bool {
	switch root(raw) {
	case "urlset", "sitemapindex":
		return true
	}
	return false
}

// isFeed says whether a body is XML of a feed, whatever is declared before it.
func isFeed(raw []byte) bool {
	switch root(raw) {
	case "rss", "feed", "RDF":
		return true
	}
	return false
}

// root is the name of a body's first element, if it is XML.
func root(raw []byte) string {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("<")) {
		return ""
	}
	d := decoder(raw)
	for range 100 { // comments and instructions before it
		t, err := d.RawToken()
		if err != nil {
			return ""
		}
		if e, ok := t.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
	return ""
}

// decoder reads XML as leniently as feeds call for.
func decoder(raw []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// place is a <url> of a sitemap, or a <sitemap> of an index (sitemaps.org,
// "XML tag definitions").
type place struct {
	Loc     string `xml:"loc"`
	Lastmod string `xml:"lastmod"`
}

// sitemap reads the posts of a sitemap into the record, or the addresses of its
// parts.
func (l *Lister) sitemap(s *config.Source, address string, raw []byte, below int, r *Record, out *Listing) error {
	if len(raw) > mostSitemap {
		return because(TooLarge, "is larger than %d MiB, which is the most for a sitemap", mostSitemap>>20)
	}
	if err := sane(raw); err != nil {
		return err
	}
	base, err := url.Parse(address)
	if err != nil {
		return err
	}
	d := decoder(raw)
	index := false
	for first := true; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && !first {
			return nil
		}
		if err != nil {
			return because(NoFeed, "is no sitemap: %w", err)
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
			continue
		case first:
			first = false
			if index = e.Name.Local == "sitemapindex"; !index && e.Name.Local != "urlset" {
				return because(NoFeed, "is no sitemap: it begins with <%s>", e.Name.Local)
			}
			if index && below > 0 {
				return because(NoFeed, "is an index of sitemaps inside another one, which is not read")
			}
			continue
		case e.Name.Local != "url" && e.Name.Local != "sitemap":
			continue // of an extension
		}
		var p place
		if err := d.DecodeElement(&p, &e); err != nil {
			return because(NoFeed, "is no sitemap: %w", err)
		}
		full := l.add(s, base, p, index, r, out)
		if full {
			return nil
		}
	}
}

// add takes one place of a sitemap, and says whether no more are taken.
func (l *Lister) add(s *config.Source, base *url.URL, p place, index bool, r *Record, out *Listing) (full bool) {
	at := webAddress(base, p.Loc)
	switch {
	case at == "":
		out.problem(s, strings.TrimSpace(p.Loc), because(NoAddress, "%q is no address of a page", strings.TrimSpace(p.Loc)))
	case index && len(r.Parts) == mostParts:
		out.find("%s has more than %d sitemaps: the others are left out", s.Title(), mostParts)
		return true
	case index:
		r.Parts = append(r.Parts, at)
	case len(r.Items) == mostItems:
		out.find("%s lists more than %d posts: the others are left out", s.Title(), mostItems)
		return true
	default:
		sum := sha256.Sum256([]byte(at + "\n" + p.Lastmod))
		it := Item{Location: at, Link: at, Date: lastmod(p.Lastmod), Hash: hex.EncodeToString(sum[:])}
		it.ID = l.id(at, document.Meta{Link: at})
		r.Items = append(r.Items, it)
	}
	return false
}

// webAddress is a link as an address of the web, without a fragment and
// credentials, as the reader of pages has them; empty if it is none.
func webAddress(base *url.URL, link string) string {
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil || strings.TrimSpace(link) == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return u.String()
}

// lastmod is a time as W3C Datetime has it; zero if it is none.
func lastmod(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(form, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
