package desk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/narrapress/narrapress/internal/web"
)

// base is what every page has.
type base struct {
	Title string
	Show  string // its title
	Root  string // address of the show at the desk; empty on the list of shows
	Here  string // which of the desk's pages it is
	Pages []link // of the show
}

type link struct{ Title, Href string }

type frontPage struct {
	base
	Shows []link
}

func (m *room) base(title string) base {
	b := base{Title: title, Show: titleOf(m.show()), Root: m.address("")}
	b.Pages = []link{{"Words", m.address("lexicon")}, {"Audition", m.address("audition")}, {"Joints", m.address("joints")}}
	if m.desk.o.Runs != nil {
		b.Pages = append(b.Pages, link{"Runs", m.address("runs")})
	}
	return b
}

// address is that of a page of the show, with pairs of a query.
func (m *room) address(page string, query ...string) string {
	a := Prefix + m.name + "/" + (&url.URL{Path: page}).EscapedPath()
	v := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		v.Set(query[i], query[i+1])
	}
	if len(v) > 0 {
		a += "?" + v.Encode()
	}
	return a
}

//go:embed pages
var pages embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"clock":   clock,
		"date":    func(t time.Time) string { return t.Format("2006-01-02") },
		"asset":   func(name string) string { return staticPrefix + name + "?" + staticTag(name)[1:9] },
		"jobform": func(do, label string, j web.Job) jobForm { return jobForm{do, label, j} },
		"when":    func(t time.Time) string { return t.Format("2006-01-02 15:04 MST") },
	}).ParseFS(pages, "pages/*.html"))
})

// render answers with a page, whole or not at all.
func render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// jobForm is a button for a job.
type jobForm struct {
	Do, Label string
	Job       web.Job
}

type sorryPage struct {
	base
	Text string
	Back string
}

// sorry says what went wrong: a line to a script, a page to a person.
func (m *room) sorry(w http.ResponseWriter, r *http.Request, status int, err error) {
	if r.Header.Get("Narrapress-Desk") != "" || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, err.Error(), status)
		return
	}
	p := sorryPage{base: m.base("That did not work"), Text: err.Error()}
	if u, uerr := url.Parse(r.Referer()); uerr == nil && strings.HasPrefix(u.Path, Prefix) {
		p.Back = u.RequestURI()
	}
	render(w, status, "sorry", p)
}

// clock is a length such as 1:02:03 or 4:05.
func clock(seconds float64) string {
	d := int(seconds + 0.5)
	if d >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", d/3600, d/60%60, d%60)
	}
	return fmt.Sprintf("%d:%02d", d/60, d%60)
}

// money is an amount for a person, "" where it is not known at all.
func money(amount float64, currency string, priced bool) string {
	var s string
	switch {
	case amount == 0 && priced:
		return "nothing"
	case amount == 0:
		return "a price that is not known"
	case amount < 0.01:
		s = strconv.FormatFloat(amount, 'f', 4, 64) + " " + currency
	default:
		s = strconv.FormatFloat(amount, 'f', 2, 64) + " " + currency
	}
	if !priced {
		s = "at least " + s
	}
	return s
}

var tags = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	all, _ := files.ReadDir("static")
	for _, e := range all {
		if b, err := files.ReadFile(path.Join("static", e.Name())); err == nil {
			sum := sha256.Sum256(b)
			out[e.Name()] = `"` + hex.EncodeToString(sum[:8]) + `"`
		}
	}
	return out
})

// staticTag is the ETag of a file that pages are made with.
func staticTag(name string) string {
	if t, ok := tags()[name]; ok {
		return t
	}
	return `"00000000"`
}
