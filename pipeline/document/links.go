package document

import (
	"net/url"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Most of what Links gives.
const (
	mostNamed     = 100
	mostLinkTitle = 200  // characters
	mostAddress   = 2000 // bytes: what every browser takes
)

// Links are the addresses on the web that the article's text leads to, in
// order, each once, by the words that lead there first. Relative ones are
// those of the document's own address, where it has one.
func (d *Document) Links() []podcast.Link {
	base, _ := url.Parse(d.Meta.Link)
	var out []podcast.Link
	seen := map[string]bool{}
	inline := func(ins []Inline) {
		var walk func([]Inline)
		walk = func(ins []Inline) {
			for _, in := range ins {
				if in.Kind == Link {
					address := absolute(base, in.URL)
					if address != "" && !seen[address] && len(out) < mostNamed {
						seen[address] = true
						out = append(out, podcast.Link{Title: shorten(Plain(in.Children), address), URL: address})
					}
				}
				walk(in.Children)
			}
		}
		walk(ins)
	}
	var walk func([]Element)
	walk = func(all []Element) {
		for _, e := range all {
			if e.Furniture || e.Visual {
				continue
			}
			inline(e.Text)
			walk(e.Children)
			inline(e.Cite)
		}
	}
	walk(d.Elements)
	return out
}

// absolute is an address on the web, or nothing: places in the document, and
// whatever else is no page, are none.
func absolute(base *url.URL, address string) string {
	if strings.HasPrefix(address, "#") || len(address) > mostAddress {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	if base != nil && base.Host != "" {
		u = base.ResolveReference(u)
	}
	if u.User != nil || !IsWeb(u.String()) || len(u.String()) > mostAddress {
		return ""
	}
	return u.String()
}

func shorten(title, address string) string {
	if title == "" {
		return address
	}
	if r := []rune(title); len(r) > mostLinkTitle {
		return strings.TrimSpace(string(r[:mostLinkTitle])) + "…"
	}
	return title
}
