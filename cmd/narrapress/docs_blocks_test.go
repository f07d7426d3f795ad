package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// docPage is a document for people, as far as it shows what can be run or read by
// the program.
type docPage struct {
	name   string // from the root of the repository
	blocks []block
	spans  []block // `code` in the middle of a sentence
}

// block is a stretch of code in a page. A comment of HTML in front of it, which
// nobody sees, says what the test cannot know:
//
//	<!-- not run: REASON -->     commands that this test cannot run
//	<!-- background -->          a command that serves until it is stopped
//	<!-- exits: CODE -->         of the last command; else 0
//	<!-- file: NAME -->          the reader writes this into a file
//	<!-- add to: NAME -->        the reader writes this at the end of a file
//	<!-- yaml: KIND -->          lexicon, overlay, or other: REASON; else a show's file
type block struct {
	page   string
	line   int
	lang   string // of the fence; indented where there is none
	text   string
	fenced bool
	marks  map[string]string
}

func (b block) where() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

func (b block) is(langs ...string) bool { return slices.Contains(langs, b.lang) }

var comment = regexp.MustCompile(`<!-- (not run|background|exits|file|add to|yaml)(?:: (.+?))? -->`)

// pages are those of the repository that people follow.
func pages(t *testing.T) []docPage {
	t.Helper()
	root := filepath.Join("..", "..")
	var all []docPage
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "docs/*.md", "examples/*/README.md"} {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s names no page (%v)", pattern, err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, readPage(filepath.ToSlash(rel), source))
		}
	}
	return all
}

func readPage(name string, source []byte) docPage {
	p := docPage{name: name}
	marks := map[string]string{}
	line := func(at int) int { return 1 + bytes.Count(source[:at], []byte("\n")) }
	add := func(n ast.Node, lang string, fenced bool) {
		b := block{page: name, lang: lang, fenced: fenced, marks: marks}
		marks = map[string]string{}
		if lines := n.Lines(); lines.Len() > 0 {
			b.line, b.text = line(lines.At(0).Start), string(lines.Value(source))
		}
		p.blocks = append(p.blocks, b)
	}
	_ = ast.Walk(goldmark.DefaultParser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			html := string(n.Lines().Value(source))
			if n.HasClosure() {
				html += string(n.ClosureLine.Value(source))
			}
			for _, m := range comment.FindAllStringSubmatch(html, -1) {
				marks[m[1]] = m[2]
			}
		case *ast.FencedCodeBlock:
			add(n, string(n.Language(source)), true)
		case *ast.CodeBlock:
			add(n, "", false)
		case *ast.CodeSpan:
			var words strings.Builder
			at := 0
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					at = t.Segment.Start
					words.Write(t.Segment.Value(source))
				}
			}
			p.spans = append(p.spans, block{page: name, line: line(at), text: words.String()})
		}
		return ast.WalkContinue, nil
	})
	return p
}

func TestReadPage(t *testing.T) {
	t.Parallel()
	p := readPage("a.md", []byte("Say `narrapress feed` now.\n\n<!-- not run: it costs money -->\n```sh\nnarrapress upload\n```\n\n"+
		"<!-- file: a/b.yaml -->\n<!-- yaml: lexicon -->\n```yaml\nwords: {}\n```\n\n    indented\n"))
	want := []block{
		{page: "a.md", line: 5, lang: "sh", text: "narrapress upload\n", fenced: true, marks: map[string]string{"not run": "it costs money"}},
		{page: "a.md", line: 11, lang: "yaml", text: "words: {}\n", fenced: true, marks: map[string]string{"file": "a/b.yaml", "yaml": "lexicon"}},
		{page: "a.md", line: 14, text: "indented\n", marks: map[string]string{}},
	}
	if got := fmt.Sprint(p.blocks); got != fmt.Sprint(want) {
		t.Errorf("blocks are %s, want %s", got, fmt.Sprint(want))
	}
	if len(p.spans) != 1 || p.spans[0].text != "narrapress feed" || p.spans[0].line != 1 {
		t.Errorf("spans are %+v", p.spans)
	}
}
