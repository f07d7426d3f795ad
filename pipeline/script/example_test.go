package script_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
)

func Example() {
	post := "# The Keeper\n\nThe lamp still turns.\n\n> Better smoke than dark.\n\n## Later\n\nNobody trims it.\n"
	doc, err := document.Read(context.Background(), "keeper.md", strings.NewReader(post), document.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, findings, err := script.Plan(doc, script.Brief{
		Options: script.Defaults(), Pauses: script.DefaultPauses(), Author: "Mara Quill", HasIntro: true,
	})
	if err != nil || len(findings) > 0 {
		fmt.Println(findings, err)
		return
	}
	for p, g := range s.Segments() {
		fmt.Printf("%d %s | %s: %s (%v)\n", p.Ordinal, s.Chapters[p.Chapter].Title, g.Role, g.Text, g.Pause)
	}
	// Output:
	// 1 The Keeper | title: The Keeper. By Mara Quill. (1.2s)
	// 2 The Keeper | body: The lamp still turns. (700ms)
	// 3 The Keeper | quote: Better smoke than dark. (1.2s)
	// 4 Later | heading: Later. (700ms)
	// 5 Later | body: Nobody trims it. (0s)
}

func ExampleSentences() {
	for _, s := range script.Sentences("Dr. Hale rose at 5 a.m. on Monday. “Why?” she asked.") {
		fmt.Println(s)
	}
	// Output:
	// Dr. Hale rose at 5 a.m. on Monday.
	// “Why?” she asked.
}

func ExampleEncode() {
	s := &script.Script{Version: script.Version, Title: "A", Chapters: []script.Chapter{{Title: "A", Segments: []script.Segment{{Role: script.RoleBody, Text: "Hello."}}}}}
	if err := script.Encode(os.Stdout, s, script.JSON); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "version": 1,
	//   "title": "A",
	//   "chapters": [
	//     {
	//       "title": "A",
	//       "segments": [
	//         {
	//           "role": "body",
	//           "text": "Hello.",
	//           "pause": "0s"
	//         }
	//       ]
	//     }
	//   ]
	// }
}
