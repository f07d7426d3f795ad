package master

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
)

// sooner gathers blocks as ffmpeg's encoder does, to a length that an episode
// of a minute has twice.
type sooner struct {
	byFFmpeg
	least int
}

func (c sooner) Least() int { return c.least }

// TestJointsByFFmpeg is TestJoints where the library cannot be loaded: blocks
// cut in silence are gathered, to two minutes where make joints makes long
// episodes, and those cut in sound have no reservoir at all.
func TestJointsByFFmpeg(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		episode string
		noise   float64 // dB that there may be more of than in one piece
		seconds float64 // part of them that may be more than 3 dB worse
	}{
		"gathered": {"speech alone", 0.2, 0.001},
		"bed":      {"bed", 0.5, 0.1},
	} {
		if name == "bed" && !*every {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := episodes[tc.episode]
			tl, takes := spoken(t, *minutes, e.tracks)
			o := options(t)
			o.coder = byFFmpeg{}
			if *minutes < 4.5 {
				o.coder = sooner{least: 10 * 44100 / mp3.FrameSize}
			}
			m, err := Make(t.Context(), tl, takes, o, nil)
			if err != nil {
				t.Fatal(err)
			}
			if m.Blocks < 2 {
				t.Fatalf("%d blocks: no joint to look at", m.Blocks)
			}
			for i, b := range m.as.blocks {
				if n := b.frames(); !b.apart && i < m.Blocks-1 && n < o.coder.Least() {
					t.Errorf("block %d of %d has %d MPEG frames, want %d or more", i, m.Blocks, n, o.coder.Least())
				}
			}
			examine(t, m, tc.noise, tc.seconds)
		})
	}
}

// TestNobodyEncodes wants to be told what to install. It changes PATH, so no
// other test runs beside it.
func TestNobodyEncodes(t *testing.T) {
	absent := func() (*mp3.Library, error) { return nil, &mp3.AbsentError{Err: errors.New("no such file")} }
	t.Run("nothing", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := findCoder(absent, &spare{})
		if !errors.Is(err, audio.ErrNoFFmpeg) || !strings.Contains(err.Error(), "libmp3lame cannot be loaded; install it: apt install libmp3lame0") {
			t.Errorf("error %v, want one that says what to install", err)
		}
	})
	t.Run("ffmpeg without LAME", func(t *testing.T) {
		tl, takes := talk(t, 2, 1)
		dir := t.TempDir()
		script := "#!/bin/sh\ncase \"$*\" in *-encoders) echo ' A....D aac AAC' ;; *) echo \"Unknown encoder 'libmp3lame'\" >&2; exit 1 ;; esac\n"
		if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir)
		o := options(t)
		var err error
		if o.coder, err = findCoder(absent, &spare{}); err != nil {
			t.Fatal(err)
		}
		if _, err = Make(t.Context(), tl, takes, o, nil); !errors.Is(err, errNoEncoder) {
			t.Errorf("error %v, want one that says what to install", err)
		}
	})
}
