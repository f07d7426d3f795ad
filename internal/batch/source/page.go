package source

import (
	"bytes"
	"context"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
)

// page is a post that was asked for.
type page struct {
	address string // as it was named
	led     bool   // by a list
	*body
}

func (l *Lister) page(ctx context.Context, address, host string, known fetch.Validators) (*page, error) {
	b, err := l.ask(ctx, address, host, document.MostBytes, known)
	if err != nil {
		return nil, err
	}
	return &page{address: address, body: b}, nil
}

// order makes an episode of what was asked for, without asking again.
func (p *page) order() pipeline.Order {
	return pipeline.Order{
		Source: p.address, Reader: bytes.NewReader(p.bytes),
		Page: &pipeline.Page{URL: p.url, ContentType: p.contentType, Led: p.led},
	}
}

// few is how many words a page has at most that asks to log in, or says that
// there is none: a post that tells of such pages is longer.
const few = 150

var (
	errorTitle = regexp.MustCompile(`(?i)^\W*(error\W*)?([45]\d\d\W*)?(page (can ?not|could not|can't) be found|(page |file |post )?not found|page (does not|doesn't) exist|forbidden|access denied|bad gateway|service unavailable|gateway time-?out|internal server error|too many requests|just a moment|attention required|seite nicht gefunden|nicht gefunden|zugriff verweigert|page non trouvée|página no encontrada)`)
	bareStatus = regexp.MustCompile(`(?i)^\W*((http\W*)?error|(http\W*|error\W*)*[45]\d\d(\W*error)?)\s*([-|–—:•].*)?$`) // "404", "Error 404 | Example"
	loginTitle = regexp.MustCompile(`(?i)^\W*(please )?(log ?in|sign ?in|login required|anmelden|einloggen|se connecter|iniciar sesión)\b`)
	loginPath  = regexp.MustCompile(`(?i)(^|[/._-])(log-?in|sign-?in|signon|sso|auth)([/._-]|$)`)
)

// read reads the page, and refuses what is none of a post: what a site shows to
// strangers, and what it says where there is nothing. Servers say 200 OK to both.
func (p *page) read(ctx context.Context) (*document.Document, error) {
	doc, err := pipeline.ReadDocument(ctx, p.order())
	n := 0
	if err == nil {
		n = words(doc.Elements)
	}
	if n <= few && p.isHTML() {
		switch title, password := survey(p.bytes); {
		case password, loginTitle.MatchString(title), p.redirected() && loginPath.MatchString(pathOf(p.url)):
			return nil, because(Login, "%s asks to log in: open it in a browser and save it as a file", p.address)
		case errorTitle.MatchString(title), bareStatus.MatchString(title):
			return nil, because(ErrorPage, "%s is an error page, %q: check the address", p.address, title)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, because(NoText, "%s has no words to speak", p.address)
	}
	return doc, nil
}

func (p *page) isHTML() bool {
	media, _, _ := mime.ParseMediaType(p.contentType)
	return media == "" || strings.Contains(media, "html")
}

func (p *page) redirected() bool { return pathOf(p.address) != pathOf(p.url) }

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// survey finds a page's title, and whether it asks for a password.
func survey(raw []byte) (title string, password bool) {
	z := html.NewTokenizer(bytes.NewReader(raw))
	inTitle := false
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.Join(strings.Fields(title), " "), password
		case html.TextToken:
			if inTitle && len(title) < 1000 {
				title += string(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "title":
				inTitle = kind == html.StartTagToken && title == ""
			case "input":
				for more {
					var key, value []byte
					key, value, more = z.TagAttr()
					password = password || string(key) == "type" && strings.EqualFold(string(value), "password")
				}
			}
		}
	}
}
