package web_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/web"
)

// A feed that is written anew while the clock goes back is another one, also for who
// asks by the time of the one before.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	cfg := newShow(t, "show")
	server := web.New(&house{shows: []*config.Config{cfg}}, web.Options{})
	before := ask(t, server, "GET", "/feed.xml").Header.Get("Last-Modified")
	if same := ask(t, server, "GET", "/feed.xml", "If-Modified-Since: "+before); same.StatusCode != 304 {
		t.Errorf("unchanged since %s: %d", before, same.StatusCode)
	}
	path := filepath.Join(cfg.Output.Dir, "feed.xml")
	put(t, path, "<rss>new</rss>")
	back := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, back, back); err != nil {
		t.Fatal(err)
	}
	res := ask(t, server, "GET", "/feed.xml", "If-Modified-Since: "+before)
	if text := body(t, res); res.StatusCode != 200 || text != "<rss>new</rss>" {
		t.Errorf("written anew an hour before: %d %q", res.StatusCode, text)
	}
}
