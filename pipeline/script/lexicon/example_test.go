package lexicon_test

import (
	"cmp"
	"fmt"
	"log"
	"strings"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

func Example() {
	l, err := lexicon.Read("names.yaml", strings.NewReader(`
words:
  Szilard: SIL-ard
  Siobhan: {say: shuh-VAWN, ipa: ʃəˈvɔːn}
`))
	if err != nil {
		log.Fatal(err)
	}
	const text = "Siobhan read Szilard’s letter."
	for _, takes := range []func(string) bool{nil, func(string) bool { return true }} {
		edits, _ := l.Apply(text, lexicon.For{Language: "en", Takes: takes})
		for _, e := range edits {
			fmt.Println(text[e.From:e.To], "is said", cmp.Or(e.Phoneme, e.Spoken))
		}
	}
	// Output:
	// Siobhan is said Shuh-VAWN
	// Szilard’s is said SIL-ard's
	// Siobhan is said ʃəˈvɔːn
	// Szilard’s is said SIL-ard's
}
