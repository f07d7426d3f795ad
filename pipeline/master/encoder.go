package master

import "github.com/narrapress/narrapress/internal/mp3"

// Encoder names what encodes MP3 in this process. The error says why it is
// ffmpeg instead.
func Encoder() (string, error) {
	lib, err := mp3.Load()
	if err != nil {
		return "", err
	}
	return "LAME " + lib.Version(), nil
}
