package document

import (
	"strings"
	"testing"
)

func TestDamage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		// damage
		{"digit and letter before a word", "๐ค EveningTalks By Year", "EveningTalks By Year"},
		{"small letter after it", "๐ค lanterns shone", "lanterns shone"},
		{"touching, before", "๐คword", "word"},
		{"touching, after", "word๐ค and more", "word and more"},
		{"inside a word", "Hel๐lo there", "Hello there"},
		{"three of them", "ไทยland", "land"},
		{"a mark alone", "\u0e49 Lantern", "Lantern"},
		{"one letter before a capital", "ค Lantern", "Lantern"},
		{"letter and mark", "ค\u0e4c Lantern", "Lantern"},
		{"hebrew, touching", "אWord", "Word"},
		{"arabic, touching", "the wordذ here", "the word here"},
		{"devanagari, touching", "कhello", "hello"},
		{"on the second line", "First line here.\n๐ค Second line.", "First line here. Second line."},
		{"no-break space", "๐ค\u00a0Lantern", "Lantern"},
		// words of other scripts
		{"greek letter alone", "Ω is the last letter", "Ω is the last letter"},
		{"ohm", "3 Ω resistor", "3 Ω resistor"},
		{"touching greek", "10 μm and α-particle, βeta", "10 μm and α-particle, βeta"},
		{"micro sign", "5 µs", "5 µs"},
		{"russian word", "He said привет and left", "He said привет and left"},
		{"short russian word first", "Да Really", "Да Really"},
		{"look-alike", "pаypal", "pаypal"},
		{"thai word in the middle", "the word ไทย means Thai", "the word ไทย means Thai"},
		{"thai word first", "ไทย is a word", "ไทย is a word"},
		{"thai word before a name", "ไทย Airways", "ไทย Airways"},
		{"long thai word, touching", "สวัสดีhello", "สวัสดีhello"},
		{"hebrew letter as a subject", "א is the first letter", "א is the first letter"},
		{"arabic quotation", "He wrote “أب” on it", "He wrote “أب” on it"},
		{"in brackets", "Thailand (ไทย) and Siam", "Thailand (ไทย) and Siam"},
		{"chinese first", "茶 Means tea", "茶 Means tea"},
		{"chinese touching", "東京Tower and Tシャツ", "東京Tower and Tシャツ"},
		{"korean touching", "K-pop아이돌 fans", "K-pop아이돌 fans"},
		{"accents", "café naïve Ångström ﬁne ªº", "café naïve Ångström ﬁne ªº"},
		{"combining accent", "cafe\u0301 e\u0301clair", "cafe\u0301 e\u0301clair"},
		{"emoji and signs", "🎤Lantern €5 ½cup x² ™Word", "🎤Lantern €5 ½cup x² ™Word"},
		{"roman numeral and ohm sign", "Ⅳ Legion 5 Ω", "Ⅳ Legion 5 Ω"},
		{"far from the word", "ค  Lantern", "ค Lantern"},
		{"thai digits", "๑๒ Lanterns", "๑๒ Lanterns"},
		{"phonetic letters", "/ˈθɪŋk/ and ʃ", "/ˈθɪŋk/ and ʃ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// Enough Latin around it to be what the document is written in.
			around := "\n\nAll of the rest of this text is written with Latin letters, and nothing else is.\n"
			for _, file := range []string{"a.txt", "a.md"} {
				d := read(t, file, "In short it begins here.\n\n"+c.text+around, Options{})
				if got := Plain(d.Elements[1].Text); got != c.want {
					t.Errorf("%s: got %q, want %q", file, got, c.want)
				}
				if changed := strings.Join(strings.Fields(c.text), " ") != c.want; changed != (len(d.Findings) > 0) {
					t.Errorf("%s: findings %v", file, d.Findings)
				}
			}
		})
	}
}

func TestDamageInOtherDocuments(t *testing.T) {
	t.Parallel()
	text := "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน ๐คword สวัสดีhi"
	d := read(t, "a.txt", text, Options{})
	if got := Plain(d.Elements[0].Text); got != text || len(d.Findings) != 0 {
		t.Errorf("a Thai text was changed: %q %v", got, d.Findings)
	}
}

func TestDamageHasAPlace(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "# Title\n\nÉlan, and a *broken ๐คword* here.\n", Options{})
	want := `a.md:3:21: "๐ค" (U+0E50 U+0E04) is damage from an earlier conversion: left out`
	if len(d.Findings) != 1 || d.Findings[0].String() != want {
		t.Errorf("findings %v, want %s", d.Findings, want)
	}
}
