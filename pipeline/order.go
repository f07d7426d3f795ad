package pipeline

import (
	"context"
	"io"
	"time"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
	"github.com/narrapress/narrapress/voices"
)

// Order is one episode to be made. [Press.Divide] makes orders of the chapters
// of a source.
type Order struct {
	Source  string           // path or URL of a document, path of a script (a plan), or "-"
	Reader  io.Reader        // the source's bytes; nil opens the path or asks for the URL
	Page    *Page            // where the Reader's bytes come from, if it is the web
	Type    string           // of a document, as document.Options has it; empty: found out
	Title   string           // wins over the source's own
	ID      string           // of an episode that is to stay the same wherever its source has moved; only what the source calls itself wins over it
	Overlay *overlay.Overlay // a person's edits of the document; nil reads those beside it
	Fresh   bool             // ignore what the last build left (manifest)
	Sample  time.Duration    // > 0: only the segments of about the first so many, as <slug>.sample.mp3 (no chapters file, no manifest)
	MaxCost *float64         // > 0: refuse before the first request if the plan costs more

	// Begin is told what will be asked for, before the first request. It is not called
	// where there is nothing to do, and may be nil.
	Begin func(context.Context, Totals)

	// Commit puts the finished files where readers find them, by calling put
	// once or not at all; nil only calls it. Where they are stands in r after put.
	Commit func(ctx context.Context, r *Result, put func() error) error

	Offline bool // ask no endpoint for anything: a take that the store does not have is a *MissingError
	Workers int  // blocks of sound made at a time; 0 is one a core

	content *content          // what was read of the source already; nil reads it
	instead map[string]string // voices whose endpoints are down, and who speaks in their place
}

// Page is what was asked for already of the address that is an order's source.
type Page struct {
	URL         string // after redirects
	ContentType string // as the server declared it
	Led         bool   // a feed or sitemap named it, and no person: its author has no say in other sites' episodes
}

// Plan is a script, costed.
type Plan struct {
	Script   *script.Script
	Findings []document.Finding // what was mended or left out on the way
	Segments []Segment          // one a segment of the script, in order
	SHA256   string             // of the source's bytes
	Edited   bool               // the source is a script: nothing of it was decided here
	Draft    bool               // its author does not want it published yet

	// Overlay is a person's edits of the document: empty where there are none, nil
	// where there can be none. Automatic is the script without them, which is Script
	// where they change nothing. Where they do, Origin has for each segment of Script
	// the ordinal of the one of Automatic that it came from, 0 for what was put in.
	Overlay   *overlay.Overlay
	Automatic *script.Script
	Origin    []int

	Totals Totals
	Length time.Duration // estimated

	// Understudies speak in place of voices whose endpoints are down: voice →
	// who speaks. Only a production asks endpoints, and so has any.
	Understudies map[string]string

	terms   *terms
	content *content
	draft   *draft           // that its script is; nil where none is kept
	whole   *script.Script   // of which Script is the beginning; nil if it is all
	costs   []publish.Bill   // of the takes, where they are known from the manifest
	edits   *publish.Overlay // likewise
}

// all is the script that was not cut to a sample.
func (p *Plan) all() *script.Script {
	if p.whole != nil {
		return p.whole
	}
	return p.Script
}

// Segment is what a plan knows of a segment.
type Segment struct {
	Voice      string // name in the show
	Key        string // of its take
	Stored     bool
	Repeated   bool // an earlier segment has the same take
	Characters int
	Cost       float64 // of asking for it; 0 if stored or not priced
	Price      float64 // of asking for it once, stored or not; 0 if the price is not known

	charge voices.Charge
}

// Totals of a plan.
type Totals struct {
	Segments   int     `json:"segments"`
	Stored     int     `json:"stored"`
	New        int     `json:"new"`        // requests that would be made: equal segments are asked for once
	Characters int     `json:"characters"` // that would be sent
	Cost       float64 `json:"cost"`       // of what is priced in Currency
	Currency   string  `json:"currency,omitempty"`
	Priced     bool    `json:"priced"`             // whether every endpoint has a price
	Unpriced   string  `json:"unpriced,omitempty"` // an endpoint without a known price that would be asked

	Endpoints []publish.Bill `json:"endpoints"` // what would be asked of each, by name
}

// Result of a production.
type Result struct {
	Source    string          `json:"source"` // of the order
	Dir       string          `json:"dir"`
	Unchanged bool            `json:"unchanged"`         // the folder was whole and its inputs are the same: nothing was done
	Kept      string          `json:"kept,omitempty"`    // why it was left alone, where that is not plain
	Changes   []string        `json:"changes,omitempty"` // of an episode that is made again: what is not as it was
	Episode   podcast.Episode `json:"episode"`
	Made      int             `json:"made"`       // takes recorded now
	Reused    int             `json:"reused"`     // segments spoken by stored takes
	Sent      int             `json:"characters"` // of the texts that endpoints answered with sound, useless answers too
	Cost      float64         `json:"cost"`       // of those characters that are priced in Currency
	Bills     []publish.Bill  `json:"endpoints"`  // the same for each endpoint, by name
	Currency  string          `json:"currency,omitempty"`
	Findings  []string        `json:"findings,omitempty"`
	Files     []string        `json:"files"`          // paths
	Gate      []gate.Finding  `json:"gate,omitempty"` // what the gate holds or warns of
	Held      bool            `json:"held,omitempty"` // the gate keeps it out of the feed
	Elapsed   time.Duration   `json:"elapsed"`
}
