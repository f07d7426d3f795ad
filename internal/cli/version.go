package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline/master"
)

// versionDocument is what version tells.
type versionDocument struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the source
	Time     string `json:"time,omitempty"`     // of the revision
	Modified bool   `json:"modified,omitempty"` // the source was not as committed
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Encoder  string `json:"encoder"`          // of MP3: a library in this process, or ffmpeg
	FFmpeg   string `json:"ffmpeg,omitempty"` // empty if it is not installed
}

func newVersion(g *globals, s Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the versions of the program and of what it works with",
		Example: "  narrapress version\n  narrapress version --json",
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runVersion(c.Context(), g, s)
		},
	}
}

func runVersion(ctx context.Context, g *globals, s Streams) error {
	d := builtVersion()
	d.FFmpeg, _ = ffmpegVersion(ctx)
	if how, err := master.Encoder(); err == nil {
		d.Encoder = how + ", in this process"
	} else {
		d.Encoder = "ffmpeg"
	}
	if g.JSON {
		return writeJSON(s.Out, d)
	}
	line := "narrapress " + d.Version
	if d.Revision != "" {
		line += fmt.Sprintf(" (%.12s, %s)", d.Revision, d.Time)
	}
	if d.Modified {
		line += ", modified"
	}
	ffmpeg := d.FFmpeg
	if ffmpeg == "" {
		ffmpeg = "not found"
	}
	fmt.Fprintf(s.Out, "%s\n%s %s\nffmpeg %s\nMP3 by %s\n", line, d.Go, d.Platform, ffmpeg, d.Encoder)
	return nil
}

// linked is what the linker was told of this program by internal/dist: version,
// and revision and its time, with spaces between. Nothing else writes it.
var linked string

// programVersion is the version for manifests and reports.
func programVersion() string { return builtVersion().Version }

func builtVersion() versionDocument {
	d := versionDocument{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if v := info.Main.Version; v != "" {
		d.Version = v
	}
	for _, set := range info.Settings {
		switch set.Key {
		case "vcs.revision":
			d.Revision = set.Value
		case "vcs.time":
			d.Time = set.Value
		case "vcs.modified":
			d.Modified = set.Value == "true"
		}
	}
	if told := strings.Fields(linked); len(told) > 0 {
		d.Version = told[0]
		if len(told) == 3 {
			d.Revision, d.Time = told[1], told[2]
		}
	}
	return d
}

// ffmpegVersion is the version that the installed ffmpeg says it has.
func ffmpegVersion(ctx context.Context) (string, error) {
	out, err := ask(ctx, "ffmpeg", "-hide_banner", "-version")
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(out, "\n")
	fields := strings.Fields(first) // ffmpeg version 5.1.6-0+deb12u1 Copyright …
	if len(fields) < 3 || fields[0] != "ffmpeg" {
		return "", errors.New("ffmpeg does not say its version")
	}
	return fields[2], nil
}

// ask runs a program that prints something about itself.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var out, fault bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &out, &fault
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", fmt.Errorf("%s is not installed", name)
		}
		first, _, _ := strings.Cut(strings.TrimSpace(fault.String()), "\n")
		return "", fmt.Errorf("running %s: %w: %s", name, err, first)
	}
	return out.String(), nil
}
