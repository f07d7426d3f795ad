package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// settled is how old a file must be before stitch remembers what it heard.
const settled = 2 * time.Second

// edited is a list where another recording stands in one place; the next key
// is another edit of the list before any.
func (b *bench) edited(takes []take, key int) (string, error) {
	at := (key*37 + 11) % len(takes)
	pcm, err := readWAV(takes[(at+5)%len(takes)].file)
	if err != nil {
		return "", err
	}
	alter(pcm, 1<<12+key)
	file := b.out(fmt.Sprintf("edit-%d.wav", key))
	if err := writeWAV(file, pcm, takeRate, 1); err != nil {
		return "", err
	}
	after := slices.Clone(takes)
	after[at].file = file
	list := b.out("edited.txt")
	return list, writeList(list, after)
}

func (b *bench) rowEdit(ctx context.Context, minutes, n int) error {
	takes, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	time.Sleep(settled)
	first, err := b.cold(ctx, stitching{list: list})
	if err != nil {
		return err
	}
	if _, known := b.results.figure("cold rss", minutes); !known || minutes > mostSpoken {
		b.record("cold rss", minutes, first.RSS)
		b.record("cold wall", minutes, first.Wall)
	}
	key := 0
	got, err := b.inTurn(n,
		func() (cost, error) {
			edited, err := b.edited(takes, key)
			if err != nil {
				return cost{}, err
			}
			key++
			return b.stitch(ctx, stitching{bin: b.bin, list: edited, out: b.out("ours.mp3"), cache: filepath.Join(b.dir, "work", "cache")})
		},
		func() (cost, error) { return b.plainWrite(b.out("ours.mp3")) })
	if err != nil {
		return err
	}
	b.recordCosts("edit", minutes, got[0])
	b.record("edit write", minutes, got[1].wall()...)
	return b.recordLoudness(ctx, "edit", minutes, b.out("ours.mp3"))
}

// plainWrite writes as many bytes as a file has, and waits until they are on
// the disk: no program that makes the file can be faster.
func (b *bench) plainWrite(like string) (cost, error) {
	info, err := os.Stat(like)
	if err != nil {
		return cost{}, err
	}
	file := b.out("plain")
	defer os.Remove(file)
	part := make([]byte, 1<<20)
	for i := range part {
		part[i] = byte(i * 7)
	}
	began := time.Now()
	f, err := os.Create(file)
	if err != nil {
		return cost{}, err
	}
	defer f.Close()
	for left := info.Size(); left > 0; {
		k, err := f.Write(part[:min(left, int64(len(part)))])
		if err != nil {
			return cost{}, err
		}
		left -= int64(k)
	}
	if err := f.Sync(); err != nil {
		return cost{}, err
	}
	return cost{Wall: time.Since(began).Seconds()}, nil
}

// quiet is a loudness that speech reaches without the limiter: what is
// measured is the gain alone.
const quiet = "-26"

// rowGain stitches one long file, so that nothing but the gain differs between
// it and the MP3, and has ffmpeg measure both.
func (b *bench) rowGain(ctx context.Context, minutes, _ int) error {
	takes, _, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	var pcm []byte
	for _, t := range takes {
		samples, err := readWAV(t.file)
		if err != nil {
			return err
		}
		pcm = append(append(pcm, samples...), make([]byte, 2*takeRate*t.Pause/1000)...)
	}
	// Lower, so that the gain is not near nothing.
	for i := 0; i+1 < len(pcm); i += 2 {
		v := int16(binary.LittleEndian.Uint16(pcm[i:]))
		binary.LittleEndian.PutUint16(pcm[i:], uint16(int16(math.Round(float64(v)*0.4))))
	}
	wav, out := b.out("one.wav"), b.out("gain.mp3")
	if err := writeWAV(wav, pcm, takeRate, 1); err != nil {
		return err
	}
	cache, err := b.empty("cache")
	if err != nil {
		return err
	}
	_, _, _, err = run(ctx, command{
		argv: []string{b.bin, "stitch", "--quiet", "--fresh", "--loudness", quiet, wav, "-o", out},
		dir:  b.dir, env: []string{"NARRAPRESS_CACHE=" + cache, mono},
	})
	if err != nil {
		return err
	}
	before, err := loudness(ctx, wav)
	if err != nil {
		return err
	}
	after, err := loudness(ctx, out)
	if err != nil {
		return err
	}
	asked, err := askedGain(ctx, out)
	if err != nil {
		return err
	}
	b.record("gain asked", minutes, asked)
	b.record("gain error", minutes, math.Abs(after-before-asked))
	return nil
}
