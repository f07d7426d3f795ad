package normalize

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/growth"
)

var update = flag.Bool("update", false, "write the answers of the program into testdata")

// TestEnglish reads testdata/en: a file for each class of signs, a line for
// each text, with a tab and what is said.
func TestEnglish(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/en", New("en-US", Full))
}

// TestLight reads testdata/light: what the light mode says.
func TestLight(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/light", New("en", Light))
}

// TestBritish reads testdata/en-gb.
func TestBritish(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/en-gb", New("en-GB", Full))
}

// TestGerman reads testdata/de.
func TestGerman(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/de", New("de", Full))
}

func golden(t *testing.T, dir string, n *Normalizer) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".tsv"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			for line := range strings.Lines(string(data)) {
				in, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
				got := n.Text(in)
				aligned(t, in, got)
				said.WriteString(in + "\t" + got.Text + "\n")
				if !*update && got.Text != want {
					t.Errorf("%q: got %q, want %q", in, got.Text, want)
				}
				if again := n.Text(got.Text).Text; again != got.Text {
					t.Errorf("%q: said again %q becomes %q", in, got.Text, again)
				}
			}
			if *update {
				if err := os.WriteFile(name, said.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// aligned checks the promise of Spoken: edits in order and without overlap,
// which with the stretches between them give the text.
func aligned(t *testing.T, source string, got Spoken) {
	t.Helper()
	var b strings.Builder
	last := 0
	for _, e := range got.Edits {
		if e.From < last || e.To < e.From || e.To > len(source) || e.Rule == "" || source[e.From:e.To] == e.Spoken {
			t.Fatalf("%q: edit %+v after byte %d", source, e, last)
		}
		b.WriteString(source[last:e.From] + e.Spoken)
		last = e.To
	}
	if b.WriteString(source[last:]); b.String() != got.Text {
		t.Fatalf("%q: edits give %q, text is %q", source, b.String(), got.Text)
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want, rule string }{
		{"soft hyphen", "hy\u00adphen", "hyphen", "invisible"},
		{"zero width space", "zero\u200bwidth", "zerowidth", "invisible"},
		{"byte order mark", "\ufeffStart", "Start", "invisible"},
		{"bidi marks", "a\u202eb\u202c", "ab", "invisible"},
		{"control", "a\x07b", "ab", "invisible"},
		{"no-break space", "a\u00a0b", "a b", "space"},
		{"ideographic space", "a\u3000b", "a b", "space"},
		{"carriage returns", "a\r\nb\rc", "a\nb\nc", "space"},
		{"line separator", "a\u2028b", "a\nb", "space"},
		{"windows apostrophe", "it\x92s", "it’s", "damaged"},
		{"latin byte", "caf\xe9", "café", "damaged"},
		{"C1 apostrophe", "it\u0092s", "it’s", "damaged"},
		{"scrambled apostrophe", "itâ€™s", "it’s", "damaged"},
		{"scrambled letter", "cafÃ©", "café", "damaged"},
		{"scrambled quotes", "â€œhiâ€\u009d", "“hi”", "damaged"},
		{"scrambled space", "aÂ\u00a0b", "a b", "damaged"},
		{"lost apostrophe", "don\ufffdt", "don’t", "damaged"},
		{"lost character", "a \ufffd b", "a  b", "damaged"},
		{"ligature", "ﬁve ﬂags", "five flags", "form"},
		{"bold letters", "𝐛𝐨𝐥𝐝", "bold", "form"},
		{"wide letters", "ＡＢ", "AB", "form"},
		{"decomposed", "cafe\u0301", "café", "form"},
		{"piled marks", "e\u0301\u0302\u0303\u0304\u0305\u0306", "é\u0302\u0303", "form"},
		{"private use", "a\ue001b", "ab", "invisible"},
		{"object", "a\ufffcb", "ab", "invisible"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, tag := range []string{"en", "de"} {
				got := New(tag, Full).Text(c.text)
				aligned(t, c.text, got)
				if !strings.EqualFold(got.Text, c.want) || len(got.Edits) == 0 || got.Edits[0].Rule != c.rule {
					t.Errorf("%s: got %q by %+v, want %q by %s", tag, got.Text, got.Edits, c.want, c.rule)
				}
			}
		})
	}
}

func TestRepairLeaves(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Plain words, with commas.", "café naïve Ångström", "Ân Â, â and Ã o", "“quotes” – dashes — and…", "👩‍👩‍👧 family", "❤️ heart",
		"می\u200cخواهم", "क्\u200dष", "日本語「です」。", "NÃO", "à la carte", "CAFÉ» said",
	} {
		if clean, edits := repair(text); clean != text || len(edits) > 0 {
			t.Errorf("%q becomes %q by %+v", text, clean, edits)
		}
	}
}

