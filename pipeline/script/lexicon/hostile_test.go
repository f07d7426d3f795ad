package lexicon_test

import (
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/growth"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Texts that a rule could look at again and again take no longer than others.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	l := names(t)
	for name, part := range map[string]string{
		"letters": "a", "dots": "a.", "umlauts": "ä", "marks": "a\u0301", "handles": "@", "paths": "/a", "spaces": " ", "begun names": "Port-au-",
		"abbreviations": "e.g. ", "quotes": "\"", "ideographs": "東", "joiners": "\u200d", "bytes": "\xff", "versions": "v1 ", "words": "Wrzeszcz'd ",
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 1<<13, func(size int) func() {
				text := strings.Repeat(part, size/len(part))
				return func() {
					l.Apply(text+strings.Repeat(" ", size/8), lexicon.For{Language: "en"})
					survey(t, l, "en", text)
				}
			})
		})
	}
}
