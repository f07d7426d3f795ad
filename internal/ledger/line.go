package ledger

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// What became of a request.
type What string

// The kinds of lines.
const (
	Asked    What = "asked"    // it is about to be made; its cost is reserved
	Answered What = "answered" // with sound, be it of use or not: it is paid for
	Refused  What = "refused"  // nothing is paid for it
	Unknown  What = "unknown"  // nobody waited for the answer: it may be paid for, and counts as if
)

// Charge is a request and what it costs.
type Charge struct {
	Show, Episode, Endpoint string
	Characters              int
	Cost                    float64
	Currency                string
	Priced                  bool // the endpoint's price is known, be it that it costs nothing
}

// Entry is one line.
type Entry struct {
	Time time.Time // UTC
	What What
	ID   string // the same in both lines of a request
	Charge
	nano int64
}

// units of money are counted in billionths, so that a sum of many small costs
// is exact.
const unit = 1e9

// mostCost keeps a sum far from the end of int64.
const mostCost = 1e6

func nano(cost float64) int64 { return int64(math.Round(cost * unit)) }

const columns = "time\twhat\tid\tshow\tepisode\tendpoint\tcharacters\tcost\tcurrency\n"

// heading is the beginning of a month's file.
const heading = "# narrapress ledger 1: every request to an endpoint, in UTC. What was asked and has no later line counts as spent.\n" + columns

// line is the entry as it is written. Without a known price, its cost is "?".
func (e *Entry) line() string {
	cost := "?"
	if e.Priced {
		cost = strconv.FormatFloat(e.Cost, 'f', 8, 64)
	}
	return strings.Join([]string{
		e.Time.UTC().Format(time.RFC3339), string(e.What), e.ID, field(e.Show), field(e.Episode), field(e.Endpoint),
		strconv.Itoa(e.Characters), cost, field(e.Currency),
	}, "\t") + "\n"
}

// mostField bounds a name, so that a line is written at once.
const mostField = 120

func field(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > mostField {
		s = string(r[:mostField])
	}
	return strings.TrimSpace(s)
}

// cutOff ends a line that a crash cut off, so that it is none for whoever reads
// it later: what there is of it may look like a whole one.
const cutOff = "\t(cut off)"

var errLine = errors.New("not a line of a ledger")

// parseLine reads a line without its line feed.
func parseLine(s string) (Entry, error) {
	f := strings.Split(s, "\t")
	if strings.HasSuffix(s, cutOff) {
		return Entry{}, fmt.Errorf("%w: it was cut off", errLine)
	}
	if len(f) != 9 {
		return Entry{}, fmt.Errorf("%w: %d columns, not 9", errLine, len(f))
	}
	at, err := time.Parse(time.RFC3339, f[0])
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return Entry{}, fmt.Errorf("%w: its time is %.40q", errLine, f[0])
	}
	e := Entry{Time: at.UTC(), What: What(f[1]), ID: f[2], Charge: Charge{Show: f[3], Episode: f[4], Endpoint: f[5], Currency: f[8]}}
	switch e.What {
	case Asked, Answered, Refused, Unknown:
	default:
		return Entry{}, fmt.Errorf("%w: %.40q is nothing that becomes of a request", errLine, f[1])
	}
	if e.Characters, err = strconv.Atoi(f[6]); err != nil || e.Characters < 0 {
		return Entry{}, fmt.Errorf("%w: its characters are %.40q", errLine, f[6])
	}
	if f[7] == "?" {
		return e, nil
	}
	e.Cost, err = strconv.ParseFloat(f[7], 64)
	if err != nil || !(e.Cost >= 0 && e.Cost <= mostCost) {
		return Entry{}, fmt.Errorf("%w: its cost is %.40q", errLine, f[7])
	}
	e.Priced, e.nano = true, nano(e.Cost)
	return e, nil
}
