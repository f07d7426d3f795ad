package cue_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/publish/cue"
)

func ExamplePlain() {
	fmt.Printf("%q\n", cue.Plain("The lamp\n  still\x00 turns. "))
	// Output:
	// "The lamp still turns."
}
