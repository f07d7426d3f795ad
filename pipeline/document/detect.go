package document

import (
	"bytes"
	"path/filepath"
	"strings"
)

// typeOf tells a source's type by its name, else by its content.
func typeOf(name, text string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkd":
		return TypeMarkdown
	case ".txt", ".text":
		return TypeText
	}
	if looksLikeMarkdown(text) {
		return TypeMarkdown
	}
	return TypeText
}

// isHTML says whether a source is a page, by its first bytes, else its name.
func isHTML(name string, raw []byte) bool {
	head := raw[:min(len(raw), magicBytes)]
	if bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || bytes.HasPrefix(head, []byte{0xFF, 0xFE}) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil) // UTF-16, its ASCII
	}
	switch magic(bytes.TrimPrefix(head, []byte{0xEF, 0xBB, 0xBF})) {
	case "HTML":
		return true
	case "":
	default:
		return false
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return strings.TrimSpace(string(head)) != ""
	}
	return false
}

// unspeakable says of a text that is written for a program, by how it begins, what
// to do with it; "" of any other.
func unspeakable(text string) string {
	head := strings.TrimSpace(text[:min(len(text), detectBytes)])
	switch {
	case strings.HasPrefix(head, `\documentclass`), strings.Contains(head, `\begin{document}`):
		return "is LaTeX: turn it into Markdown first (pandoc -t markdown)"
	}
	return ""
}

// Marks that people write in Markdown and hardly ever in plain prose.
var (
	lineMark   = compiled("^ {0,3}(#{1,6} +\\S|[-*+] +\\S|> ?\\S|```|~~~)")
	inlineMark = compiled(`\[[^\]\n]{1,200}\]\([^)\s]{1,500}[^)\n]{0,200}\)|(^|\s)\*\*[^*\s][^*\n]{0,200}\*\*|(^|[\s(])[*_][^*_\s][^*_\n]{0,200}[^*_\s]?[*_]($|[\s.,;:!?)])`)
)

// detectBytes is how far a stream is looked at to tell its type.
const detectBytes = 64 << 10

func looksLikeMarkdown(text string) bool {
	if _, _, ok := frontBounds(text); ok {
		return true
	}
	for line := range strings.Lines(text[:min(len(text), detectBytes)]) {
		if lineMark().MatchString(line) || inlineMark().MatchString(line) {
			return true
		}
	}
	return false
}
