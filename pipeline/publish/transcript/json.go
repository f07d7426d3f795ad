package transcript

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish/cue"
)

// version is that of Podcasting 2.0's JSON transcripts (transcripts.md, JSON).
const version = "1.0.0"

type file struct {
	Version  string  `json:"version"`
	Segments []piece `json:"segments"`
}

type piece struct {
	Speaker string      `json:"speaker,omitempty"`
	Start   json.Number `json:"startTime"`
	End     json.Number `json:"endTime"`
	Body    string      `json:"body"`
}

// writeJSON writes Podcasting 2.0's JSON, in which a piece may be of
// any length: a word where the endpoint told when it is spoken, else a line.
func writeJSON(b *bytes.Buffer, t *transcript) error {
	out := file{Version: version, Segments: []piece{}}
	for _, l := range t.timed(func(p *part) []line {
		if len(p.cue.Words) == 0 {
			return shaped(p.Passage, p.clock, cue.Shape{Width: 65, Rows: 1})
		}
		return wordByWord(p)
	}) {
		out.Segments = append(out.Segments, piece{
			Speaker: l.part.speaker, Start: seconds(l.start), End: seconds(l.end), Body: strings.Join(l.rows, " "),
		})
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

// seconds are milliseconds as JSON has them.
func seconds(ms int64) json.Number {
	return json.Number(strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64))
}

// wordByWord is a line for each word that is shown, with the marks around it.
func wordByWord(p *part) []line {
	var out []line
	at := 0
	for word := range strings.SplitSeq(p.Text, " ") {
		from, to := p.clock.At(p.Said(at)), p.clock.At(p.Said(at+len(word)))
		out = append(out, line{rows: []string{word}, start: milli(from), end: milli(max(from, to))})
		at += len(word) + 1
	}
	return out
}
