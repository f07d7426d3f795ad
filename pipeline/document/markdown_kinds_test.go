package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdownKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"alert", "> [!NOTE]\n> Some *words*.\n>\n> More.", "1:1 callout <note>\n 2:3 paragraph Some {emphasis words}.\n 4:3 paragraph More.\n"},
		{"alert alone", "> [!TIP]\n>\n> Words.", "1:1 callout <tip>\n 3:3 paragraph Words.\n"},
		{"Obsidian's call-out", "> [!faq] Why *me*?\n> Words.", "1:1 callout <faq> Why {emphasis me}?\n 2:3 paragraph Words.\n"},
		{"Obsidian's, folded", "> [!info]- More\n> Words.", "1:1 details <info> More\n 2:3 paragraph Words.\n"},
		{"a bold note", "> **Note**\n> The lamp is *hot*.", "1:1 callout <note>\n 2:3 paragraph The lamp is {emphasis hot}.\n"},
		{"a bold note with a colon", "> **Warning:** The lamp is hot.", "1:1 callout <warning>\n 1:16 paragraph The lamp is hot.\n"},
		{"bold words that are no note", "> **Note** the lamp.", "1:1 quote\n 1:3 paragraph {strong Note} the lamp.\n"},
		{"a name below quoted words", "> \"It just burns.\"\n>\n> Ida Marsh, keeper of the lamp", "1:1 quote cite=Ida Marsh, keeper of the lamp\n 1:3 paragraph \"It just burns.\"\n"},
		{"a name below other words", "> It just burns.\n>\n> Ida Marsh", "1:1 quote\n 1:3 paragraph It just burns.\n 3:3 paragraph Ida Marsh\n"},
		{"a quote that begins with a link", "> [NOTE] Words.", "1:1 quote\n 1:3 paragraph [NOTE] Words.\n"},
		{"MkDocs", "!!! warning \"Be *careful*\"\n    Words.\n\n    - one\n\nAfter.", "1:1 callout <warning> Be {emphasis careful}\n 2:5 paragraph Words.\n 4:5 list\n  4:5 item\n   4:7 paragraph one\n6:1 paragraph After.\n"},
		{"MkDocs, folded", "??? note \"More\"\n    Words.", "1:1 details <note> More\n 2:5 paragraph Words.\n"},
		{"three marks in prose", "!!! stop\n\nWords.", "1:1 paragraph !!! stop\n3:1 paragraph Words.\n"},
		{"Docusaurus", ":::note Read *this*\n\nWords.\n\n:::\n\nAfter.", "1:1 callout <note> Read {emphasis this}\n 3:1 paragraph Words.\n7:1 paragraph After.\n"},
		{"Docusaurus, brackets", "::: tip[A title]\nWords.\n:::", "1:1 callout <tip> A title\n 2:1 paragraph Words.\n"},
		{"Pandoc", "::: {#a .warning b=c}\nWords.\n:::\nAfter.", "1:1 callout <warning>\n 2:1 paragraph Words.\n4:1 paragraph After.\n"},
		{"a box of another name", "::: columns\n::: column\nA.\n:::\n::: column\nB.\n:::\n:::\n\nC.", "3:1 paragraph A.\n6:1 paragraph B.\n10:1 paragraph C.\n"},
		{"colons in code", ":::note\n```\n:::\n```\n:::\nB.", "1:1 callout <note>\n 2:1 code <:::>\n6:1 paragraph B.\n"},
		{"VuePress", "::: details Show\nWords.\n:::", "1:1 details Show\n 2:1 paragraph Words.\n"},
		{"who is quoted", "> Words here.\n>\n> More.\n>\n> — Ida *Marsh*", "1:1 quote cite=Ida {emphasis Marsh}\n 1:3 paragraph Words here.\n 3:3 paragraph More.\n"},
		{"who is quoted, on a line", "> Words here.\n> -- Ida Marsh, 1920", "1:1 quote cite=Ida Marsh, 1920\n 1:3 paragraph Words here.\n"},
		{"who is quoted, in a tag", "> Words here.\n> <cite>Ida Marsh</cite>", "1:1 quote cite={emphasis Ida Marsh}\n 1:3 paragraph Words here.\n"},
		{"a dialogue", "> — Who is it?\n> — It is me.", "1:1 quote\n 1:3 paragraph — Who is it? / — It is me.\n"},
		{"a cry", "> He fell.\n> — No!", "1:1 quote\n 1:3 paragraph He fell. / — No!\n"},
		{"verse", "The boat is low  \nthe sea is *high*  \nwe row\n\nand row\\\nand row\\\nto shore", "1:1 verse\n 1:1 paragraph The boat is low // the sea is {emphasis high} // we row\n 5:1 paragraph and row // and row // to shore\n"},
		{"verse that is quoted", "> The boat is low  \n> the sea is high  \n> we row  \n> — Ida Marsh", "1:1 quote cite=Ida Marsh\n 1:3 verse\n  1:3 paragraph The boat is low // the sea is high // we row\n"},
		{"two lines are no verse", "The boat  \nis low", "1:1 paragraph The boat // is low\n"},
		{"an address is no verse", "Write to:\\\nThe Lamp\\\nThe Point", "1:1 paragraph Write to: // The Lamp // The Point\n"},
		{"a line block", "| The boat is low\n|   the sea is high\n|\n| we row", "1:1 verse\n 1:3 paragraph The boat is low // the sea is high\n 4:3 paragraph we row\n"},
		{"a fence of verse", "```poem\nThe boat\n  is *low*\n\nwe row\n```", "1:1 verse\n 2:1 paragraph The boat // is *low*\n 5:1 paragraph we row\n"},
		{"a table's caption", "Table: What we *took*\n\n| a | b |\n|---|---|\n| 1 | 2 |", "3:1 table What we {emphasis took}\n 3:1 row\n  3:3 cell a\n  3:7 cell b\n 5:1 row\n  5:3 cell 1\n  5:7 cell 2\n"},
		{"a table's caption after it", "| a | b |\n|---|---|\n| 1 | 2 |\n\n: What we took", "1:1 table What we took\n 1:1 row\n  1:3 cell a\n  1:7 cell b\n 3:1 row\n  3:3 cell 1\n  3:7 cell 2\n"},
		{"a table without heads", "| | |\n|---|---|\n| 1 | 2 |", "1:1 table\n 3:1 row\n  3:3 cell 1\n  3:7 cell 2\n"},
		{"an image's title", "![A hat](a.png \"The hat of Ida\")", "1:1 image <A hat> <The hat of Ida> <a.png>\n"},
		{"notes that begin as lists do", "A^[1984. A *novel*.] b^[- not c] d^[# e] f^[> g].", "1:1 paragraph A{note note-1} b{note note-2} d{note note-3} f{note note-4}.\n1:4 note <note-1>\n 1:4 paragraph 1984. A {emphasis novel}.\n1:25 note <note-2>\n 1:25 paragraph - not c\n1:37 note <note-3>\n 1:37 paragraph # e\n1:45 note <note-4>\n 1:45 paragraph > g\n"},
		{"a note behind spaces", "A^[    b].", "1:1 paragraph A{note note-1}.\n1:4 note <note-1>\n 1:8 paragraph b\n"},
		{"a box whose title begins as a list does", "!!! note \"1984. A novel\"\n    Words.", "1:1 callout <note> 1984. A novel\n 2:5 paragraph Words.\n"},
		{"an image in an image's text", "![A hat, ![and *a* boat](b.png)](a.png)", "1:1 image <A hat, and a boat> <a.png>\n"},
		{"marks in code", "```\n>! a\n[b]({{< ref \"c\" >}})\n```\n\n`[b]({{< ref \"c\" >}})`", "1:1 code <>! a\n[b]({{< ref \"c\" >}})>\n6:1 paragraph {code [b]({{< ref \"c\" >}})}\n"},
		{"a caption under an image", "![A hat](a.png)\n\n*The hat of Ida.*\n\nWords.", "1:1 image <A hat> <The hat of Ida.> <a.png>\n5:1 paragraph Words.\n"},
		{"a caption on the next line", "![A hat](a.png)\n_The hat_", "1:1 image <A hat> <The hat> <a.png>\n"},
		{"no caption", "![A hat](a.png)\n\n*This* is a sentence.", "1:1 image <A hat> <a.png>\n3:1 paragraph {emphasis This} is a sentence.\n"},
		{"definitions", "Boat\n: A small ship.\n: A dish.\n\nOar\n\n: What *moves* it.\n", "1:1 list\n 1:1 item\n  1:1 paragraph Boat\n  2:3 paragraph A small ship.\n  3:3 paragraph A dish.\n 5:1 item\n  5:1 paragraph Oar\n  7:3 paragraph What {emphasis moves} it.\n"},
		{"a spoiler", ">! It was *Ida*[^1].\n>!\n>! - one\n\nB.\n\n[^1]: C.", "1:1 details <spoiler>\n 1:4 paragraph It was {emphasis Ida}{note 1}.\n 3:4 list\n  3:4 item\n   3:6 paragraph one\n5:1 paragraph B.\n7:1 note <1>\n 7:7 paragraph C.\n"},
		{"an image in a quote", ">![A hat](a.png)", "1:1 quote\n 1:2 image <A hat> <a.png>\n"},
		{"marked words", "A ==marked *word*== and a==b and b==c, x == y.", "1:1 paragraph A marked {emphasis word} and a==b and b==c, x == y.\n"},
		{"tables of contents", "[TOC]\n\n[[toc]]\n\n{:toc}\n\nWords.", "7:1 paragraph Words.\na.md:1:1: a table of contents (\"[TOC]\") is left out\na.md:3:1: a table of contents (\"[[toc]]\") is left out\n"},
		{"shortcodes of Hugo", "{{< youtube abc123 >}}\n\n{{< figure src=\"a.png\" caption=\"The hat\" >}}\n\nA {{% ref \"b\" %}} c.\n\n{{< gallery >}}", "1:1 embed <video> <https://www.youtube.com/watch?v=abc123>\n3:1 image <The hat> <a.png>\n5:1 paragraph A  c.\na.md:5:3: a shortcode (\"{{% ref \\\"b\\\" %}}\") is left out\na.md:7:1: a shortcode (\"{{< gallery >}}\") is left out\n"},
		{"tags of Jekyll", "{% include a.html x=\"y\" %}\n\n[A post]({% post_url 2020-01-01-a %}) b.", "3:1 paragraph {link A post{%_post_url_2020-01-01-a_%}} b.\na.md:1:1: a shortcode (\"{% include a.html x=\\\"y\\\" %}\") is left out\n"},
		{"attributes", "A paragraph.\n{: .lead #a}\n\n![A hat](a.png){width=50%}\n\n## A heading {: .b}\n\nSet {a, b} of [c](d){.e}.", "1:1 paragraph A paragraph.\n4:1 image <A hat> <a.png>\n6:1 heading A heading \n8:1 paragraph Set {a, b} of {link cd}.\n"},
		{"emoji", "Good :smile: at 10:30:45, :octocat: :nothing:", "1:1 paragraph Good 😄 at 10:30:45, :octocat: :nothing:\n"},
		{"a wiki's links", "See [[The Boat|a *boat*]], [[Oars#Long]], [[1]](http://a.b) and ![[hat.png|A hat]].", "1:1 paragraph See a *boat*, Oars, {link [1]http://a.b} and {picture A hathat.png}.\n"},
		{"a footnote in the text", "A word^[Said\nby *Ida* [here](a).] here, x^2^ and ^[ b.\n\n[^1]: n", "1:1 paragraph A word{note note-1} here, x^2^ and ^[ b.\n1:9 note <note-1>\n 1:9 paragraph Said / by {emphasis Ida} {link herea}.\na.md:4:1: footnote [^1] has no mark in the text: left out\n"},
		{"a footnote with its mark raised", "A word^[^1].\n\n[^1]: Said.", "1:1 paragraph A word^{note 1}.\n3:1 note <1>\n 3:7 paragraph Said.\n"},
		{"a footnote that looks like a link's address", "A word^[[2]: c] here.", "1:1 paragraph A word{note note-1} here.\n1:9 note <note-1>\n 1:9 paragraph [2]: c\n"},
		{"a mark without a footnote", "This is fine[^x]. The end[^2]![^y]\n\n> [^a](b) and `[^e]`\n\n[^2]: N.", "1:1 paragraph This is fine[^x]. The end{note 2}![^y]\n3:1 quote\n 3:3 paragraph {link ^ab} and {code [^e]}\n5:1 note <2>\n 5:7 paragraph N.\na.md:1:13: mark [^x] has no footnote\na.md:1:31: mark [^y] has no footnote\n"},
		{"a footnote in a quoted text", "> A word^[Said\n> by Ida.] here.", "1:1 quote\n 1:3 paragraph A word{note note-1} here.\n1:11 note <note-1>\n 1:11 paragraph Said / by Ida.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, places(read(t, "a.md", c.text, Options{Title: "T"}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
