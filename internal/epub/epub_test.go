package epub

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

const container = `-- META-INF/container.xml --
<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
 <rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
`

// pack makes an EPUB of the files of a txtar archive; its mimetype is first.
func pack(t testing.TB, files string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put(t, z, "mimetype", zip.Store, []byte(MediaType))
	for _, f := range txtar.Parse([]byte(files)).Files {
		put(t, z, f.Name, zip.Deflate, f.Data)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t testing.TB, z *zip.Writer, name string, method uint16, data []byte) {
	t.Helper()
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func open(raw []byte) (*Book, error) {
	return Open(bytes.NewReader(raw), int64(len(raw)), Limits{})
}

const third = container + `-- OEBPS/book.opf --
<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="pub">
 <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:identifier>other</dc:identifier>
  <dc:identifier id="pub">urn:isbn:9780000000000</dc:identifier>
  <dc:title id="t2">A Tale of Tides</dc:title><meta refines="#t2" property="title-type">subtitle</meta>
  <dc:title id="t1">The Harbour</dc:title><meta refines="#t1" property="title-type">main</meta>
  <dc:creator id="c2">Ben Ola</dc:creator><meta refines="#c2" property="role">aut</meta><meta refines="#c2" property="display-seq">2</meta>
  <dc:creator id="c1">Ada Lind</dc:creator><meta refines="#c1" property="role">aut</meta><meta refines="#c1" property="display-seq">1</meta>
  <dc:creator id="c3">Eve Tor</dc:creator><meta refines="#c3" property="role">ill</meta>
  <dc:language>en-GB</dc:language><dc:date>2019-05</dc:date><dc:publisher>Quay &amp; Sons</dc:publisher>
 </metadata>
 <manifest>
  <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
  <item id="c1" href="text/ch%201.xhtml" media-type="application/xhtml+xml"/>
  <item id="c2" href="text/ch2.xhtml" media-type="application/xhtml+xml"/>
  <item id="p" href="p.pdf" media-type="application/pdf" fallback="s"/>
  <item id="s" href="s.svg" media-type="image/svg+xml" fallback="x"/>
  <item id="x" href="x.xhtml" media-type="application/xhtml+xml"/>
  <item id="pic" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
  <item id="lex" href="en.pls" media-type="application/pls+xml"/>
 </manifest>
 <spine><itemref idref="c1"/><itemref idref="c2" linear="no"/><itemref idref="p"/><itemref idref="gone"/><itemref idref="c1"/></spine>
</package>
-- OEBPS/nav.xhtml --
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
<nav epub:type="toc"><h1>Contents</h1><ol>
 <li><span>Part&nbsp;One</span><ol><li><a href="text/ch%201.xhtml">The <em>Quay</em></a></li></ol></li>
 <li><a href="text/ch2.xhtml#a">Notes</a></li></ol></nav>
<nav epub:type="landmarks"><ol><li><a epub:type="bodymatter" href="text/ch%201.xhtml">Start</a></li></ol></nav>
</body></html>
-- OEBPS/text/ch 1.xhtml --
<html/>
-- OEBPS/text/ch2.xhtml --
<html/>
-- OEBPS/p.pdf --
-- OEBPS/s.svg --
-- OEBPS/x.xhtml --
<html/>
-- OEBPS/cover.jpg --
-- OEBPS/en.pls --
`

func TestOpenThird(t *testing.T) {
	t.Parallel()
	b, err := open(pack(t, third))
	if err != nil {
		t.Fatal(err)
	}
	want := Metadata{
		Title: "The Harbour: A Tale of Tides", Creators: []string{"Ada Lind", "Ben Ola"}, Language: "en-GB", Identifier: "urn:isbn:9780000000000",
		Date: time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC), Publisher: "Quay & Sons", Cover: "OEBPS/cover.jpg",
	}
	if diff := cmp.Diff(want, b.Meta); diff != "" {
		t.Error(diff)
	}
	var spine []string
	for _, r := range b.Spine {
		spine = append(spine, fmt.Sprintf("%s→%s %v", r.Item.Path, r.Text(b).Path, r.Linear))
	}
	if diff := cmp.Diff([]string{"OEBPS/text/ch 1.xhtml→OEBPS/text/ch 1.xhtml true", "OEBPS/text/ch2.xhtml→OEBPS/text/ch2.xhtml false", "OEBPS/p.pdf→OEBPS/x.xhtml true"}, spine); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Point{
		{Label: "Part One", Depth: 1},
		{Label: "The Quay", Path: "OEBPS/text/ch 1.xhtml", Depth: 2},
		{Label: "Notes", Path: "OEBPS/text/ch2.xhtml", Fragment: "a", Depth: 1},
	}, b.Contents); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Landmark{{"bodymatter", "OEBPS/text/ch 1.xhtml", ""}}, b.Landmarks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"OEBPS/en.pls"}, b.Lexicons()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Finding{
		{"OEBPS/book.opf", `the order names "gone", which the book does not list: left out`},
		{"OEBPS/book.opf", `the order names "c1" twice: it is read once`},
	}, b.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestOpenSecond(t *testing.T) {
	t.Parallel()
	b, err := open(pack(t, container+`-- OEBPS/book.opf --
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
 <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
  <dc:title>Old Quay</dc:title><dc:creator opf:role="edt">Ed Itor</dc:creator><dc:creator opf:role="aut">Ada Lind</dc:creator>
  <dc:date opf:event="modification">2020-01-01</dc:date><dc:date opf:event="publication">1988</dc:date><meta name="cover" content="pic"/>
 </metadata>
 <manifest><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="a" href="a.html" media-type="application/xhtml+xml"/>
  <item id="pic" href="c.jpg" media-type="image/jpeg"/></manifest>
 <spine toc="ncx"><itemref idref="a"/></spine>
 <guide><reference type="Cover" href="a.html#c"/></guide>
</package>
-- OEBPS/toc.ncx --
<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
 <navPoint id="n1"><navLabel><text>One</text></navLabel><content src="a.html#one"/>
  <navPoint id="n2"><navLabel><text>One A</text></navLabel><content src="a.html#two"/></navPoint></navPoint>
</navMap></ncx>
-- OEBPS/a.html --
<html/>
-- OEBPS/c.jpg --
`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Metadata{Title: "Old Quay", Creators: []string{"Ada Lind"}, Date: time.Date(1988, 1, 1, 0, 0, 0, 0, time.UTC), Cover: "OEBPS/c.jpg"}, b.Meta); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Point{{"One", "OEBPS/a.html", "one", 1}, {"One A", "OEBPS/a.html", "two", 2}}, b.Contents); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Landmark{{"cover", "OEBPS/a.html", "c"}}, b.Landmarks); diff != "" {
		t.Error(diff)
	}
}

