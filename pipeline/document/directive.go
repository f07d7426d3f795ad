package document

import (
	"fmt"
	"slices"
	"strings"
)

// The verbs of directives. A directive is a comment in Markdown or HTML that
// tells this program something and no reader of the page:
//
//	<!-- narrapress: chapter "The second voyage" -->
//	<!-- narrapress: skip -->
const (
	// DirectiveChapter begins a chapter with the title that is given; "none"
	// keeps the heading that follows from beginning one.
	DirectiveChapter = "chapter"
	// DirectiveVoice gives the next element, or all up to DirectiveEnd, to
	// the voice or the role that is named.
	DirectiveVoice = "voice"
	// DirectiveCast gives a role to another voice in the chapter that it stands
	// in, from there on: "cast quote second".
	DirectiveCast = "cast"
	// DirectivePause asks for silence of at least the length given, such as 2s.
	DirectivePause = "pause"
	// DirectiveSkip leaves out the next element, or all up to DirectiveEnd.
	DirectiveSkip = "skip"
	// DirectiveSay adds the words that are given; with a DirectiveEnd after it
	// they are said for what stands between.
	DirectiveSay = "say"
	// DirectiveIntro is where the intro has its place: what stands before it
	// is a cold open. Without it the intro comes first.
	DirectiveIntro = "intro"
	// DirectiveEnd ends what voice, skip or say began.
	DirectiveEnd = "end"
)

// Directives are the verbs that are known.
func Directives() []string {
	return []string{DirectiveChapter, DirectiveVoice, DirectiveCast, DirectivePause, DirectiveSkip, DirectiveSay, DirectiveIntro, DirectiveEnd}
}

// mostDirective bounds a directive's length, in bytes.
const mostDirective = 4096

// ParseDirective reads the text between "<!--" and "-->". It says ok for a
// comment that begins with "narrapress:"; the error, of such a comment, is one
// line for its author.
func ParseDirective(comment string) (verb, argument string, ok bool, err error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(comment), "narrapress:")
	if !ok {
		if first, _, _ := strings.Cut(strings.Join(strings.Fields(comment), " "), " "); strings.EqualFold(strings.TrimRight(first, ":"), "narrapress") {
			return "", "", true, fmt.Errorf("a comment for this program begins with narrapress: in small letters and with a colon; this one is not obeyed")
		}
		return "", "", false, nil
	}
	rest = strings.Join(strings.Fields(rest), " ")
	if len(rest) > mostDirective {
		return "", "", true, fmt.Errorf("a directive longer than %d bytes is left out", mostDirective)
	}
	verb, argument, _ = strings.Cut(rest, " ")
	argument = bareArgument(argument)
	switch {
	case !slices.Contains(Directives(), verb):
		return "", "", true, fmt.Errorf("the directive %q is not known: use %s", verb, strings.Join(Directives(), ", "))
	case argument == "" && verb != DirectiveSkip && verb != DirectiveIntro && verb != DirectiveEnd:
		return "", "", true, fmt.Errorf("the directive %s lacks its value: write <!-- narrapress: %s VALUE -->", verb, verb)
	}
	return verb, argument, true, nil
}

// bareArgument is an argument without the quotation marks around it.
func bareArgument(s string) string {
	for _, q := range [][2]string{{`"`, `"`}, {"“", "”"}, {"'", "'"}} {
		if len(s) >= len(q[0])+len(q[1]) && strings.HasPrefix(s, q[0]) && strings.HasSuffix(s, q[1]) {
			return s[len(q[0]) : len(s)-len(q[1])]
		}
	}
	return s
}
