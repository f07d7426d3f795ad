package document

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// frontBounds finds front matter, YAML between lines of --- or TOML between
// lines of +++: the offset of its first byte, after the opening line, and that
// of the line that closes it, or -1. What is not followed by a key is a thematic
// break; so is what begins like front matter, but has none of its keys and is
// not closed or no map.
func frontBounds(text string) (from, to int, ok bool) {
	first, rest, _ := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \t")
	key := keyLine
	if fence == "+++" {
		key = tomlLine
	} else if fence != "---" {
		return 0, 0, false
	}
	from = len(first) + 1
	if !startsWithKey(rest, key()) {
		return 0, 0, false
	}
	off, known := from, false
	for line := range strings.Lines(rest) {
		if l := strings.TrimRight(line, " \t\n"); l == fence || l == "..." && fence == "---" {
			return from, off, known || fence == "+++" || isMap(text[from:off])
		}
		known = known || knownKey().MatchString(line)
		off += len(line)
	}
	first, _, _ = strings.Cut(rest, "\n")
	return from, -1, knownKey().MatchString(first)
}

// mostFront is the size, in bytes, of the longest front matter that is looked
// at to tell whether it is any.
const mostFront = 64 << 10

func isMap(front string) bool {
	var root yaml.Node
	if len(front) > mostFront || yaml.Unmarshal([]byte(front), &root) != nil {
		return false
	}
	return len(root.Content) == 0 || root.Content[0].Kind == yaml.MappingNode
}

var (
	keyLine  = compiled(`^["']?[A-Za-z][\w .-]{0,60}["']?:(\s|$)`)
	tomlLine = compiled(`^\s*(["']?[A-Za-z][\w.-]{0,60}["']?\s*=|\[[\w."' -]+\])`)
	knownKey = compiled(`(?i)^["']?(title|author|authors|date|layout|draft|tags|categories|description|slug|id|lang|language|permalink|published|cover|image|narrapress)["']?(:(\s|$)|\s*=)`)
)

// startsWithKey says whether the first line that is not a comment is a key of
// YAML or TOML. Behind a blank line, a "---" is a thematic break.
func startsWithKey(rest string, key *regexp.Regexp) bool {
	for line := range strings.Lines(rest) {
		l := strings.TrimRight(line, " \t\n")
		if strings.HasPrefix(l, "#") {
			continue
		}
		return key.MatchString(line)
	}
	return false
}

// frontMatter reads the source's front matter into the document's metadata
// and gives the offset of what follows.
func (s *source) frontMatter(doc *Document) (body int, err error) {
	from, to, ok := frontBounds(s.src)
	if !ok {
		return 0, nil
	}
	fence := s.src[:3]
	if to < 0 {
		return 0, &Error{s.pos(0), "front matter is not closed: end it with a line of " + fence}
	}
	front := s.src[from:to]
	body = min(to+strings.IndexByte(s.src[to:]+"\n", '\n')+1, len(s.src))
	if fence == "+++" {
		m, err := s.tomlMatter(front)
		if err != nil {
			return 0, err
		}
		s.meta(doc, m)
		return body, s.tomlSettings(doc, m)
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(front), &root); err != nil {
		line, col, reason := YAMLFault([]byte(front), err)
		if strings.Contains(reason, "mapping values") {
			reason += ": put a value that has a colon in it in quotes"
		}
		return 0, &Error{Pos{s.name, line + 1, col}, "front matter is not YAML: " + reason}
	}
	if len(root.Content) == 0 {
		return body, nil
	}
	m := root.Content[0]
	if m.Kind != yaml.MappingNode {
		return 0, &Error{Pos{s.name, m.Line + 1, m.Column}, "front matter is not a list of keys: write \"title: …\""}
	}
	s.meta(doc, m)
	return body, s.settings(doc, m, front)
}

