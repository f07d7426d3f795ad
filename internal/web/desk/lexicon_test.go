package desk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLexicon lists the words of a show with their places, finds where they were
// said, and forgets them.
func TestLexicon(t *testing.T) {
	t.Parallel()
	words := "version: 1\nwords:\n  # by letter\n  Szilard: SILL-ard\n  Noether: {ipa: ˈnøːtɐ, say: NUR-ter, language: en, note: asked}\n  <b>Leo</b>: L\n"
	p, address, _, _ := began(t, map[string]string{
		"narrapress.yaml": strings.Replace(show, "voice: echo}", "voice: echo, lexicon: [own.yaml]}", 1) + "lexicon: [lexicon.yaml]\n",
		"lexicon.yaml":    words, "own.yaml": "version: 1\nwords: {river: ribber}\n", "posts/bridge.md": post,
	})
	at := address + river + "lexicon"
	status, body := get(t, at)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for _, want := range []string{"4 words", ">SILL-ard", "lexicon.yaml:4<", "lexicon.yaml:5<", "/ˈnøːtɐ/", "for en", ">asked<", "own.yaml:2<", "for second", "&lt;b&gt;Leo"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q:\n%s", want, body)
		}
	}
	if n := strings.Count(body, `aria-label="Forget `); n != 3 {
		t.Errorf("%d words can be forgotten: those of another lexicon cannot", n)
	}
	if _, body := get(t, at+"?q=sill"); strings.Count(body, "<tr><th scope=\"row\">") != 1 || !strings.Contains(body, "1 of 4") {
		t.Errorf("a word is not found:\n%s", body)
	}
	if _, body := get(t, at+"?word=Szilard"); !strings.Contains(body, "No finished episode") {
		t.Errorf("it was said nowhere yet:\n%s", body)
	}
	if status, body := post1(t, address+river+"make", map[string]string{"source": "posts/bridge.md"}); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for strings.Contains(rowOf(t, address, "posts/bridge.md"), `"state live"`) {
		time.Sleep(20 * time.Millisecond)
	}
	if _, body := get(t, at+"?word=Szilard"); !strings.Contains(body, ">A letter on the bridge</a>") || !strings.Contains(body, "In 1 segment of 1 episode") || !strings.Contains(body, "USD") {
		t.Errorf("where it was said is not told:\n%s", body)
	}
	for _, c := range []struct {
		word   string
		status int
	}{{"river", http.StatusUnprocessableEntity}, {"nobody", http.StatusUnprocessableEntity}, {"Szilard", http.StatusSeeOther}, {"Szilard", http.StatusUnprocessableEntity}, {"Noether", http.StatusSeeOther}, {"<b>Leo</b>", http.StatusSeeOther}} {
		if status, body := post1(t, at, map[string]string{"word": c.word}); status != c.status {
			t.Errorf("forgetting %s: %d %s", c.word, status, body)
		}
	}
	if _, body := get(t, at); !strings.Contains(body, "1 word") || strings.Contains(body, "SILL-ard") {
		t.Errorf("they are forgotten:\n%s", body)
	}
	if b, err := os.ReadFile(filepath.Join(p.dir, "lexicon.yaml")); err != nil || strings.Contains(string(b), "Szilard") {
		t.Errorf("%v\n%s", err, b)
	}
}
