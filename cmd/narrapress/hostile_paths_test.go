package main

import (
	"archive/zip"
	"bytes"
	"strings"
)

// pathAttacks would have the program read or write a file that is none of the
// show's, by a name that a text, a book or a plan gives.
func pathAttacks() []attack {
	doc := func(front string) func(w *world) {
		return func(w *world) { w.put("show/bad.md", "---\n"+front+"\n---\n# A Title\n\nIt is said.\n") }
	}
	plan := func(slug string) func(w *world) {
		return func(w *world) {
			w.put("show/plan.yaml", "version: 1\nslug: "+slug+"\ntitle: T\nchapters:\n  - title: T\n    segments:\n      - {role: body, text: \"Up and away.\", pause: 0s}\n")
		}
	}
	book := func(names ...string) func(w *world) { return func(w *world) { w.put("show/bad.epub", epub(names...)) } }
	noCover := func(w *world) {
		if strings.Contains(w.read("show/out/bad/bad.mp3"), "APIC") {
			w.t.Error("the picture is in the episode")
		}
		w.absent("show/out/bad/cover.jpg")
	}
	return []attack{
		{class: "paths", name: "a slug that leads up", give: doc("slug: ../../outside"), args: []string{"produce", "bad.md"}, code: 1, says: "cannot name an episode's folder"},
		{class: "paths", name: "a slug of dots", give: doc(`slug: ".."`), args: []string{"produce", "bad.md"}, code: 1, says: "cannot name an episode's folder"},
		{class: "paths", name: "a slug that is a path", give: doc("slug: /tmp/out"), args: []string{"produce", "bad.md"}, code: 1, says: "cannot name an episode's folder"},
		{class: "paths", name: "a slug of backslashes", give: doc(`slug: '..\..\outside'`), args: []string{"produce", "bad.md"}, code: 1, says: "cannot name an episode's folder"},
		{class: "paths", name: "a slug with a zero byte", give: doc(`slug: "a\0b"`), args: []string{"produce", "bad.md"}, code: 1, says: "cannot name an episode's folder|control character"},
		{class: "paths", name: "the slug of a plan", give: plan("../../outside"), args: []string{"produce", "plan.yaml"}, code: 1, says: "cannot name an episode's folder"},
		{class: "paths", name: "a title that is a path", args: []string{"produce", "-", "--title", "../../outside/diary.txt"}, give: func(w *world) { w.stdin = strings.NewReader("It is said.\n") }, says: "out/outside-diary-txt/"},
		{class: "paths", name: "the cover of an episode, up and away", give: doc("cover: ../outside/photo.jpg"), args: []string{"produce", "bad.md"}, says: "goes without its cover", then: noCover},
		{class: "paths", name: "the cover of an episode, from the root", give: doc("cover: {root}/outside/photo.jpg"), args: []string{"plan", "bad.md"}, says: "goes without its cover"},
		{
			class: "paths", name: "a cover that is a link out", args: []string{"plan", "bad.md"}, says: "goes without its cover",
			give: func(w *world) {
				doc("cover: mine.jpg")(w)
				w.link("../outside/photo.jpg", "show/mine.jpg")
			},
		},
		{
			class: "paths", name: "the picture of a chapter, up and away", args: []string{"plan", "bad.md"}, says: "goes without an image",
			give: func(w *world) {
				w.add("script: {chapters: {images: first}}\n")
				w.put("show/bad.md", "# A Title\n\nIt is said.\n\n![A long description of it](../outside/photo.jpg)\n")
			},
		},
		{
			class: "paths", name: "pictures of a text, for its page", args: []string{"produce", "bad.md"}, says: "out/bad",
			give: func(w *world) {
				w.put("show/bad.md", "# A Title\n\nIt is said.\n\n![](../outside/photo.jpg) ![]({root}/outside/photo.jpg) ![](file://{root}/outside/photo.jpg)\n")
			},
			then: func(w *world) {
				w.lacks("show/out/bad/bad.html", "outside/photo", "file:")
				w.absent("show/out/bad/img")
			},
		},
		{class: "paths", name: "a file of a book that leads up", give: book("../../outside/diary.txt"), args: []string{"produce", "bad.epub"}, code: 1, says: "leads out of the book"},
		{class: "paths", name: "a file of a book from the root", give: book("/etc/passwd"), args: []string{"produce", "bad.epub"}, code: 1, says: "leads out of the book"},
		{class: "paths", name: "a file of a book with backslashes", give: book(`OEBPS\..\..\a.xhtml`), args: []string{"produce", "bad.epub"}, code: 1, says: "leads out of the book"},
		{class: "paths", name: "two files of a book with one name", give: book("a.xhtml", "a.xhtml"), args: []string{"produce", "bad.epub"}, code: 1, says: "two files a.xhtml"},
		{
			class: "paths", name: "a list of what is no audio", args: []string{"stitch", "@list.txt", "-o", "made.mp3"}, code: 1, says: "no audio",
			give: func(w *world) { w.put("show/list.txt", "../outside/diary.txt\n") },
		},
		{class: "paths", name: "a show that includes a diary", give: func(w *world) { w.add("include: [../outside/diary.txt]\n") }, args: []string{"config"}, code: 2, says: "want a map of settings"},
		{class: "paths", name: "a lexicon that is a diary", give: func(w *world) { w.add("lexicon: [../outside/diary.txt]\n") }, args: []string{"plan", "post.md"}, code: anyCode, says: "diary.txt"},
	}
}

// epub is a book with these files beside what every book has.
func epub(names ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			panic(err) // a buffer has no errors
		}
	}
	add("mimetype", "application/epub+zip")
	add("META-INF/container.xml", `<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`)
	add("p.opf", `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">i</dc:identifier><dc:title>T</dc:title><dc:language>en</dc:language></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>`)
	add("c.xhtml", `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body><p>It is said.</p></body></html>`)
	for _, name := range names {
		add(name, "<html/>")
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}
