package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// takeRate is what most engines speak at, in Hz.
	takeRate = 24000
	// mostSpoken is how many minutes are spoken; the takes of longer fixtures
	// are those again, with a few samples changed so that no two files are alike.
	mostSpoken                 = 60
	introLength, creditsLength = 20, 30 // s
	// fixtureVersion changes when the fixture does.
	fixtureVersion = 1
)

// take is a recording of the fixture.
type take struct {
	Text    string `json:"text"`
	Speaker string `json:"speaker"`
	Frames  int    `json:"frames"`
	Pause   int    `json:"pause"` // after it, ms

	file string
}

func (t take) seconds() float64 {
	return float64(t.Frames)/takeRate + float64(t.Pause)/1000
}

// fixture is takes in a folder, each a file, with music around them. Shorter
// ones are the beginning of longer ones.
type fixture struct {
	dir      string
	speakers []speaker
	spoken   []take // up to mostSpoken minutes
}

// spokenFile is what is known of the spoken takes.
type spokenFile struct {
	Version  int      `json:"version"`
	Speakers []string `json:"speakers"`
	Takes    []take   `json:"takes"`
}

// openFixture takes up the fixture in dir, as far as it was made there by the
// same engines.
func openFixture(ctx context.Context, dir string) (*fixture, error) {
	f := &fixture{dir: dir, speakers: speakers()}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var known spokenFile
	b, err := os.ReadFile(filepath.Join(dir, "takes.json"))
	if err == nil {
		err = json.Unmarshal(b, &known)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case known.Version != fixtureVersion || strings.Join(known.Speakers, ",") != strings.Join(f.names(), ","):
		return nil, fmt.Errorf("%s was made by another version of this program or with other speech engines: remove it", dir)
	default:
		f.spoken = known.Takes
	}
	for name, seconds := range map[string]int{"intro.mp3": introLength, "credits.mp3": creditsLength} {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); err == nil {
			continue
		}
		if err := music(ctx, file, seconds, 220-float64(seconds)); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *fixture) names() []string {
	var out []string
	for _, s := range f.speakers {
		out = append(out, s.name)
	}
	return out
}

func (f *fixture) intro() string   { return filepath.Join(f.dir, "intro.mp3") }
func (f *fixture) credits() string { return filepath.Join(f.dir, "credits.mp3") }

func (f *fixture) file(i int) string { return filepath.Join(f.dir, fmt.Sprintf("%05d.wav", i)) }

// takes are those of an episode of so many minutes, music included: about ten
// a minute.
func (f *fixture) takes(ctx context.Context, minutes int) ([]take, error) {
	want := float64(minutes*60 - introLength - creditsLength)
	if err := f.speakUpTo(ctx, min(want, mostSpoken*60)); err != nil {
		return nil, err
	}
	var out []take
	for length := 0.0; length < want; {
		i := len(out)
		t := f.spoken[i%len(f.spoken)]
		t.file = f.file(i)
		if round := i / len(f.spoken); round > 0 {
			if err := f.altered(i%len(f.spoken), round, t.file); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
		length += t.seconds()
	}
	return out, nil
}

// altered is a spoken take with eight samples changed by what nobody hears.
func (f *fixture) altered(i, round int, file string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	pcm, err := readWAV(f.file(i))
	if err != nil {
		return err
	}
	alter(pcm, round)
	return writeWAV(file, pcm, takeRate, 1)
}

// alter changes eight samples in the middle, otherwise for every key.
func alter(pcm []byte, key int) {
	at := len(pcm) / 4 * 2
	for bit := range 8 {
		p := pcm[max(0, at-16)+2*bit:]
		v := int16(binary.LittleEndian.Uint16(p))
		binary.LittleEndian.PutUint16(p, uint16(v&^3|int16(key>>(2*bit))&3))
	}
}

// speakUpTo speaks takes until they last so many seconds.
func (f *fixture) speakUpTo(ctx context.Context, want float64) error {
	length := 0.0
	for _, t := range f.spoken {
		length += t.seconds()
	}
	began := len(f.spoken)
	for length < want {
		first := len(f.spoken)
		batch := make([]take, max(1, min(100, int((want-length)/6))))
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i := range batch {
			g.Go(func() (err error) {
				batch[i], err = f.speak(ctx, first+i)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for _, t := range batch {
			length += t.seconds()
		}
		f.spoken = append(f.spoken, batch...)
	}
	if len(f.spoken) == began {
		return nil
	}
	b, err := json.Marshal(spokenFile{fixtureVersion, f.names(), f.spoken})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.dir, "takes.json"), b, 0o644)
}

// speak makes the i-th take: the same one on every machine with the same
// engines.
func (f *fixture) speak(ctx context.Context, i int) (take, error) {
	r := rand.New(rand.NewPCG(uint64(i), fixtureVersion))
	// A voice speaks some takes before another one does.
	s := f.speakers[rand.New(rand.NewPCG(uint64(i/6), 2)).IntN(len(f.speakers))]
	t := take{Speaker: s.name, Pause: []int{300, 300, 300, 700, 700, 1200}[r.IntN(6)]}
	t.Text = text(r, 1+8.5*math.Pow(r.Float64(), 1.3)) // with pauses 6 s in the mean
	pcm, err := s.speak(ctx, f.dir, t.Text, uint64(i))
	if err != nil {
		return t, err
	}
	pcm = pcm[:min(len(pcm), 13*takeRate*2)]
	t.Frames = len(pcm) / 2
	return t, writeWAV(f.file(i), pcm, takeRate, 1)
}

// writeList writes takes as stitch reads them, with a chapter every 50.
func writeList(file string, takes []take) error {
	var b strings.Builder
	for i, t := range takes {
		fmt.Fprintf(&b, "%s\t%s", t.file, time.Duration(t.Pause)*time.Millisecond)
		if i%50 == 0 {
			fmt.Fprintf(&b, "\tChapter %d", i/50+1)
		}
		b.WriteByte('\n')
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
