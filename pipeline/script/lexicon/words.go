package lexicon

import "go.yaml.in/yaml/v3"

// ReadWords reads what stands under words in a lexicon's file, where another
// file of YAML has it: a map of words and how they are said. The name is for
// messages; an error is an *Error with its place.
func ReadWords(name string, n *yaml.Node) ([]Entry, error) {
	r := &yamlReader{name: name, out: &Lexicon{}}
	if err := r.words(n); err != nil {
		return nil, err
	}
	return r.out.entries, nil
}
