package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every language has every announcement, with what stands in it, and the
// documentation has all of them.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	english := table("en")
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "text.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range english {
		if row := "| `" + name + "` | " + text + " |"; !strings.Contains(string(page), row) {
			t.Errorf("docs/text.md has no row %s", row)
		}
	}
	files, err := tables.ReadDir("announcements")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d languages have announcements (%v)", len(files), err)
	}
	for _, file := range files {
		language := strings.TrimSuffix(file.Name(), ".yaml")
		own := table(language)
		if len(own) != len(english) {
			t.Errorf("%s has %d announcements, English %d", language, len(own), len(english))
		}
		for name, text := range english {
			want, got := placeholder().FindAllString(text, -1), placeholder().FindAllString(own[name], -1)
			slices.Sort(want)
			slices.Sort(got)
			if own[name] == "" || !slices.Equal(want, got) {
				t.Errorf("%s: %s is %q, in English %q", language, name, own[name], text)
			}
		}
	}
}

func TestTheOpeningIsOfTheLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"": "T. By Jo.", "de": "T. Von Jo.", "es-MX": "T. Por Jo.", "xx": "T. By Jo."} {
		b := brief()
		b.Author, b.Language = "Jo", language
		s, _ := plan(t, "# T\n\nA.", b)
		if got := s.Chapters[0].Segments[0].Text; got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
	}
}
