package page_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish/page"
	"github.com/narrapress/narrapress/pipeline/script"
)

// An article has each segment of the script marked where it stands in the text.
func ExampleCompose() {
	doc, err := document.Read(context.Background(), "pier.md", strings.NewReader("# The Pier\n\nThe lamp still turns.\n"), document.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sc, _, err := script.Plan(doc, script.Brief{Options: script.Defaults(), Pauses: script.DefaultPauses()})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, article, _ := strings.Cut(string(page.Compose(doc, sc).HTML), "\n") // behind the hash of the script
	fmt.Print(article)
	// Output:
	// <p><span class="s" data-s="2" id="s2">The lamp still turns.</span></p>
}
