package pipeline_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// TestProduceURL makes an episode of a page, whose title changes between two
// visits and whose address is not the canonical one.
func TestProduceURL(t *testing.T) {
	t.Parallel()
	var title atomic.Value
	title.Store("The Keeper of the Lamp")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><title>%s</title><link rel="canonical" href="https://letters.example/keeper"></head>
<body><nav>Home</nav><article><p>Nobody lives at the point now.</p></article><!-- %s --></body></html>`, title.Load(), r.URL)
	}))
	t.Cleanup(s.Close)
	dir := folder(t, map[string]string{"narrapress.yaml": show})
	p := press(t, dir)
	made := func(query string) *pipeline.Result {
		t.Helper()
		res, err := p.Produce(t.Context(), pipeline.Order{Source: s.URL + "/p/1?" + query})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	first := made("a")
	if first.Episode.ID != "https://letters.example/keeper" || first.Episode.Title != "The Keeper of the Lamp" || filepath.Base(first.Dir) != "the-keeper-of-the-lamp" {
		t.Errorf("the episode is %q, %q in %s", first.Episode.ID, first.Episode.Title, first.Dir)
	}
	m, err := publish.ReadManifest(first.Dir)
	if err != nil || m.Source.Path != s.URL+"/p/1?a" || len(m.Source.SHA256) != 64 {
		t.Errorf("the manifest's source is %+v, %v", m.Source, err)
	}
	if again := made("a"); !again.Unchanged {
		t.Error("the same page was made again")
	}
	title.Store("The Last Keeper")
	if again := made("b"); again.Dir != first.Dir || again.Episode.Title != "The Last Keeper" {
		t.Errorf("a new title made a second episode: %s", again.Dir)
	}
	if _, err := p.Plan(t.Context(), pipeline.Order{Source: "http://127.0.0.1:1/"}); err == nil || !strings.Contains(err.Error(), "cannot be reached: connection refused") {
		t.Errorf("nobody listens: %v", err)
	}
}
