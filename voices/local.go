package voices

import (
	"context"
	"runtime"
	"strings"
)

// Local finds an engine installed on this machine that speaks a language, a
// BCP 47 tag: an endpoint of one of the command presets, and distinct voices of
// it, best first. ok is false where there is none. Of languages but English only
// eSpeak NG's voices are known here, by the language's name.
func Local(ctx context.Context, language string) (preset string, names []string, ok bool) {
	if primary, _, _ := strings.Cut(strings.ToLower(language), "-"); primary != "" && primary != "en" {
		if names := installed(ctx, "espeak-ng", primary, primary+"+f3"); len(names) > 0 {
			return "espeak-ng", names, true
		}
	}
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

// installed are the voices, or else the preset's best, that the engine really
// has. A variant of a voice, behind a plus sign, is there where the voice is.
func installed(ctx context.Context, preset string, wanted ...string) []string {
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
	if len(wanted) == 0 {
		wanted = studio.endpoints[preset].spec.Voices.Names
	}
	for _, name := range wanted {
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
