package mix

import (
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/record"
)

// Timeline says where each sound stands. It is the only source of the times
// of chapters and cues. All positions are frames at Rate.
type Timeline struct {
	Rate     int       `json:"rate"`     // Hz
	Channels int       `json:"channels"` // 1 or 2
	Frames   int64     `json:"frames"`   // length of the episode; a multiple of Grid
	Clips    []Clip    `json:"clips"`    // by Start
	Chapters []Chapter `json:"chapters"` // by Start, without gaps, the first at 0
	Cues     []Cue     `json:"cues"`     // one a segment, by Start

	VoiceTrims map[string]level.DB `json:"voice_trims"` // that bring each voice to the loudness of the show
}

// Clip is a stretch of a sound on the timeline.
type Clip struct {
	Take  string `json:"take,omitempty"`  // key of the take, or
	Track string `json:"track,omitempty"` // path of the track

	Sound *record.Sound `json:"-"` // what was heard in it

	Rate     int   `json:"rate"`   // of the sound, Hz
	From, To int64 `json:"-"`      // [From, To) of the sound, frames at its own rate
	Start    int64 `json:"start"`  // on the timeline
	Length   int64 `json:"length"` // on the timeline

	Gain         level.DB  `json:"gain"`
	FadeIn       int64     `json:"fade_in"`
	FadeOut      int64     `json:"fade_out"`
	FadeInShape  FadeShape `json:"fade_in_shape,omitempty"`
	FadeOutShape FadeShape `json:"fade_out_shape,omitempty"`

	// Envelope is a gain on top of Gain, by At, which no two points share:
	// linear in dB between points, the first one's before it, the last one's
	// behind it. Nil is none.
	Envelope []Point `json:"envelope,omitempty"`
}

// End is the frame after the clip's last.
func (c *Clip) End() int64 { return c.Start + c.Length }

// Chapter is a titled stretch, [Start, End).
type Chapter struct {
	Title string `json:"title"`
	Start int64  `json:"start"`
	End   int64  `json:"end"`
	Link  string `json:"link,omitempty"`
	Image string `json:"image,omitempty"`
}

// Cue is a segment's stretch, [Start, End).
type Cue struct {
	Segment int   `json:"segment"` // ordinal, from 1
	Start   int64 `json:"start"`
	End     int64 `json:"end"`
}

// Seconds converts a position, once, at the edge.
func (t *Timeline) Seconds(frame int64) podcast.Seconds {
	return podcast.Seconds(float64(frame) / float64(t.Rate))
}
