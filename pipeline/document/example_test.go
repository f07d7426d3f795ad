package document_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

func Example() {
	post := `---
author: Mara Quill
---
# The Keeper

The lamp still *turns*.

> Better smoke
> than dark.
`
	doc, err := document.Read(context.Background(), "keeper.md", strings.NewReader(post), document.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, by %s\n", doc.Meta.Title, doc.Meta.Author)
	for _, e := range doc.Elements {
		fmt.Printf("%s at %v: %q\n", e.Kind, e.Pos, document.Plain(e.Text))
		for _, c := range e.Children {
			fmt.Printf("  %s at %v: %q\n", c.Kind, c.Pos, document.Plain(c.Text))
		}
	}
	// Output:
	// The Keeper, by Mara Quill
	// paragraph at keeper.md:6:1: "The lamp still turns."
	// quote at keeper.md:8:1: ""
	//   paragraph at keeper.md:8:3: "Better smoke than dark."
}

func ExampleTitleFromName() {
	fmt.Println(document.TitleFromName("drafts/my-first_post.md"))
	// Output: My first post
}
