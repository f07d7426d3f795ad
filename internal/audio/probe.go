package audio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// ErrNoFFprobe is a machine without ffprobe, which comes with ffmpeg.
var ErrNoFFprobe = errors.New("ffprobe was not found on PATH; it comes with ffmpeg: apt install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS)")

// Probe is what ffprobe tells of a file without decoding it.
type Probe struct {
	Container string            // ffprobe's name of it
	Codec     string            // and of what its sound is in
	Length    float64           // s, as the container has it
	Tags      map[string]string // by their names in lower case, the container's over the stream's
	Chapters  []ProbedChapter
	Cover     string // codec of the first picture; empty without one
}

// ProbedChapter is a chapter as ffprobe tells of it: [Start, End) in seconds.
type ProbedChapter struct {
	Title      string
	Start, End float64
}

// mostProbed bounds what is read of ffprobe's answer.
const mostProbed = 16 << 20

// ProbeFile asks ffprobe what a file is. A file without sound is an error.
func ProbeFile(ctx context.Context, path string) (*Probe, error) {
	bin, err := exec.LookPath("ffprobe")
	if err != nil {
		return nil, ErrNoFFprobe
	}
	args := append([]string{"-hide_banner", "-loglevel", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters"}, onDisk(path).args...)
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.WaitDelay = ffmpegGrace
	stderr := &tail{about: "file:" + path + ": "}
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("ffprobe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("ffprobe: %w", err)
	}
	var b bytes.Buffer
	_, rerr := io.Copy(&b, io.LimitReader(out, mostProbed))
	_, derr := io.Copy(io.Discard, out)
	if err := errors.Join(rerr, derr, cmd.Wait()); err != nil {
		return nil, stderr.explain(ctx, err)
	}
	return parseProbe(b.Bytes())
}

func parseProbe(b []byte) (*Probe, error) {
	type tags map[string]string
	var told struct {
		Format struct {
			Name     string `json:"format_name"`
			Duration string `json:"duration"`
			Tags     tags   `json:"tags"`
		} `json:"format"`
		Streams []struct {
			Type        string         `json:"codec_type"`
			Codec       string         `json:"codec_name"`
			Tags        tags           `json:"tags"`
			Disposition map[string]int `json:"disposition"`
		} `json:"streams"`
		Chapters []struct {
			Start string `json:"start_time"`
			End   string `json:"end_time"`
			Tags  tags   `json:"tags"`
		} `json:"chapters"`
	}
	if err := json.Unmarshal(b, &told); err != nil {
		return nil, fmt.Errorf("what ffprobe tells cannot be read: %w", err)
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0 && v < 1e9) {
			return 0
		}
		return v
	}
	p := &Probe{Container: told.Format.Name, Length: number(told.Format.Duration), Tags: map[string]string{}}
	for _, s := range told.Streams {
		switch {
		case s.Type == "audio" && p.Codec == "":
			p.Codec = s.Codec
			for name, v := range s.Tags { // Ogg has them there
				p.Tags[strings.ToLower(name)] = v
			}
		case s.Disposition["attached_pic"] == 1 && p.Cover == "":
			p.Cover = s.Codec
		}
	}
	if p.Codec == "" {
		return nil, errors.New("there is no sound in it")
	}
	for name, v := range told.Format.Tags {
		p.Tags[strings.ToLower(name)] = v
	}
	for _, c := range told.Chapters {
		p.Chapters = append(p.Chapters, ProbedChapter{Title: c.Tags["title"], Start: number(c.Start), End: number(c.End)})
	}
	return p, nil
}
