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

// TestCellsWithLists keeps lists in cells of data, and what they say as text.
func TestCellsWithLists(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", pageOf(`<table><tr><th>Songs</th><td><div><ul><li>The Lamp</li><li>The <i>Horn</i><sup><a href="#fn1">1</a></sup></li><li><img src="flag.png" alt=""></li></ul></div></td></tr>`+
		`<tr><th>Keepers</th><td colspan="2"><ul><li>Ann<sup><a href="#fn1">1</a></sup></li><li>Tom</li></ul></td></tr>`+
		`<tr><th>Ships</th><td>nine</td></tr></table><ol><li id="fn1">Sung at noon.</li></ol>`), Options{})
	rows := d.Elements[0].Children
	if d.Elements[0].Kind != Table || len(rows) != 3 {
		t.Fatalf("read as %+v", d.Elements[0])
	}
	songs := rows[0].Children[1]
	if len(songs.Text) > 0 || len(songs.Children) != 1 || songs.Children[0].Kind != List || len(songs.Children[0].Children) != 3 {
		t.Errorf("the cell is %+v", songs)
	}
	for _, c := range []struct {
		cell Element
		want string
	}{
		{songs, "The Lamp / The {emphasis Horn}{note 1}"},
		{rows[1].Children[1], "Ann{note 1} / Tom"},
		{rows[1].Children[2], "Ann / Tom"},
		{rows[2].Children[1], "nine"},
	} {
		if got := inline(CellText(c.cell)); got != c.want {
			t.Errorf("a cell says %q, not %q", got, c.want)
		}
	}
}

// TestPlayersInLines is about what cannot be announced in its place: in a
// heading, a cell, a caption.
func TestPlayersInLines(t *testing.T) {
	t.Parallel()
	const film = `<iframe src="https://www.youtube.com/embed/x" title="The film"></iframe>`
	for _, c := range []struct{ name, text, want, told string }{
		{"in a heading", `<h2>The lamp ` + film + `</h2><p>B.</p>`, "heading The lamp\nparagraph B.\n", `a.html:1:79: something from another page, in a heading, a caption or a table, is left out: "The film https://www.youtube.com/embed/x"`},
		{"alone in a heading", `<h2>` + film + `</h2><p>B.</p>`, "embed\nparagraph B.\n", ""},
		{"in a cell", `<table><tr><th>A</th><th>B</th></tr><tr><td>C</td><td>D <video src="l.mp4"></video></td></tr></table>`, "table\nrow\ncell A\ncell B\nrow\ncell C\ncell D\n", `a.html:1:122: something from another page, in a heading, a caption or a table, is left out: "l.mp4"`},
		{"in a caption", `<table><caption>A <audio src="a.mp3" title="A song"></audio></caption><tr><th>A</th><th>B</th></tr><tr><td>C</td><td>D</td></tr></table>`, "table A\nrow\ncell A\ncell B\nrow\ncell C\ncell D\n", `a.html:1:84: something from another page, in a heading, a caption or a table, is left out: "A song a.mp3"`},
		{"a counter in a heading", `<h2>The lamp <iframe src="https://e.org/x" width="1" height="1"></iframe></h2><p>B.</p>`, "heading The lamp\nparagraph B.\n", ""},
		{"what an object has for readers without a player", `<h2>The lamp <object><b>was lit</b></object></h2><p>B.</p>`, "heading The lamp {strong was lit}\nparagraph B.\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := read(t, "a.html", pageOf(c.text), Options{})
			if got := layoutOfNotes(d.Elements); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			var told []string
			for _, f := range d.Findings {
				told = append(told, f.String())
			}
			if got := strings.Join(told, "\n"); got != c.told {
				t.Errorf("told %q, want %q", got, c.told)
			}
		})
	}
}

// A page's table has all of its captions.
func TestTablesHaveAllCaptions(t *testing.T) {
	t.Parallel()
	d := read(t, "a.html", pageOf(`<table><caption>One</caption><caption><b>Two</b></caption><tr><th>A</th><th>B</th></tr><tr><td>C</td><td>D</td></tr></table>`), Options{})
	if got, want := layoutOfNotes(d.Elements), "table One / {strong Two}\nrow\ncell A\ncell B\nrow\ncell C\ncell D\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
