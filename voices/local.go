package voices

import (
	"context"
	"runtime"
)

// Local finds an engine installed on this machine: an endpoint of one of the
// command presets, and distinct voices of it, best first. ok is false where
// there is none.
func Local(ctx context.Context) (preset string, names []string, ok bool) {
	engines := []string{"flite", "espeak-ng"}
	if runtime.GOOS == "darwin" {
		engines = []string{"say", "espeak-ng", "flite"}
	}
	for _, preset := range engines {
		if names := installed(ctx, preset); len(names) > 0 {
			return preset, names, true
		}
	}
	return "", nil, false
}

// installed are the preset's best voices that the engine really has.
func installed(ctx context.Context, preset string) []string {
	studio, err := openPreset(preset)
	if err != nil {
		return nil
	}
	t := studio.endpoints[preset].transport
	if t.probe(ctx) != nil {
		return nil
	}
	has, err := t.voices(ctx)
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range studio.endpoints[preset].spec.Voices.Names {
		if hasVoice(has, name) {
			names = append(names, name)
		}
	}
	return names
}

func openPreset(preset string) (*Studio, error) {
	endpoints, err := Resolve(map[string]Endpoint{preset: {Preset: preset}})
	if err != nil {
		return nil, err
	}
	return Open(endpoints, OpenOptions{})
}
