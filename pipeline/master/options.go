package master

// MP3 says how the episode's MP3 is encoded, under `audio.formats.mp3`.
type MP3 struct {
	// Bitrate is constant, in kb/s; 0 is 96 for mono and 128 for stereo.
	Bitrate int `yaml:"bitrate" json:"bitrate"`
	// Channels is mono, stereo, or auto: stereo where a track is.
	Channels string `yaml:"channels" json:"channels"`
	// Rate is 32000, 44100 or 48000 Hz (MPEG-1 layer III).
	Rate int `yaml:"rate" json:"rate"`
}

// DefaultMP3 is what podcast apps take without question.
func DefaultMP3() MP3 { return MP3{Channels: "auto", Rate: 44100} }
