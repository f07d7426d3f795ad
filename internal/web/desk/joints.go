package desk

import (
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/yamledit"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// jointsPage lets the places be heard where music and voices meet, while the
// settings of the music are moved.
type jointsPage struct {
	base
	Source string
	Part   int
	Tracks []track
	Kept   string
}

// track is a track of the show, and its settings as they are.
type track struct {
	Name, File string
	Joint      string // where it is heard
	Settings   []setting
}

// setting is a number that is moved.
type setting struct {
	Key         string // in the show's file
	Label, Unit string
	Value       float64
	Least, Most float64
}

// knob is a setting of a track, and how it is read and written.
type knob struct {
	key, label string
	unit       string // s or dB
	least      float64
	most       float64
	at         func(*mix.Tracks, *level.LUFS) (*time.Duration, *float64)
}

func seconds(d *time.Duration) (*time.Duration, *float64) { return d, nil }
func decibels(d *level.DB) (*time.Duration, *float64)     { return nil, (*float64)(d) }

// knobs are what may be moved, by the keys of the show's file.
func knobs() []knob {
	return []knob{
		{"tracks.intro.gain", "Level", "dB", -40, 12, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return decibels(&t.Intro.Gain) }},
		{"tracks.intro.overlap", "Sounds with the voice", "s", 0, 20, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Intro.Overlap) }},
		{"tracks.intro.fade_in", "Fade in", "s", 0, 10, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Intro.FadeIn) }},
		{"tracks.intro.fade_out", "Fade out", "s", 0, 20, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Intro.FadeOut) }},
		{"tracks.credits.gain", "Level", "dB", -40, 12, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return decibels(&t.Credits.Gain) }},
		{"tracks.credits.overlap", "Sounds with the voice", "s", 0, 20, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Credits.Overlap) }},
		{"tracks.credits.fade_in", "Fade in", "s", 0, 10, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Credits.FadeIn) }},
		{"tracks.credits.fade_out", "Fade out", "s", 0, 20, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return seconds(&t.Credits.FadeOut) }},
		{"tracks.credits.duck", "Goes down under voices by", "dB", -40, 0, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return decibels(&t.Credits.Duck) }},
		{"tracks.bed.gain", "Level", "dB", -40, 12, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return decibels(&t.Bed.Gain) }},
		{"tracks.bed.duck", "Goes down under voices by", "dB", -40, 0, func(t *mix.Tracks, _ *level.LUFS) (*time.Duration, *float64) { return decibels(&t.Bed.Duck) }},
		{"audio.loudness", "Loudness of the episode", "LUFS", -24, -12, func(_ *mix.Tracks, l *level.LUFS) (*time.Duration, *float64) { return nil, (*float64)(l) }},
	}
}

func (k knob) value(t *mix.Tracks, l *level.LUFS) float64 {
	d, f := k.at(t, l)
	if d != nil {
		return d.Seconds()
	}
	return *f
}

func (m *room) joints(w http.ResponseWriter, r *http.Request) error {
	cfg := m.show()
	p := jointsPage{base: m.base("Joints"), Source: r.FormValue("source"), Kept: r.FormValue("kept")}
	p.Here = "Joints"
	if p.Source == "" {
		p.Source = m.lately()
	}
	tracks, loudness := cfg.Tracks, cfg.Audio.Loudness
	for _, t := range tracks.Named() {
		one := track{Name: t.Name, File: filepath.Base(t.File), Joint: map[string]string{mix.IntroName: pipeline.JointIntro, mix.CreditsName: pipeline.JointCredits, mix.BedName: pipeline.JointIntro}[t.Name]}
		if one.Joint == "" {
			continue
		}
		p.Tracks = append(p.Tracks, one)
	}
	if len(p.Tracks) > 0 {
		p.Tracks = append(p.Tracks, track{Name: "audio"})
	}
	for i := range p.Tracks {
		for _, k := range knobs() {
			if !strings.HasPrefix(k.key, "tracks."+p.Tracks[i].Name+".") && !strings.HasPrefix(k.key, p.Tracks[i].Name+".") {
				continue
			}
			v := k.value(&tracks, &loudness)
			p.Tracks[i].Settings = append(p.Tracks[i].Settings, setting{k.key, k.label, k.unit, v, min(k.least, v), max(k.most, v)})
		}
	}
	render(w, http.StatusOK, "joints", p)
	return nil
}

