package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// versions are those of all that an episode is known by.
func versions() map[string]int {
	return map[string]int{"build": buildVersion, "take": voices.KeyVersion, "block": master.KeyVersion, "script": script.Version}
}

// lexiconSum is the SHA-256 of a show's lexicons and those of its voices, one
// behind the other; empty without any.
func (p *Press) lexiconSum(plan *Plan) (string, error) {
	if plan.terms == nil {
		return "", nil
	}
	files := slices.Clone(plan.terms.cfg.Lexicon)
	for _, name := range voicesOf(plan) {
		files = append(files, plan.terms.cfg.Voices[name].Lexicon...)
	}
	h := sha256.New()
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("lexicon %s: %w", file, plainPath(err))
		}
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", fmt.Errorf("lexicon %s: %w", file, plainPath(err))
		}
	}
	if len(files) == 0 {
		return "", nil
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// voicesOf are the names of the voices that speak in a plan, sorted.
func voicesOf(plan *Plan) []string {
	var names []string
	for _, s := range plan.Segments {
		names = append(names, s.Voice)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// provenance completes a manifest with where its takes came from. What a
// folder that is put together anew does not know stays as it was.
func (p *Press) provenance(r *release, m *publish.Manifest) {
	m.Program, m.Keys = p.o.Version, versions()
	identities := map[string]string{}
	for i := range m.Takes {
		t := &m.Takes[i]
		t.Endpoint = p.known(t.Key).Endpoint
		identities[t.Voice] = t.Endpoint
	}
	if r.plan.terms == nil {
		if last := r.place.last; last != nil {
			m.Voices, m.Lexicon = last.Voices, last.Lexicon
		}
		return
	}
	for _, name := range voicesOf(r.plan) {
		v := r.plan.terms.cfg.Voices[name]
		s := publish.Speaker{
			Endpoint: v.Endpoint, Identity: identities[name], Voice: v.Voice, Model: v.Model, Language: v.Language,
			Speed: v.Speed, Pitch: v.Pitch, Style: v.Style, Gain: v.Gain,
		}
		if b, err := json.Marshal(v.Params); err == nil && len(v.Params) > 0 {
			sum := sha256.Sum256(b)
			s.Params = hex.EncodeToString(sum[:])
		}
		m.Voices[name] = s
	}
}
