package gate

import (
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Facts are what was measured of an episode. They stand in its manifest, so
// that other rules can judge it without making it again.
type Facts struct {
	Length   podcast.Seconds `json:"length"`             // of the whole, as played
	Speech   podcast.Seconds `json:"speech"`             // its segments together, without pauses and music
	Expected podcast.Seconds `json:"expected,omitempty"` // how long their text makes expect that; 0 is not known

	Segments int   `json:"segments"`          // of the script
	Missing  []int `json:"missing,omitempty"` // ordinals of those of which nothing is heard
	Clipped  []int `json:"clipped,omitempty"` // of those whose take reaches full scale

	Silence Silent          `json:"silence"`
	Pause   podcast.Seconds `json:"pause"` // longest that is planned

	Integrated level.LUFS `json:"integrated_lufs"`
	Target     level.LUFS `json:"target_lufs"`
	TruePeak   level.DBTP `json:"true_peak_dbtp"`
	Ceiling    level.DBTP `json:"ceiling_dbtp"`

	Chapters int             `json:"chapters"`
	Untitled int             `json:"untitled,omitempty"` // of them, without a title
	First    podcast.Seconds `json:"first,omitempty"`    // where the first chapter starts

	Cover *Picture `json:"cover,omitempty"` // nil without one
	Words *Words   `json:"words,omitempty"` // nil where nobody looked, or the language's words are not known
	Costs []Sum    `json:"costs,omitempty"` // of its takes, by currency

	Understudies []Stand `json:"understudies,omitempty"` // in order of the voices

	// Retaken are the segments whose first answer was refused. That is chance,
	// and no part of a manifest, unless it holds the episode back.
	Retaken int `json:"retaken,omitempty"`
}

// Silent is a stretch of silence.
type Silent struct {
	At     podcast.Seconds `json:"at"`
	Length podcast.Seconds `json:"length"`
}

// Picture is the size of one, in pixels.
type Picture struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Words are what is written in an episode's text.
type Words struct {
	All      int      `json:"all"`
	Unknown  int      `json:"unknown"`            // of them; a word that is there twice counts twice
	Examples []string `json:"examples,omitempty"` // the most frequent unknown ones
}

// Sum is what is to be paid in a currency.
type Sum struct {
	Cost     float64 `json:"cost"`
	Currency string  `json:"currency"`
	Priced   bool    `json:"priced"` // whether every price is known
}

// Stand is a voice and who speaks in its place.
type Stand struct {
	Voice string `json:"voice"`
	By    string `json:"by"`
}
