package publish_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	tests := []struct {
		title, want string
	}{
		{"On Presses", "on-presses"},
		{"  What's new?! (2026) ", "whats-new-2026"},
		{"It’s a trap", "its-a-trap"},
		{"Café — crème brûlée", "cafe-creme-brulee"},
		{"Straße nach Łódź", "strasse-nach-lodz"},
		{"STRASSE ẞ Æther Œuvre", "strasse-ss-aether-oeuvre"},
		{"Smørrebrød på Ísafjörður", "smorrebrod-pa-isafjordur"},
		{"İstanbul ılık", "istanbul-ilik"},
		{"Щука и Ёж", "shchuka-i-ezh"},
		{"Київ: місто", "kiiv-misto"},
		{"Ελληνικός λόγος", "ellinikos-logos"},
		{"½ price ①", "1-2-price-1"},
		{"🎙 emoji 🎙", "emoji"},
		{"第3話", "3-b3a0c7f8"},
		{"汉字", "episode-00e5d560"},
		{"", "episode-e3b0c442"},
		{"...", "episode-ab5df625"},
		{"../../etc/passwd", "etc-passwd"},
		{`C:\con`, "c-con"},
		{"CON", "episode-con"},
		{"nul", "episode-nul"},
		{"com¹", "episode-com1"},
		{"lpt9", "episode-lpt9"},
		{"com10", "com10"},
		{"conscience", "conscience"},
		{"-rf", "rf"},
		{"a\x00b\nc", "a-b-c"},
		{strings.Repeat("a", 100), strings.Repeat("a", 80)},
		{strings.Repeat("word ", 30), strings.Repeat("word-", 15) + "word"},
		{strings.Repeat("x", 79) + " yz", strings.Repeat("x", 79)},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%.20q", tt.title), func(t *testing.T) {
			t.Parallel()
			if got := publish.Slug(tt.title); got != tt.want {
				t.Errorf("Slug(%q) = %q, want %q", tt.title, got, tt.want)
			}
		})
	}
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	device   = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
)

func checkSlug(t *testing.T, title string) {
	t.Helper()
	slug := publish.Slug(title)
	if !slugForm.MatchString(slug) || len(slug) > 80 || device.MatchString(slug) {
		t.Errorf("Slug(%q) = %q", title, slug)
	}
	if again := publish.Slug(slug); again != slug {
		t.Errorf("the slug of the slug %q is %q", slug, again)
	}
	taken := map[string]bool{}
	for range 12 {
		name := publish.UniqueSlug(slug, func(s string) bool { return taken[s] })
		if taken[name] || !slugForm.MatchString(name) || len(name) > 80 {
			t.Errorf("UniqueSlug(%q) = %q", slug, name)
		}
		taken[name] = true
	}
}

func TestSlugProperties(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	alphabets := []func() rune{
		func() rune { return rune(rng.IntN(0x80)) },
		func() rune { return rune(rng.IntN(0x600)) },
		func() rune { return rune(rng.IntN(0x110000)) },
		func() rune { return []rune("conpraul0123456789¹²³-. ")[rng.IntN(24)] },
	}
	for range 5000 {
		letter := alphabets[rng.IntN(len(alphabets))]
		title := make([]rune, rng.IntN(120))
		for i := range title {
			title[i] = letter()
		}
		checkSlug(t, string(title))
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("On Presses")
	f.Add("com\u00b9")
	f.Fuzz(checkSlug)
}

func ExampleUniqueSlug() {
	taken := map[string]bool{"on-presses": true}
	fmt.Println(publish.UniqueSlug(publish.Slug("On Presses"), func(s string) bool { return taken[s] }))
	// Output: on-presses-2
}
