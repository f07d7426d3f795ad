package document

import (
	"fmt"
	"strings"
	"testing"
)

// A table of figures is one without a single head, and with paragraphs in its
// cells; a table of paragraphs lays the page out.
func TestTablesWithoutHeads(t *testing.T) {
	t.Parallel()
	const before = "<html><body><article><p>The keepers were two, in all the years that the lamp was kept at the point, and neither left it.</p><table>"
	cells := func(row ...string) string {
		return "<tr><td><p>" + strings.Join(row, "</p></td><td><div><p>") + "</p></div></td></tr>"
	}
	data := before + cells("Ship", "Tons") + cells("Anna", "212 t") + cells("Berta", "98 t") + "</table></article></body></html>"
	d := read(t, "a.html", data, Options{Title: "T"})
	table := d.Elements[1]
	if table.Kind != Table || len(table.Children) != 3 || !table.Children[0].Header || table.Children[1].Header {
		t.Errorf("%+v", table)
	}
	long := strings.Repeat("It rained on the point and the lamp was lit again. ", 4)
	d = read(t, "b.html", before+cells(long, long)+cells(long, long)+"</table></article></body></html>", Options{Title: "T"})
	kinds := ""
	for _, e := range d.Elements {
		kinds += fmt.Sprint(e.Kind, " ")
	}
	if want := strings.Repeat("paragraph ", 5); kinds != want {
		t.Errorf("%s, want %s", kinds, want)
	}
}

// An object that this program has no player for is what its author wrote for
// readers without one, if that is more than a line.
func TestAnObjectIsItsFallback(t *testing.T) {
	t.Parallel()
	page := `<html><body><article><p>The keepers were two, in all the years that the lamp was kept at the point, and neither left it.</p>
<object data="phases.xml" type="application/x-gallery"><p>The lamp in the first year, when it was lit with oil from the town, and nobody came to see it but the board.</p></object></article></body></html>`
	d := read(t, "a.html", page, Options{Title: "T"})
	if last := d.Elements[len(d.Elements)-1]; last.Kind != Paragraph || !strings.Contains(Plain(last.Text), "lit with oil") {
		t.Errorf("%+v", d.Elements)
	}
}
