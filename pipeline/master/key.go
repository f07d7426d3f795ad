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
const blockVersion = 3

// KeyVersion is that of the keys of blocks, for who notes what an episode was
// made with.
const KeyVersion = blockVersion

// key names what a block is made of. Where it stands is no part of it.
func (m *mastering) key(b *block) (string, error) {
	start, _ := b.rendered()
	from, to := b.heard()
	type sound struct {
		SHA256       string
		Decoder      string `json:",omitempty"`
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
		Before, Behind int  `json:",omitempty"`
		Joint          bool `json:",omitempty"`
		Peak           level.DBTP
		Sounds         []sound
	}{blockVersion, m.coder.Name(), m.stream, b.frames(), b.before, b.behind, b.joint, m.o.Peak, make([]sound, len(b.clips))}
	for i, c := range b.clips {
		if c.Sound == nil || c.Sound.SHA256 == "" {
			return "", fmt.Errorf("%s was not listened to", name(c))
		}
		made.Sounds[i] = sound{
			SHA256: c.Sound.SHA256, Decoder: decoder(c), From: c.From, To: c.To, Start: c.Start - start, Length: c.Length,
			Gain: rounded(c.Gain + m.gain), FadeIn: c.FadeIn, FadeOut: c.FadeOut,
			FadeInShape: c.FadeInShape, FadeOutShape: c.FadeOutShape, Envelope: near(c.Envelope, from-c.Start, to-c.Start),
		}
	}
	text, err := json.Marshal(made)
	if err != nil {
		return "", fmt.Errorf("hashing a block's inputs: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// near are the points of an envelope that are heard in the frames [from, to)
// of its clip: what a bed does elsewhere does not concern a block.
func near(points []mix.Point, from, to int64) []mix.Point {
	first, last := 0, len(points)
	for first+1 < last && points[first+1].At <= from {
		first++
	}
	for last-2 >= first && points[last-2].At >= to {
		last--
	}
	return points[first:last]
}
