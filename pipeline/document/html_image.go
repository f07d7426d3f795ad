package document

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostPixel is the width or height, in pixels, of the largest image that is
// a counter or a spacer.
const mostPixel = 2

var (
	iconLike  = compiled(`(?i)(^|[-_/ .])(g?ravatar|avatars?|favicon|icons?|sprite|spacer|pixel|tracking|beacon|blank|transparent|1x1)s?($|[-_/ .\d])`)
	emojiLike = compiled(`(?i)(^|[-_/ ])(emojis?|twemoji|wp-smiley|smil(ey|ie)s?|emoticons?)($|[-_/ .\d])`)
	srcset    = compiled(`(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,\s+|,?$)`)
)

// image is what an <img> shows.
type image struct {
	url, alt   string
	decorative bool
	text       string // what it stands for, where it is a character
}

func (p *page) image(n *html.Node) image {
	i := image{url: imageSource(n), alt: strings.Join(strings.Fields(attr(n, "alt")), " ")}
	if i.url != "" {
		i.url = p.link(i.url)
	}
	class, role := attr(n, "class"), attr(n, "role")
	if i.alt != "" && isEmojiText(i.alt) && (emojiLike().MatchString(class) || emojiLike().MatchString(i.url) || hasAttr(n, "draggable")) {
		i.text = i.alt
	}
	i.decorative = hasAttr(n, "alt") && i.alt == "" || role == "presentation" || role == "none" || attr(n, "aria-hidden") == "true" ||
		tiny(n) || iconLike().MatchString(class) || iconLike().MatchString(pathOf(i.url)) || emojiLike().MatchString(class)
	return i
}

// tiny says whether an element is too small to be seen. A side of nothing
// beside one of some length is one that the page's program did not know.
func tiny(n *html.Node) bool {
	width, wide := side(n, "width")
	height, high := side(n, "height")
	if wide && high && (width == 0 || height == 0) {
		return max(width, height) <= mostPixel
	}
	return wide && width <= mostPixel || high && height <= mostPixel
}

// side is the length of a side in pixels, where an element has it.
func side(n *html.Node, key string) (int, bool) {
	v, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(attr(n, key)), "px"))
	return v, err == nil
}

// isEmojiText says whether a text is characters that are no letters.
func isEmojiText(s string) bool {
	for _, r := range s {
		if r < 0x2000 || unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

func pathOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	if _, rest, ok := strings.Cut(address, "://"); ok {
		if strings.Contains(rest, "gravatar.com/") {
			return "avatar"
		}
		_, rest, _ = strings.Cut(rest, "/")
		return rest
	}
	return address
}

// imageSource is the address of an image, also of one that the page loads
// only when it is seen.
func imageSource(n *html.Node) string {
	src := strings.TrimSpace(attr(n, "src"))
	inline := src == "" || strings.HasPrefix(src, "data:")
	if inline || hasAttr(n, "data-src") && iconLike().MatchString(pathOf(src)) {
		for _, key := range []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc", "data-url"} {
			if v := strings.TrimSpace(attr(n, key)); v != "" && !strings.HasPrefix(v, "data:") {
				return v
			}
		}
		for _, key := range []string{"data-srcset", "data-lazy-srcset", "srcset"} {
			if v := largest(attr(n, key)); v != "" {
				return v
			}
		}
		if n.Parent != nil && n.Parent.DataAtom == atom.Picture {
			for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
				if v := largest(pick(attr(c, "srcset"), attr(c, "data-srcset"))); c.DataAtom == atom.Source && v != "" {
					return v
				}
			}
		}
	}
	if inline {
		return ""
	}
	return src
}

// largest is the largest image of a srcset (HTML, 4.8.4.2.1).
func largest(set string) string {
	best, size := "", -1.0
	for _, m := range srcset().FindAllStringSubmatch(set, -1) {
		v, _ := strconv.ParseFloat(m[2], 64)
		if v > size && !strings.HasPrefix(m[1], "data:") {
			best, size = m[1], v
		}
	}
	return best
}

// lazy gives to an image that a script would load what the page has for
// readers without scripts.
func lazy(noscript *html.Node) {
	text := textOf(noscript)
	const most = 1 << 14 // bytes of a noscript that is looked at
	if len(text) > most || !strings.Contains(text, "<img") {
		return
	}
	nodes, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return
	}
	var img *html.Node
	for _, n := range nodes {
		if n.DataAtom == atom.Img {
			img = n
		} else if f := first(n, is(atom.Img)); f != nil {
			img = f
		}
	}
	if img == nil || imageSource(img) == "" || tiny(img) {
		return
	}
	before := noscript.PrevSibling
	for before != nil && before.Type == html.TextNode && strings.TrimSpace(before.Data) == "" {
		before = before.PrevSibling
	}
	if before != nil && before.Type == html.ElementNode {
		old := before
		if old.DataAtom != atom.Img {
			old = first(before, is(atom.Img))
		}
		if old != nil {
			if imageSource(old) == "" {
				old.Attr = append(img.Attr, html.Attribute{Key: placeAttr, Val: attr(old, placeAttr)})
			}
			return
		}
	}
	if at := attr(noscript, placeAttr); noscript.Parent != nil {
		img.Parent = nil
		img.Attr = append(img.Attr, html.Attribute{Key: placeAttr, Val: at})
		img.PrevSibling, img.NextSibling = nil, nil
		noscript.Parent.InsertBefore(img, noscript)
	}
}

// pictured are the images of a run of nodes that has nothing else; ok is false
// where it has words, or signs of this reader.
func (p *page) pictured(run []*html.Node) (out []Element, ok bool) {
	for _, n := range run {
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "", signed(n):
			return nil, false
		case n.DataAtom == atom.Img:
			i := p.image(n)
			if i.text != "" {
				return nil, false
			}
			if i.url == "" && i.alt == "" || tiny(n) {
				continue
			}
			out = append(out, Element{Kind: Image, Pos: p.pos(n), URL: i.url, Alt: i.alt, Decorative: i.decorative})
		case n.Type == html.ElementNode:
			var inner []*html.Node
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				inner = append(inner, c)
			}
			es, ok := p.pictured(inner)
			if !ok {
				return nil, false
			}
			out = append(out, es...)
		}
	}
	return out, true
}

// signed says whether a node stands for something else: a note's mark, a formula.
func signed(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, ownAttr) && a.Key != placeAttr })
}
