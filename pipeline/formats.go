package pipeline

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// CheckFormats says which of the formats that the show names the ffmpeg that is
// installed cannot make, each with its place in the show's file.
func CheckFormats(ctx context.Context, cfg *config.Config) []error {
	formats := cfg.Audio.Formats.Others()
	if len(formats) == 0 {
		return nil
	}
	have, err := audio.Encoders(ctx)
	if err != nil {
		return []error{err}
	}
	var faults []error
	for _, f := range formats {
		if !have[f.Encoder] {
			setting := "audio.formats." + f.Name
			place := cfg.Origin(setting).Place
			if place == "" {
				place = setting
			}
			faults = append(faults, fmt.Errorf("%s: %s: the ffmpeg that is installed has no encoder %s: install a build that has it, or leave the format out",
				place, f.Name, f.Encoder))
		}
	}
	return faults
}

// formats are the files of an order beside its MP3: a sample has none.
func (p *Press) formats(o Order) []master.Format {
	if o.Sample > 0 {
		return nil
	}
	return p.cfg.Audio.Formats.Others()
}

// encodable is CheckFormats before anything is paid for: the first fault. An
// ffmpeg that has what is needed is asked once.
func (p *Press) encodable(ctx context.Context, o Order) error {
	if len(p.formats(o)) == 0 || p.canEncode.Load() {
		return nil
	}
	if faults := CheckFormats(ctx, p.cfg); len(faults) > 0 {
		return faults[0]
	}
	p.canEncode.Store(true)
	return nil
}

// encode writes the files of other formats into the place, from the same
// master as the MP3 and with what its tag says.
func (r *release) encode(ctx context.Context, show podcast.Show, pictures publish.Art, res *Result, progress func(count, total, stored int)) ([]publish.Format, []publish.File, error) {
	if len(r.formats) == 0 {
		return nil, nil, nil
	}
	path := func(f master.Format) string { return filepath.Join(r.place.work, r.place.slug+"."+f.Name) }
	made, err := r.master.Encode(ctx, r.formats, path, func(done, total int64) { progress(int(done), int(total), 0) })
	if err != nil {
		return nil, nil, err
	}
	told := make([]publish.Format, len(made))
	files := make([]publish.File, len(made))
	for i, e := range made {
		if files[i], err = publish.Tagged(ctx, e.Path, res.Episode, show, pictures); err != nil {
			return nil, nil, err
		}
		if e.Off {
			res.Findings = append(res.Findings, fmt.Sprintf("%s comes out at %v with a true peak of %v: this encoding cannot keep closer to what was asked for: give it more bits",
				files[i].Name, e.Loudness.Integrated, e.Loudness.TruePeak))
		}
		told[i] = publish.Format{File: files[i].Name, Rate: e.Rate, Channels: e.Channels, Frames: e.Frames, Loudness: e.Loudness}
	}
	return told, files, nil
}
