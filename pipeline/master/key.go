package master

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// blockVersion is part of every block's key. It changes when the same inputs
// would give other frames than before.
const blockVersion = 1

// key names what a block is made of. Where it stands is no part of it.
func (m *mastering) key(b *block) (string, error) {
	from, _ := b.rendered()
	type sound struct {
		SHA256       string
		From, To     int64
		Start        int64 // from the block's first frame on
		Length       int64
		Gain         level.DB
		FadeIn       int64         `json:",omitempty"`
		FadeOut      int64         `json:",omitempty"`
		FadeInShape  mix.FadeShape `json:",omitempty"`
		FadeOutShape mix.FadeShape `json:",omitempty"`
		Envelope     []mix.Point   `json:",omitempty"`
	}
	made := struct {
		Version        int
		Coder          string
		Settings       mp3.Settings
		Frames         int
		Before, Behind int `json:",omitempty"`
		Peak           level.DBTP
		Sounds         []sound
	}{blockVersion, m.coder.Name(), m.settings(b), b.frames(), b.before, b.behind, m.o.Peak, make([]sound, len(b.clips))}
	for i, c := range b.clips {
		if c.Sound == nil || c.Sound.SHA256 == "" {
			return "", fmt.Errorf("%s was not listened to", name(c))
		}
		made.Sounds[i] = sound{
			SHA256: c.Sound.SHA256, From: c.From, To: c.To, Start: c.Start - from, Length: c.Length,
			Gain: rounded(c.Gain + m.gain), FadeIn: c.FadeIn, FadeOut: c.FadeOut,
			FadeInShape: c.FadeInShape, FadeOutShape: c.FadeOutShape, Envelope: c.Envelope,
		}
	}
	text, err := json.Marshal(made)
	if err != nil {
		return "", fmt.Errorf("hashing a block's inputs: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// settings are how a block is encoded.
func (m *mastering) settings(b *block) mp3.Settings {
	s := m.stream
	s.Apart = b.apart
	return s
}