// lately is the document of the show's latest episode, by whose voices the music
// is heard; empty where there is none.
func (m *room) lately() string {
	rows, _, err := m.rows()
	if err != nil {
		return ""
	}
	for _, row := range rows {
		if row.Judge != "" && row.Script != "" {
			return row.Source
		}
	}
	return ""
}

// moved are the settings of a form over those of the show; changed has the keys
// of those that are others.
func moved(cfg *config.Config, r *http.Request) (t mix.Tracks, l level.LUFS, changed []knob, err error) {
	t, l = cfg.Tracks, cfg.Audio.Loudness
	for _, k := range knobs() {
		text := r.FormValue(k.key)
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= min(k.least, k.value(&t, &l)) && v <= max(k.most, k.value(&t, &l))) {
			return t, l, nil, faultf(http.StatusUnprocessableEntity, "%s is a number from %g to %g, not %q", k.key, k.least, k.most, text)
		}
		if v == k.value(&t, &l) {
			continue
		}
		v = math.Round(10*v) / 10 // as it is shown
		d, f := k.at(&t, &l)
		if d != nil {
			*d = time.Duration(v * float64(time.Second)).Round(time.Millisecond)
		} else {
			*f = v
		}
		changed = append(changed, k)
	}
	return t, l, changed, nil
}

// joint answers with the sound around a joint, as a form has the settings. The
// header Narrapress-Joint is where music and voices meet, in seconds.
func (m *room) joint(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	tracks, loudness, _, err := moved(m.show(), r)
	if err != nil {
		return err
	}
	x, at, err := k.press.Joint(r.Context(), k.order, k.plan, pipeline.Joint{Place: r.FormValue("joint"), Tracks: tracks, Loudness: loudness})
	if err != nil {
		return err
	}
	w.Header().Set("Narrapress-Joint", fmt.Sprintf("%.3f", float64(at)))
	return sendMP3(w, x.MP3)
}

// keepJoint writes the settings of a form into the show's file.
func (m *room) keepJoint(w http.ResponseWriter, r *http.Request) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	cfg := m.show()
	tracks, loudness, changed, err := moved(cfg, r)
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		return faultf(http.StatusUnprocessableEntity, "nothing was moved")
	}
	err = m.rewrite(r.Context(), func(b []byte) ([]byte, error) {
		for _, k := range changed {
			path := strings.Split(k.key, ".")
			text := strconv.FormatFloat(k.value(&tracks, &loudness), 'f', -1, 64)
			switch {
			case k.unit == "s":
				text += "s"
			case k.unit == "dB":
				text += "dB"
			}
			var err error
			if b, err = setUnder(b, path, text); err != nil {
				return nil, err
			}
		}
		return b, nil
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, m.address("joints", "kept", "The show has these settings from now on. Episodes that are made sound as before, until they are made again: narrapress produce out/*/ --offline."), http.StatusSeeOther)
	return nil
}

// setUnder is yamledit.Set, for a track that is only a path, too.
func setUnder(b []byte, path []string, text string) ([]byte, error) {
	value := yamledit.Plain(text)
	if len(path) < 3 {
		return yamledit.Set(b, path, value)
	}
	if file, ok := yamledit.Get(b, path[:2]); ok {
		return yamledit.Set(b, path[:2], []yamledit.Pair{{Key: "file", Value: file}, {Key: path[2], Value: text}})
	}
	return yamledit.Set(b, path, value)
}
