package lexicon_test

import (
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Texts that a rule could look at again and again take no longer than others.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	l := names(t)
	const size = 1 << 18
	for name, part := range map[string]string{
		"letters": "a", "dots": "a.", "umlauts": "ä", "marks": "a\u0301", "handles": "@", "paths": "/a", "spaces": " ", "begun names": "Port-au-",
		"abbreviations": "e.g. ", "quotes": "\"", "ideographs": "東", "joiners": "\u200d", "bytes": "\xff", "versions": "v1 ", "words": "Wrzeszcz'd ",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(part, size/len(part))
			began := time.Now()
			l.Apply(text+strings.Repeat(" ", size/8), lexicon.For{Language: "en"})
			survey(t, l, "en", text)
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%v for 256 KiB", took)
			} else {
				t.Log(took)
			}
		})
	}
}
