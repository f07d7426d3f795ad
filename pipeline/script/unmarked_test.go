package script

import "testing"

// TestInlineItems divides running text where the marks of its items count up.
func TestInlineItems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, want string }{
		{"numbers", "1.) Wash it |2.) Rinse it |3.) Dry it"},
		{"letters", "a) Wash it |b) Rinse it |c) Dry it"},
		{"in brackets", "Do this: (1) Wash it (and well) |(2) Rinse it"},
		{"quoted", "1. “Wash it.” |2. “Rinse it.”"},
		{"two lists", "1. Wash |2. Rinse. 1. Dry |2. Fold"},
		{"one is left out", "1. Wash it 3. Dry it"},
		{"from two", "2. Rinse it 3. Dry it"},
		{"of another form", "1. Wash it 2) Rinse it"},
		{"in a sentence", "Wash 1. Anna 2. Ben"},
		{"of what comes before", "1. Wash it as in 2. Rinse it"},
		{"no capital", "1. wash it 2. rinse it"},
		{"decimals", "1.5 Litres 2.5 Litres"},
	} {
		text := ""
		for _, r := range tt.want {
			if r != '|' {
				text += string(r)
			}
		}
		got, at := "", 0
		for _, off := range inlineItems(text) {
			got, at = got+text[at:off]+"|", off
		}
		if got += text[at:]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
