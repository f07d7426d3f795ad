package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
)

// bombAttacks are small, and large where they are read.
func bombAttacks() []attack {
	put := func(name, text string) func(w *world) { return func(w *world) { w.put("show/"+name, text) } }
	laughs := yamlLaughs()
	entities := xmlLaughs()
	plan := []string{"plan", "post.md"}
	return []attack{
		{class: "bombs", name: "aliases in a show's file", give: func(w *world) { w.add(laughs) }, args: plan, code: 2, says: "its aliases followed"},
		{class: "bombs", name: "aliases in front matter", give: put("post.md", "---\ntitle: T\n"+laughs+"---\nIt is said.\n"), args: plan, says: "It is said"},
		{class: "bombs", name: "aliases in a text's settings", give: put("post.md", "---\ntitle: T\nnarrapress:\n"+indent(laughs)+"---\nIt is said.\n"), args: plan, code: anyCode, says: "post.md"},
		{class: "bombs", name: "aliases in an overlay", give: put("post.md.narrapress.yaml", laughs), args: plan, code: 1, says: "post.md.narrapress.yaml"},
		{class: "bombs", name: "aliases in a plan", give: put("plan.yaml", "version: 1\n"+laughs), args: []string{"plan", "plan.yaml"}, code: 1, says: "plan.yaml"},
		{
			class: "bombs", name: "aliases in a lexicon", args: plan, code: anyCode, says: "words.yaml",
			give: func(w *world) {
				w.put("show/words.yaml", laughs+"words:\n  a: *i\n")
				w.add("lexicon: [words.yaml]\n")
			},
		},
		{
			class: "bombs", name: "entities in a lexicon", args: plan, code: anyCode, says: "words.pls",
			give: func(w *world) {
				w.put("show/words.pls", entities+`<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"><lexeme><grapheme>a</grapheme><alias>&a20;</alias></lexeme></lexicon>`)
				w.add("lexicon: [words.pls]\n")
			},
		},
		{class: "bombs", name: "depth in a show's file", give: func(w *world) { w.add("sources: " + strings.Repeat("[", 100_000) + "\n") }, args: plan, code: 2, says: "nested deeper|more than"},
		{class: "bombs", name: "depth in front matter", give: put("post.md", "---\ntags: "+strings.Repeat("[", 60_000)+"\n---\nIt is said.\n"), args: plan, code: anyCode, says: "post.md"},
		{class: "bombs", name: "depth in front matter in TOML", give: put("post.md", "+++\ntitle = \"T\"\na = "+strings.Repeat("[", 60_000)+"\n+++\nIt is said.\n"), args: plan, code: anyCode, says: "post.md"},
		{class: "bombs", name: "depth in an overlay", give: put("post.md.narrapress.yaml", "version: 1\nedits: "+strings.Repeat("[", 200_000)+"\n"), args: plan, code: 1, says: "post.md.narrapress.yaml"},
		{class: "bombs", name: "depth in a plan", give: put("plan.json", `{"version":1,"chapters":`+strings.Repeat("[", 1_000_000)), args: []string{"plan", "plan.json"}, code: 1, says: "plan.json"},
		{
			class: "bombs", name: "entities in a feed", args: []string{"batch", "list", "{site}/feed.xml"}, code: anyCode, says: "feed.xml",
			give: func(w *world) {
				w.serves("/feed.xml", "application/rss+xml", entities+`<rss version="2.0"><channel><title>&a20;</title><item><title>&a20;</title><link>http://127.0.0.2:{port}/</link></item></channel></rss>`)
			},
		},
		{class: "bombs", name: "depth in a feed", args: []string{"batch", "list", "{site}/feed.xml"}, code: 1, says: "set aside", give: func(w *world) {
			w.serves("/feed.xml", "application/rss+xml", `<rss version="2.0"><channel>`+strings.Repeat("<a>", 500_000))
		}},
		{class: "bombs", name: "entities in a page", give: put("post.html", entities+"<html><body><p>It is said. &a20;</p></body></html>"), args: []string{"plan", "post.html"}, says: "It is said"},
		{class: "bombs", name: "depth in a page", give: put("post.html", "<html><body><p>It is said.</p>"+strings.Repeat("<div><b>", 200_000)+"Deep."), args: []string{"plan", "post.html"}, code: anyCode, says: "post.html|It is said", most: 400},
		{class: "bombs", name: "cells that span a million", give: put("post.html", `<html><body><p>It is said.</p><table><tr><th>A<th>B</tr>`+strings.Repeat(`<tr><td colspan=1000000 rowspan=1000000>a<td>b</tr>`, 200)+"</table>"), args: []string{"plan", "post.html"}, says: "It is said"},
		{class: "bombs", name: "a formula of a hundred thousand fractions", give: put("post.md", "It is said.\n\n$$"+strings.Repeat(`\frac{1}{`, 100_000)+"$$\n"), args: plan, code: anyCode, says: "post.md|It is said", most: 300},
		{class: "bombs", name: "quotes in quotes", give: put("post.md", strings.Repeat(">", 200_000)+" It is said.\n"), args: plan, code: 1, says: "opens 2"},
		{class: "bombs", name: "emphasis that is not closed", give: put("post.md", strings.Repeat("*a_ ", 200_000)+"\n"), args: plan, code: 1, says: "marks of emphasis"},
		{class: "bombs", name: "notes that refer to themselves", give: put("post.md", "It is said.[^a]\n\n[^a]: And this[^b].\n[^b]: And that[^a].\n"), args: plan, says: "It is said"},
		{class: "bombs", name: "a number of two hundred thousand digits", give: put("post.md", "It is said "+strings.Repeat("9", 200_000)+" times.\n"), args: plan, code: anyCode, says: "post.md|It is said"},
		{class: "bombs", name: "a pause of eleven years", give: put("post.md", "It is said.\n\n<!-- narrapress: pause 99999h -->\n\nAnd on.\n"), args: plan, says: "is not a time"},
		{class: "bombs", name: "a pause of eleven years in a plan", give: put("plan.yaml", "version: 1\ntitle: T\nchapters:\n  - title: T\n    segments:\n      - {role: body, text: Up., pause: 99999h}\n"), args: []string{"produce", "plan.yaml"}, code: 1, says: "plan.yaml:6"},
		{class: "bombs", name: "a pause of eleven years in an overlay", give: put("post.md.narrapress.yaml", "version: 1\nedits:\n  - on: It is said.\n    pause: 99999h\n"), args: plan, code: 1, says: "narrapress.yaml:4"},
		{class: "bombs", name: "a book that is mostly nothing", give: put("bad.epub", packed(200<<20, false)), args: []string{"plan", "bad.epub"}, code: 1, says: "packed more than|larger than"},
		{class: "bombs", name: "a book that says it is small", give: put("bad.epub", packed(200<<20, true)), args: []string{"plan", "bad.epub"}, code: 1, says: "damaged|larger than|packed more"},
		{class: "bombs", name: "a book of a hundred thousand files", give: put("bad.epub", crowd(100_000)), args: []string{"plan", "bad.epub"}, code: 1, says: "it is no book"},
		{
			class: "bombs", name: "a page that is packed", args: []string{"text", "article", "{site}/page"}, code: 1, says: "sends more than", most: 400,
			give: func(w *world) {
				w.mux.HandleFunc("/page", func(rw http.ResponseWriter, _ *http.Request) {
					rw.Header().Set("Content-Type", "text/html")
					rw.Header().Set("Content-Encoding", "gzip")
					z, _ := gzip.NewWriterLevel(rw, gzip.BestSpeed)
					for range 70 {
						if _, err := z.Write(make([]byte, 1<<20)); err != nil {
							return
						}
					}
					z.Close()
				})
			},
		},
		{
			class: "bombs", name: "a sitemap that is packed", args: []string{"batch", "list", "{site}/sitemap.xml.gz"}, code: 1, says: "unpacks to more than", most: 400,
			give: func(w *world) {
				w.mux.HandleFunc("/sitemap.xml.gz", func(rw http.ResponseWriter, _ *http.Request) {
					z := gzip.NewWriter(rw)
					for range 60 {
						if _, err := z.Write(make([]byte, 1<<20)); err != nil {
							return
						}
					}
					z.Close()
				})
			},
		},
	}
}

