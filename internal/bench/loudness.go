package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// integrated is the last of what ebur128 says of a file on its way.
var integrated = regexp.MustCompile(`lavfi\.r128\.I=(-?[0-9.]+)`)

// loudness is that of a file as ffmpeg decodes and measures it, in LUFS, one
// channel counted as two. Its summary has one decimal; this has three. All is
// measured at 44.1 kHz: at 24 kHz ffmpeg's filters are 0.04 dB off (FFmpeg
// 5.1, by the same file at both rates).
func loudness(ctx context.Context, file string) (float64, error) {
	out, err := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "error", "-i", file,
		"-af", "aresample=44100,ebur128=dualmono=true:metadata=1,ametadata=print:key=lavfi.r128.I:file=-", "-f", "null", "-").Output()
	if err != nil {
		return 0, fmt.Errorf("ffmpeg, of %s: %w", file, err)
	}
	all := integrated.FindAllSubmatch(out, -1)
	if len(all) == 0 {
		return 0, fmt.Errorf("ffmpeg measured no loudness of %s", file)
	}
	return strconv.ParseFloat(string(all[len(all)-1][1]), 64)
}

// askedGain is the gain that narrapress says in a file's tag it applied, in dB.
func askedGain(ctx context.Context, file string) (float64, error) {
	out, err := exec.CommandContext(ctx, "ffprobe", "-v", "error", "-show_entries", "format_tags", "-of", "json", file).Output()
	if err != nil {
		return 0, fmt.Errorf("ffprobe, of %s: %w", file, err)
	}
	return parseGain(string(out))
}

func parseGain(probed string) (float64, error) {
	var tags struct {
		Format struct {
			Tags map[string]string `json:"tags"`
		} `json:"format"`
	}
	var gains struct {
		Programme float64            `json:"programme"`
		Voices    map[string]float64 `json:"voices"`
	}
	if err := json.Unmarshal([]byte(probed), &tags); err != nil {
		return 0, err
	}
	note := tags.Format.Tags["narrapress gains"]
	if err := json.NewDecoder(strings.NewReader(note)).Decode(&gains); err != nil {
		return 0, fmt.Errorf("the gains in the tag (%q): %w", note, err)
	}
	for _, g := range gains.Voices {
		gains.Programme += g
	}
	return gains.Programme, nil
}
