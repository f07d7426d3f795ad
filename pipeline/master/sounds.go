package master

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"sync"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
)

// Cache keeps what costs only time to make again, under the hash of what made
// it: a *store.Cache.
type Cache interface {
	Get(key string) []byte                         // nil where there is nothing sound
	GetInto(room []byte, key string) []byte        // the same, in room where it has enough
	Peek(key string, n int) (b []byte, size int64) // its first bytes, unchecked, and its length
	Put(key string, b []byte) error
	Open(key string) (*os.File, error) // of what Make wrote; wraps fs.ErrNotExist
	Make(key string, write func(io.Writer) error) error
}

// sounds gives the samples of clips at a timeline's rate and channels. A take
// is short and decoded whole each time; a track, and a take that several
// blocks share, is decoded once, into the cache.
type sounds struct {
	files  Sounds
	cache  Cache
	format audio.Format
	spare  spare
	rates  audio.Resampler

	mu     sync.Mutex
	making map[string]*sync.Mutex // by key in the cache
}

func newSounds(files Sounds, cache Cache, f audio.Format) *sounds {
	return &sounds{files: files, cache: cache, format: f, making: map[string]*sync.Mutex{}}
}

// clip gives the frames [from, to) of a clip, before its gains. done must be
// called when they are no longer used.
func (s *sounds) clip(ctx context.Context, c *mix.Clip, from, to int64) (samples []float32, done func(), err error) {
	if c.Track != "" || c.Length > longest*mix.Grid {
		samples, err = s.kept(ctx, c, from, to)
		return samples, func() { s.spare.give(samples) }, err
	}
	src, shut, err := s.open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	defer shut()
	all := s.spare.take(int(c.Length) * s.format.Channels)
	if err := fill(src, all); err != nil {
		return nil, nil, err
	}
	return all[int(from)*s.format.Channels : int(to)*s.format.Channels], func() { s.spare.give(all) }, nil
}

// open decodes a clip from its beginning.
func (s *sounds) open(ctx context.Context, c *mix.Clip) (audio.Source, func() error, error) {
	var d audio.Decoder
	var err error
	if c.Track != "" {
		d, err = audio.DecodeFileWith(ctx, c.Track, record.DecodeFrames)
	} else {
		var file []byte
		if file, err = s.files.Take(c.Take); err == nil {
			d, err = audio.Decode(ctx, file)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if d.Format().Rate != c.Rate {
		d.Close()
		return nil, nil, fmt.Errorf("%d Hz where %d Hz were measured: it changed while the episode was made", d.Format().Rate, c.Rate)
	}
	var src audio.Source = &section{src: d, skip: c.From, left: c.To - c.From}
	// The fewer channels are resampled, the better.
	if s.format.Channels < d.Format().Channels {
		src = s.rates.Resample(audio.Remix(src, s.format.Channels), s.format.Rate)
	} else {
		src = audio.Remix(s.rates.Resample(src, s.format.Rate), s.format.Channels)
	}
	return src, d.Close, nil
}

// pcmVersion is part of the key of a decoded sound.
const pcmVersion = 2

// decoder names what decodes a track; a take is always decoded alike.
func decoder(c *mix.Clip) string {
	if c.Track == "" {
		return ""
	}
	return record.TrackDecoder()
}

const sampleBytes = 4 // little-endian float32

// kept reads frames of a clip that is decoded in the cache, and decodes it
// there where it is not.
func (s *sounds) kept(ctx context.Context, c *mix.Clip, from, to int64) ([]float32, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "pcm %d %s %s %d %d %d %d", pcmVersion, decoder(c), c.Sound.SHA256, c.From, c.To, s.format.Rate, s.format.Channels))
	key := hex.EncodeToString(sum[:])
	defer s.only(key)()
	size := int64(s.format.Channels) * sampleBytes
	f, err := s.cache.Open(key)
	if err == nil {
		if info, serr := f.Stat(); serr != nil || info.Size() != c.Length*size {
			f.Close()
			err = fs.ErrNotExist
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.keep(ctx, c, key); err == nil {
			f, err = s.cache.Open(key)
		}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := s.spare.take(int((to - from) * size / sampleBytes))
	raw := make([]byte, min(to-from, mix.Grid)*size)
	src := bufio.NewReaderSize(io.NewSectionReader(f, from*size, (to-from)*size), 1<<16)
	for left := out; len(left) > 0; {
		raw = raw[:min(len(raw), len(left)*sampleBytes)]
		if _, err := io.ReadFull(src, raw); err != nil {
			return nil, fmt.Errorf("reading it back from the cache: %w", err)
		}
		for i := range raw[:len(raw)/sampleBytes] {
			left[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*sampleBytes:]))
		}
		left = left[len(raw)/sampleBytes:]
	}
	return out, nil
}

// only waits until nobody else is at the key; the result lets others in.
func (s *sounds) only(key string) func() {
	s.mu.Lock()
	m := s.making[key]
	if m == nil {
		m = &sync.Mutex{}
		s.making[key] = m
	}
	s.mu.Unlock()
	m.Lock()
	return m.Unlock
}

func (s *sounds) keep(ctx context.Context, c *mix.Clip, key string) error {
	src, done, err := s.open(ctx, c)
	if err != nil {
		return err
	}
	defer done()
	return s.cache.Make(key, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 1<<16)
		buf := make([]float32, mix.Grid*s.format.Channels)
		raw := make([]byte, 0, len(buf)*sampleBytes)
		for left := int(c.Length) * s.format.Channels; left > 0; left -= len(buf) {
			buf = buf[:min(len(buf), left)]
			if err := fill(src, buf); err != nil {
				return err
			}
			raw = raw[:0]
			for _, v := range buf {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
			}
			if _, err := b.Write(raw); err != nil {
				return err
			}
		}
		return b.Flush()
	})
}
