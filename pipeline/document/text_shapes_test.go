package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrapped is prose that is wrapped to 64 columns.
const wrapped = `The harbour was empty when I came down in the morning, and the
boat lay where we had left it. Nobody had touched the ropes, and
nobody had taken the oars out of the shed. We waited for the man
who had promised to come, and when he did not we sat down on the
wall and looked at the water, as one does when there is nothing.`

func TestTextShapes(t *testing.T) {
	t.Parallel()
	const para = "1:1 paragraph The harbour was empty when I came down in the morning, and the / boat lay where we had left it. Nobody had touched the ropes, and / nobody had taken the oars out of the shed. We waited for the man / who had promised to come, and when he did not we sat down on the / wall and looked at the water, as one does when there is nothing.\n"
	for _, c := range []struct{ name, text, want string }{
		{"chapters", "Chapter 1\n\nIt was late.\n\nCHAPTER II.\nThe Boat\n\nWe slept.", "3:1 paragraph It was late.\n5:1 heading CHAPTER II / The Boat\n8:1 paragraph We slept.\n"},
		{"a chapter with its title", "It was late.\n\nChapter Three: The Boat\n\nWe slept.", "1:1 paragraph It was late.\n3:1 heading Chapter Three: The Boat\n5:1 paragraph We slept.\n"},
		{"a chapter in a sentence", "It was late.\n\nChapter one was long and it did not end before the night came down on us all.\n\nWe slept.", "1:1 paragraph It was late.\n3:1 paragraph Chapter one was long and it did not end before the night came down on us all.\n5:1 paragraph We slept.\n"},
		{"sections", "It was late.\n\n1. Introduction\n\nA boat.\n\n1.1. What it is\n\nWe slept.\n\n2. The end\n\nB.", "1:1 paragraph It was late.\n3:1 heading 1. Introduction\n5:1 paragraph A boat.\n7:1 heading 1.1. What it is\n9:1 paragraph We slept.\n11:1 heading 2. The end\n13:1 paragraph B.\n"},
		{"items that stand apart", "We took:\n\n1. Rope\n\n2. A lamp\n\nIt was late.", "1:1 paragraph We took:\n3:1 paragraph 1. Rope\n5:1 paragraph 2. A lamp\n7:1 paragraph It was late.\n"},
		{"a number that begins a line", "It was late.\n\n12 Angry Men\n\nWe slept.", "1:1 paragraph It was late.\n3:1 paragraph 12 Angry Men\n5:1 paragraph We slept.\n"},
		{"a quote that is set in", wrapped + "\n\n    He said that he would come, and that we should\n    not wait for him.\n    -- Tom Roe\n\nWe slept.", para + "7:5 quote cite=Tom Roe\n 7:5 paragraph He said that he would come, and that we should / not wait for him.\n11:1 paragraph We slept.\n"},
		{"verse in prose", wrapped + "\n\nThe boat is low\nand the sea is high,\nwe row and row\n\nwe row to land\nat last.\n\nWe slept.", para + "7:1 verse\n 7:1 paragraph The boat is low // and the sea is high, // we row and row\n 11:1 paragraph we row to land // at last.\n14:1 paragraph We slept.\n"},
		{"verse alone", "The boat is low,\nThe sea is high,\nThe wind is slow,\nAnd so am I.\n— Ida Marsh", "1:1 verse cite=Ida Marsh\n 1:1 paragraph The boat is low, // The sea is high, // The wind is slow, // And so am I.\n"},
		{"short sentences", "It was late.\nIt was dark.\nIt was cold.\nWe slept.", "1:1 paragraph It was late. / It was dark. / It was cold. / We slept.\n"},
		{"the end of a paragraph", wrapped + "\n\nWe went home\nlate.", para + "7:1 paragraph We went home / late.\n"},
		{"a letter in answers", "On Monday, Ida wrote:\n> Is it late?\n> > It is.\n> Good.\nIt is.\n\n> So?\nSo.", "1:1 paragraph On Monday, Ida wrote:\n2:1 quote\n 2:3 paragraph Is it late?\n 3:3 quote\n  3:5 paragraph It is.\n 4:3 paragraph Good.\n5:1 paragraph It is.\n7:1 quote\n 7:3 paragraph So?\n8:1 paragraph So.\n"},
		{"a sign in prose", "It is known that 6\n> 5 and that is\nall of it.", "1:1 paragraph It is known that 6 / > 5 and that is / all of it.\n"},
		{"a signature", "It was late.\n\n-- \nIda Marsh\nHull\n", "1:1 paragraph It was late.\na.txt:3:1: a signature is left out\n"},
		{"dashes are no signature", "It was late.\n--\nWe slept.", "1:1 paragraph It was late. / -- / We slept.\n"},
		{"a header of a letter", "From: Ida Marsh <ida@example.com>\nTo: Tom\nSubject: The boat\nDate: Mon, 6 May 2024 10:00:00 +0200\n\nIt was late.", "6:1 paragraph It was late.\na.txt:2:1: \"To: Tom\" is of the header: left out\n"},
		{"a header of somebody's", "Title: The boat\nRope: ten metres\n\nIt was late.", "1:1 paragraph Title: The boat / Rope: ten metres\n4:1 paragraph It was late.\n"},
		{"a word that is divided", "It was an exam-\nple of a well-\nknown kind.\n\nAn example is well-known.", "1:1 paragraph It was an example of a well- / known kind.\n5:1 paragraph An example is well-known.\n"},
		{"a word that may be", "It was an exam-\nple of a kind.", "1:1 paragraph It was an exam- / ple of a kind.\n"},
		{"a page ends", "It was late and\n\f\nwe slept.\n\f\nThe end came.", "1:1 paragraph It was late and / we slept.\n5:1 paragraph The end came.\n"},
		{"Project Gutenberg", "The Project Gutenberg eBook of The Boat\n\nTitle: The Boat\nAuthor: Ida Marsh\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE BOAT ***\n\nIt was late.\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE BOAT ***\n\nSection 1. Terms", "8:1 paragraph It was late.\na.txt:1:1: what Project Gutenberg says before the text is left out\na.txt:10:1: what Project Gutenberg says after the text is left out\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, places(read(t, "a.txt", c.text, Options{}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextHeader(t *testing.T) {
	t.Parallel()
	m := read(t, "a.txt", "Title: The Boat\nAuthor: Ida Marsh\nDate: 2024-05-06\n\nIt was late.", Options{}).Meta
	if m.Title != "The Boat" || m.Author != "Ida Marsh" || m.Date.Day() != 6 {
		t.Errorf("%+v", m)
	}
	m = read(t, "a.txt", "Title: The Boat\nAuthor: Ida Marsh\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE BOAT ***\n\nIt was late.", Options{}).Meta
	if m.Title != "The Boat" || m.Author != "Ida Marsh" {
		t.Errorf("%+v", m)
	}
}

// TestTextThatIsAllHead has no prose under what looks like a title, an author's name
// or labels: all of it is title or text.
func TestTextThatIsAllHead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Ida Marsh", "Ida Marsh\n\n\n", "Ida Marsh\nHarbour Notes", "Ida Marsh\nHarbour Notes\nSpring Issue\n", "Ida Marsh\nHarbour Notes\n\n\n",
		"The Boat\n\nIda Marsh", "The Boat\n\nIda Marsh\nHarbour Notes\n\n",
	} {
		d := read(t, "a.txt", text, Options{})
		if got, want := strings.Fields(d.Meta.Title+" "+d.Meta.Author+" "+plain(d.Elements)), strings.Fields(text); len(got) < len(want) {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
