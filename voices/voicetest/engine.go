package voicetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/narrapress/narrapress/voices"
)

// Voices are the voices of the server: OpenAI's first eleven.
func Voices() []string {
	return []string{"alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse"}
}

// actor is who of a local engine plays a voice.
type actor struct {
	voice string
	pitch float64
}

// cast says who plays each of Voices. Flite's rms takes no pitch, so it plays one.
func cast(preset string) []actor {
	switch preset {
	case "flite": // pitches in Hz
		return []actor{{"slt", 0}, {"rms", 0}, {"awb", 0}, {"slt", 200}, {"kal16", 0}, {"awb", 150}, {"awb", 85}, {"slt", 225}, {"slt", 150}, {"slt", 250}, {"kal16", 140}}
	case "espeak-ng": // pitches of 0 to 99
		return []actor{{"en-us", 0}, {"en-us", 25}, {"en-gb", 0}, {"en-us+f2", 0}, {"en-gb", 25}, {"en-gb-scotland", 0}, {"en-us+m7", 20}, {"en-us+f3", 0}, {"en-gb", 75}, {"en-us+f4", 70}, {"en-029", 0}}
	case "say":
		return []actor{{"Samantha", 0}, {"Alex", 0}, {"Daniel", 0}, {"Karen", 0}, {"Moira", 0}, {"Samantha", 0}, {"Alex", 0}, {"Daniel", 0}, {"Karen", 0}, {"Moira", 0}, {"Samantha", 0}}
	}
	return nil
}

// engine speaks with a program of this machine.
type engine struct {
	studio *voices.Studio
	preset string
	cast   map[string]actor

	mu    sync.Mutex
	known map[saying]Sound
}

// saying is what makes a sound what it is.
type saying struct {
	voice, text string
	speed       float64
}

// mostKnown bounds the memory of what was said: some hundred megabytes of
// paragraphs at the most.
const mostKnown = 500

// engines are those of this process by preset, shared by its servers: what voices a
// machine has, and how they sound, stays while a test runs, and to ask takes longer
// than most tests.
var engines struct {
	mu    sync.Mutex
	known map[string]*engine
}

// engineOf is the engine of a preset; of the first that is installed, where it is empty.
func engineOf(ctx context.Context, preset string) (*engine, error) {
	engines.mu.Lock()
	defer engines.mu.Unlock()
	if e := engines.known[preset]; e != nil {
		return e, nil
	}
	e, err := newEngine(ctx, preset)
	if err != nil {
		return nil, err
	}
	if engines.known == nil {
		engines.known = map[string]*engine{}
	}
	engines.known[preset] = e
	return e, nil
}

func newEngine(ctx context.Context, preset string) (*engine, error) {
	if preset == "" {
		var ok bool
		if preset, _, ok = voices.Local(ctx, ""); !ok {
			return nil, errors.New("no speech engine is installed: apt install flite (Debian, Ubuntu), brew install flite (macOS)")
		}
	}
	resolved, err := voices.Resolve(map[string]voices.Endpoint{preset: {Preset: preset, Limits: voices.Limits{Concurrency: runtime.NumCPU()}}})
	if err != nil {
		return nil, err
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{})
	if err != nil {
		return nil, err
	}
	has, err := studio.Voices(ctx, preset)
	if err != nil {
		return nil, err
	}
	e := &engine{studio: studio, preset: preset, cast: map[string]actor{}, known: map[saying]Sound{}}
	actors := cast(preset)
	if len(actors) == 0 || len(has) == 0 {
		return nil, fmt.Errorf("the engine %s has no voices to speak with", preset)
	}
	for i, name := range Voices() {
		if e.cast[name] = actors[i]; preset != "espeak-ng" && !slices.Contains(has, actors[i].voice) {
			e.cast[name] = actor{has[i%len(has)], actors[i].pitch}
		}
	}
	return e, nil
}

func (e *engine) speak(ctx context.Context, s saying) (Sound, error) {
	e.mu.Lock()
	sound, ok := e.known[s]
	e.mu.Unlock()
	if ok {
		return sound, nil
	}
	a := e.cast[s.voice]
	speech, err := e.studio.Synthesize(ctx, voices.Request{
		Text:  s.text,
		Voice: voices.Voice{Name: s.voice, Endpoint: e.preset, Voice: a.voice, Pitch: a.pitch, Speed: s.speed},
	})
	if err != nil {
		return Sound{}, err
	}
	if sound, err = decode(ctx, speech.Audio); err != nil {
		return Sound{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.known) >= mostKnown {
		clear(e.known)
	}
	e.known[s] = sound
	return sound, nil
}
