package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestPieces(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]piece{"intro": intro(), "sting": sting(), "credits": credits()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			samples := p.play()
			if want := 2 * int(p.seconds*rate); len(samples) != want {
				t.Errorf("%d samples, want %d", len(samples), want)
			}
			if high, low := slices.Max(samples), slices.Min(samples); max(high, -low) > 23000 || max(high, -low) < 16000 {
				t.Errorf("peaks at %d and %d of 32767", low, high)
			}
			if last := samples[len(samples)-1]; last != 0 {
				t.Errorf("ends at %d, not in silence", last)
			}
			if !slices.Equal(samples, p.play()) {
				t.Error("played again, it sounds otherwise")
			}
		})
	}
}

// TestArt holds the committed pictures against what the program draws.
func TestArt(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*picture{"cover.png": cover(), "contour.png": contour()} {
		b, err := os.ReadFile(filepath.Join("..", "art", name))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 300<<10 {
			t.Errorf("%s has %d bytes", name, len(b))
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != p.Bounds() {
			t.Errorf("%s is %v, want %v: run make theme", name, img.Bounds(), p.Bounds())
		}
	}
}
