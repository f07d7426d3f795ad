package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// A post of the web is planned for what it costs, and then made of the same text:
// what its feed has of it, and the page that it links to.
func TestMaxCostOfTheWeb(t *testing.T) {
	t.Parallel()
	prose := "<p>" + strings.Repeat("The ferry came in late. ", 60) + "</p>"
	mux := http.NewServeMux()
	front := httptest.NewServer(mux)
	defer front.Close()
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ferries</title>
<item><title>Whole</title><link>%[1]s/whole</link><content:encoded><![CDATA[%[2]s]]></content:encoded></item>
<item><title>Linked</title><link>%[1]s/linked</link><description>A few words.</description></item>
</channel></rss>`, front.URL, prose)
	})
	mux.HandleFunc("/linked", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<html><head><title>Linked</title></head><body><article><h1>Linked</h1>%s</article></body></html>", strings.ReplaceAll(prose, "late", "early"))
	})
	p := newPress(t, 0, "")
	rep := p.run(t, batch.Wish{Sources: []config.Source{{From: front.URL + "/feed.xml"}}, MaxCost: 100})
	if got := states(rep); got != `{"made":2}` || rep.Totals.Cost <= 0 {
		t.Errorf("%s, %g\n%s", got, rep.Totals.Cost, text(rep))
	}
}

// Two addresses of one page, which says so itself, become one episode, and it does
// not change hands in every run.
func TestTwoAddressesOfAPage(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	front := httptest.NewServer(mux)
	defer front.Close()
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>F</title><item><title>A</title><link>%[1]s/post?ref=1</link></item><item><title>A</title><link>%[1]s/post?ref=2</link></item></channel></rss>`, front.URL)
	})
	mux.HandleFunc("/post", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<html><head><title>A</title><link rel="canonical" href="%s/post"></head><body><article><h1>A</h1><p>%s</p></article></body></html>`, front.URL, strings.Repeat("The ferry came in late. ", 20))
	})
	p := newPress(t, 0, "")
	wish := batch.Wish{Sources: []config.Source{{From: front.URL + "/feed.xml"}}}
	p.run(t, wish)
	for range 3 {
		rep := p.run(t, wish)
		if states(rep) != `{"unchanged":2}` || !strings.Contains(strings.Join(rep.Findings, "\n"), "is the same post as") {
			t.Errorf("%+v\n%s", rep.Totals, text(rep))
		}
	}
	if found, _, err := publish.ListHeads(p.config(t).Output.Dir); err != nil || len(found) != 1 {
		t.Errorf("%d episodes, %v", len(found), err)
	}
}
