package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline"
)

// requestAttacks would have the program ask whom its user has not named: machines of
// this network, this one, and where clouds keep credentials.
func requestAttacks() []attack {
	all := []attack{
		{
			class: "requests", name: "the host that was named is asked",
			give: func(w *world) { w.serves("/page", "text/html", page("A page of this network.")) },
			args: []string{"text", "article", "{site}/page"}, says: "A page of this network",
		},
		{class: "requests", name: "credentials of the cloud, named", args: []string{"text", "article", "http://169.254.169.254/latest/meta-data/"}, code: 1, says: "link-local address, which is never asked"},
		{class: "requests", name: "credentials of the cloud, as IPv6", args: []string{"text", "article", "http://[fd00:ec2::254]/latest/"}, code: 1, says: "link-local address, which is never asked"},
		{class: "requests", name: "credentials of the cloud, inside of IPv6", args: []string{"text", "article", "http://[::ffff:169.254.169.254]/latest/"}, code: 1, says: "link-local address, which is never asked"},
		{class: "requests", name: "a file as an address", args: []string{"text", "article", "file://{root}/outside/diary.txt"}, code: 1, says: "begins with https://"},
		{
			class: "requests", name: "a feed of links into this network",
			give: func(w *world) {
				w.serves("/feed.xml", "application/rss+xml", feedOf("http://127.0.0.2:{port}/", "http://localhost:{port}/", "http://10.0.0.1/"))
			},
			args: []string{"batch", "run", "{site}/feed.xml"}, code: 3, says: "show: 3 failed",
		},
		{
			class: "requests", name: "a feed of links that are none of the web",
			give: func(w *world) {
				w.serves("/feed.xml", "application/rss+xml", feedOf("file://{root}/outside/diary.txt", "javascript:alert(1)", "data:text/html,x", "concat:a.mp3"))
			},
			args: []string{"batch", "list", "{site}/feed.xml"}, code: anyCode, says: "total: 4 set aside",
		},
		{
			class: "requests", name: "a feed that moves into this network",
			give: func(w *world) { w.redirects("/feed.xml", "http://127.0.0.2:{port}/feed.xml") },
			args: []string{"batch", "list", "{site}/feed.xml"}, code: 1, says: "127.0.0.2 is this machine's own address",
		},
		{
			class: "requests", name: "a sitemap of sitemaps in this network",
			give: func(w *world) {
				w.serves("/sitemap.xml", "application/xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://127.0.0.2:{port}/a.xml</loc></sitemap></sitemapindex>`)
			},
			args: []string{"batch", "list", "{site}/sitemap.xml"}, code: 1, says: "set aside",
		},
		{
			class: "requests", name: "pictures, styles and frames of a page",
			give: func(w *world) {
				w.serves("/page", "text/html", page(`Words. <img src="http://127.0.0.2:{port}/a.png" alt="A picture"><iframe src="http://127.0.0.2:{port}/"></iframe><link rel=stylesheet href="http://127.0.0.2:{port}/a.css">`))
			},
			args: []string{"text", "article", "{site}/page", "--html"}, says: "Words",
		},
		{
			class: "requests", name: "a DTD elsewhere",
			give: func(w *world) {
				w.serves("/feed.xml", "application/rss+xml", `<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.2:{port}/a.dtd" [<!ENTITY x SYSTEM "file://{root}/outside/diary.txt">]><rss version="2.0"><channel><title>T</title><item><title>&x;</title><link>http://127.0.0.2:{port}/</link></item></channel></rss>`)
			},
			args: []string{"batch", "list", "{site}/feed.xml"}, says: "total: 1 new|set aside", code: anyCode,
		},
		{
			class: "requests", name: "an endpoint that sends the key elsewhere",
			give: func(w *world) {
				w.far()
				w.redirects("/v1/audio/speech", "http://127.0.0.2:{port}/v1/audio/speech")
			},
			args: []string{"produce", "post.md"}, code: 1, says: "redirected to http://127.0.0.2",
		},
		{
			class: "requests", name: "a webhook at a link-local address",
			give: func(w *world) { w.add(`notify: ["http://169.254.169.254/hook"]` + "\n") },
			args: []string{"batch", "run", "{site}/gone.xml"}, code: anyCode, says: "was not told: .*link-local address",
		},
		{
			class: "requests", name: "a webhook that sends the report elsewhere",
			give: func(w *world) {
				w.add(`notify: ["{site}/hook"]` + "\n")
				w.redirects("/hook", "http://127.0.0.2:{port}/hook")
			},
			args: []string{"batch", "run", "{site}/gone.xml"}, code: anyCode, says: "was not told: the server says 307",
		},
		{
			class: "requests", name: "buckets at a link-local address",
			give: func(w *world) {
				w.addUnder("publish: {", `to: "s3://b/f?region=eu-central-1&endpoint=http://169.254.169.254", `)
				w.episode("good", nil)
				w.put("show/out/feed.xml", `<rss version="2.0"><channel><item><enclosure url="https://example.org/podcast/good/good.mp3" length="5" type="audio/mpeg"/></item></channel></rss>`)
			},
			args: []string{"upload"}, code: 1, says: "link-local address, which is never asked",
		},
		{class: "requests", name: "a name that is another address when it is asked again", try: rebinding},
		{class: "requests", name: "a name with a private address among others", try: mixed},
	}
	// Where a redirect leads, nobody has named. Each is a way to say an address that
	// is of this machine or this network.
	for _, to := range []string{
		"http://127.0.0.2:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
		"http://0.0.0.0:{port}/", "http://[::]:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0177.0.0.1:{port}/", "http://127.1:{port}/",
		"http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/", "http://[fe80::1%25lo]:{port}/", "http://10.0.0.1/", "http://192.168.0.1/",
		"http://100.64.0.1/", "http://169.254.169.254/latest/", "file://{root}/outside/diary.txt", "gopher://127.0.0.2:{port}/", "http://user:word@127.0.0.2:{port}/",
	} {
		all = append(all, attack{
			class: "requests", name: "a page that is moved to " + strings.NewReplacer("/", "", "{port}", "N", "{root}", "").Replace(to),
			try: func(w *world) {
				w.redirects("/page", to)
				_, err := pipeline.ReadDocument(w.t.Context(), pipeline.Order{Source: w.site.URL + "/page"})
				if refused := new(fetch.Error); !errors.As(err, &refused) {
					w.t.Fatalf("got %v", err)
				}
				w.said = err.Error()
			},
		})
	}
	return all
}

// page is a page of the web with an article.
func page(body string) string {
	return "<!doctype html><html lang=en><head><title>A Page</title></head><body><article><h1>A Page</h1><p>" + body + "</p></article></body></html>"
}

// feedOf is a feed with an item a link.
func feedOf(links ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>`)
	for i, link := range links {
		b.WriteString("<item><title>Item " + string(rune('A'+i)) + "</title><link>" + link + "</link></item>")
	}
	return b.String() + "</channel></rss>"
}

// names answers each question with the next addresses.
type names struct {
	asked   atomic.Int64
	answers [][]string
}

func (n *names) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	i := min(int(n.asked.Add(1))-1, len(n.answers)-1)
	var out []netip.Addr
	for _, a := range n.answers[i] {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

// rebinding: a name leads to the web when it is looked at, and to this machine when
// it is asked. What was looked at is what is asked.
func rebinding(w *world) {
	n := &names{answers: [][]string{{"93.184.216.34"}, {"127.0.0.1"}}}
	var dialled []string
	c := fetch.New(fetch.Options{Resolver: n, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return nil, errors.New("nobody is there")
	}})
	if _, err := c.Get(w.t.Context(), "http://rebind.example/", ""); err == nil {
		w.t.Error("a page came")
	}
	if len(dialled) != 1 || dialled[0] != "93.184.216.34:80" {
		w.t.Errorf("it asked %q", dialled)
	}
	_, err := c.Get(w.t.Context(), "http://rebind.example/", "")
	if private := new(fetch.PrivateError); !errors.As(err, &private) || len(dialled) != 1 {
		w.t.Errorf("the second time it asked %q: %v", dialled, err)
	}
}

// mixed: of the addresses of a name those of this network are passed over.
func mixed(w *world) {
	n := &names{answers: [][]string{{"127.0.0.1", "::1", "10.1.2.3", "fe80::1", "169.254.169.254", "::ffff:192.168.1.1"}}}
	c := fetch.New(fetch.Options{Resolver: n, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		w.t.Errorf("it asked %s", address)
		return nil, errors.New("nobody is there")
	}})
	_, err := c.Get(w.t.Context(), "http://mixed.example/", "")
	if private := new(fetch.PrivateError); !errors.As(err, &private) {
		w.t.Errorf("got %v", err)
	}
	err = c.Post(w.t.Context(), "http://mixed.example/", http.Header{}, []byte("report"))
	if private := new(fetch.PrivateError); !errors.As(err, &private) {
		w.t.Errorf("a post: %v", err)
	}
}