// meta takes the keys that narration needs; other tools' keys are theirs.
func (s *source) meta(doc *Document, m *yaml.Node) {
	set := func(to *string, keys ...string) {
		for _, key := range keys {
			if *to == "" {
				*to = words(field(m, key))
			}
		}
	}
	meta := &doc.Meta
	set(&meta.ID, "id")
	set(&meta.Slug, "slug")
	set(&meta.Title, "title")
	set(&meta.Author, "author", "authors")
	set(&meta.Language, "language", "lang")
	set(&meta.Link, "link", "canonical", "canonical_url", "canonicalUrl", "url")
	set(&meta.Subtitle, "subtitle")
	set(&meta.Description, "description", "summary", "excerpt")
	set(&meta.Cover, "cover")
	if n := field(m, "cover"); strings.Contains(meta.Cover, "://") {
		doc.Findings = append(doc.Findings, Finding{
			Pos{s.name, n.Line + 1, n.Column}, "cover is an address on the web and is left out: name a file beside the text",
		})
		meta.Cover = ""
	}
	if n := field(m, "draft"); n != nil {
		no := isBool(n, "false") || strings.EqualFold(n.Value, "no") || strings.EqualFold(n.Value, "off")
		meta.Draft = !no && n.Tag != "!!null"
		if meta.Draft && !isBool(n, "true") {
			doc.Findings = append(doc.Findings, Finding{
				Pos{s.name, n.Line + 1, n.Column}, fmt.Sprintf("draft: %s is taken for a draft: write true or false", n.Value),
			})
		}
	}
	if n := field(m, "published"); n != nil && (isBool(n, "false") || strings.EqualFold(n.Value, "no") || strings.EqualFold(n.Value, "off")) {
		meta.Draft = true // as Jekyll has it
	}
	if n := field(m, "tags"); n != nil {
		meta.Tags = tags(n)
	} else if n := field(m, "keywords"); n != nil {
		meta.Tags = tags(n)
	}
	s.listing(doc, m)
	for _, key := range []string{"date", "published", "pubDate"} {
		n := field(m, key)
		if n == nil || words(n) == "" || n.Tag == "!!bool" || !meta.Date.IsZero() {
			continue
		}
		t, ok := date(words(n))
		if ok {
			meta.Date = t
			continue
		}
		doc.Findings = append(doc.Findings, Finding{
			Pos{s.name, n.Line + 1, n.Column},
			fmt.Sprintf("date %q is not understood and is left out: write 2006-01-02", words(n)),
		})
	}
}

func isBool(n *yaml.Node, value string) bool {
	return n.Tag == "!!bool" && strings.EqualFold(n.Value, value)
}

// field is the value of a key, or nil. Keys are compared without case.
func field(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if strings.EqualFold(m.Content[i].Value, key) {
			n := m.Content[i+1]
			if n.Kind == yaml.AliasNode {
				n = n.Alias
			}
			return n
		}
	}
	return nil
}

// words is a value as one line: a scalar; the items of a list, as people are
// listed; of a map what other tools put there (an author's name, an image's path).
func words(n *yaml.Node) string {
	if n == nil || n.Tag == "!!null" {
		return ""
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return strings.Join(strings.Fields(n.Value), " ")
	case yaml.SequenceNode:
		var list []string
		for _, c := range n.Content {
			if c.Kind == yaml.ScalarNode || c.Kind == yaml.MappingNode {
				if w := words(c); w != "" {
					list = append(list, w)
				}
			}
		}
		if len(list) < 2 {
			return strings.Join(list, "")
		}
		return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
	case yaml.MappingNode:
		for _, key := range []string{"name", "image", "src", "path"} {
			if c := field(n, key); c != nil && c.Kind == yaml.ScalarNode {
				return words(c)
			}
		}
	}
	return ""
}

func tags(n *yaml.Node) []string {
	var out []string
	if n.Kind == yaml.SequenceNode {
		for _, c := range n.Content {
			if w := words(c); w != "" {
				out = append(out, w)
			}
		}
		return out
	}
	for _, t := range strings.Split(words(n), ",") {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// date reads the forms that front matter of common site generators has.
func date(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -07:00",
		"2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, "2006/01/02", "2006-1-2",
		"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", time.RFC1123Z, time.RFC1123,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

var yamlLine = compiled(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

// YAMLFault says where YAML stops being YAML, as line and column from 1, and
// why. The parser numbers the lines of its grammar's faults from 0 and those of
// its tokens from 1; this makes them one.
func YAMLFault(src []byte, err error) (line, col int, reason string) {
	line, reason = 1, err.Error()
	if m := yamlLine().FindStringSubmatch(reason); m != nil {
		reason = m[2]
		if n, e := strconv.Atoi(m[1]); e == nil {
			line = n
			if strings.HasPrefix(reason, "did not find expected") {
				line++
			}
		}
	}
	reason = strings.Join(strings.Fields(reason), " ")
	lines := strings.Split(string(src), "\n")
	line = max(1, min(line, len(lines)))
	text := lines[line-1]
	return line, utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " \t")) + 1, reason
}
