package desk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLongScript begins the page of a long text before it is read: what a person
// gets is what a script gets, whose page is made whole. What is wrong with the text
// is told in the page, or with a status where nothing was begun.
func TestLongScript(t *testing.T) {
	t.Parallel()
	p, address, _, _ := began(t, map[string]string{
		"narrapress.yaml": show,
		"long.md":         long(300),
		"marks.md":        "---\ntitle: Marks <b>\n---\n\n" + strings.Repeat("… – —\n\n", 16<<10),
	})
	page := func(source string, headers ...string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+river+"script?source="+source, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		status, body, _ := asked(t, req)
		return status, body
	}
	person := []string{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
	if info, err := os.Stat(filepath.Join(p.dir, "long.md")); err != nil || info.Size() < 64<<10 {
		t.Fatalf("the text is not long: %v %v", info, err)
	}
	status, begun := page("long.md", person...)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, begun)
	}
	if _, whole := page("long.md"); whole != begun {
		t.Errorf("a page that is begun is %d bytes, and one that is made whole %d", len(begun), len(whole))
	}
	for _, want := range []string{"<title>A long letter – The River</title>", "<h1>A long letter</h1>", `<li id="s500"`} {
		if want = strings.ReplaceAll(want, "–", "&#8211;"); !strings.Contains(begun, want) {
			t.Errorf("no %s", want)
		}
	}
	if at, rows := strings.Index(begun, `<aside id="panel"`), strings.Index(begun, `<div class="head">`); at < 0 || at > rows {
		t.Errorf("what rests on the text comes first: %d, %d", at, rows)
	}

	const reason = "has nothing to speak"
	status, body := page("marks.md", person...)
	if status != http.StatusOK || !strings.Contains(body, reason) || !strings.HasSuffix(body, "</html>\n") || strings.Contains(body, `id="script"`) {
		t.Errorf("begun, of what has nothing to speak: %d %s", status, body[max(0, len(body)-300):])
	}
	if strings.Contains(body, "<b>") && strings.Contains(body, "Marks <b>") {
		t.Error("its title is in the page as it is")
	}
	if status, body := page("marks.md", append(person, "Narrapress-Desk", "1")...); status != http.StatusUnprocessableEntity || !strings.Contains(body, reason) {
		t.Errorf("a script is told of it with %d: %s", status, body)
	}
	if status, _ := page("none.md", person...); status != http.StatusNotFound {
		t.Errorf("what is not there: %d", status)
	}
}
