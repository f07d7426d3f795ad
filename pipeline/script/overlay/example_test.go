package overlay_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

func Example() {
	plan := func(post string) *script.Script {
		doc, err := document.Read(context.Background(), "keeper.md", strings.NewReader(post), document.Options{})
		if err != nil {
			panic(err)
		}
		s, _, err := script.Plan(doc, script.Brief{Options: script.Defaults(), Pauses: script.DefaultPauses(), Language: "en"})
		if err != nil {
			panic(err)
		}
		return s
	}
	edits, err := overlay.Read("keeper.md.narrapress.yaml", strings.NewReader(`version: 1
edits:
  - on: The lamp turned all night.
    say: The lamp turned, all night.
    voice: second
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, post := range []string{
		"# The Keeper\n\nThe lamp turned all night.\n",
		"# The Keeper\n\nHe slept.\n\nThe lamp turned all night.\n",
		"# The Keeper\n\nThe lamp turned all night long.\n",
	} {
		applied, findings := edits.Apply(plan(post))
		for _, g := range applied.Script.Segments() {
			fmt.Printf("%s: %s\n", g.Part(), g.Text)
		}
		for _, f := range findings {
			fmt.Println(f)
		}
	}
	// Output:
	// title: The Keeper.
	// voice:second: The lamp turned, all night.
	// title: The Keeper.
	// body: He slept.
	// voice:second: The lamp turned, all night.
	// title: The Keeper.
	// voice:second: The lamp turned all night long.
	// keeper.md.narrapress.yaml:3:5: this is on “The lamp turned all night.”, and there now is “The lamp turned all night long.”: say is not used, for other words; write on: with what is there now, and see that it goes with it; the rest of it holds
}
