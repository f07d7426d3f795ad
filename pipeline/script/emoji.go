package script

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/runenames"
)

// emoji divides text at its emoji. One that carries a meaning is named: it
// stands alone in an item or a cell, or between two words of a sentence. One
// that only colours a sentence is dropped: its name would cut the flow. Runs
// are named once.
func (s *speech) emoji(text string) []oddity {
	if text == "" {
		return nil
	}
	mode := s.by.Options.Elements.Emoji
	if !strings.ContainsFunc(text, pictorial) || mode == "name" && !s.by.english {
		return []oddity{{text: text}}
	}
	var out []oddity
	at, state, named := 0, -1, ""
	for off := 0; off < len(text); {
		cluster, _, _, next := uniseg.FirstGraphemeClusterInString(text[off:], state)
		if !isEmoji(cluster) {
			if strings.ContainsFunc(cluster, speakable) {
				named = ""
			}
			off, state = off+len(cluster), next
			continue
		}
		if off > at {
			out = append(out, oddity{text: text[at:off]})
		}
		said, rest := "", text[off+len(cluster):]
		name := s.emojiName(cluster)
		end := !continues(rest)
		switch {
		case mode == "drop", name == "", name == named:
		case mode == "name", s.wordless, s.cell, !end && follows(text[:off]):
			said, named = name, name
		}
		if said != "" {
			if !s.cell || !s.wordless {
				said = apartFrom(text[:off], said, rest)
			}
		}
		out = append(out, oddity{cluster, said, RuleEmoji, end})
		off += len(cluster)
		at, state = off, next
	}
	if at < len(text) {
		out = append(out, oddity{text: text[at:]})
	}
	return out
}

// continues says whether a sentence goes on behind an emoji: with a word in
// lower case, or a number.
func continues(rest string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \u00a0"))
	return unicode.IsLower(r) || unicode.IsDigit(r)
}

// follows says whether an emoji stands after a word of its sentence.
func follows(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " \u00a0"))
	return speakable(r) || r == ','
}

// apartFrom sets spaces between an emoji's name and the words beside it.
func apartFrom(before, name, rest string) string {
	if r, _ := utf8.DecodeLastRuneInString(before); before != "" && speakable(r) {
		name = " " + name
	}
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && (speakable(r) || isEmoji(string(r))) {
		name += " "
	}
	return name
}

// pictorial says whether a character may begin an emoji. The digits and signs
// of keycaps do not count: what makes them emoji does.
func pictorial(r rune) bool {
	switch {
	case r < 0x2190:
		return r == 0x203c || r == 0x2049
	case r <= 0x21ff, r >= 0x2200 && r <= 0x22ff: // arrows and mathematics are signs
		return false
	case r >= 0x2300 && r <= 0x23ff, r >= 0x25a0 && r <= 0x27bf, r >= 0x2b00 && r <= 0x2bff, r == 0x20e3, r == 0xfe0f:
		return true
	}
	return r >= 0x1f000 && r <= 0x1faff
}

// isEmoji says whether a character, as people see it, is a picture: one of the
// blocks of pictures, shown as one (Unicode Technical Standard 51, section 1.4).
func isEmoji(cluster string) bool {
	r, n := utf8.DecodeRuneInString(cluster)
	switch {
	case r >= 0x1f000 && r <= 0x1faff:
		return r < 0x1f100 || r > 0x1f1e5 || n < len(cluster) // enclosed letters are letters, pairs of flags are not
	case strings.ContainsRune(cluster, 0x20e3), strings.ContainsRune(cluster, 0xfe0f):
		return true
	}
	// Shown as pictures without a selector: Emoji_Presentation of the BMP.
	return strings.ContainsRune("⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕✔✖✘✗✓☑❤★☆", r)
}

// emojiName is what is said for an emoji, or "" where that is not known.
func (s *speech) emojiName(cluster string) string {
	r, _ := utf8.DecodeRuneInString(cluster)
	switch r {
	case '✅', '✔', '✓', '☑':
		if s.cell || s.wordless {
			return s.by.words[sayYes]
		}
	case '❌', '✖', '✘', '✗', '❎':
		if s.cell || s.wordless {
			return s.by.words[sayNo]
		}
	}
	if !s.by.english {
		return ""
	}
	if name, ok := shortNames[r]; ok {
		return name
	}
	name := strings.ToLower(runenames.Name(r))
	for _, cut := range []string{" sign", " symbol", "black ", "white ", "heavy ", "emoji "} {
		name = strings.ReplaceAll(name, cut, "")
	}
	if strings.HasPrefix(name, "<") || strings.Contains(name, "regional indicator") || strings.Contains(name, "variation selector") {
		return ""
	}
	return name
}

// shortNames are names that people use where Unicode's are those of a type case.
var shortNames = map[rune]string{
	'✅': "check mark", '✔': "check mark", '✓': "check mark", '☑': "check mark", '❌': "cross", '✖': "cross", '✗': "cross", '✘': "cross", '❎': "cross",
	'❤': "heart", '💙': "blue heart", '💚': "green heart", '💔': "broken heart", '⭐': "star", '★': "star", '☆': "star", '🌟': "star", '✨': "sparkles",
	'👍': "thumbs up", '👎': "thumbs down", '🔥': "fire", '😂': "tears of joy", '🙂': "smile", '😀': "grin", '😊': "smile", '😉': "wink", '😢': "tear", '😭': "sobbing",
	'🎉': "party", '⚡': "lightning", '⚠': "warning", '❓': "question mark", '❗': "exclamation mark", '➡': "right arrow", '👉': "pointing right", '🙏': "folded hands",
	'💡': "light bulb", '🚀': "rocket", '💯': "one hundred points", '🤔': "thinking face", '📌': "pin", '📈': "rising chart", '📉': "falling chart",
}
