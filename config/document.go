package config

import (
	"maps"
	"reflect"

	"github.com/narrapress/narrapress/pipeline/script"
)

// piece is what a document may say for itself, of a show's file: how it is
// scripted and by which of the show's voices. It names no file, no endpoint and
// no variable, since documents come from anywhere.
type piece struct {
	Script script.Options    `yaml:"script"`
	Roles  map[string]string `yaml:"roles"`
	Audio  pieceOfAudio      `yaml:"audio"`
	Words  map[string]string `yaml:"lexicon"`
}

type pieceOfAudio struct {
	Pauses script.Pauses `yaml:"pauses"`
}

// ForDocument gives the configuration with what a document's front matter has
// under "narrapress" over it: `script`, `roles`, `audio.pauses`, and under
// `lexicon` words with their respellings, which are given back by themselves.
// The text is YAML that begins on a line of the file name. Its error is an
// Errors, as that of Load.
func (c *Config) ForDocument(name string, line int, text string) (*Config, map[string]string, error) {
	if text == "" {
		return c, nil, nil
	}
	f := &faults{}
	d := newDecoder(f)
	tokens := 0
	doc := &document{
		name: name, faults: f, scalars: coreSchema(), tokens: &tokens, first: line - 1,
		expand: func(s string, _ pos) (string, bool) { return s, true },
	}
	root := doc.parse([]byte(text))
	if root == nil {
		return nil, nil, f.err()
	}
	out := *c
	p := piece{Script: c.Script, Audio: pieceOfAudio{c.Audio.Pauses}}
	p.Script.Announcements, p.Audio.Pauses.Between = nil, nil
	d.value(root, reflect.ValueOf(&p).Elem(), "")
	out.Script, out.Audio.Pauses = p.Script, p.Audio.Pauses
	out.Audio.Pauses.Between = merged(c.Audio.Pauses.Between, p.Audio.Pauses.Between)
	out.Script.Announcements = merged(c.Script.Announcements, p.Script.Announcements)
	out.Roles = merged(c.Roles, p.Roles)
	rules := rulesByPath()
	leaves(reflect.ValueOf(&out).Elem(), func(l leaf) {
		if l.path != "lexicon" { // files in a show, words in a document
			d.judge(rules[l.pattern], l)
		}
	})
	d.options("script", out.Script.Validate())
	d.options("audio.pauses", out.Audio.Pauses.Validate())
	for _, role := range names(p.Roles) {
		if path := join("roles", role); !d.bad[path] {
			if _, ok := c.Voices[p.Roles[role]]; !ok {
				d.absent(path, "voice", p.Roles[role], names(c.Voices))
			}
		}
	}
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	return &out, p.Words, nil
}

func merged[M ~map[string]V, V any](all, own M) M {
	if len(own) == 0 {
		return all
	}
	out := maps.Clone(all)
	if out == nil {
		out = M{}
	}
	maps.Copy(out, own)
	return out
}
