// Command theme answers where the example's music and pictures come from: it
// makes them. Run it in examples/curated; it writes into art/ and needs ffmpeg
// for the MP3 files. What it makes is dedicated to the public domain (CC0 1.0).
package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, "art"); err != nil {
		fmt.Fprintln(os.Stderr, "theme:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, piece := range map[string]piece{"intro": intro(), "sting": sting(), "credits": credits()} {
		if err := writeMP3(ctx, filepath.Join(dir, name+".mp3"), piece.play()); err != nil {
			return err
		}
	}
	if err := writePNG(filepath.Join(dir, "cover.png"), cover()); err != nil {
		return err
	}
	return writePNG(filepath.Join(dir, "contour.png"), contour())
}

// writeMP3 writes 16-bit samples as a WAV file beside, and has ffmpeg encode it.
func writeMP3(ctx context.Context, path string, samples []int) error {
	raw := path + ".wav"
	f, err := os.Create(raw)
	if err != nil {
		return err
	}
	defer os.Remove(raw)
	defer f.Close()
	enc := wav.NewEncoder(f, rate, 16, 2, 1) // 1 is integer PCM
	buf := &audio.IntBuffer{Format: &audio.Format{NumChannels: 2, SampleRate: rate}, Data: samples, SourceBitDepth: 16}
	if err := enc.Write(buf); err != nil {
		return fmt.Errorf("write %s: %w", raw, err)
	}
	if err := errors.Join(enc.Close(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", raw, err)
	}
	cmd := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-y", "-i", raw, "-b:a", "96k", "-bitexact", path)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return nil
}

func writePNG(path string, p *picture) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, p); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}
