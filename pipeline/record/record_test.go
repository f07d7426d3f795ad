package record_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// studio answers as the function says; a take's key is its text.
type studio func(ctx context.Context, req voices.Request) (*voices.Speech, error)

func (s studio) Synthesize(ctx context.Context, req voices.Request) (*voices.Speech, error) {
	return s(ctx, req)
}
func (studio) Key(req voices.Request) (string, error)           { return req.Text, nil }
func (studio) Settle(context.Context) ([]voices.Refusal, error) { return nil, nil }
func (studio) Kept(string) bool                                 { return false }
func (studio) Recall(context.Context, voices.Request) error     { return nil }

// sine is a WAV file: lead and tail of digital silence around a second of tone.
func sine(t testing.TB, rate int, lead, tail float64, amplitude float64) []byte {
	t.Helper()
	var pcm []byte
	total := lead + 1 + tail
	for i := range int(total * float64(rate)) {
		at := float64(i)/float64(rate) - lead
		var v float64
		if at >= 0 && at < 1 {
			v = amplitude * math.Cos(2*math.Pi*440*at)
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v*32767)))
	}
	b, err := audio.WrapPCM(pcm, "pcm_s16le", rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func session(t *testing.T, s studio, parallel int) *record.Session {
	t.Helper()
	cast, err := voices.NewCast(map[string]string{"body": "narrator"}, map[string]voices.Voice{"narrator": {Voice: "v"}})
	if err != nil {
		t.Fatal(err)
	}
	return &record.Session{Studio: s, Cast: cast, Parallel: func() int { return parallel }}
}

func talk(n int) *script.Script {
	sc := &script.Script{Chapters: []script.Chapter{{Title: "A"}, {Title: "B"}}}
	for i := range n {
		c := &sc.Chapters[i*2/n]
		c.Segments = append(c.Segments, script.Segment{Role: "body", Text: fmt.Sprint("segment ", i+1), Anchors: []script.Anchor{{Line: i + 1, Col: 1}}})
	}
	return sc
}

func TestTakesComeInOrderWhateverAnswersFirst(t *testing.T) {
	file := sine(t, 8000, 0, 0, 0.5)
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int32
		s := session(t, func(ctx context.Context, req voices.Request) (*voices.Speech, error) {
			most.Store(max(most.Load(), under.Add(1)))
			defer under.Add(-1)
			var n int
			fmt.Sscanf(req.Text, "segment %d", &n)
			time.Sleep(time.Duration(100-n) * time.Second) // later ones answer sooner
			return &voices.Speech{Audio: file, Stored: n%2 == 0}, nil
		}, 4)
		var told []int
		takes, err := s.Record(t.Context(), talk(20), func(tk record.Told) { told = append(told, tk.Ordinal) })
		if err != nil {
			t.Fatal(err)
		}
		for i, tk := range takes {
			if tk.Ordinal != i+1 || tk.Key != fmt.Sprint("segment ", i+1) || tk.Stored != (i%2 == 1) || tk.Voice != "narrator" {
				t.Errorf("take %d is %+v", i, tk)
			}
		}
		if most.Load() != 4 || len(told) != 20 {
			t.Errorf("%d at once, want 4; %d told, want 20", most.Load(), len(told))
		}
	})
}

func TestFailureKeepsWhatIsUnderWay(t *testing.T) {
	file := sine(t, 8000, 0, 0, 0.5)
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("out of voice")
		var mu sync.Mutex
		asked := map[string]bool{}
		s := session(t, func(ctx context.Context, req voices.Request) (*voices.Speech, error) {
			mu.Lock()
			asked[req.Text] = true
			mu.Unlock()
			if req.Text == "segment 3" {
				time.Sleep(time.Second)
				return nil, boom
			}
			time.Sleep(time.Minute)
			return &voices.Speech{Audio: file}, ctx.Err()
		}, 4)
		kept := 0
		_, err := s.Record(t.Context(), talk(20), func(tk record.Told) {
			if tk.Err == nil {
				kept++
			}
		})
		var se *record.SegmentError
		if !errors.As(err, &se) || se.Ordinal != 3 || se.At != "3:1" || !errors.Is(err, boom) {
			t.Fatalf("error %v, want segment 3's", err)
		}
		if want := "segment 3 of 20 (3:1): out of voice"; err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
		if kept != 3 || len(asked) > 5 {
			t.Errorf("%d takes kept, want the 3 under way; %d asked for, want no new ones after the failure", kept, len(asked))
		}
	})
}

func TestCancelStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := session(t, func(ctx context.Context, req voices.Request) (*voices.Speech, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 4)
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		_, err := s.Record(ctx, talk(20), nil)
		if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("error %v after %v, want the context's after 1 s", err, time.Since(start))
		}
	})
}

func TestSilentTakeIsRefused(t *testing.T) {
	t.Parallel()
	quiet := sine(t, 8000, 0, 0, 0.002) // −54 dBFS
	s := session(t, func(context.Context, voices.Request) (*voices.Speech, error) {
		return &voices.Speech{Audio: quiet}, nil
	}, 1)
	_, err := s.Record(t.Context(), talk(1), nil)
	if err == nil || !strings.Contains(err.Error(), "silent") || !strings.Contains(err.Error(), "take: 1") {
		t.Errorf("error %v, want one that says the take is silent and how to ask for another", err)
	}
}

func TestListenTrimsToTheGuard(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 24000, 44100} {
		s, err := record.Listen(t.Context(), sine(t, rate, 0.5, 0.25, 0.5))
		if err != nil {
			t.Fatal(err)
		}
		guard := record.GuardSeconds
		in, out := float64(s.In)/float64(rate), float64(s.Out)/float64(rate)
		if math.Abs(in-(0.5-guard)) > 0.001 || math.Abs(out-(1.5+guard)) > 0.001 {
			t.Errorf("%d Hz: speech from %.4f to %.4f s, want 0.47 to 1.53", rate, in, out)
		}
		if s.MediaType != "audio/wav" || s.Frames != int64(1.75*float64(rate)) || len(s.SHA256) != 64 {
			t.Errorf("%d Hz: %+v", rate, s)
		}
	}
}

func TestTracksThatAreNoAudio(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, path := range map[string]string{
		"empty":    write("empty.mp3", nil),
		"text":     write("text.mp3", []byte(strings.Repeat("this is not music ", 100))),
		"silent":   write("silent.wav", sine(t, 44100, 0, 0, 0)),
		"not here": filepath.Join(dir, "none.mp3"),
	} {
		_, err := record.ListenFile(t.Context(), path)
		var te *record.TrackError
		if !errors.As(err, &te) || te.File != path || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line that names the track", name, err)
		}
	}
	if _, err := record.ListenFile(t.Context(), write("good.wav", sine(t, 44100, 0, 0, 0.5))); err != nil {
		t.Errorf("good track: %v", err)
	}
}
