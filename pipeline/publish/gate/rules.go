package gate

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Then is what becomes of an episode that breaks a rule.
type Then string

// What may become of it.
const (
	Hold Then = "hold" // it is kept out of the feed
	Warn Then = "warn" // its report says so
	Off  Then = "off"  // the rule is not asked
)

// Thens are the values of Then.
func Thens() []string { return []string{string(Hold), string(Warn), string(Off)} }

// Rules are those of a show.
type Rules struct {
	Length     Length     `yaml:"length" json:"length"`
	Segments   Segments   `yaml:"segments" json:"segments"`
	Retakes    Retakes    `yaml:"retakes" json:"retakes"`
	Silence    Silence    `yaml:"silence" json:"silence"`
	Loudness   Loudness   `yaml:"loudness" json:"loudness"`
	Peak       Peak       `yaml:"peak" json:"peak"`
	Clipping   Clipping   `yaml:"clipping" json:"clipping"`
	Chapters   Chapters   `yaml:"chapters" json:"chapters"`
	Artwork    Artwork    `yaml:"artwork" json:"artwork"`
	Unknown    Unknown    `yaml:"unknown" json:"unknown"`
	Cost       Cost       `yaml:"cost" json:"cost"`
	Understudy Understudy `yaml:"understudy" json:"understudy"`
}

// Length bounds how long the segments are, as a multiple of what their text
// makes expect.
type Length struct {
	Then  Then    `yaml:"then" json:"then"`
	Least float64 `yaml:"least" json:"least"`
	Most  float64 `yaml:"most" json:"most"`
}

// Segments wants every segment of the script to be heard.
type Segments struct {
	Then Then `yaml:"then" json:"then"`
}

// Retakes bounds the share of segments whose first answer was refused by a
// check of takes.
type Retakes struct {
	Then Then    `yaml:"then" json:"then"`
	Most float64 `yaml:"most" json:"most"`
}

// Silence bounds the longest silence inside the programme: beyond the longest
// pause that is planned.
type Silence struct {
	Then   Then          `yaml:"then" json:"then"`
	Beyond time.Duration `yaml:"beyond" json:"beyond"`
}

// Loudness bounds how far the integrated loudness is from the show's, in LU.
type Loudness struct {
	Then   Then    `yaml:"then" json:"then"`
	Within float64 `yaml:"within" json:"within"`
}

// Peak bounds how far the true peak is over the show's.
type Peak struct {
	Then Then     `yaml:"then" json:"then"`
	Over level.DB `yaml:"over" json:"over"`
}

// Clipping bounds the share of segments whose take reaches full scale.
type Clipping struct {
	Then Then    `yaml:"then" json:"then"`
	Most float64 `yaml:"most" json:"most"`
}

// Chapters wants at least so many in an episode that is longer than Over, each
// with a title, the first at the beginning.
type Chapters struct {
	Then  Then          `yaml:"then" json:"then"`
	Least int           `yaml:"least" json:"least"`
	Over  time.Duration `yaml:"over" json:"over"`
}

// Artwork wants a square cover of at least so many pixels a side.
type Artwork struct {
	Then  Then `yaml:"then" json:"then"`
	Least int  `yaml:"least" json:"least"` // pixels
	Drawn bool `yaml:"drawn" json:"drawn"` // where there is none, one of words will do, which the feed draws
}

// Unknown bounds the share of the words that are in no list of their language
// and in no lexicon.
type Unknown struct {
	Then Then    `yaml:"then" json:"then"`
	Most float64 `yaml:"most" json:"most"`
}

// Cost bounds what the episode's takes cost; 0 is no bound.
type Cost struct {
	Then Then    `yaml:"then" json:"then"`
	Most float64 `yaml:"most" json:"most"`
}

// Understudy wants every voice to speak for itself.
type Understudy struct {
	Then Then `yaml:"then" json:"then"`
}

// Defaults are the rules of a show that says nothing. What a listener would
// hear holds an episode back; what a producer may want so only warns.
func Defaults() Rules {
	return Rules{
		Length:   Length{Then: Warn, Least: 0.5, Most: 2}, // people and engines are at 8 to 25 characters a second: docs/takes.md
		Segments: Segments{Then: Hold},
		Retakes:  Retakes{Then: Warn, Most: 0.2},
		Silence:  Silence{Then: Hold, Beyond: 2500 * time.Millisecond}, // as long as a take may be silent inside: docs/takes.md
		Loudness: Loudness{Then: Hold, Within: 1},                      // what Apple asks for: ±1 dB (podcasters.apple.com, Audio requirements)
		Peak:     Peak{Then: Hold, Over: 0.5},
		Clipping: Clipping{Then: Warn, Most: 0.1},
		Chapters: Chapters{Then: Warn, Least: 2, Over: 20 * time.Minute},
		Artwork:  Artwork{Then: Warn, Least: 1400, Drawn: true}, // Apple's least: 1400 × 1400 pixels
		Unknown:  Unknown{Then: Warn, Most: 0.05},
		Cost:     Cost{Then: Hold},

		Understudy: Understudy{Then: Warn},
	}
}
