package lexicon_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// said is the text as it is said, phonemes in braces.
func said(text string, edits []lexicon.Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.From] + e.Spoken)
		if e.Phoneme != "" {
			b.WriteString("{" + e.Phoneme + "}")
		}
		at = e.To
	}
	return b.String() + text[at:]
}

func names(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, err := lexicon.Load(context.Background(), "testdata/names.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func anything(string) bool { return true }

func TestApply(t *testing.T) {
	t.Parallel()
	l := names(t)
	for _, tt := range []struct {
		name, text, want string
		f                lexicon.For
	}{
		{"word", "It was Szilard.", "It was SIL-ard.", lexicon.For{}},
		{"possessive", "Szilard's idea, Szilard’s letter", "SIL-ard's idea, SIL-ard's letter", lexicon.For{}},
		{"plural", "the Szilards came", "the SIL-ards came", lexicon.For{}},
		{"plural possessive", "the Szilards’ house", "the SIL-ards’ house", lexicon.For{}},
		{"quoted", "‘Szilard’", "‘SIL-ard’", lexicon.For{}},
		{"capitals", "SZILARD, szilard", "SIL-ard, szilard", lexicon.For{}},
		{"short word is no acronym", "AIDS and Aids", "AIDS and aydz", lexicon.For{}},
		{"not inflected", "US and USs and us", "U S and USs and us", lexicon.For{}},
		{"lower case in any case", "Sudo SUDO sudo", "Soo-doo soo-doo soo-doo", lexicon.For{}},
		{"exact", "nginx, Nginx", "engine x, Nginx", lexicon.For{}},
		{"any", "Linux, LINUX", "LIN-ux, LIN-ux", lexicon.For{}},
		{"inside a word", "pseudosudo sudoku sudo_x can'tSzilard Szilardian", "pseudosudo sudoku sudo_x can'tSzilard Szilardian", lexicon.For{}},
		{"in a compound", "Szilard–Chalmers, pre-Szilard", "SIL-ard–Chalmers, pre-SIL-ard", lexicon.For{}},
		{"dashes", "Port‑au–Prince", "PORT oh PRANCE", lexicon.For{}},
		{"part of a name", "Port au Prince", "Port au Prince", lexicon.For{}},
		{"white space", "Notre\n\u00a0Dame", "Noh-ter DAHM", lexicon.For{}},
		{"apostrophes", "O’Brien's, O'Brien", "Oh-BRY-un's, oh-BRY-un", lexicon.For{}},
		{"decomposed", "Zoe\u0308 came, Zoe came", "ZOH-ee came, Zoe came", lexicon.For{}},
		{"invisible hyphen", "Szi\u00adlard", "SIL-ard", lexicon.For{}},
		{"signs", "C++ and C++11, .NET, ASP.NET", "C plus plus and C plus plus 11, dot net, ASP.NET", lexicon.For{}},
		{"abbreviation", "e.g. this, e.g.", "for example this, for example.", lexicon.For{}},
		{"longest", "New York Times of New York.", "The Times of noo york.", lexicon.For{}},
		{"sentence begins", "Nguyen won. Nguyen lost. “Nguyen?” asked Nguyen", "Win won. Win lost. “Win?” asked win", lexicon.For{}},
		{"language", "Notre Dame", "Noh-truh DAHM", lexicon.For{Language: "fr-CA"}},
		{"no English endings in French", "Nguyens", "Nguyens", lexicon.For{Language: "fr"}},
		{"document", "Notre Dame", "Noter DAYM", lexicon.For{Document: "sports/irish.md"}},
		{"voice", "a GIF, GIFs", "a jif, jifs", lexicon.For{Voice: "ben"}},
		{"other voice", "a GIF", "a GIF", lexicon.For{Voice: "carl"}},
		{"phoneme", "Nguyen's and Szilard", "Nguyen's{ŋwiənz} and SIL-ard", lexicon.For{Takes: anything}},
		{"phoneme that the endpoint lacks", "Nguyen", "Win", lexicon.For{Takes: func(ipa string) bool { return !strings.Contains(ipa, "ŋ") }}},
		{"phonemes alone", "the bass", "the bass{beɪs}", lexicon.For{Takes: anything}},
		{"sibilant", "basses", "basses{beɪsɪz}", lexicon.For{Takes: anything}},
		{"phonemes alone, not taken", "the bass", "the bass", lexicon.For{}},
		{"addresses", "szilard@example.com https://x.org/sudo/a www.sudo.org x.org/sudo @sudo #sudo ~/sudo/x", "szilard@example.com https://x.org/sudo/a www.sudo.org x.org/sudo @sudo #sudo ~/sudo/x", lexicon.For{}},
		{"file", "sudo.conf sudo/visudo", "sudo.conf soo-doo/visudo", lexicon.For{}},
		{"pattern", "In v12 of it, v1.2 and v3", "In version 12 of it, version 1.2 and version 3", lexicon.For{}},
		{"pattern around addresses", "v1 of https://x.org/v2 and v3, a@v4.org and v5", "version 1 of https://x.org/v2 and version 3, a@v4.org and version 5", lexicon.For{}},
		{"pattern of a language", "Lee (ret.)", "Lee, retired", lexicon.For{Language: "en"}},
		{"word before pattern", "Szilard (ret.)", "SIL-ard (ret.)", lexicon.For{Language: "en"}},
		{"not UTF-8", "Szilard\xff sudo\xc3", "SIL-ard\xff soo-doo\xc3", lexicon.For{}},
		{"nothing", "", "", lexicon.For{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edits, _ := l.Apply(tt.text, tt.f)
			if got := said(tt.text, edits); got != tt.want {
				t.Errorf("%q is said %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestUnsaid(t *testing.T) {
	t.Parallel()
	_, unsaid := names(t).Apply("Szilard's bass", lexicon.For{})
	want := []lexicon.Unsaid{{From: 10, To: 14, Entry: lexicon.Place{File: "testdata/names.yaml", Line: 20, Col: 3}}}
	if diff := cmp.Diff(want, unsaid); diff != "" {
		t.Error(diff)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	show, err := lexicon.New([]lexicon.Entry{
		{Words: "Lviv", Say: "luh-VEEV"},
		{Words: "Kyiv", Say: "KEE-yiv"},
		{Words: "Bass", Say: "BASS"},
		{Words: "Lee", Say: "lee"},
		{Words: "Lees", Say: "LEEZ", Case: lexicon.Exact},
	})
	if err != nil {
		t.Fatal(err)
	}
	voice, err := lexicon.New([]lexicon.Entry{{Words: "Lviv", Say: "l'veev"}, {Words: "Bass", IPA: "beɪs"}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Lviv and Kyiv": "L'veev and KEE-yiv", // the later one wins
		"Bass":          "BASS",               // what cannot be said gives way
		"the Lees":      "the LEEZ",           // its own entry before the plural
	} {
		edits, unsaid := lexicon.Merge(show, nil, voice).Apply(text, lexicon.For{})
		if got := said(text, edits); got != want || unsaid != nil {
			t.Errorf("%s: %q, want %q; unsaid %v", text, got, want, unsaid)
		}
	}
	var none *lexicon.Lexicon
	if edits, _ := none.Apply("Lviv", lexicon.For{}); edits != nil || none.Len() != 0 {
		t.Error("no lexicon says something")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	_, err := lexicon.New([]lexicon.Entry{{Words: "x", IPA: "ab<c", Place: lexicon.Place{File: "f", Line: 2, Col: 3}}})
	if err == nil || !strings.HasPrefix(err.Error(), "f:2:3: ") {
		t.Error(err)
	}
}

// wellFormed says what is wrong with edits of a text.
func wellFormed(text string, edits []lexicon.Edit) string {
	at := 0
	for _, e := range edits {
		switch {
		case e.From < at || e.To <= e.From || e.To > len(text):
			return "edits overlap, or are out of order or bounds"
		case e.Phoneme != "" && e.Spoken != text[e.From:e.To]:
			return "a phoneme of other words"
		case e.Spoken == "" || e.Rule != lexicon.Rule:
			return "an edit says nothing"
		}
		at = e.To
	}
	return ""
}

func FuzzApply(f *testing.F) {
	for _, s := range []string{"Szilard's Port-au-Prince", "C++11 v12 (ret.)", "e.g.", "Zoe\u0308\u00ad\xff", "@sudo/x.y#z", "的sudoส้ม", "O’Brien’s"} {
		f.Add(s, true)
	}
	l := names(f)
	f.Fuzz(func(t *testing.T, text string, takes bool) {
		who := lexicon.For{Language: "en", Voice: "anna", Document: "a/b.md"}
		if takes {
			who.Takes = anything
		}
		edits, unsaid := l.Apply(text, who)
		if why := wellFormed(text, edits); why != "" {
			t.Fatalf("%q: %s: %v", text, why, edits)
		}
		if takes && unsaid != nil {
			t.Fatalf("%q: unsaid %v", text, unsaid)
		}
		again, _ := l.Apply(text, who)
		if !slices.Equal(edits, again) {
			t.Fatalf("%q: %v, then %v", text, edits, again)
		}
	})
}
