package page

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/formula"
)

// Article is what a page shows of an episode's text.
type Article struct {
	HTML   []byte
	Images map[string]string // name in the episode's folder, with slashes → the file it is a copy of
	Apart  []int             // ordinals of the segments that have no place in it, announcements aside
}

// Compose makes the article of a document, as a script speaks it; images are
// files in the folders, the first that a picture's address is relative to.
// Without a document the article is the script's own text.
func Compose(d *document.Document, sc *script.Script, folders ...string) *Article {
	if d == nil {
		return &Article{HTML: stamped(fromScript(sc), sc)}
	}
	d, _ = d.Article()
	texts := markup.Texts(d)
	runs, apart := align(texts, sc)
	g := gallery{folders: folders, known: map[string]string{}, files: map[string]string{}}
	o := markup.Options{Runs: runs, Image: g.address, Formula: mathML}
	if u, err := url.Parse(d.Meta.Link); err == nil && u.IsAbs() {
		o.Base = u
	}
	return &Article{HTML: stamped(markup.Article(d, o), sc), Images: g.files, Apart: apart}
}

// Restore is the article of the episode in dir, as its last build left it. It
// is nil where there is none, or where it is not of this script.
func Restore(dir string, m *publish.Manifest, sc *script.Script) (*Article, error) {
	if m == nil || m.Article == nil {
		return nil, nil
	}
	b, err := publish.ReadArticle(dir, m)
	if err != nil {
		return nil, err
	}
	first, rest, _ := strings.Cut(string(b), "\n")
	if first != stamp(sc) {
		return nil, nil
	}
	images, err := check(rest)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, publish.ArticleName), err)
	}
	a := &Article{HTML: b, Images: map[string]string{}}
	for _, name := range images {
		a.Images[name] = filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(a.Images[name]); err != nil {
			return nil, fmt.Errorf("the article's image %s: %w", name, errors.Unwrap(err))
		}
	}
	return a, nil
}

// stamp says which script an article was marked for, as a comment: what its
// segments say, in their order. Pauses and takes change nothing of it.
func stamp(sc *script.Script) string {
	h := sha256.New()
	for at, seg := range sc.Segments() {
		fmt.Fprintf(h, "%d %v %q\n", at.Ordinal, seg.Announcement, seg.Original())
	}
	return "<!-- script " + hex.EncodeToString(h.Sum(nil)) + " -->"
}

func stamped(article string, sc *script.Script) []byte { return []byte(stamp(sc) + "\n" + article) }

// body is an article without its stamp.
func body(article []byte) string {
	_, rest, _ := strings.Cut(string(article), "\n")
	return rest
}

// fromScript is the article of a script that has no document: its headings,
// quotes and paragraphs.
func fromScript(sc *script.Script) string {
	var b strings.Builder
	at := 0
	quoted := false
	for i := range sc.Chapters {
		var para []string
		role := ""
		flush := func() {
			if len(para) > 0 {
				b.WriteString("<p>" + strings.Join(para, " ") + "</p>\n")
				para = nil
			}
		}
		quote := func(on bool) {
			if flush(); on != quoted {
				b.WriteString(map[bool]string{true: "<blockquote>\n", false: "</blockquote>\n"}[on])
			}
			quoted = on
		}
		for _, seg := range sc.Chapters[i].Segments {
			at++
			text := seg.Original()
			if seg.Announcement || text == "" || seg.Role == script.RoleTitle || seg.Role == script.RoleCredits {
				continue
			}
			s := fmt.Sprintf(`<span class="s" data-s="%d" id="s%d">%s</span>`, at, at, html.EscapeString(text))
			if seg.Role != role {
				quote(seg.Role == script.RoleQuote || strings.HasPrefix(seg.Role, "speaker:"))
				role = seg.Role
			}
			if role == script.RoleHeading {
				b.WriteString("<h2>" + s + "</h2>\n")
				continue
			}
			if para = append(para, s); !goesOn(seg.Between) {
				flush()
			}
		}
		quote(false)
	}
	return b.String()
}

// goesOn says whether a paragraph goes on behind a segment.
func goesOn(j script.Joint) bool {
	for _, e := range j.Ends {
		switch e {
		case script.EdgeWord, script.EdgeClause, script.EdgeSentence:
		default:
			return false
		}
	}
	return len(j.Ends) > 0
}

// mathML is a formula as a page shows it; one that cannot be shown is its TeX.
func mathML(tex string, block bool) string {
	if expr, err := formula.Parse(tex); err == nil {
		if m := expr.MathML(block); m != "" {
			return m
		}
	}
	class := "tex"
	if block {
		class = "tex block"
	}
	return `<code class="` + class + `">` + html.EscapeString(tex) + "</code>"
}
