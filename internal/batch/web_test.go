package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
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
