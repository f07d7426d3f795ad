package overlay

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// comments are those that people wrote into the file: of the whole above it and
// below it, of an edit above it, and of keys.
type comments struct {
	head, foot []string // lines, each with its #
	keys       map[string]comment
}

// comment is what stands beside a key, on its line, and above it.
type comment struct {
	above  []string
	beside string
}

func (c *comments) put(key string, x comment) {
	if len(x.above) == 0 && x.beside == "" {
		return
	}
	if c.keys == nil {
		c.keys = map[string]comment{}
	}
	c.keys[key] = x
}

// remarks are the lines of comments, without the program's own.
func remarks(texts ...string) []string {
	var out []string
	for _, text := range texts {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") && !strings.Contains(header, line+"\n") {
				out = append(out, line)
			}
		}
	}
	return out
}

// all are the comments of a node and of all below it.
func all(n *yaml.Node) []string {
	out := remarks(n.HeadComment, n.LineComment)
	for _, c := range n.Content {
		out = append(out, all(c)...)
	}
	return append(out, remarks(n.FootComment)...)
}

// gather takes the comments out of the tree that the overlay was read from.
func (o *Overlay) gather(doc *yaml.Node) {
	root := doc.Content[0]
	o.comments.head = remarks(doc.HeadComment, root.HeadComment)
	var foot []string
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		above := remarks(k.HeadComment)
		if i == 0 {
			o.comments.head, above = append(o.comments.head, above...), nil
		}
		var below []string
		switch {
		case k.Value == "edits" && v.Kind == yaml.SequenceNode:
			below = o.gatherEdits(v)
			above = append(above, remarks(k.LineComment, v.LineComment)...)
		case k.Value == "lexicon" && v.Kind == yaml.MappingNode:
			above = append(above, remarks(k.LineComment)...)
			o.gatherWords(v)
			below = remarks(v.FootComment)
		default:
			above = append(above, remarks(k.LineComment)...)
			above = append(above, all(v)...)
		}
		o.comments.put(k.Value, comment{above: above})
		foot = append(append(foot, below...), remarks(k.FootComment)...)
	}
	o.comments.foot = append(append(foot, remarks(root.FootComment)...), remarks(doc.FootComment)...)
}

// gatherWords takes those of the words, which stand above them.
func (o *Overlay) gatherWords(words *yaml.Node) {
	if inner := wordsOf(words); inner != words {
		words = inner
	}
	head := remarks(words.HeadComment, words.LineComment)
	for i := 0; i+1 < len(words.Content); i += 2 {
		k, v := words.Content[i], words.Content[i+1]
		above := append(head, remarks(k.HeadComment, k.LineComment)...)
		head = nil
		o.comments.put(wordKey(k.Value), comment{above: append(append(above, all(v)...), remarks(k.FootComment)...)})
	}
}

// wordKey is the key of a word's comments, of which no other key is one.
func wordKey(word string) string { return "lexicon " + fold(word) }

// gatherEdits takes those of the edits, and gives those behind the last. What
// stands between two edits is about the second.
func (o *Overlay) gatherEdits(list *yaml.Node) []string {
	pending := remarks(list.HeadComment)
	for i, item := range list.Content {
		if i == len(o.Edits) || item.Kind != yaml.MappingNode {
			break
		}
		c := &o.Edits[i].comments
		c.head = append(pending, remarks(item.HeadComment, item.LineComment)...)
		pending = remarks(item.FootComment)
		for j := 0; j+1 < len(item.Content); j += 2 {
			k, v := item.Content[j], item.Content[j+1]
			above := remarks(k.HeadComment)
			if j == 0 {
				c.head, above = append(c.head, above...), nil
			}
			pending = append(pending, remarks(k.FootComment)...)
			if v.Kind != yaml.ScalarNode {
				c.put(k.Value, comment{above: append(append(above, remarks(k.LineComment)...), all(v)...)})
				continue
			}
			above = append(above, remarks(v.HeadComment)...)
			pending = append(pending, remarks(v.FootComment)...)
			beside := remarks(k.LineComment, v.LineComment)
			x := comment{above: above}
			if len(beside) > 0 {
				x.beside, x.above = beside[0], append(x.above, beside[1:]...)
			}
			c.put(k.Value, x)
		}
	}
	return append(pending, remarks(list.FootComment)...)
}
