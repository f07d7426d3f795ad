package normalize_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

func Example() {
	n := normalize.New("en-US", normalize.Full)
	spoken := n.Text("On May 5, 2026, Dr. Lee paid $2.5m; see https://example.com/report.")
	fmt.Println(spoken.Text)
	for _, e := range spoken.Edits {
		fmt.Printf("%d-%d %s\n", e.From, e.To, e.Rule)
	}
	// Output:
	// On May fifth, twenty twenty-six, Doctor Lee paid two point five million dollars; see link to example dot com.
	// 3-14 date
	// 16-19 abbreviation
	// 29-34 money
	// 40-66 url
}
