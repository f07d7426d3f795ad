package document

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Settings are what a source's front matter says under "narrapress": a piece of
// a show's file, for this document alone. This package does not look into it.
type Settings struct {
	// YAML is a map as it stands in the source, its lines whole and as far
	// indented, so that line and column of a fault in it are those of the
	// source once Line-1 is added to the line. Front matter in TOML is put
	// into YAML, and only Line is a place of the source. Empty: there is none.
	YAML string
	// Line is the line of the source, from 1, that the text begins on.
	Line int
}

// settings takes the map under "narrapress". front is the text of the front
// matter, which begins on the second line of the source.
func (s *source) settings(doc *Document, root *yaml.Node, front string) error {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "narrapress" {
			continue
		}
		n := root.Content[i+1]
		if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
			return nil
		}
		if n.Kind != yaml.MappingNode {
			return &Error{Pos{s.name, n.Line + 1, n.Column}, "narrapress in front matter is not a map: write keys of the show's file, indented, below it"}
		}
		lines := strings.SplitAfter(front, "\n")
		end := len(lines)
		if i+2 < len(root.Content) {
			end = root.Content[i+2].Line - 1
		}
		from := n.Line - 1
		if from < 0 || from >= end || end > len(lines) {
			return nil
		}
		first := []rune(lines[from])
		for k := range min(n.Column-1, len(first)) {
			first[k] = ' ' // the key, where the map stands on its line
		}
		doc.Meta.Settings = Settings{YAML: string(first) + strings.Join(lines[from+1:end], ""), Line: n.Line + 1}
	}
	return nil
}
