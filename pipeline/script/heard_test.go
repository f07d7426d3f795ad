package script_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
)

// TestHeard holds what sounded wrong when whole articles were read through
// plan: the script of each, a segment a line. docs/text.md lists the classes.
func TestHeard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, source, want string }{
		{"a break where a line wrapped", "a.html", `<p>The lamp is lit at dusk by the keeper of the pier, who has to come alone and who has<br>a key of his own, and needs to ask nobody at all for any of the oil or wick that the<br>Harbour Board sends in spring.</p>`, "The lamp is lit at dusk by the keeper of the pier, who has to come alone and who has a key of his own, and needs to ask nobody at all for any of the oil or wick that the Harbour Board sends in spring.\n"},
		{"a break that ends a line", "a.html", `<p>The Lamp<br>The Point<br>open all day</p>`, "The Lamp. The Point, open all day\n"},
		{"a break after one long line", "a.html", `<p>The lamp is lit at dusk by the keeper of the pier, who has the<br>one key that there is.</p>`, "The lamp is lit at dusk by the keeper of the pier, who has the one key that there is.\n"},
		{"a picture named as the article", "a.md", "---\ntitle: How the lamp is lit\n---\n\nWords.\n\n![How the lamp is lit](a.jpg)\n\nMore.\n", "Words.\nMore.\nThis article has one image without a description.\n"},
		{"a picture described as the one before", "a.md", "Words.\n\n![The keeper on the pier](a.jpg)\n\nMore.\n\n![The keeper on the pier](b.jpg)\n\nLast.\n", "Words.\nImage: The keeper on the pier.\nMore.\nLast.\nThis article has one image without a description.\n"},
		{"a reference with an initial and a month", "a.md", "The lamp burned.[^1] It went out.[^2] It stood.[^3]\n\n[^1]: Hale, I. (1987). *What we will do*, 2nd ed., pp. 12–19. Cambridge University Press.\n[^2]: \"How it is lit\". Harbour Board. 4 May 2010. Retrieved 3 March 2012.\n[^3]: It is still there (Hale, pp. 3–4, 1990).\n", "The lamp burned. It went out. It stood.\nFootnote: It is still there (Hale, pages three to four, nineteen ninety). End of footnote.\nThis article has two footnotes that name sources.\n"},
		{"a quote that is attributed", "a.md", "Words.\n\n> No lamp burns alone.\n>\n> — attributed to I. Hale\n\nMore.\n", "Words.\nAttributed to I. Hale:\nNo lamp burns alone.\nMore.\n"},
		{"a table whose caption says so", "a.html", `<p>Words.</p><table><caption>Table 2. Ships by year</caption><tr><th>Year</th><th>Ships</th></tr><tr><td>1901</td><td>212</td></tr><tr><td>1902</td><td>215</td></tr></table>`, "Words.\nTable two. Ships by year. Two columns: Year, Ships.\nYear: nineteen oh one, Ships: two hundred twelve.\nYear: nineteen oh two, Ships: two hundred fifteen.\nEnd of table.\n"},
		{"a head that is empty", "a.md", "Words.\n\n| | Old | New |\n|---|---|---|\n| Lamp | oil | gas |\n| Horn | steam | air |\n", "Words.\nTable. Two columns: Old, New.\nLamp: Old oil, New gas.\nHorn: Old steam, New air.\nEnd of table.\n"},
		{"a summary that tells to click", "a.md", "Words.\n\n<details><summary>The proof (click to expand)</summary>\n\nTrivial.\n\n</details>\n", "Words.\nThe proof.\nExpanded:\nTrivial.\nEnd of section.\n"},
		{"a formula that touches a word", "a.md", "There are $n$coins and the $k$th is $x_1$s.\n", "There are n coins and the kth is x sub 1s.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc, err := document.Read(t.Context(), c.file, strings.NewReader(c.source), document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Meta.Title == "" {
				doc.Meta.Title = "T"
			}
			b := script.Brief{Options: script.Defaults(), Pauses: script.DefaultPauses(), Language: "en"}
			b.Options.Opening = ""
			sc, _, err := script.Plan(doc, b)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, seg := range sc.Segments() {
				got.WriteString(seg.Text + "\n")
			}
			if diff := cmp.Diff(c.want, got.String()); diff != "" {
				t.Errorf("script (-want +got):\n%s", diff)
			}
		})
	}
}
