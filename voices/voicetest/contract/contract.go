// Package contract answers whether a synthesizer keeps its promises: one suite
// for every implementation. It imports testing, so it is for tests alone.
package contract

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/voices"
)

// Text is what the suite has spoken, about four seconds of it.
const Text = "It was a bright cold day in April, and the clocks were striking thirteen."

// Expect is what a synthesizer under test has.
type Expect struct {
	Voice   voices.Voice // one that it has
	Other   voices.Voice // another one; the zero value if there is none
	Unknown voices.Voice // one that it refuses; the zero value if it has any
	Stores  bool         // whether it keeps takes
}

// TestSynthesizer checks the contract of voices.Synthesizer.
func TestSynthesizer(t *testing.T, s voices.Synthesizer, x Expect) {
	t.Helper()
	say := func(t *testing.T, v voices.Voice, text string) *voices.Speech {
		t.Helper()
		speech, err := s.Synthesize(t.Context(), voices.Request{Voice: v, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return speech
	}
	t.Run("speaks", func(t *testing.T) {
		speech := say(t, x.Voice, Text)
		if got := audio.Sniff(speech.Audio); got == "" || got != speech.MediaType {
			t.Errorf("media type %q, by its bytes %q", speech.MediaType, got)
		}
		if sec := seconds(t, speech.Audio); sec < 2 || sec > 10 {
			t.Errorf("%.1f s for %d characters", sec, len(Text))
		}
		if (speech.Key != "") != x.Stores {
			t.Errorf("key %q, where it stores is %v", speech.Key, x.Stores)
		}
		if !speech.Stored && speech.Attempts < 1 {
			t.Errorf("%d attempts for what was not stored", speech.Attempts)
		}
	})
	t.Run("a longer text is longer", func(t *testing.T) {
		short, long := seconds(t, say(t, x.Voice, Text).Audio), seconds(t, say(t, x.Voice, Text+" "+Text).Audio)
		if long < 1.5*short {
			t.Errorf("%.1f s, and twice the text %.1f s", short, long)
		}
	})
	t.Run("stored is the same", func(t *testing.T) {
		if !x.Stores {
			return
		}
		first, second := say(t, x.Voice, Text), say(t, x.Voice, Text)
		if !second.Stored || second.Attempts != 0 || !bytes.Equal(first.Audio, second.Audio) || first.Key != second.Key {
			t.Errorf("stored %v after %d attempts, key %s then %s", second.Stored, second.Attempts, first.Key, second.Key)
		}
	})
	t.Run("another voice sounds otherwise", func(t *testing.T) {
		if x.Other.Endpoint != "" && bytes.Equal(say(t, x.Voice, Text).Audio, say(t, x.Other, Text).Audio) {
			t.Error("it does not")
		}
	})
	t.Run("an unknown voice is refused", func(t *testing.T) {
		if x.Unknown.Endpoint == "" {
			return
		}
		_, err := s.Synthesize(t.Context(), voices.Request{Voice: x.Unknown, Text: Text})
		var refused *voices.Error
		if !errors.As(err, &refused) || refused.Advice != voices.GiveUp || refused.Remedy == "" {
			t.Errorf("%v", err)
		}
	})
	t.Run("an empty text is refused", func(t *testing.T) {
		for _, text := range []string{"", " \n"} {
			if _, err := s.Synthesize(t.Context(), voices.Request{Voice: x.Voice, Text: text}); !errors.As(err, new(*voices.Error)) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
	t.Run("ends with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start := time.Now()
		if _, err := s.Synthesize(ctx, voices.Request{Voice: x.Voice, Text: Text + " Cancelled."}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("it took %v", d)
		}
	})
	t.Run("concurrently", func(t *testing.T) {
		var wg sync.WaitGroup
		got := make([][]byte, 4)
		for i := range got {
			wg.Go(func() {
				speech, err := s.Synthesize(t.Context(), voices.Request{Voice: x.Voice, Text: "All at once, and all the same."})
				if err != nil {
					t.Error(err)
					return
				}
				got[i] = speech.Audio
			})
		}
		wg.Wait()
		for i := range got {
			if x.Stores && !bytes.Equal(got[i], got[0]) {
				t.Errorf("answer %d is another", i)
			}
		}
	})
}

func seconds(t *testing.T, b []byte) float64 {
	t.Helper()
	d, err := audio.Decode(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	buf, samples := make([]float32, 8192*d.Format().Channels), 0
	for {
		n, err := d.ReadSamples(buf)
		samples += n
		if err != nil {
			return float64(samples) / float64(d.Format().Channels) / float64(d.Format().Rate)
		}
	}
}
