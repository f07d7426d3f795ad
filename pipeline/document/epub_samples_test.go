package document_test

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/internal/epub"
	"github.com/narrapress/narrapress/pipeline/document"
)

// samplesEnv names the folder of unpacked books that TestSamples reads, such
// as the folder 30 of github.com/IDPF/epub3-samples.
const samplesEnv = "NARRAPRESS_EPUB_SAMPLES"

// TestSamples reads real books: each opens, its text is read in the order of
// its spine, and no word of that is lost but what a finding names, a page
// number, or the number of a note.
func TestSamples(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(samplesEnv)
	if dir == "" {
		t.Skipf("%s is not set: no sample books are read", samplesEnv)
	}
	books, err := filepath.Glob(filepath.Join(dir, "*", "mimetype"))
	if err != nil || len(books) == 0 {
		t.Fatalf("%s: no unpacked book in it (%v)", dir, err)
	}
	for _, mimetype := range books {
		folder := filepath.Dir(mimetype)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			sample(t, packed(t, folder))
		})
	}
}

// packed zips an unpacked book, its mimetype first and stored.
func packed(t *testing.T, folder string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), filepath.Base(folder)+".epub")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	add := func(path string) error {
		method := zip.Deflate
		if path == "mimetype" {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: method})
		if err != nil {
			return err
		}
		in, err := os.Open(filepath.Join(folder, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(w, in)
		return err
	}
	if err := add("mimetype"); err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "mimetype" {
			return err
		}
		return add(path)
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func sample(t *testing.T, name string) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := document.Read(context.Background(), name, io.NewSectionReader(f, 0, st.Size()), document.Options{})
	book, berr := epub.Open(f, st.Size(), epub.Limits{})
	if berr != nil {
		t.Fatal(berr)
	}
	if err != nil {
		if words, _ := wordsOfSpine(t, book, name, nil); len(words) > 0 {
			t.Fatalf("%v, but it has %d words", err, len(words))
		}
		t.Logf("no text: %v", err)
		return
	}
	inOrder(t, doc, book, name)

	var text strings.Builder
	marks := 0
	allText(doc.Elements, &text, &marks)
	text.WriteString(doc.Meta.Title) // a heading that the opening stands for
	have := map[string]int{}
	for _, w := range wordsIn(text.String()) {
		have[w]++
	}
	left := map[string]bool{}
	for _, find := range doc.Findings {
		left[find.Pos.String()] = true
	}
	var numberWords []string
	spine, said := wordsOfSpine(t, book, name, left)
	numbers, lost, all := 0, map[string]int{}, 0
	for _, w := range spine {
		all++
		if have[w] > 0 {
			have[w]--
			continue
		}
		if noteNumber.MatchString(w) {
			numbers++ // of notes and their marks, or a lost one: counted below
			numberWords = append(numberWords, w)
			continue
		}
		lost[w]++
	}
	n := 0
	var some []string
	for w, k := range lost {
		if n += k; k > 0 {
			some = append(some, fmt.Sprintf("%s×%d", w, k))
		}
	}
	sort.Strings(some)
	if n > 0 {
		t.Errorf("%d of %d words are lost: %.600s", n, all, strings.Join(some, " "))
	}
	// A mark, the number before its note, and the link back.
	if numbers > 3*marks {
		t.Errorf("%d numbers are lost, with %d marks of notes: %.200q", numbers, marks, numberWords)
	}
	if marks < said {
		t.Errorf("of %d marks that the book says are a note's, %d are", said, marks)
	}
	parts := document.Split(doc)
	t.Logf("%d elements, %d words, %d note marks, %d findings, %d parts", len(doc.Elements), all, marks, len(doc.Findings), len(parts))
	if os.Getenv(samplesEnv+"_VERBOSE") != "" {
		for _, find := range doc.Findings {
			t.Log(find)
		}
		for _, p := range parts {
			t.Logf("part %d %q %s: %d elements", p.Meta.Number, p.Meta.Title, p.Meta.Part, len(p.Elements))
		}
	}
}

var noteNumber = regexp.MustCompile(`^(\d{1,4}|[a-z])$`)

// inOrder says whether elements, notes aside, come in the order of the spine.
func inOrder(t *testing.T, doc *document.Document, book *epub.Book, name string) {
	t.Helper()
	place := map[string]int{}
	for i, ref := range book.Spine {
		if it := ref.Text(book); it != nil {
			place[name+"!"+it.Path] = i
		}
	}
	last := -1
	for _, e := range doc.Elements {
		if e.Kind == document.Note {
			continue
		}
		at, ok := place[e.Pos.File]
		if !ok || at < last {
			t.Fatalf("%s stands after what follows it in the spine", e.Pos)
		}
		last = at
	}
}

