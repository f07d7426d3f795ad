package page

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/pipeline/document/markup"
)

// allowed are the tags of an article, with their attributes.
var allowed = map[string][]string{
	"p": {"class"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
	"blockquote": nil, "footer": nil, "div": {"class", "data-label", "tabindex"}, "section": {"role"},
	"ul": nil, "ol": {"start"}, "li": {"id", "class"}, "pre": {"tabindex"}, "code": {"class"},
	"details": nil, "summary": nil, "table": nil, "caption": nil, "tr": nil, "th": {"scope"}, "td": nil, "tbody": nil,
	"figure": nil, "figcaption": nil, "img": {"src", "alt"}, "hr": nil, "br": nil,
	"em": nil, "strong": nil, "s": nil, "small": {"class"}, "sup": {"id"}, "a": {"href", "rel", "role", "class"},
	"span": {"class", "data-s", "id"},
	"math": {"display", "alttext"}, "mrow": nil, "mi": {"mathvariant"}, "mn": nil, "mo": {"stretchy"}, "mtext": nil, "mspace": {"width"},
	"mfrac": {"linethickness"}, "msqrt": nil, "mroot": nil, "msub": nil, "msup": nil, "msubsup": nil,
	"munder": nil, "mover": {"accent"}, "munderover": nil, "mtable": nil, "mtr": nil, "mtd": nil, "menclose": {"notation"}, "mpadded": nil,
	"mstyle": {"mathvariant", "displaystyle"},
}

var (
	inlineImage = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]*=*$`)
	besideImage = regexp.MustCompile(`^` + imageFolder + `/[0-9a-f]{16}\.(png|jpg|gif|webp)$`)
)

// check reads an article that may have been written by anybody, and gives the
// names of the images beside it. What Article writes has no fault.
func check(article string) (images []string, err error) {
	z := html.NewTokenizer(strings.NewReader(article))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return images, nil
		case html.CommentToken, html.DoctypeToken:
			return nil, fmt.Errorf("a comment is nothing that an article holds: %.40q", z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t := z.Token()
			attributes, ok := allowed[t.Data]
			if !ok {
				return nil, fmt.Errorf("<%.40s> is no tag of an article", t.Data)
			}
			for _, at := range t.Attr {
				if !slices.Contains(attributes, at.Key) || !harmless(at) {
					return nil, fmt.Errorf("<%s %.40s=%.80q> is nothing that an article holds", t.Data, at.Key, at.Val)
				}
				if at.Key == "src" && besideImage.MatchString(at.Val) && !slices.Contains(images, at.Val) {
					images = append(images, at.Val)
				}
			}
		}
	}
}

// harmless says whether an attribute that a tag may have leads nowhere that an
// article's may not.
func harmless(at html.Attribute) bool {
	switch at.Key {
	case "href":
		return strings.HasPrefix(at.Val, "#") || markup.WebLink(at.Val) != ""
	case "src":
		return inlineImage.MatchString(at.Val) || besideImage.MatchString(at.Val)
	}
	return true
}
