package voices

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// keyVersion is that of the keys of takes. When what stands in them changes,
// it is raised, and takes under older keys are still to be found: nothing that
// was paid for is asked for again because the program changed.
const keyVersion = 1

// KeyVersion is that of the keys of takes, for who notes what an episode was
// made with.
const KeyVersion = keyVersion

// takeKey is the key of a take: the SHA-256, in hex, of
//
//	{"version":1,"identity":…,"request":{…},"take":0}
//
// as JSON without white space, keys of maps sorted, <, > and & unescaped. The
// request is the rendered one:
//
//	path     the values of the path's placeholders
//	query    as it is sent, without {{key}}
//	body     as it is sent, before it is written as JSON or a form, without {{key}}
//	args     of a command, without the program; {{out}} stands for the file
//	stdin    of a command
//	samples  encoding, rate and channels, where the answer has no header
//
// So the key does not change with the endpoint's name in the show, its
// address, headers, key, limits or price, nor with the voice's name or gain;
// it changes with everything that changes what is heard: text, voice, model,
// speed, pitch, style, params, the body's other fields, the engine (identity,
// with its version where it is a local one) and the number of the take.
func takeKey(identity string, r rendered, take int) (string, error) {
	b, err := plainJSON(struct {
		Version  int      `json:"version"`
		Identity string   `json:"identity"`
		Request  rendered `json:"request"`
		Take     int      `json:"take"`
	}{keyVersion, identity, r, take})
	if err != nil {
		return "", fmt.Errorf("key of the take: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
