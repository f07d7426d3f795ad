package record

import (
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
	"github.com/narrapress/narrapress/voices"
)

// Spell puts a text into words, as a voices.Speller: one who listens may write
// as a number what was sent as words, and the other way round.
func Spell(text, language string) (string, []voices.Spelling) {
	if language == "" {
		language = "en"
	}
	said := normalize.New(language, normalize.Full).Text(text)
	return said.Text, spellings(text, said.Edits)
}

// spellings are how what is said otherwise is written.
func spellings(written string, edits []script.Edit) []voices.Spelling {
	var out []voices.Spelling
	longer := 0 // what is said is, up to here
	for _, e := range edits {
		if e.To > len(written) {
			return nil // they are of another text
		}
		from := e.From + longer
		out = append(out, voices.Spelling{From: from, To: from + len(e.Spoken), Written: written[e.From:e.To]})
		longer += len(e.Spoken) - (e.To - e.From)
	}
	return out
}
