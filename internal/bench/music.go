package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
)

const musicRate = 44100

// music is a stereo MP3 of so many seconds: chords and a plucked line.
func music(ctx context.Context, file string, seconds int, root float64) error {
	n := seconds * musicRate
	pcm := make([]byte, 4*n)
	steps := []float64{1, 1.25, 1.5, 2, 1.5, 1.25, 1.3333, 1.6667}
	for i := range n {
		t := float64(i) / musicRate
		chord := root * []float64{1, 0.75, 0.8909, 0.6674}[int(t/2)%4]
		bed := math.Sin(2*math.Pi*chord*t) + 0.6*math.Sin(2*math.Pi*chord*1.5*t) + 0.4*math.Sin(2*math.Pi*chord*2.52*t)
		beat := math.Mod(t, 0.25)
		note := chord * 2 * steps[int(t*4)%len(steps)]
		pluck := math.Exp(-9*beat) * (math.Sin(2*math.Pi*note*t) + 0.5*math.Sin(4*math.Pi*note*t))
		fade := math.Min(1, math.Min(2*t, float64(seconds)-t))
		for c, pan := range []float64{0.7, 0.4} {
			v := fade * (0.12*bed + 0.3*pluck*(pan+0.4*math.Sin(t+float64(c))))
			binary.LittleEndian.PutUint16(pcm[4*i+2*c:], uint16(int16(28000*math.Max(-1, math.Min(1, v)))))
		}
	}
	wav := file + ".wav"
	defer os.Remove(wav)
	if err := writeWAV(wav, pcm, musicRate, 2); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-y", "-v", "error", "-i", wav,
		"-c:a", "libmp3lame", "-b:a", "128k", file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg, of %s: %w: %s", file, err, out)
	}
	return nil
}
