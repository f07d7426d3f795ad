package script

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// Announcements are the words that a script adds, by what they announce. An
// empty text announces nothing. {…} stands for what the document has there.
//
// Every text is short and ends as a sentence or with a colon, and what begins
// something whose end cannot be heard has another that ends it (docs/text.md).
type Announcements map[string]string

// The announcements there are; announcements/en.yaml says what each is for.
const (
	sayOpening       = "opening"
	sayLink          = "link"
	sayRow           = "row"
	sayRows          = "rows"
	sayColumn        = "column"
	sayColumnsOf     = "columns_of"
	sayHeading       = "heading"
	sayQuote         = "quote"
	sayQuoteBy       = "quote_by"
	sayQuoteFrom     = "quote_from"
	sayQuoteEnd      = "quote_end"
	sayLongQuoteEnd  = "long_quote_end"
	sayInnerQuote    = "inner_quote"
	sayInnerQuoteBy  = "inner_quote_by"
	sayInnerQuoteEnd = "inner_quote_end"
	sayInlineQuote   = "inline_quote"
	sayVerseBy       = "verse_by"
	sayImage         = "image"
	sayFootnote      = "footnote"
	sayFootnoteEnd   = "footnote_end"
	sayEndnote       = "endnote"
	sayList          = "list"
	sayNested        = "nested"
	sayDone          = "done"
	sayTodo          = "todo"
	sayTable         = "table"
	sayTableBare     = "table_bare"
	sayColumns       = "columns"
	sayBlank         = "blank"
	sayTableEnd      = "table_end"
	sayTableShape    = "table_shape"
	sayTableHeads    = "table_heads"
	sayTableSee      = "table_see"
	sayCode          = "code"
	sayCodeIn        = "code_in"
	sayLine          = "line"
	sayLines         = "lines"
	sayCodeStart     = "code_start"
	sayCodeEnd       = "code_end"
	sayFormula       = "formula"
	sayDetails       = "details"
	sayDetailsEnd    = "details_end"
	saySpoiler       = "spoiler"
	saySpoilerEnd    = "spoiler_end"
	sayNote          = "note"
	sayTip           = "tip"
	sayInfo          = "info"
	sayImportant     = "important"
	sayWarning       = "warning"
	sayCaution       = "caution"
	sayDanger        = "danger"
	sayExample       = "example"
	sayVideo         = "video"
	sayVideoBare     = "video_bare"
	sayAudio         = "audio"
	sayAudioBare     = "audio_bare"
	sayPost          = "post"
	sayEmbed         = "embed"
	sayLeftOut       = "left_out"
	sayImageLeft     = "image_left"
	sayImagesLeft    = "images_left"
	sayNoteLeft      = "note_left"
	sayNotesLeft     = "notes_left"
	sayEmbedLeft     = "embed_left"
	sayEmbedsLeft    = "embeds_left"
	sayAnd           = "and"
	sayYes           = "mark_yes"
	sayNo            = "mark_no"
)

//go:embed announcements/*.yaml
var tables embed.FS

// DefaultAnnouncements are those of a language, by its BCP 47 tag. What the
// language does not have here is English.
func DefaultAnnouncements(tag string) Announcements {
	out := table("en")
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if primary != "en" {
		maps.Copy(out, table(primary))
	}
	return out
}

// table is a language's own, or none.
func table(language string) Announcements {
	raw, err := tables.ReadFile("announcements/" + language + ".yaml")
	if err != nil {
		return nil // no file: a language without words here
	}
	var out Announcements
	if err := yaml.Unmarshal(raw, &out); err != nil {
		panic("announcements of " + language + ": " + err.Error()) // a fault of this program's, found by its tests
	}
	return out
}

// with gives the announcements with a show's own over them.
func (a Announcements) with(own Announcements) Announcements {
	out := maps.Clone(a)
	maps.Copy(out, own)
	return out
}

// say is an announcement; the pairs are the names and values that stand in it.
func (a Announcements) say(name string, pairs ...string) string {
	text := a[name]
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// count is "one line" or "14 lines": of an announcement for one and one for
// more.
func (a Announcements) count(n int, one, more string) string {
	if n == 1 {
		return a.say(one)
	}
	return a.say(more, "count", strconv.Itoa(n))
}

// list is "a, b, and c".
func (a Announcements) list(items []string) string {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return items[0] + " " + a[sayAnd] + " " + items[1]
	default:
		return strings.Join(items[:n-1], ", ") + ", " + a[sayAnd] + " " + items[n-1]
	}
}

// validate gives every announcement that is not known, or holds a name that it
// does not have, by its name.
func (a Announcements) validate(bad func(setting, value, reason string)) {
	known := table("en")
	for _, name := range slices.Sorted(maps.Keys(a)) {
		standard, ok := known[name]
		if !ok {
			bad("announcements."+name, a[name], "is not the text of an announcement: "+name+" is none"+nearestOf(name, slices.Sorted(maps.Keys(known))))
			continue
		}
		for _, m := range placeholder().FindAllStringSubmatch(a[name], -1) {
			if !strings.Contains(standard, m[0]) {
				bad("announcements."+name, a[name], fmt.Sprintf("has %s: the announcement is %q", m[0], standard))
			}
		}
	}
}

// nearestOf names the known name that an unknown one was meant to be.
func nearestOf(name string, known []string) string {
	best, least := "", 3 // more edits are another word
	for _, k := range known {
		n := levenshtein.ComputeDistance(strings.ToLower(name), k)
		if n < least || n == least && best != "" && name != "" && k[0] == name[0] && best[0] != name[0] { // "qoute" is no note
			best, least = k, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}
