package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// line is a line of the table: a figure at one length, and what is asked of it.
type line struct {
	id      string
	minutes int
	title   string
	unit    string
	bound   float64 // what it must keep; 0 is a figure that is only reported
	aim     float64
	atLeast bool // the bound is the least, and not the most
}

// lines is the table, in order.
func lines() []line {
	most := func(id string, minutes int, title, unit string, bound, aim float64) line {
		return line{id, minutes, title, unit, bound, aim, false}
	}
	least := func(id string, minutes int, title string, bound, aim float64) line {
		return line{id, minutes, title, "×", bound, aim, true}
	}
	only := func(id string, minutes int, title, unit string) line {
		return line{id: id, minutes: minutes, title: title, unit: unit}
	}
	return []line{
		only("cold wall", 60, "an hour, for the first time: time", "s"),
		only("cold cpu", 60, "the same: processor time", "s"),
		least("cold two wall", 60, "ffmpeg in two passes takes so many times as long", 5, 9),
		least("cold two cpu", 60, "and so many times the processor time", 4.5, 5.5),
		most("cold none cpu", 60, "processor time, of what ffmpeg takes without normalising the loudness", "×", 1.1, 0.9),
		only("cold wall", 10, "ten minutes, for the first time: time", "s"),
		least("cold two wall", 10, "ffmpeg in two passes takes so many times as long", 5, 9),
		least("cold two cpu", 10, "and so many times the processor time", 4.5, 5.5),
		most("edit wall", 60, "one sentence of an hour edited", "s", 0.6, 0.3),
		most("edit wall", 600, "one sentence of ten hours edited", "s", 2, 1),
		only("edit write", 600, "beside it: writing as many bytes, and fsync", "s"),
		most("after wall", 60, "from the last take of an hour to the finished episode", "s", 2, 1),
		most("cold rss", 10, "peak memory, ten minutes", "MiB", 96, 64),
		most("cold rss", 60, "peak memory, an hour", "MiB", 96, 64),
		most("cold rss", 600, "peak memory, ten hours", "MiB", 96, 64),
		most("edit rss", 600, "peak memory, ten hours, one sentence edited", "MiB", 96, 64),
		most("gain error", 10, "gain in the decoded MP3, off what was asked", "dB", 0.1, 0.05),
		only("cold loudness", 60, "integrated loudness (−16 asked)", "LUFS"),
		only("edit loudness", 60, "after the edits", "LUFS"),
		only("two loudness", 60, "of ffmpeg in two passes", "LUFS"),
		least("workers wall", 60, "one worker takes so many times as long as two", 1.6, 1.85),
		only("bed wall", 10, "with a bed under everything: time, of that without", "×"),
		only("bed cpu", 10, "and processor time", "×"),
		only("nolame wall", 10, "encoded by ffmpeg, without libmp3lame: time, of that with it", "×"),
		only("nolame cpu", 10, "and processor time", "×"),
		only("one cpu", 10, "processor time of ffmpeg in one pass (dynamic), of ours", "×"),
		only("pydub cpu", 10, "processor time of pydub (no normalising), of ours", "×"),
		only("pydub wall", 10, "and time", "×"),
		only("sox cpu", 10, "processor time of SoX and ffmpeg (no normalising), of ours", "×"),
		only("sox wall", 10, "and time", "×"),
	}
}

// met says whether a figure keeps its bound, and its aim.
func (l line) met(v float64) (bound, aim bool) {
	if l.atLeast {
		return v >= l.bound, v >= l.aim
	}
	return v <= l.bound, v <= l.aim
}

// figure is what was measured for a line.
type figure struct {
	ID      string    `json:"id"`
	Minutes int       `json:"minutes"`
	Values  []float64 `json:"values"` // in the order they were measured
	spread
	When time.Time `json:"when"`
	Load float64   `json:"load"` // of the machine when the row began, one minute's
}

// point is one of the picture.
type point struct {
	Series  string  `json:"series"` // what was run
	Minutes int     `json:"minutes"`
	Workers int     `json:"workers,omitempty"`
	Wall    float64 `json:"wall"`
	CPU     float64 `json:"cpu"`
}

// results are all that was measured; a row that is measured again replaces
// what it gave before.
type results struct {
	Machine machine           `json:"machine"`
	Figures map[string]figure `json:"figures"`
	Points  map[string]point  `json:"points"`
	Missing map[string]string `json:"missing"` // rows that could not be run, and why
}

func readResults(file string) (*results, error) {
	r := &results{Figures: map[string]figure{}, Points: map[string]point{}, Missing: map[string]string{}}
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

func (r *results) write(file string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o644)
}

func figureKey(id string, minutes int) string { return fmt.Sprintf("%s %d", id, minutes) }

func (r *results) figure(id string, minutes int) (figure, bool) {
	f, ok := r.Figures[figureKey(id, minutes)]
	return f, ok
}

func (r *results) addPoint(p point) {
	r.Points[fmt.Sprintf("%s %05d %02d", p.Series, p.Minutes, p.Workers)] = p
}
