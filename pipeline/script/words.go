package script

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ended is text with a full stop, unless it has its own end.
func ended(text string) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	if text == "" || endsItself(text) {
		return text
	}
	return strings.TrimRight(text, ",;–—- ") + "."
}

// endsItself says whether text ends as a sentence does, closing quotes and
// brackets aside.
func endsItself(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`"'”’»«“›)]}」』）】〉》`, r)
	})
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?…:。！？：।", r)
}

// templateNames are what an opening or a closing can name.
var templateNames = []string{"title", "author", "date", "site", "show", "book"}

var placeholder = compiled(`\{([^{}]*)\}`)

// fill puts values into a template such as "{title}. By {author}." A sentence
// that names an empty value is left out; a value's own end is not doubled.
func fill(template string, values map[string]string) (string, error) {
	var out []string
	for _, s := range templateSentences(template) {
		whole, missing := "", false
		at := 0
		for _, m := range placeholder().FindAllStringSubmatchIndex(s, -1) {
			name := s[m[2]:m[3]]
			if !slices.Contains(templateNames, name) {
				return "", fmt.Errorf("has {%s}: {%s} are known", name, strings.Join(templateNames, "}, {"))
			}
			value := strings.Join(strings.Fields(values[name]), " ")
			missing = missing || value == ""
			whole += s[at:m[0]] + value
			if at = m[1]; endsItself(value) && at < len(s) && strings.IndexByte(".!?", s[at]) >= 0 {
				at++
			}
		}
		if whole += s[at:]; !missing {
			out = append(out, whole)
		}
	}
	return strings.Join(out, " "), nil
}

// templateSentences splits a template before its values can confuse anybody.
func templateSentences(template string) []string {
	var out []string
	rest := strings.Join(strings.Fields(template), " ")
	for rest != "" {
		i := strings.IndexAny(rest, ".!?")
		for i >= 0 && i+1 < len(rest) && rest[i+1] != ' ' {
			n := strings.IndexAny(rest[i+1:], ".!?")
			if n < 0 {
				i = -1
				break
			}
			i += n + 1
		}
		if i < 0 {
			return append(out, rest)
		}
		out = append(out, rest[:i+1])
		rest = strings.TrimSpace(rest[i+1:])
	}
	return out
}

var fileLike = compiled(`(?i)^\S+\.(jpe?g|png|gif|webp|svg|avif|heic|bmp|tiff?|mp4|webm|pdf)$|^(img|dsc|dscn|dscf|image|photo|screen ?shot|pxl|whatsapp image)[-_ ]?[\d][\w .:-]*$|^[0-9a-f-]{12,}$|^(image|img|photo|picture|screenshot|figure|icon|logo|avatar)$`)

// shortestAlt is the least number of letters that can describe an image.
const shortestAlt = 3

// describes says whether an alternative text is one: not a file's name, an
// identifier, or a word that any image could have.
func describes(alt string) bool {
	alt = strings.TrimSpace(alt)
	letters := 0
	for _, r := range alt {
		if unicode.IsLetter(r) {
			letters++
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
				letters++
			}
		}
	}
	return letters >= shortestAlt && !fileLike().MatchString(alt)
}

// languageName is a programming language as it is said. An unknown name is
// said as the author wrote it.
func languageName(tag string) string {
	tag = strings.ToLower(strings.Trim(tag, "{}. "))
	switch tag {
	case "", "text", "txt", "plain", "plaintext", "none", "output":
		return ""
	case "js", "javascript":
		return "JavaScript"
	case "ts", "typescript":
		return "TypeScript"
	case "py", "python3":
		return "Python"
	case "sh", "bash", "shell", "zsh", "console", "shell-session":
		return "shell"
	case "cpp", "c++":
		return "C plus plus"
	case "cs", "csharp", "c#":
		return "C sharp"
	case "rb":
		return "Ruby"
	case "rs":
		return "Rust"
	case "golang":
		return "Go"
	case "yml", "yaml", "json", "html", "css", "sql", "xml", "toml", "php":
		return strings.ToUpper(strings.Replace(tag, "yml", "yaml", 1))
	}
	r, n := utf8.DecodeRuneInString(tag)
	return string(unicode.ToUpper(r)) + tag[n:]
}

func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// mostShown is how many characters of a text a message shows.
const mostShown = 40

func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > mostShown {
		text = string([]rune(text)[:mostShown]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
