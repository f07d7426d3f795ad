package feed

import (
	"html"
	"testing"
)

// TestCut cuts between words where one ends near enough, and never leaves more than
// there is room for.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		most       int
		want       string
	}{
		{"as long as may be", "alpha beta", 10, "alpha beta"},
		{"behind a word", "alpha beta gamma", 13, "alpha beta…"},
		{"in a word", "alpha beta gamma", 15, "alpha beta…"},
		{"in the word of another line", "alpha beta\ngamma", 15, "alpha beta…"},
		{"in a word that most would go with", "a comprehensible word", 13, "a comprehe…"},
		{"in one word", "incomprehensibilities", 10, "incompr…"},
		{"escaped", "R & D & S & T", 17, "R & D…"},
		{"letters of three bytes", "日本語のお話", 11, "日本…"},
		{"room for nothing", "alpha", 3, ""},
	} {
		if got := cut(tt.text, tt.most); got != tt.want || len(html.EscapeString(got)) > tt.most {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
