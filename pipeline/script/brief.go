package script

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// Brief is what a plan needs to know beside the document. Its funcs are called by
// several goroutines at a time.
type Brief struct {
	Options Options
	Pauses  Pauses

	Show     string // the show's title
	Author   string // the show's, for a document that names none
	Language string // the show's, BCP 47, for a document that names none
	Credits  string // spoken text of the credits; may be empty

	HasIntro   bool // the show has an intro track
	HasCredits bool // the show has a credits track

	OpeningFirst bool // the intro track comes after the opening

	// Most is the longest text that the endpoint of a role's voice takes, in
	// bytes or in characters; 0, or a nil func, is no bound.
	Most func(role string) (n int, bytes bool)

	// Likes is how long a text the endpoint of a part's voice speaks best, in
	// the unit of Most: sentences are joined until a segment is so long. 0, or a
	// nil func, leaves that to Options.Segment.Least.
	Likes func(part string) int

	// Normalize says how much of a role's text is put into words; where it
	// says nothing, or is nil, Options.Normalize holds.
	Normalize func(role string) normalize.Mode

	// Lexicon gives what a part of the cast is said with, and for whom: voice,
	// document, phonemes. Nil, or a nil lexicon, has no words.
	Lexicon func(part string) (*lexicon.Lexicon, lexicon.For)

	// SameVoice says whether two roles are spoken by one voice. Nil means that
	// different roles have different voices.
	SameVoice func(a, b string) bool

	// Cast says whether the show has a voice, or a role with a voice of its
	// own, of a name. Nil knows none.
	Cast func(name string) (voice, role bool)
}

func (b *Brief) sameVoice(x, y string) bool {
	return x == y || b.SameVoice != nil && b.SameVoice(x, y)
}

// longestPause bounds a pause: longer silence is a mistake in a unit.
const longestPause = time.Hour

// OptionError is an option that cannot be used.
type OptionError struct {
	Setting string // such as "elements.quote", below script or audio.pauses
	Value   string
	Reason  string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("%s: %q %s", e.Setting, e.Value, e.Reason)
}

// Validate gives every fault of the options as an *OptionError, joined.
func (o Options) Validate() error {
	var errs []error
	bad := func(setting, value, reason string) {
		errs = append(errs, &OptionError{setting, value, reason})
	}
	oneOf := func(setting, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			bad(setting, value, "is not known: use "+strings.Join(allowed, ", "))
		}
	}
	for _, m := range o.Elements.modes() {
		oneOf("elements."+m.name, *m.value, m.allowed...)
	}
	o.Announcements.validate(bad)
	if !slices.Contains(normalize.Modes(), o.Normalize) {
		bad("normalize", string(o.Normalize), "is not known: use full, light, off")
	}
	for setting, text := range map[string]string{"opening": o.Opening, "closing": o.Closing} {
		if _, err := fill(text, nil); err != nil {
			bad(setting, text, err.Error())
		}
	}
	if d := o.Chapters.Depth; d < 0 || d > 6 {
		bad("chapters.depth", fmt.Sprint(d), "is not from 0 to 6")
	}
	if d := o.Chapters.Least; d < 0 {
		bad("chapters.least", d.String(), "is less than 0")
	}
	oneOf("chapters.images", cmp.Or(o.Chapters.Images, imagesNone), ChapterImages()...)
	if n := o.Segment.Least; n < 0 {
		bad("segment.least", fmt.Sprint(n), "is less than 0")
	}
	if n := o.Segment.Most; n < 0 || n > 0 && n < o.Segment.Least {
		bad("segment.most", fmt.Sprint(n), "is less than segment.least")
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

// Validate gives every fault of the pauses as an *OptionError, joined.
func (p Pauses) Validate() error {
	var errs []error
	for _, f := range []struct {
		setting string
		value   time.Duration
	}{
		{"sentence", p.Sentence},
		{"paragraph", p.Paragraph},
		{"heading_before", p.HeadingBefore},
		{"heading_after", p.HeadingAfter},
		{"subheading_before", p.SubBefore},
		{"subheading_after", p.SubAfter},
		{"item", p.Item},
		{"line", p.Line},
		{"note", p.Note},
		{"quote", p.Quote},
		{"rule", p.Rule},
		{"opening", p.Opening},
		{"closing", p.Closing},
	} {
		if f.value < 0 || f.value > longestPause {
			errs = append(errs, &OptionError{f.setting, f.value.String(), "is not from 0 to 1h"})
		}
	}
	return errors.Join(append(errs, p.validatePairs()...)...)
}
