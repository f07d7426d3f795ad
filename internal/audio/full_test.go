package audio

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestEncodeMP3DiskFull writes to where there is never room.
func TestEncodeMP3DiskFull(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		if runtime.GOOS == "linux" {
			t.Fatal(err)
		}
		return // only Linux has it; TestFull holds everywhere
	}
	for _, seconds := range []int{1, 20} { // the first is only written at the end
		t.Run(fmt.Sprint(seconds), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "out.mp3")
			if err := os.Symlink("/dev/full", path); err != nil {
				t.Fatal(err)
			}
			e, err := Encode(t.Context(), path, Format{44100, 1}, MP3Options{Bitrate: 96})
			if err != nil {
				t.Fatal(err)
			}
			s := noise(44100, 0.5)
			for i := 0; i < seconds && err == nil; i++ {
				err = e.WriteSamples(s)
			}
			closed := e.Close()
			if err != nil && closed != err {
				t.Errorf("write: %v, close: %v", err, closed)
			}
			want := "encode MP3: the disk is full: " + dir + ": make room and run it again"
			if closed == nil || closed.Error() != want || !errors.Is(closed, syscall.ENOSPC) {
				t.Errorf("close: %v, want %s", closed, want)
			}
			if again := e.Close(); again != closed {
				t.Errorf("close again: %v", again)
			}
		})
	}
}

// TestMendInfoCutOff has files that ffmpeg did not get onto the disk whole,
// and said nothing of.
func TestMendInfoCutOff(t *testing.T) {
	t.Parallel()
	const frames = 44100
	whole := read(t, encode(t, Format{44100, 1}, MP3Options{Bitrate: 96}, noise(frames, 0.5)))
	for name, test := range map[string]struct {
		size int
		says string
	}{
		"whole":     {len(whole), ""},
		"empty":     {0, "ffmpeg wrote nothing into "},
		"half":      {len(whole) / 2, fmt.Sprintf("ffmpeg wrote %d of %d bytes of ", len(whole)/2, len(whole))},
		"less one":  {len(whole) - 1, fmt.Sprintf("ffmpeg wrote %d of %d bytes of ", len(whole)-1, len(whole))},
		"few bytes": {100, "ffmpeg wrote no Info frame into "},
	} {
		path := filepath.Join(t.TempDir(), "a.mp3")
		if err := os.WriteFile(path, whole[:test.size], 0o666); err != nil {
			t.Fatal(err)
		}
		err := mendInfo(path, frames)
		if (err == nil) != (test.says == "") || err != nil && !strings.HasPrefix(err.Error(), test.says+path+": is there room") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFull(t *testing.T) {
	t.Parallel()
	path := &os.PathError{Op: "write", Path: "/x/a", Err: syscall.ENOSPC}
	for name, test := range map[string]struct {
		err  error
		full bool
	}{
		"no room":       {fmt.Errorf("write: %w", path), true},
		"joined":        {errors.Join(path, os.ErrClosed), true},
		"no quota":      {&os.PathError{Op: "write", Path: "/x/a", Err: syscall.EDQUOT}, true},
		"another cause": {os.ErrPermission, false},
		"none":          {nil, false},
	} {
		got := orFull(test.err, "/x")
		if _, full := errors.AsType[*FullError](got); full != test.full || !full && got != test.err {
			t.Errorf("%s: %v", name, got)
		}
	}
	for said, want := range map[string]bool{
		"av_interleaved_write_frame(): No space left on device\nError closing file": true,
		"Disk quota exceeded":              true,
		"a.mp3: No such file or directory": false,
	} {
		if saysFull(said) != want {
			t.Errorf("%q: %v", said, !want)
		}
	}
}
