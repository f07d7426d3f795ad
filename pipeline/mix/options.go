package mix

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Tracks are the music around, between and under the voices, under `tracks` in
// a show's file. Each is there a path, or a map of what is below. A track is
// first brought to the loudness of the voices; Gain comes on top.
type Tracks struct {
	Intro   Intro   `yaml:"intro,omitempty" json:"intro,omitzero"`
	Credits Credits `yaml:"credits,omitempty" json:"credits,omitzero"`
	Sting   Sting   `yaml:"sting,omitempty" json:"sting,omitzero"`
	Bed     Bed     `yaml:"bed,omitempty" json:"bed,omitzero"`
}

// Intro is the music that an episode begins with, or that stands after what it
// begins with: where the script has its intro chapter.
type Intro struct {
	File    string        `yaml:"file,omitempty" json:"file,omitempty"`
	Gain    level.DB      `yaml:"gain,omitempty" json:"gain,omitempty"`
	FadeIn  time.Duration `yaml:"fade_in,omitempty" json:"fade_in,omitempty"`
	FadeOut time.Duration `yaml:"fade_out,omitempty" json:"fade_out,omitempty"`
	Overlap time.Duration `yaml:"overlap,omitempty" json:"overlap,omitempty"` // how long voice and track sound together
	After   string        `yaml:"after,omitempty" json:"after,omitempty"`     // AfterNothing or AfterOpening
}

// What is spoken before the intro.
const (
	AfterNothing = "start"
	AfterOpening = "opening"
)

// Credits is the music under the spoken credits and after them.
type Credits struct {
	File    string        `yaml:"file,omitempty" json:"file,omitempty"`
	Gain    level.DB      `yaml:"gain,omitempty" json:"gain,omitempty"`
	FadeIn  time.Duration `yaml:"fade_in,omitempty" json:"fade_in,omitempty"`
	FadeOut time.Duration `yaml:"fade_out,omitempty" json:"fade_out,omitempty"`
	Overlap time.Duration `yaml:"overlap,omitempty" json:"overlap,omitempty"` // how long it sounds with the voice before it
	Duck    level.DB      `yaml:"duck,omitempty" json:"duck,omitempty"`       // on top of Gain, under the spoken credits
}

// Sting is the music between chapters.
type Sting struct {
	File    string        `yaml:"file,omitempty" json:"file,omitempty"`
	Gain    level.DB      `yaml:"gain,omitempty" json:"gain,omitempty"`
	FadeIn  time.Duration `yaml:"fade_in,omitempty" json:"fade_in,omitempty"`
	FadeOut time.Duration `yaml:"fade_out,omitempty" json:"fade_out,omitempty"`
}

// Bed is the music under the voices, repeated for as long as they speak.
type Bed struct {
	File    string        `yaml:"file,omitempty" json:"file,omitempty"`
	Gain    level.DB      `yaml:"gain,omitempty" json:"gain,omitempty"`
	FadeIn  time.Duration `yaml:"fade_in,omitempty" json:"fade_in,omitempty"`
	FadeOut time.Duration `yaml:"fade_out,omitempty" json:"fade_out,omitempty"`
	Duck    level.DB      `yaml:"duck,omitempty" json:"duck,omitempty"`   // on top of Gain, under the voices
	Under   string        `yaml:"under,omitempty" json:"under,omitempty"` // UnderBody, UnderOpening, UnderAll or the title of a chapter
}

// What a bed lies under, beside a chapter by its title.
const (
	UnderBody    = "body"    // the chapters of the text
	UnderOpening = "opening" // what is spoken in the role title before the text
	UnderAll     = "all"     // whatever is spoken, up to the music of the credits
)

// UnmarshalText reads a track that is only a path.
func (t *Intro) UnmarshalText(b []byte) error { t.File = string(b); return nil }

// UnmarshalText reads a track that is only a path.
func (t *Credits) UnmarshalText(b []byte) error { t.File = string(b); return nil }

// UnmarshalText reads a track that is only a path.
func (t *Sting) UnmarshalText(b []byte) error { t.File = string(b); return nil }

// UnmarshalText reads a track that is only a path.
func (t *Bed) UnmarshalText(b []byte) error { t.File = string(b); return nil }

// UnderVoice is how far music lies under speech: listeners who hear badly need
// 20 dB between them (WCAG 2.2, success criterion 1.4.7, which lets sounds of
// one or two seconds pass, such as the end of an intro).
const UnderVoice level.DB = -20

// bedDuck is how far a bed goes down where a voice begins: the first setting
// of Audacity's Auto Duck (Audacity manual, "Auto Duck").
const bedDuck level.DB = -12

// DefaultTracks are the settings of tracks that say nothing; they have no
// files. Fades and overlaps are judgement.
func DefaultTracks() Tracks {
	return Tracks{
		Intro:   Intro{FadeIn: 10 * time.Millisecond, FadeOut: 3 * time.Second, Overlap: 2 * time.Second, After: AfterNothing},
		Credits: Credits{FadeIn: 2 * time.Second, FadeOut: 4 * time.Second, Overlap: 1500 * time.Millisecond, Duck: UnderVoice},
		Sting:   Sting{FadeIn: 10 * time.Millisecond, FadeOut: 500 * time.Millisecond},
		Bed:     Bed{FadeIn: 2 * time.Second, FadeOut: 3 * time.Second, Gain: UnderVoice - bedDuck, Duck: bedDuck, Under: UnderBody},
	}
}

// The names of the tracks in the show's file.
const (
	IntroName   = "intro"
	CreditsName = "credits"
	StingName   = "sting"
	BedName     = "bed"
)

// NamedTrack is a track by its name in the show's file.
type NamedTrack struct{ Name, File string }

// Named are the tracks that have a file, in the order of the show's file.
func (t *Tracks) Named() []NamedTrack {
	var out []NamedTrack
	for _, n := range []NamedTrack{{IntroName, t.Intro.File}, {CreditsName, t.Credits.File}, {StingName, t.Sting.File}, {BedName, t.Bed.File}} {
		if n.File != "" {
			out = append(out, n)
		}
	}
	return out
}

// WithoutFiles are the tracks' settings alone.
func (t Tracks) WithoutFiles() Tracks {
	t.Intro.File, t.Credits.File, t.Sting.File, t.Bed.File = "", "", "", ""
	return t
}