func allText(es []document.Element, b *strings.Builder, marks *int) {
	var inlines func([]document.Inline)
	inlines = func(ins []document.Inline) {
		for _, in := range ins {
			switch in.Kind {
			case document.Text, document.CodeSpan:
				b.WriteString(in.Text)
			case document.Break:
				b.WriteByte(' ')
			case document.NoteRef:
				*marks++
			}
			inlines(in.Children)
		}
	}
	for _, e := range es {
		inlines(e.Text)
		inlines(e.Cite)
		b.WriteString(" " + e.Title)
		if e.Kind == document.Callout {
			b.WriteString(" " + e.Label) // its title, where that says no more
		}
		if e.Kind == document.Code {
			b.WriteString(e.Raw)
		}
		b.WriteByte(' ')
		allText(e.Children, b, marks)
	}
}

// wordsIn are the words of a text; a sign of Chinese or Japanese is one.
func wordsIn(s string) []string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
	s = eastAsian.ReplaceAllString(s, " $0 ")
	return strings.FieldsFunc(strings.ToLower(plainDigits.Replace(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

var eastAsian = regexp.MustCompile(`[\p{Han}\p{Hiragana}\p{Katakana}]`)

var plainDigits = strings.NewReplacer("⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9",
	"₀", "0", "₁", "1", "₂", "2", "₃", "3", "₄", "4", "₅", "5", "₆", "6", "₇", "7", "₈", "8", "₉", "9", "ⁿ", "n", "ₙ", "n", "\u00ad", "", "\u200b", "", "\ufeff", "", "\u2060", "")

// wordsOfSpine are the words of a book as a browser's parser finds them in its
// reading order, without what findings name by its place, and the marks of notes
// that the book says are some.
func wordsOfSpine(t *testing.T, book *epub.Book, name string, left map[string]bool) (words []string, marks int) {
	t.Helper()
	var b strings.Builder
	read := map[string]bool{}
	for _, ref := range book.Spine {
		it := ref.Text(book)
		if it == nil || left[name+"!"+it.Path] || read[it.Path] {
			continue
		}
		read[it.Path] = true
		raw, err := book.ReadFile(it.Path)
		if err != nil {
			t.Fatal(err)
		}
		marks += spineText(string(raw), name+"!"+it.Path, left, &b)
	}
	return wordsIn(b.String()), marks
}

var (
	unread   = regexp.MustCompile(`^(head|script|style|svg|math|m:math|mml:math|nav|rt|rp|select|button|canvas|noscript|iframe|textarea|video|audio)$`)
	lineTags = regexp.MustCompile(`^(a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|ruby|rb|s|samp|small|span|strong|strike|sub|sup|time|tt|u|var|wbr)$`)
)

// spineText goes through the tags of a file, and counts lines by itself.
func spineText(text, file string, left map[string]bool, b *strings.Builder) (marks int) {
	z := html.NewTokenizer(strings.NewReader(text))
	line, col := 1, 1
	skip, depth := "", 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return marks
		}
		raw := string(z.Raw())
		at := fmt.Sprintf("%s:%d:%d", file, line, col)
		for _, r := range raw {
			if col++; r == '\n' {
				line, col = line+1, 1
			}
		}
		tok := z.Token()
		switch kind {
		case html.TextToken:
			if skip == "" {
				b.WriteString(tok.Data)
			}
			continue
		case html.StartTagToken, html.SelfClosingTagToken:
			if skip == "" && noteLink(tok) {
				marks++
			}
			void := strings.HasSuffix(raw, "/>") || tok.Data == "br" || tok.Data == "img" || tok.Data == "hr" || tok.Data == "meta" || tok.Data == "link"
			switch {
			case skip != "" && tok.Data == skip && !void:
				depth++
			case skip == "" && !void && (unread.MatchString(tok.Data) || left[at] && tok.Data != "html" || dropped(tok)):
				skip, depth = tok.Data, 1
			}
		case html.EndTagToken:
			if tok.Data == skip {
				if depth--; depth == 0 {
					skip = ""
				}
			}
		}
		if !lineTags.MatchString(tok.Data) && !unread.MatchString(tok.Data) || noteLink(tok) {
			b.WriteByte(' ')
		}
	}
}

// noteLink says whether a tag begins the mark of a note, which is no part of
// the word before it.
func noteLink(tok html.Token) bool {
	for _, a := range tok.Attr {
		if a.Key == "epub:type" && strings.Contains(a.Val, "noteref") {
			return true
		}
	}
	return false
}

// dropped says whether an element is left out without a finding: hidden, or
// the number of a page.
func dropped(tok html.Token) bool {
	for _, a := range tok.Attr {
		switch {
		case a.Key == "hidden", a.Key == "aria-hidden" && a.Val == "true", a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none"):
			return true
		case a.Key == "epub:type" && strings.Contains(a.Val, "pagebreak"), a.Key == "role" && a.Val == "doc-pagebreak":
			return true
		}
	}
	return false
}
