package desk_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// asked is what a server answered.
func asked(t *testing.T, req *http.Request) (status int, body string, header http.Header) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	status, body, _ := asked(t, req)
	return status, body
}

func post1(t *testing.T, address string, fields map[string]string, headers ...string) (int, string) {
	t.Helper()
	v := url.Values{}
	for k, s := range fields {
		v.Set(k, s)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Narrapress-Desk", "1")
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	status, body, _ := asked(t, req)
	return status, body
}

const river = "/desk/the-river/"

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	p, address, endpoint, _ := began(t, map[string]string{
		"narrapress.yaml": show, "posts/bridge.md": post, "out/old/notes.md": "# Not a text of the show\n\nWords.\n",
		".hidden/a.md": "# Hidden\n\nWords.\n", "secret.yaml": "a: b\n",
	})
	outside := filepath.Join(t.TempDir(), "outside.md")
	if err := os.WriteFile(outside, []byte("# Outside\n\nA secret.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(p.dir, "posts", "link.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(p.dir, "posts", "folder")); err != nil {
		t.Fatal(err)
	}
	script := address + river + "script?source="
	if status, _ := get(t, script+"posts/bridge.md"); status != http.StatusOK {
		t.Fatalf("the text itself: %d", status)
	}
	for _, name := range []string{
		"../outside.md", outside, "posts/../../outside.md", "posts/link.md", "posts/folder/outside.md", "out/old/notes.md", ".hidden/a.md", "secret.yaml",
		"narrapress.yaml", "posts", "", "/etc/passwd", "posts/bridge.md\x00", "posts//bridge.md", `posts\bridge.md`, "C:/windows/win.ini", "http://river.example/a.md", "-",
	} {
		if status, body := get(t, script+url.QueryEscape(name)); status != http.StatusNotFound || strings.Contains(body, "A secret") {
			t.Errorf("%q: %d %.80s", name, status, body)
		}
	}
	for _, at := range []string{
		"take/" + strings.Repeat("0", 64), "take/..%2f..%2fnarrapress.yaml", "take/ABC", "wave/zz", "release/..", "release/%2e%2e%2fposts", "release/.held",
		"file/bridge/manifest.json", "file/..%2f/narrapress.yaml", "nothing", "../_/../desk.go",
	} {
		if status, _ := get(t, address+river+at); status < 300 || status >= 500 {
			t.Errorf("%s: %d", at, status)
		}
	}
	if status, _ := get(t, address+"/desk/_/../desk.go"); status == http.StatusOK {
		t.Error("a file of the program is served")
	}

	edit := map[string]string{"source": "posts/bridge.md", "segment": "2", "say": "Other words are spoken here."}
	for _, c := range []struct {
		name    string
		headers []string
	}{
		{"another site's page", []string{"Origin", "https://evil.example"}},
		{"another port's page", []string{"Origin", "http://localhost:1"}},
		{"a frame of another site", []string{"Sec-Fetch-Site", "cross-site"}},
		{"a name that was bound anew", []string{"Host", "evil.example"}},
		{"a proxy speaks for somebody", []string{"X-Forwarded-For", "192.0.2.1"}},
	} {
		if status, body := post1(t, address+river+"edit", edit, c.headers...); status != http.StatusForbidden {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
	}
	for name, c := range map[string]struct {
		at     string
		fields map[string]string
		status int
	}{
		"a page that is old":       {"edit", map[string]string{"segment": "2", "was": "What the page shows.", "say": "x y z"}, http.StatusConflict},
		"no such segment":          {"edit", map[string]string{"segment": "99", "say": "x"}, http.StatusConflict},
		"no number":                {"edit", map[string]string{"segment": "two", "say": "x"}, http.StatusBadRequest},
		"no words":                 {"edit", map[string]string{"segment": "2", "say": " "}, http.StatusUnprocessableEntity},
		"a voice that is not":      {"edit", map[string]string{"segment": "2", "voice": "nobody"}, http.StatusUnprocessableEntity},
		"a pause of a day":         {"edit", map[string]string{"segment": "2", "pause": "86400"}, http.StatusUnprocessableEntity},
		"longer than is spoken":    {"edit", map[string]string{"segment": "2", "say": strings.Repeat("word ", 5000)}, http.StatusUnprocessableEntity},
		"a body that is too large": {"edit", map[string]string{"segment": "2", "say": strings.Repeat("x", 2<<20)}, http.StatusRequestEntityTooLarge},
		"a word without a sound":   {"word", map[string]string{"segment": "2", "word": "river"}, http.StatusUnprocessableEntity},
		"a sound without a word":   {"word", map[string]string{"segment": "2", "say": "river"}, http.StatusUnprocessableEntity},
		"a scope that is none":     {"word", map[string]string{"segment": "2", "word": "river", "say": "ribber", "keep": "1", "scope": "world"}, http.StatusBadRequest},
		"a hundred segments":       {"speak", map[string]string{"segment": "1", "count": "100"}, http.StatusBadRequest},
		"a role that is none":      {"cast", map[string]string{"voice": "second", "role": "king"}, http.StatusUnprocessableEntity},
		"a level that is none":     {"joints", map[string]string{"audio.loudness": "5"}, http.StatusUnprocessableEntity},
	} {
		c.fields["source"] = "posts/bridge.md"
		if status, body := post1(t, address+river+c.at, c.fields); status != c.status {
			t.Errorf("%s: %d %.200s", name, status, body)
		}
	}
	if _, err := os.Stat(filepath.Join(p.dir, "posts", "bridge.md.narrapress.yaml")); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if n := endpoint.Stats().Requests; n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// TestHostileText looks whether what is written in a text stays words.
func TestHostileText(t *testing.T) {
	t.Parallel()
	_, address, _, _ := began(t, map[string]string{
		"narrapress.yaml":    show,
		"a\"><img src=x>.md": "---\ntitle: '<script>alert(1)</script>'\n---\n\n# </title><script>alert(2)</script>\n\nHe wrote `<img src=x onerror=alert(3)>` and \"quoted\" it, </p></li></ol><script>alert(4)</script> on the wall.\n",
	})
	for _, at := range []string{"", "script?source=" + url.QueryEscape("a\"><img src=x>.md"), "audition?text=" + url.QueryEscape("</textarea><script>alert(5)</script>"), "?q=" + url.QueryEscape("\"><script>alert(6)</script>"), "runs", "joints?kept=" + url.QueryEscape("<script>alert(7)</script>")} {
		status, body := get(t, address+river+at)
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
			t.Errorf("%s: %d: it is in the page as it is", at, status)
		}
	}
}

// TestRetakeThatFails leaves everything as it was.
func TestRetakeThatFails(t *testing.T) {
	t.Parallel()
	fails := make(chan bool, 1)
	endpoint, err := voicetest.New(t.Context(), voicetest.Options{Faults: func(int) voicetest.Fault {
		select {
		case <-fails:
			fails <- true
			return voicetest.Status(http.StatusUnauthorized, "invalid_request_error", "invalid_api_key", "no credit")
		default:
			return nil
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer endpoint.Close()
	at, err := endpoint.Start("")
	if err != nil {
		t.Fatal(err)
	}
	p, address, _, _ := began(t, map[string]string{"narrapress.yaml": strings.ReplaceAll(show, "ENDPOINT", at), "posts/bridge.md": post})
	segment := map[string]string{"source": "posts/bridge.md", "segment": "2"}
	if status, body := post1(t, address+river+"speak", segment); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	fails <- true
	segment["retake"] = "1"
	if status, body := post1(t, address+river+"speak", segment); status != http.StatusUnprocessableEntity || !strings.Contains(body, "no credit") {
		t.Errorf("%d %s", status, body)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "posts", "bridge.md.narrapress.yaml")); !os.IsNotExist(err) {
		t.Errorf("an edit was written for a take that there is not: %v", err)
	}
	status, body := get(t, address+river+"takes?source=posts/bridge.md&segment=2")
	if status != http.StatusOK || strings.Count(body, `"stored":true`) != 1 {
		t.Errorf("%d %s", status, body)
	}
}

// TestCap keeps the desk to what the show may spend.
func TestCap(t *testing.T) {
	t.Parallel()
	_, address, endpoint, _ := began(t, map[string]string{"narrapress.yaml": show + "limits: {cost: {day: 0.003}}\n", "posts/bridge.md": post})
	last := 0
	for n := 1; n <= 5; n++ {
		status, body := post1(t, address+river+"speak", map[string]string{"source": "posts/bridge.md", "segment": strconv.Itoa(n)})
		if status != http.StatusOK {
			if !strings.Contains(body, "limits.cost.day") {
				t.Errorf("%d %s", status, body)
			}
			break
		}
		last = n
	}
	if last == 0 || last == 5 || endpoint.Stats().Requests != last {
		t.Errorf("%d segments were spoken by %d requests", last, endpoint.Stats().Requests)
	}
}

// TestEditBesideARequest writes an edit while an endpoint takes its time for what
// another page asked of it.
func TestEditBesideARequest(t *testing.T) {
	t.Parallel()
	const delay = 4 * time.Second
	endpoint, err := voicetest.New(t.Context(), voicetest.Options{Delay: delay})
	if err != nil {
		t.Fatal(err)
	}
	defer endpoint.Close()
	at, err := endpoint.Start("")
	if err != nil {
		t.Fatal(err)
	}
	p, address, _, _ := began(t, map[string]string{"narrapress.yaml": strings.ReplaceAll(show, "ENDPOINT", at), "posts/bridge.md": post})
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, fields := range []map[string]string{
		{"segment": "3", "word": "Szilard", "say": "SILL-ard"},
		{"segment": "4"},
	} {
		what := map[bool]string{true: "word", false: "speak"}[fields["word"] != ""]
		fields["source"] = "posts/bridge.md"
		wg.Go(func() {
			if status, body := post1(t, address+river+what, fields); status != http.StatusOK {
				t.Errorf("%s: %d %.200s", what, status, body)
			}
		})
	}
	for endpoint.Stats().Requests < 2 {
		time.Sleep(10 * time.Millisecond)
	}
	edit := map[string]string{"source": "posts/bridge.md", "segment": "2", "say": "Other words are spoken here."}
	if status, body := post1(t, address+river+"edit", edit); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if endpoint.Stats().Answered == 2 {
		t.Error("the edit waited for the endpoint")
	}
	if b, err := os.ReadFile(filepath.Join(p.dir, "posts", "bridge.md.narrapress.yaml")); err != nil || !strings.Contains(string(b), "Other words") || strings.Contains(string(b), "SILL-ard") {
		t.Errorf("%v\n%s", err, b)
	}
}

// TestWordsThatAreThere keeps a word whose entry in the show's lexicon says more than
// how it sounds, or that stands elsewhere, too.
func TestWordsThatAreThere(t *testing.T) {
	t.Parallel()
	lexicon := "version: 1\nwords:\n  Szilard: {say: X, case: exact, note: asked him} # by letter\n  Noether: [{say: Y, language: de}, Z]\n  Leo: L # his uncle's\n"
	p, address, _, _ := began(t, map[string]string{
		"narrapress.yaml": show + "lexicon: [lexicon.yaml]\n", "posts/bridge.md": post, "lexicon.yaml": lexicon,
		"posts/bridge.md.narrapress.yaml": "version: 1\nlexicon:\n  Leo: M\n",
	})
	keep := func(segment, word, say, scope string) (int, string) {
		return post1(t, address+river+"word", map[string]string{"source": "posts/bridge.md", "segment": segment, "word": word, "say": say, "scope": scope, "keep": "1"})
	}
	if status, body := keep("3", "Szilard", "SILL-ard", "show"); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	if status, body := keep("5", "Noether", "NUR-ter", "show"); status != http.StatusConflict || !strings.Contains(body, "by hand") {
		t.Errorf("an entry of two: %d %s", status, body)
	}
	if status, body := keep("3", "Leo", "LEE-oh", "show"); status != http.StatusOK || !strings.Contains(body, "LEE-oh") {
		t.Errorf("a word that the episode had otherwise: %d", status)
	}
	want := "version: 1\nwords:\n  Szilard: {say: SILL-ard, case: exact, note: asked him} # by letter\n  Noether: [{say: Y, language: de}, Z]\n  Leo: LEE-oh # his uncle's\n"
	if b, err := os.ReadFile(filepath.Join(p.dir, "lexicon.yaml")); err != nil || string(b) != want {
		t.Errorf("%v\n%s", err, b)
	}
	if status, body := post1(t, address+river+"word", map[string]string{"source": "posts/bridge.md", "segment": "3", "word": "Leo", "forget": "1"}); status != http.StatusOK || strings.Contains(body, "LEE-oh") {
		t.Errorf("forgotten: %d", status)
	}
	if status, body := post1(t, address+river+"word", map[string]string{"source": "posts/bridge.md", "segment": "3", "word": "Leo", "forget": "1"}); status != http.StatusUnprocessableEntity {
		t.Errorf("forgotten twice: %d %s", status, body)
	}
}

// TestLeftOut puts a segment back that was left out.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	p, address, _, _ := began(t, map[string]string{"narrapress.yaml": show, "posts/bridge.md": post})
	said := "It had never occurred to me that anybody would read it."
	if status, body := post1(t, address+river+"edit", map[string]string{"source": "posts/bridge.md", "segment": "4", "skip": "1"}); status != http.StatusOK || strings.Contains(body, said) {
		t.Fatalf("%d: it is there still", status)
	}
	if status, body := get(t, address+river+"diff?source=posts/bridge.md"); status != http.StatusOK || !strings.Contains(body, said) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := post1(t, address+river+"edit", map[string]string{"source": "posts/bridge.md", "origin": "4", "was": said}); status != http.StatusOK || !strings.Contains(body, said) {
		t.Errorf("%d: it is not back", status)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "posts", "bridge.md.narrapress.yaml")); !os.IsNotExist(err) {
		t.Errorf("an overlay without edits is left: %v", err)
	}
}
