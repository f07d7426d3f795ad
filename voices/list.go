package voices

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// mostVoices bounds a list that somebody else wrote; the longest seen have
// some thousands.
const mostVoices = 100_000

// parseVoices reads a list of voices in any of the shapes seen in the wild:
// texts or objects, alone or under voices, data or items; a map by name; or
// lines of text. A path says where the names are in JSON of another shape.
func parseVoices(b []byte, path string) ([]string, error) {
	var tree any
	if json.Unmarshal(b, &tree) != nil {
		if text := strings.TrimSpace(string(b)); text == "" || strings.HasPrefix(text, "<") {
			return nil, errors.New("the list of voices is neither JSON nor lines of text")
		}
		return parseLines(b, "")
	}
	names := voicesIn(tree, 0)
	if path != "" {
		names = nil
		for _, x := range all(tree, path) {
			if s, ok := x.(string); ok {
				names = append(names, s)
			}
		}
	}
	if len(names) > mostVoices {
		names = names[:mostVoices]
	}
	if len(names) == 0 {
		return nil, errors.New("the list of voices has none")
	}
	return unique(names), nil
}

func voicesIn(tree any, depth int) []string {
	if depth > 3 {
		return nil
	}
	var names []string
	switch t := tree.(type) {
	case []any:
		for _, x := range t {
			if s, ok := x.(string); ok {
				names = append(names, s)
			} else if m, ok := x.(map[string]any); ok {
				names = append(names, nameOf(m)...)
			}
		}
	case map[string]any:
		found := false
		for _, k := range []string{"voices", "uploaded_voices", "data", "items", "results"} {
			if under, ok := t[k]; ok {
				found = true
				names = append(names, voicesIn(under, depth+1)...)
			}
		}
		if found {
			return names
		}
		for _, k := range sorted(t) { // Piper's map of the installed ones
			if _, ok := t[k].(map[string]any); ok {
				names = append(names, k)
			}
		}
	}
	return names
}

// nameOf is what a request would call the voice.
func nameOf(m map[string]any) []string {
	for _, k := range []string{"voice_id", "id", "ShortName", "Id", "name", "voice"} {
		if s, ok := m[k].(string); ok && s != "" {
			return []string{s}
		}
	}
	return nil
}

func linePattern(pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		return nil, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	if re.NumSubexp() < 1 {
		return nil, fmt.Errorf("%s has no group for the name", pattern)
	}
	return re, nil
}

// parseLines reads the lines that a program prints; see VoiceList.Pattern.
func parseLines(b []byte, pattern string) ([]string, error) {
	re, err := linePattern(pattern)
	if err != nil {
		return nil, err
	}
	names := []string{}
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && len(names) < mostVoices {
		line := strings.TrimRight(lines.Text(), " \t\r")
		switch before, after, titled := strings.Cut(line, ": "); {
		case re != nil:
			for _, m := range re.FindAllStringSubmatch(line, -1) {
				names = append(names, strings.TrimSpace(m[1])) // an empty one is dropped below
			}
		case titled && before != "":
			names = append(names, strings.Fields(after)...)
		default:
			names = append(names, strings.Fields(line)[:min(1, len(strings.Fields(line)))]...)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("the list of voices: %w", err)
	}
	return unique(names), nil
}

// unique keeps the first of each name that can be printed, in order.
func unique(names []string) []string {
	seen := make(map[string]bool, len(names))
	return slices.DeleteFunc(names, func(n string) bool {
		was := seen[n]
		seen[n] = true
		return was || n == "" || strings.ContainsFunc(n, unicode.IsControl) // a list may be hostile
	})
}

// bestFirst puts the preferred of names in front, and keeps the others' order.
func bestFirst(names, preferred []string) []string {
	out := make([]string, 0, len(names))
	for _, p := range preferred {
		if hasVoice(names, p) {
			out = append(out, p)
		}
	}
	return unique(append(out, names...))
}

// hasVoice knows variants and mixes, such as en-us+f3 and af_bella(2)+af_sky:
// the first name in them has to be there.
func hasVoice(names []string, voice string) bool {
	first, _, _ := strings.Cut(voice, "+")
	first, _, _ = strings.Cut(first, "(")
	return slices.Contains(names, voice) || slices.Contains(names, first)
}

// unknownVoice is the error where names do not have the voice.
func unknownVoice(e Endpoint, voice string, names []string) error {
	if hasVoice(names, voice) || hasVoice(e.Voices.Names, voice) && len(e.Voices.Argv) == 0 {
		return nil
	}
	return &Error{
		Endpoint: e.Name, Advice: GiveUp,
		Reason: newRedactor(e).line(fmt.Sprintf("there is no voice %q", voice)),
		Remedy: newRedactor(e).line(voiceRemedy(voice, names)),
	}
}

// voiceRemedy names the voice that was probably meant, and others.
func voiceRemedy(voice string, names []string) string {
	const few = 12
	if len(names) == 0 {
		return ""
	}
	shown := strings.Join(names[:min(few, len(names))], ", ")
	if len(names) > few {
		shown += fmt.Sprintf(" and %d more", len(names)-few)
	}
	if n := nearest(voice, names); n != "" {
		return fmt.Sprintf("did you mean %q? There are %s", n, shown)
	}
	return "there are " + shown
}
