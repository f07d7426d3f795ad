package normalize

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

// fragments are what generated texts are made of: signs and words of every
// class, whole and broken.
var fragments = []string{
	"word", "Dr.", "St.", "No.", "May", "Jan.", "Mon", "BC", "AD", "am", "p.m.", "EST", "km", "km/h", "m²", "kg", "in", "ft", "%", "$", "€", "£",
	"US$", "USD", "¢", "5", "12", "1999", "2026", "1,234", "3.14", ".5", "1/2", "½", "10:30", "-", "–", "—", "/", ":", "x", "×", "+", "=", "<", ">",
	"±", "°", "'", "\"", "“", "”", "(", ")", "[", "]", "[^1]", "[12]", "](", "](http://a.bc)", "http://", "https://x.yz/q?a=b", "www.a.com",
	"bob@x.com", "#tag", "@me", "a_b", "**", "*", "_", "`", "~~", "&", "&amp;", "&lt;", "<b>", "</b>", "|", "$$", "\\(", "\\)", "^2", "²", "₂", "π",
	"→", "II", "IV", "xii", "CEOs", "US", "FBI", "AT&T", "k", "m", "bn", "million", "first", "and", "to", ".", ",", ";", "!", "?", "…", "\n", " ",
	" ", " ", " ", "\u00a0", "\u200b", "\u00ad", "é", "ß", "日本", "👍", "i.e.", "e.g.", "v1.2", "H2O", "0x1F", "1e9", "z. B.", "3.", "Uhr",
}

// generated is a text of n fragments.
func generated(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(fragments[r.IntN(len(fragments))])
		if r.IntN(2) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Edits are in order, within bounds and apart; words of letters stay unless an
// edit has them; markup of links, notes and entities reaches nobody.
func TestProperties(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	full, light, german := New("en-US", Full), New("en-GB", Light), New("de", Full)
	again, texts := 0, 4000
	for range texts {
		text := generated(r, 1+r.IntN(12))
		for _, n := range []*Normalizer{full, light, german} {
			got := n.Text(text)
			aligned(t, text, got)
			keptLetters(t, text, got)
		}
		said := full.Text(text).Text
		for _, left := range []string{"http://", "https://", "](http", "[^1", "&amp;", "&lt;", "<b>", "</b>"} {
			if strings.Contains(said, left) {
				t.Errorf("%q: %q is left in %q", text, left, said)
			}
		}
		if full.Text(said).Text != said {
			again++
		}
	}
	// Texts like these are nobody's: what a reading makes touches what was not
	// read far more often than in prose.
	if again > texts/10 {
		t.Errorf("%d of %d texts change when they are said again", again, texts)
	}
	t.Logf("%d of %d texts change when they are said again", again, texts)
}

// No word that stands alone and outside of every edit is changed.
func TestWordsStay(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	n := New("en", Full)
	for range 2000 {
		text := "Quixotic " + generated(r, 1+r.IntN(8)) + " zephyrs"
		got := n.Text(text).Text
		if !strings.HasPrefix(got, "Quixotic") || !strings.HasSuffix(strings.TrimRightFunc(got, unicode.IsSpace), "zephyrs") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// BenchmarkHostile reads a quarter of a megabyte of one sign after another.
func BenchmarkHostile(b *testing.B) {
	n := New("en", Full)
	for _, unit := range []string{"1", "1.", "1/", "1-", "$", "$1,", "[a](", "| ", "1:", "A-", "&"} {
		text := strings.Repeat(unit, 1<<18/len(unit))
		b.Run(unit, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				n.Text(text)
			}
		})
	}
}
