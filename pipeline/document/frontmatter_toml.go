package document

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// tomlMatter reads front matter in TOML, between lines of +++ as Hugo has it,
// into the tree that YAML is read into. Of places it has the lines of the
// document's own keys.
func (s *source) tomlMatter(front string) (*yaml.Node, error) {
	var m map[string]any
	if err := toml.Unmarshal([]byte(front), &m); err != nil {
		at := Pos{s.name, 2, 1}
		reason := err.Error()
		var fault *toml.DecodeError
		if errors.As(err, &fault) {
			row, col := fault.Position()
			at.Line, at.Col = row+1, col
		}
		return nil, &Error{at, "front matter is not TOML: " + strings.TrimPrefix(reason, "toml: ")}
	}
	root := &yaml.Node{}
	if err := root.Encode(plainTimes(m)); err != nil {
		return nil, &Error{Pos{s.name, 2, 1}, "front matter is not understood: " + err.Error()}
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i].Value
		line := regexp.MustCompile(`(?m)^[ \t]*\[?[ \t]*["']?` + regexp.QuoteMeta(key) + `["']?[ \t]*[.=\]]`).FindStringIndex(front)
		if line == nil {
			continue
		}
		n := strings.Count(front[:line[0]], "\n") + 1
		for _, c := range root.Content[i : i+2] {
			c.Line, c.Column = n, 1
		}
	}
	return root, nil
}

// plainTimes puts TOML's dates and times as text.
func plainTimes(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = plainTimes(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plainTimes(x)
		}
		return out
	case time.Time:
		return v.Format(time.RFC3339)
	case toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		return fmt.Sprint(v)
	}
	return v
}

// tomlSettings puts the table "narrapress" into YAML.
func (s *source) tomlSettings(doc *Document, root *yaml.Node) error {
	n := field(root, "narrapress")
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return &Error{Pos{s.name, n.Line + 1, 1}, "narrapress in front matter is not a table: write [narrapress] and keys of the show's file below it"}
	}
	text, err := yaml.Marshal(n)
	if err != nil {
		return &Error{Pos{s.name, n.Line + 1, 1}, "narrapress in front matter is not understood: " + err.Error()}
	}
	doc.Meta.Settings = Settings{YAML: string(text), Line: n.Line + 1}
	return nil
}
