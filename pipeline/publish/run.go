package publish

import (
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// RunName is the file of a run's facts in an episode's folder. It is not
// published, not hashed and never read: the manifest does not name it.
const RunName = "run.json"

// Run is what happened when an episode was made, for a person who asks why.
type Run struct {
	Program  string          `json:"program"` // version of narrapress
	Host     string          `json:"host,omitempty"`
	System   string          `json:"system,omitempty"` // such as linux/amd64
	Started  time.Time       `json:"started"`
	Elapsed  podcast.Seconds `json:"elapsed"`
	Stages   []StageTime     `json:"stages,omitempty"`
	Requests []Request       `json:"requests,omitempty"` // in order of the segments; stored takes are not among them
	Reused   int             `json:"reused"`             // segments spoken by stored takes
	Spent    Spent           `json:"spent"`
	Changes  []string        `json:"changes,omitempty"` // what is not as it was when the episode was last made
	Findings []string        `json:"findings,omitempty"`
}

// StageTime is how long a stage took.
type StageTime struct {
	Stage   string          `json:"stage"`
	Elapsed podcast.Seconds `json:"elapsed"`
}

// Request is a segment that was asked for.
type Request struct {
	Ordinal   int             `json:"ordinal"` // of the segment, from 1
	Key       string          `json:"key"`
	Endpoint  string          `json:"endpoint"`
	RequestID string          `json:"request_id,omitempty"` // the provider's
	Attempts  int             `json:"attempts"`
	Elapsed   podcast.Seconds `json:"elapsed"`
}

// Spent is what the run's requests cost, by the endpoints' prices.
type Spent struct {
	Characters int     `json:"characters"` // sent and answered with sound, useless answers included
	Cost       float64 `json:"cost"`       // in Currency
	Currency   string  `json:"currency,omitempty"`
	Endpoints  []Bill  `json:"endpoints,omitempty"`
}

// Bill is what requests to one endpoint come to.
type Bill struct {
	Endpoint   string  `json:"endpoint"` // its name in the show
	Requests   int     `json:"requests"`
	Characters int     `json:"characters"`
	Cost       float64 `json:"cost"` // of those whose price is known
	Currency   string  `json:"currency,omitempty"`
	Priced     bool    `json:"priced"` // whether the price is known of all
}

// WriteRun puts the facts of a run into dir.
func WriteRun(dir string, r Run) error {
	name := filepath.Join(dir, RunName)
	b, err := marshal(r)
	if err != nil {
		return writeError(name, err)
	}
	_, err = WriteFile(name, b)
	return err
}