// yamlLaughs is a map whose aliases stand for ten to the ninth values.
func yamlLaughs() string {
	var b strings.Builder
	b.WriteString("x0: &a [a, a, a, a, a, a, a, a, a, a]\n")
	for i := range 8 {
		from := string(rune('a' + i))
		fmt.Fprintf(&b, "x%d: &%c [%s]\n", i+1, 'b'+i, strings.TrimSuffix(strings.Repeat("*"+from+", ", 10), ", "))
	}
	return b.String()
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// xmlLaughs declares entities, of which &a20; stands for ten to the twentieth letters.
func xmlLaughs() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">`)
	for i := range 20 {
		fmt.Fprintf(&b, `<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	return b.String() + "]>"
}

// packed is a book whose text is so many zero bytes, which it may not say.
func packed(size int64, lies bool) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"mimetype":               "application/epub+zip",
		"META-INF/container.xml": `<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			panic(err) // a buffer has no errors
		}
	}
	var body bytes.Buffer
	sum := crc32.NewIEEE()
	d, _ := flate.NewWriter(&body, flate.BestSpeed)
	if _, err := io.Copy(io.MultiWriter(d, sum), io.LimitReader(zeros{}, size)); err != nil {
		panic(err)
	}
	d.Close()
	h := &zip.FileHeader{Name: "p.opf", Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(body.Len()), UncompressedSize64: uint64(size)}
	if lies {
		h.UncompressedSize64 = 1000
	}
	f, err := z.CreateRaw(h)
	if err == nil {
		_, err = f.Write(body.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.String()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// crowd is a zip archive of so many empty files.
func crowd(n int) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("f%d", i)}); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// bodyAttacks are 10 GB, or without an end. Reading stops at a bound.
func bodyAttacks() []attack {
	huge := func(name string) func(w *world) { return func(w *world) { w.huge("show/" + name) } }
	plan := []string{"plan", "post.md"}
	return []attack{
		{class: "bodies", name: "a text", give: huge("bad.md"), args: []string{"plan", "bad.md"}, code: 1, says: "bad.md.*(larger|longer|more) than"},
		{class: "bodies", name: "a show's file", give: huge("narrapress.yaml"), args: plan, code: 2, says: "longer than 4 MiB"},
		{class: "bodies", name: "an overlay", give: huge("post.md.narrapress.yaml"), args: plan, code: 1, says: "post.md.narrapress.yaml.*(larger|longer|more) than"},
		{class: "bodies", name: "a lexicon", args: plan, code: anyCode, says: "larger than 8 MiB", give: func(w *world) {
			w.huge("show/words.yaml")
			w.add("lexicon: [words.yaml]\n")
		}},
		{class: "bodies", name: "a secret's file", args: plan, code: 2, says: "longer than 64 KiB", give: func(w *world) {
			w.huge("show/key.txt")
			w.add("notify: [\"${file:key.txt}\"]\n")
		}},
		{class: "bodies", name: "standard input", give: func(w *world) { w.stdin = io.LimitReader(zeros{}, 10e9) }, args: []string{"plan", "-"}, code: 1, says: "(larger|longer|more) than", most: 400},
		{class: "bodies", name: "a page", give: func(w *world) { w.sends("/page", "text/html", "<html><body>", "<p>More and more.</p>\n") }, args: []string{"text", "article", "{site}/page"}, code: 1, says: "sends more than", most: 400},
		{class: "bodies", name: "a page that says so", args: []string{"text", "article", "{site}/page"}, code: 1, says: "sends more than", give: func(w *world) {
			w.mux.HandleFunc("/page", func(rw http.ResponseWriter, _ *http.Request) { rw.Header().Set("Content-Length", "10000000000") })
		}},
		{class: "bodies", name: "headers", args: []string{"text", "article", "{site}/page"}, code: 1, says: "header", give: func(w *world) {
			w.mux.HandleFunc("/page", func(rw http.ResponseWriter, _ *http.Request) {
				for i := range 2000 {
					rw.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
				}
			})
		}},
		{class: "bodies", name: "a take", args: []string{"produce", "post.md"}, code: 1, says: "answer is longer than", give: func(w *world) {
			w.far()
			w.addUnder("studio: {", "check: {most_bytes: 4000000}, ")
			w.sends("/v1/audio/speech", "audio/wav", string(wave(24000, 1)[:44]), "\x00\x01")
		}},
		{class: "bodies", name: "what an endpoint says went wrong", args: []string{"produce", "post.md"}, code: 1, says: "studio", give: func(w *world) {
			w.far()
			part := bytes.Repeat([]byte("no "), 1<<20)
			w.mux.HandleFunc("/v1/audio/speech", func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(http.StatusBadRequest)
				for {
					if _, err := rw.Write(part); err != nil {
						return
					}
				}
			})
		}},
		{class: "bodies", name: "a manifest", args: []string{"inspect", "out/bad"}, code: 1, says: "no episode is like that", give: huge("out/bad/manifest.json")},
		{class: "bodies", name: "a cover", args: []string{"produce", "post.md"}, code: 1, says: "larger than 16 MiB|neither a JPEG", give: func(w *world) {
			w.huge("show/mine.jpg")
			w.put("show/post.md", "---\ncover: mine.jpg\n---\nIt is said.\n")
		}},
	}
}

// wave is a WAV file of a tone: samples a second, seconds (Microsoft, "Multimedia
// Programming Interface and Data Specifications 1.0").
func wave(rate, seconds int) []byte {
	n := rate * seconds * 2
	b := make([]byte, 44+n)
	copy(b, "RIFF")
	binary.LittleEndian.PutUint32(b[4:], uint32(36+n))
	copy(b[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(b[16:], 16)
	binary.LittleEndian.PutUint16(b[20:], 1)
	binary.LittleEndian.PutUint16(b[22:], 1)
	binary.LittleEndian.PutUint32(b[24:], uint32(rate))
	binary.LittleEndian.PutUint32(b[28:], uint32(rate*2))
	binary.LittleEndian.PutUint16(b[32:], 2)
	binary.LittleEndian.PutUint16(b[34:], 16)
	copy(b[36:], "data")
	binary.LittleEndian.PutUint32(b[40:], uint32(n))
	for i := range rate * seconds {
		v := int16(8000)
		if i/30%2 == 1 {
			v = -8000
		}
		binary.LittleEndian.PutUint16(b[44+2*i:], uint16(v))
	}
	return b
}
