package record_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/record"
)

// What is heard may be written otherwise than it was sent.
func ExampleSpell() {
	said, written := record.Spell("He came in 1984.", "en-US")
	fmt.Println(said)
	for _, w := range written {
		fmt.Printf("%q was %q\n", said[w.From:w.To], w.Written)
	}
	// Output:
	// He came in nineteen eighty-four.
	// "nineteen eighty-four" was "1984"
}