// A repair inside a reading becomes part of its edit.
func TestRepairInReading(t *testing.T) {
	t.Parallel()
	text := "It is 1\u200b5\u00a0km\u00ad away, ﬁnally 5\u00a0%."
	got := New("en", Full).Text(text)
	aligned(t, text, got)
	want := []Edit{
		{6, 15, "fifteen kilometers", "measure+invisible+space"},
		{15, 17, "", "invisible"},
		{24, 27, "fi", "form"},
		{33, 37, "five percent", "percent+space"},
	}
	if diff := cmp.Diff(want, got.Edits); diff != "" {
		t.Error(diff)
	}
	if want := "It is fifteen kilometers away, finally five percent."; got.Text != want {
		t.Errorf("got %q, want %q", got.Text, want)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	text := "Pay\u200b $5 at https://example.com"
	for mode, want := range map[Mode]string{
		Full: "Pay five dollars at link to example dot com", Light: "Pay $5 at link to example dot com", Off: text,
	} {
		if got := New("en", mode).Text(text).Text; got != want {
			t.Errorf("%s: got %q, want %q", mode, got, want)
		}
	}
}

func TestOtherLanguages(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"fr", "es-MX", "ja", "", "english"} {
		if _, ok := For(tag); ok {
			t.Errorf("%q has rules", tag)
		}
		if got := New(tag, Full).Text("5 km le 3.4.2021\u200b").Text; got != "5 km le 3.4.2021" {
			t.Errorf("%q: got %q", tag, got)
		}
	}
	for tag, want := range map[string]string{"en": "en", "EN_us": "en-US", "en-GB": "en-GB"} {
		if l, ok := For(tag); !ok || l.Tag() != want {
			t.Errorf("%q: got %v", tag, l)
		}
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	text := "AT&T has 5 of 5"
	got := New("en", Full).Text(text, Span{0, 4}, Span{14, 15})
	aligned(t, text, got)
	if want := "AT&T has five of 5"; got.Text != want {
		t.Errorf("got %q, want %q", got.Text, want)
	}
}

// Words without signs pass through unchanged.
func TestProse(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := New("en", Full).Text(string(data)); len(got.Edits) > 0 {
		t.Errorf("plain prose is changed: %+v", got.Edits)
	}
}

// The time of reading grows with the text, not with its square.
func TestLinear(t *testing.T) {
	t.Parallel()
	n := New("en", Full)
	for _, unit := range []string{
		"1", "1,000,", "1.", "1-", "1/", "1:", "a.", "a-", "a@", "a_", "#a", "[1", "((", "\"1", "$", "$1-", "www.", "&a", "e.g.", "I ", "II ",
		"|", "| ", "$a", "$$", "[a](b.c", "![", "·", "1·", "x10^", "1e5", "π", "(iii)", "A-", "C:\\", "mailto:", "://", "CEOs ", "US ", "1 Cor. ",
		"Jan-", "Mon-", "10k-", "1 BC-", "1 May-", "May 1-", "N·m", "0x", "120/80 ", "Co. ", "Boston, Mass. ", "km²/", "/", "€", "–", ".", ":", "1k", "§",
		"<b", "'", "1'", "-1", "--", "a1", "é1", "\u200b1", "Jan ", "1 ", "St. ", "*", "=", "1=", "1,00,", "1 200 ", "1 200-", "1K ", "3/17-", "\u0301", "5 km ", "x^", "Â", "1–", "No. ",
	} {
		t.Run(unit, func(t *testing.T) {
			growth.Linear(t, 1<<12, func(size int) func() {
				text := strings.Repeat(unit, size/len(unit))
				return func() { n.Text(text) }
			})
		})
	}
}

func FuzzText(f *testing.F) {
	files, err := filepath.Glob("testdata/en/*.tsv")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			in, _, _ := strings.Cut(line, "\t")
			f.Add(in)
		}
	}
	f.Add("a\xff\u200b1\u0301 \r5\u00a0km\u00ad")
	full, light, other := New("en", Full), New("en-GB", Light), New("de", Full)
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range []*Normalizer{full, light, other} {
			got := n.Text(text)
			aligned(t, text, got)
			if !utf8.ValidString(got.Text) {
				t.Errorf("%q becomes %q", text, got.Text)
			}
			keptLetters(t, text, got)
		}
	})
}

// keptLetters checks that no word of letters alone is dropped.
func keptLetters(t *testing.T, text string, got Spoken) {
	t.Helper()
	for _, e := range got.Edits {
		rule, _, _ := strings.Cut(e.Rule, "+")
		switch rule {
		case "url", "citation", Markup: // targets and marks
			continue
		}
		if e.Spoken == "" && strings.ContainsFunc(text[e.From:e.To], func(r rune) bool { return r < 0x80 && alpha(byte(r)) }) {
			t.Errorf("%q: %q is dropped by %s", text, text[e.From:e.To], e.Rule)
		}
	}
}

func BenchmarkText(b *testing.B) {
	prose, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	mixed := string(prose) + " On May 5, 2020, Dr. Lee paid $2.5m for 3/4 of 1,000 km² at 10:30am; see https://example.com (No. 5, 10–20%)."
	for name, text := range map[string]string{"prose": string(prose), "mixed": mixed, "numbers": "In 1999, 10-20% of $5m (3/4) by 10:30. "} {
		text = strings.Repeat(text, 1<<20/len(text)+1)[:1<<20]
		b.Run(name, func(b *testing.B) {
			n := New("en", Full)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				n.Text(text)
			}
		})
	}
}
