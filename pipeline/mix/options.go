package mix

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Tracks are the music around the voices, under `tracks` in a show's file.
type Tracks struct {
	Intro   Track `yaml:"intro,omitempty" json:"intro,omitzero"`
	Credits Track `yaml:"credits,omitempty" json:"credits,omitzero"`
}

// Track is a piece of music: in a show's file a path, or a map of these. A
// track is first brought to the loudness of the voices; Gain comes on top.
type Track struct {
	File    string        `yaml:"file,omitempty" json:"file,omitempty"`
	Gain    level.DB      `yaml:"gain,omitempty" json:"gain,omitempty"`
	FadeIn  time.Duration `yaml:"fade_in,omitempty" json:"fade_in,omitempty"`
	FadeOut time.Duration `yaml:"fade_out,omitempty" json:"fade_out,omitempty"`
	Overlap time.Duration `yaml:"overlap,omitempty" json:"overlap,omitempty"` // how long voice and track sound together
}

// UnmarshalText reads a track that is only a path.
func (t *Track) UnmarshalText(b []byte) error { t.File = string(b); return nil }

// DefaultTracks are the fades of tracks that say nothing; they have no files.
func DefaultTracks() Tracks {
	return Tracks{
		Intro:   Track{FadeIn: 10 * time.Millisecond, FadeOut: 3 * time.Second, Overlap: 2 * time.Second},
		Credits: Track{FadeIn: 2 * time.Second, FadeOut: 4 * time.Second, Overlap: 1500 * time.Millisecond},
	}
}
