package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline is a document on a few lines: kinds and words.
func outline(d *Document) string {
	var b strings.Builder
	if d.Meta.Title != "" {
		fmt.Fprintf(&b, "title: %s\n", d.Meta.Title)
	}
	if d.Meta.Author != "" {
		fmt.Fprintf(&b, "author: %s\n", d.Meta.Author)
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "finding %d:%d\n", f.Pos.Line, f.Pos.Col)
	}
	var walk func([]Element)
	walk = func(es []Element) {
		for _, e := range es {
			kind := string(e.Kind)
			if e.Kind == Heading {
				kind = fmt.Sprintf("h%d", e.Level)
			}
			if words := Plain(e.Text); words != "" {
				kind += ": " + words
			}
			b.WriteString(kind + "\n")
			walk(e.Children)
		}
	}
	walk(d.Elements)
	return b.String()
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"one sentence", "It was late.", "paragraph: It was late.\n"},
		{"one line without a stop", "It was late", "paragraph: It was late\n"},
		{"paragraphs", "It was late\nand dark.\n\n\nWe slept.", "paragraph: It was late and dark.\nparagraph: We slept.\n"},
		{"title", "A Late Night\n\nIt was late.", "title: A Late Night\nparagraph: It was late.\n"},
		{"title and byline", "A Late Night\n\nby Jane Roe\n\nIt was late.", "title: A Late Night\nauthor: Jane Roe\nparagraph: It was late.\n"},
		{"title and byline under it", "A Late Night\nBy Jane Roe\n\nIt was late.", "title: A Late Night\nauthor: Jane Roe\nparagraph: It was late.\n"},
		{"by is prose", "A Late Night\n\nBy then it was dark.", "title: A Late Night\nparagraph: By then it was dark.\n"},
		{"underlined", "A Late Night\n============\nIt was late.\n\nThen\n----\nWe slept.", "title: A Late Night\nparagraph: It was late.\nh2: Then\nparagraph: We slept.\n"},
		{"a question is no title", "Why do we sleep?\n\nNobody knows.", "paragraph: Why do we sleep?\nparagraph: Nobody knows.\n"},
		{"first paragraph a sentence", "John went home early.\n\nHe was tired.", "paragraph: John went home early.\nparagraph: He was tired.\n"},
		{"first paragraph wraps", "John Fitzgerald Kennedy Smith\nwent home early. He was\ntired.", "paragraph: John Fitzgerald Kennedy Smith went home early. He was tired.\n"},
		{"wraps before a capital", "Jane Mary Roe of New\nYork went to see\nBoston that year.", "paragraph: Jane Mary Roe of New York went to see Boston that year.\n"},
		{"letter", "Dear Anna,\nI am well.\nAre you?\n\nYours,\nTom", "paragraph: Dear Anna, I am well. Are you?\nparagraph: Yours, Tom\n"},
		{"letter, blank line", "Dear Anna,\n\nI am well.", "paragraph: Dear Anna,\nparagraph: I am well.\n"},
		{"letter without a comma", "Dear Anna\n\nI am well.", "paragraph: Dear Anna\nparagraph: I am well.\n"},
		{"letter in lines", "Dear Anna\nI am well.\nSo is he.\nWrite soon.", "paragraph: Dear Anna I am well. So is he. Write soon.\n"},
		{"poem", "Emily Dickson\nBecause I Could Not Wait\nBecause I could not wait for it –\nIt kindly stopped for me –\nThe carriage held but just ourselves\nAnd all eternity.", "verse\nparagraph: Emily Dickson Because I Could Not Wait Because I could not wait for it – It kindly stopped for me – The carriage held but just ourselves And all eternity.\n"},
		{"stanzas", "Tiger, tiger, burning bright\nIn the forests of the night\n\nWhat the hammer? What the chain?", "paragraph: Tiger, tiger, burning bright In the forests of the night\nparagraph: What the hammer? What the chain?\n"},
		{"author and labels", "Lena Brook\nTalks Over Time\nGarden Notes\nI want it.\nI need it.", "author: Lena Brook\nfinding 2:1\nfinding 3:1\nparagraph: I want it. I need it.\n"},
		{"author alone", "Lena Brook\nI want it.\nI need it.", "author: Lena Brook\nfinding 1:1\nparagraph: I want it. I need it.\n"},
		{"author with initials", "J. R. R. Tolkin Jr.\nTalks\nI want it.", "author: J. R. R. Tolkin Jr.\nfinding 2:1\nparagraph: I want it.\n"},
		{"author of one word", "Lena\nTalks Over Time\nI want it.\nI need it.", "author: Lena\nfinding 2:1\nparagraph: I want it. I need it.\n"},
		{"one word is no author", "Introduction\nI want it.\nI need it.\nI do.", "title: Introduction\nparagraph: I want it. I need it. I do.\n"},
		{"title over sentences", "How We Waited\nI want it.\nI need it.\nI do.", "title: How We Waited\nparagraph: I want it. I need it. I do.\n"},
		{"name, then a paragraph apart", "Moby Dick\n\nCall me Ishmael.\nI went.", "title: Moby Dick\nparagraph: Call me Ishmael. I went.\n"},
		{"name over wrapped prose", "Moby Dick\nCall me Ishmael. Some years\nago, never mind how long, I went\nto sea.", "paragraph: Moby Dick Call me Ishmael. Some years ago, never mind how long, I went to sea.\n"},
		{"label in small letters is prose", "Lena Brook\nwas born in\nHull.", "paragraph: Lena Brook was born in Hull.\n"},
		{"heading marks", "It was late.\nHeading.\nThe end.\nWe slept.", "paragraph: It was late.\nh2: The end\nparagraph: We slept.\n"},
		{"heading mark first", "Heading.\nThe end.\nWe slept.", "h2: The end\nparagraph: We slept.\n"},
		{"heading mark, blank line", "It was.\n\nHeading.\n\nWhy me?\n\nWe slept.", "paragraph: It was.\nh2: Why me?\nparagraph: We slept.\n"},
		{"heading mark last", "It was late.\nHeading.", "paragraph: It was late. Heading.\n"},
		{"two heading marks", "Heading.\nOne.\nHeading.\nTwo.\nText.", "h2: One\nh2: Two\nparagraph: Text.\n"},
		{"heading as a word", "Heading. That was the word.", "paragraph: Heading. That was the word.\n"},
		{"heading with dots", "Heading.\nAnd so...\nText.", "h2: And so...\nparagraph: Text.\n"},
		{"capitals", "It was late.\n\nTHE NIGHT\n\nWe slept.", "paragraph: It was late.\nh2: THE NIGHT\nparagraph: We slept.\n"},
		{"capitals at the end", "It was late.\n\nTHE END", "paragraph: It was late.\nparagraph: THE END\n"},
		{"shouted sentence", "It was late.\n\nGO HOME!\n\nWe slept.", "paragraph: It was late.\nparagraph: GO HOME!\nparagraph: We slept.\n"},
		{"bullets", "- one\n- two\n  more of two\n- three", "list\nitem\nparagraph: one\nitem\nparagraph: two more of two\nitem\nparagraph: three\n"},
		{"bullets before other spaces", "-\u202fone\n-\u00a0\u2003two", "list\nitem\nparagraph: one\nitem\nparagraph: two\n"},
		{"bullets after a line", "We need:\n- one\n- two", "paragraph: We need:\nlist\nitem\nparagraph: one\nitem\nparagraph: two\n"},
		{"numbers", "1. one\n2. two", "list\nitem\nparagraph: one\nitem\nparagraph: two\n"},
		{"a year is no number", "1984. It was cold\nthat year.", "paragraph: 1984. It was cold that year.\n"},
		{"numbers that do not count", "3. one\n7. two", "paragraph: 3. one 7. two\n"},
		{"dialogue with dashes", "— Hello, he said.\n— Hello.", "paragraph: — Hello, he said. — Hello.\n"},
		{"quote", "> one\n> two\n\nthree.", "quote\nparagraph: one two\nparagraph: three.\n"},
		{"rules", "One.\n\n* * *\n\nTwo.\n\n----\n\nThree.", "paragraph: One.\nrule\nparagraph: Two.\nrule\nparagraph: Three.\n"},
		{"set-in paragraphs", "  It was late\nand dark.\n  We slept\nlong.", "paragraph: It was late and dark.\nparagraph: We slept long.\n"},
		{"front matter", "---\ntitle: A\n---\nIt was late.", "title: A\nparagraph: It was late.\n"},
		{"hash", "# not a heading\nin a text.", "paragraph: # not a heading in a text.\n"},
		{"chinese", "茶馆\n\n天很晚了。我们睡了。", "title: 茶馆\nparagraph: 天很晚了。我们睡了。\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, outline(read(t, "a.txt", c.text, Options{}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextTitleGivenElsewhere(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Other":        "title: Other\nh1: A Late Night\nparagraph: It was late.\n",
		"a late night": "title: a late night\nparagraph: It was late.\n",
	} {
		got := outline(read(t, "a.txt", "A Late Night\n\nIt was late.", Options{Title: title}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", title, diff)
		}
	}
}
