package audio

import "bytes"

// Sniff is the media type of audio by its first bytes, 16 or more, or "" if
// they are of no kind this package decodes. What a server says in Content-Type
// is often wrong; these bytes are not.
//
// The answers are audio/wav, audio/mpeg, audio/flac, audio/ogg, audio/mp4,
// audio/webm, audio/aiff and audio/aac.
func Sniff(b []byte) string {
	at := func(i int, s string) bool { return len(b) >= i+len(s) && string(b[i:i+len(s)]) == s }
	switch {
	case (at(0, "RIFF") || at(0, "RF64")) && at(8, "WAVE"):
		return "audio/wav"
	case at(0, "fLaC"):
		return "audio/flac"
	case at(0, "OggS"):
		return "audio/ogg"
	case at(0, "FORM") && (at(8, "AIFF") || at(8, "AIFC")):
		return "audio/aiff"
	case at(4, "ftyp"):
		return "audio/mp4"
	case bytes.HasPrefix(b, []byte{0x1A, 0x45, 0xDF, 0xA3}): // EBML
		return "audio/webm"
	case at(0, "ID3"):
		return "audio/mpeg"
	}
	if len(b) < 4 || b[0] != 0xFF {
		return ""
	}
	if b[1]&0xF6 == 0xF0 { // ADTS: 12 bits of sync, layer 0
		return "audio/aac"
	}
	if _, ok := parseMPEGHeader(b); ok {
		return "audio/mpeg"
	}
	return ""
}
