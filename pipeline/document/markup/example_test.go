package markup_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/document/markup"
)

// What was read is written as HTML, with nothing in it that runs.
func ExampleBlocks() {
	doc, err := document.Read(context.Background(), "pier.md", strings.NewReader("The lamp *still* turns.\n\n> 1 < 2\n"), document.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(markup.Blocks(doc.Elements))
	// Output:
	// <p>The lamp <em>still</em> turns.</p>
	// <blockquote><p>1 &lt; 2</p>
	// </blockquote>
}
