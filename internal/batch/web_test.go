package batch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// A feed whose posts move to other addresses, as where a site begins to use
// another name, has the episodes that it had.
func TestMovedFeed(t *testing.T) {
	t.Parallel()
	var at atomic.Value // where the posts are
	at.Store("old")
	mux := http.NewServeMux()
	front := httptest.NewServer(mux)
	defer front.Close()
	post := func(n int) string {
		return fmt.Sprintf("<p>%s</p>", strings.Repeat(fmt.Sprintf("The ferry number %d came in late. ", n), 40))
	}
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>F</title>
<item><title>Whole</title><guid isPermaLink="false">tag:ferry:1</guid><link>%[1]s/%[2]s/1</link><content:encoded><![CDATA[%[3]s]]></content:encoded></item>
<item><title>Linked</title><guid isPermaLink="false">2</guid><link>%[1]s/%[2]s/2?from=feed</link></item>
<item><title>Reused, %[2]s</title><guid>3</guid><link>%[1]s/%[2]s/5/%[2]s</link><content:encoded><![CDATA[%[4]s]]></content:encoded></item>
<item><title>Taken</title><guid>tag:ferry:9</guid><link>%[5]s/9</link><content:encoded><![CDATA[%[6]s]]></content:encoded></item>
<item><title>Doubtful</title><guid>7</guid><link>%[1]s/%[2]s/3?from=feed</link></item>
<item><title>Dubious</title><guid>7</guid><link>%[1]s/%[2]s/4?from=feed</link></item>
</channel></rss>`, front.URL, at.Load(), post(1), post(5), map[any]string{"old": front.URL, "new": "http://other.example"}[at.Load()], post(9))
	})
	for _, of := range []string{"old", "new"} {
		for n := 2; n <= 4; n++ {
			mux.HandleFunc(fmt.Sprintf("/%s/%d", of, n), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprintf(w, `<html><head><title>Post %[3]d</title><link rel="canonical" href="%[1]s/%[2]s/%[3]d"></head><body><article><h1>Post %[3]d</h1>%[4]s</article></body></html>`, front.URL, of, n, post(n))
			})
		}
	}
	p := newPress(t, 0, "")
	wish := batch.Wish{Sources: []config.Source{{From: front.URL + "/feed.xml"}}}
	episodes := func() map[string]string {
		found, _, err := publish.ListHeads(p.config(t).Output.Dir)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, f := range found {
			out[strings.TrimPrefix(f.Head.Episode.ID, front.URL)] = strings.TrimPrefix(f.Head.Source.Path, front.URL)
		}
		return out
	}
	p.run(t, wish)
	was := map[string]string{"/old/1": "/old/1", "/old/2": "/old/2?from=feed", "/old/5/old": "/old/5/old", "/9": "/9", "/old/3": "/old/3?from=feed", "/old/4": "/old/4?from=feed"}
	if diff := cmp.Diff(was, episodes()); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	at.Store("new")
	rep := p.run(t, wish)
	now := map[string]string{
		"/old/1": "/new/1", "/old/2": "/new/2?from=feed", // moved
		"/9": "/9", "http://other.example/9": "http://other.example/9", // another site's
		"/old/5/old": "/old/5/old", "/new/5/new": "/new/5/new", // a GUID that has another post now
		"/old/3": "/old/3?from=feed", "/old/4": "/old/4?from=feed", "/new/3": "/new/3?from=feed", "/new/4": "/new/4?from=feed", // one GUID for two posts says nothing
	}
	if diff := cmp.Diff(now, episodes()); diff != "" || rep.Totals.Takes > 4 { // the titles of four new ones, at the most
		t.Errorf("%d takes; (-want +got):\n%s\n%s", rep.Totals.Takes, diff, text(rep))
	}
	for range 2 {
		if rep := p.run(t, wish); states(rep) != `{"unchanged":6}` {
			t.Errorf("%s\n%s", states(rep), text(rep))
		}
	}
	if diff := cmp.Diff(now, episodes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