const opf = `-- OEBPS/book.opf --
<package version="3.0"><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>%s</manifest><spine>%s</spine></package>
-- OEBPS/a.xhtml --
<html/>
`

func TestHostile(t *testing.T) {
	t.Parallel()
	sound := container + fmt.Sprintf(opf, "", `<itemref idref="a"/>`)
	with := func(name, body string) []byte { return pack(t, sound+"-- "+name+" --\n"+body+"\n") }
	many := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 100_000 {
			put(t, z, fmt.Sprintf("f%d", i), zip.Store, nil)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := pack(t, sound)
	encrypted := `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="%s"/><enc:CipherData><enc:CipherReference URI="OEBPS/a.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`
	for _, c := range []struct {
		name string
		raw  []byte
		want string // of the error; empty for none
	}{
		{"nothing", nil, "is a damaged zip archive"},
		{"no zip", []byte("PK\x03\x04 words"), "is a damaged zip archive"},
		{"cut off", whole[:len(whole)-30], "is a damaged zip archive"},
		{"100,000 files", many(), "has more than 20000 files"},
		{"another archive", func() []byte {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			put(t, z, "word/document.xml", zip.Deflate, []byte("<w/>"))
			z.Close()
			return b.Bytes()
		}(), "is a zip archive, but no EPUB"},
		{"no container", pack(t, "-- a --\n"), "has no META-INF/container.xml"},
		{"no rootfile", pack(t, "-- META-INF/container.xml --\n<container/>\n"), "META-INF/container.xml: names no package document"},
		{"rootfile gone", pack(t, container), `names the package document "OEBPS/book.opf", which is not in the book`},
		{"container no XML", pack(t, "-- META-INF/container.xml --\n\n"), "META-INF/container.xml:"},
		{"traversal", with("../../etc/passwd", "x"), "leads out of the book"},
		{"absolute", with("/etc/passwd", "x"), "leads out of the book"},
		{"backslashes", with(`a\..\b`, "x"), "leads out of the book"},
		{"drive", with("C:/a", "x"), "leads out of the book"},
		{"two of a name", with("OEBPS/a.xhtml", "x"), "has two files OEBPS/a.xhtml"},
		{"protected", with("META-INF/encryption.xml", fmt.Sprintf(encrypted, "http://www.w3.org/2001/04/xmlenc#aes128-cbc")), "is protected (DRM)"},
		{"hidden fonts", with("META-INF/encryption.xml", fmt.Sprintf(encrypted, "http://www.idpf.org/2008/embedding")), ""},
		{"no spine", pack(t, container+"-- OEBPS/book.opf --\n<package><manifest/></package>\n"), "has no manifest or no spine"},
		{"empty spine", pack(t, container+fmt.Sprintf(opf, "", "")), "OEBPS/book.opf: has an empty spine"},
		{"spine of nothing", pack(t, container+fmt.Sprintf(opf, "", `<itemref idref="b"/>`)), "has an empty spine"},
		{"no package", pack(t, container+"-- OEBPS/book.opf --\n<html/>\n"), "is no package document"},
		{"deep package", pack(t, container+"-- OEBPS/book.opf --\n"+strings.Repeat("<a>", 5000)+"\n"), "inside each other"},
		{"entities", pack(t, container+"-- OEBPS/book.opf --\n<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"+
			strings.TrimPrefix(fmt.Sprintf(opf, "<item id='z' href='&b;'/>", `<itemref idref="a"/>`), "-- OEBPS/book.opf --\n")), ""},
		{"file outside", pack(t, container+fmt.Sprintf(opf, `<item id="b" href="../../../etc/passwd" media-type="application/xhtml+xml"/>`, `<itemref idref="b"/>`)), "has an empty spine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := open(c.raw)
			switch {
			case c.want == "" && err != nil:
				t.Fatal(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestFallbackLoop(t *testing.T) {
	t.Parallel()
	b, err := open(pack(t, container+fmt.Sprintf(opf, `<item id="p" href="a.xhtml" media-type="image/png" fallback="q"/><item id="q" href="q" media-type="image/png" fallback="p"/>`, `<itemref idref="p"/>`)))
	if err != nil {
		t.Fatal(err)
	}
	if it := b.Spine[0].Text(b); it != nil {
		t.Errorf("found %v", it)
	}
}

func TestBombs(t *testing.T) {
	t.Parallel()
	files := container + fmt.Sprintf(opf, "", `<itemref idref="a"/>`)
	zeros := strings.Repeat("\x00", 8<<20)
	words := func(n int) string { // that do not pack well
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "%08x ", crc32.ChecksumIEEE([]byte{byte(i), byte(i >> 8), byte(i >> 16)}))
		}
		return b.String()
	}
	t.Run("packed too well", func(t *testing.T) {
		t.Parallel()
		b, err := open(pack(t, files+"-- z --\n"+zeros+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = b.ReadFile("z"); err == nil || !strings.Contains(err.Error(), "z: is packed more than 200 times") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		raw := pack(t, files+"-- z --\n"+words(3<<20)+"\n")
		b, err := Open(bytes.NewReader(raw), int64(len(raw)), Limits{Entry: 2 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = b.ReadFile("z"); err == nil || !strings.Contains(err.Error(), "z: is larger than 2 MiB") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("too much in all", func(t *testing.T) {
		t.Parallel()
		raw := pack(t, files+"-- y --\n"+words(3<<20)+"\n-- z --\n"+words(3<<20)+"\n")
		b, err := Open(bytes.NewReader(raw), int64(len(raw)), Limits{Total: 5 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = b.ReadFile("y"); err != nil {
			t.Fatal(err)
		}
		if _, err = b.ReadFile("z"); err == nil || !strings.Contains(err.Error(), "has more than 5 MiB of text") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("larger than it claims", func(t *testing.T) {
		t.Parallel()
		raw := pack(t, files+"-- z --\n"+words(1<<20)+"\n")
		// The directory's entry of the last file: its size is at 24 (APPNOTE, 4.3.12).
		at := bytes.LastIndex(raw, []byte("PK\x01\x02")) + 24
		copy(raw[at:], []byte{1, 0, 0, 0})
		b, err := open(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := b.ReadFile("z"); err == nil {
			t.Errorf("read %d bytes of 1", len(got))
		}
	})
	t.Run("directory without end", func(t *testing.T) {
		t.Parallel()
		// A record that claims no files before a directory of many.
		var b bytes.Buffer
		b.WriteString("PK\x03\x04")
		entry := append([]byte("PK\x01\x02"), make([]byte, 42)...)
		entry[28] = 1 // length of the name
		b.Write(bytes.Repeat(append(entry, 'a'), 1_000_000))
		end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
		size := uint32(b.Len() - 4)
		for i := range 4 {
			end[12+i] = byte(size >> (8 * i))
		}
		end[16] = 4
		b.Write(end)
		_, err := open(b.Bytes())
		if err == nil || !strings.Contains(err.Error(), "files: it is no book") && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("got %v", err)
		}
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	b, err := open(pack(t, third))
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if _, err := b.ReadFile("nothing"); !errors.As(err, &e) || e.Entry != "nothing" {
		t.Errorf("got %v", err)
	}
	_, err = open(pack(t, "-- META-INF/container.xml --\n<container>\n<rootfiles <\n"))
	if !errors.As(err, &e) || e.Line == 0 {
		t.Errorf("no place: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(pack(f, third))
	f.Add(pack(f, container))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := open(raw)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of two lines: %q", err)
			}
			return
		}
		for _, r := range b.Spine {
			if it := r.Text(b); it != nil {
				_, _ = b.ReadFile(it.Path)
			}
		}
	})
}

var _ io.ReaderAt = (*budget)(nil)
