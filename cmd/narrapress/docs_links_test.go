package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Every link from a page of the repository to another one leads to a file, and
// to a heading in it.
func TestDocsLinks(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	links := 0
	for _, p := range pages(t) {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p.name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range linksOf(source) {
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			links++
			file, heading, _ := strings.Cut(to, "#")
			name := filepath.Join(root, filepath.FromSlash(path.Join(path.Dir(p.name), file)))
			if file == "" {
				name = filepath.Join(root, filepath.FromSlash(p.name))
			}
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s: the link %s leads nowhere", p.name, to)
				continue
			}
			if heading == "" {
				continue
			}
			there, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !headingsOf(there)[heading] {
				t.Errorf("%s: the link %s leads to no heading", p.name, to)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links were found", links)
	}
}

func linksOf(source []byte) []string {
	var all []string
	_ = ast.Walk(goldmark.DefaultParser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			all = append(all, string(n.Destination))
		case *ast.Image:
			all = append(all, string(n.Destination))
		}
		return ast.WalkContinue, nil
	})
	return all
}

var (
	title   = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`)
)

// headingsOf are the anchors that GitHub gives to the headings of a page.
func headingsOf(source []byte) map[string]bool {
	all := map[string]bool{}
	for _, m := range title.FindAllSubmatch(source, -1) {
		all[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(string(m[1])), ""), " ", "-")] = true
	}
	return all
}
