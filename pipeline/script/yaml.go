package script

// YAMLScalar is a text as a YAML value on one line, as scripts have it: plain
// where no parser can take it for anything else, else in double quotes.
func YAMLScalar(text string) string { return scalar(text) }

// YAMLLines are a long text as the lines of a folded YAML block (>-), a sentence
// a line and long ones wrapped; nil for a text that is short, or that would not
// come back the same. Sentences on lines of their own keep an edit's diff small.
func YAMLLines(text string) []string { return folded(text) }
