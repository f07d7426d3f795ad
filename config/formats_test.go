package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/master"
)

// A format that is named is made, with defaults for what it does not say; the
// others are not there at all.
func TestFormats(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": "audio:\n  formats:\n    m4b:\n    opus: {bitrate: 40}\n    flac: {bits: 24, channels: mono}\n"})
	from.Env = func(name string) (string, bool) {
		values := map[string]string{"NARRAPRESS_AUDIO_FORMATS_OPUS_CHANNELS": "stereo"}
		v, ok := values[name]
		return v, ok
	}
	c, err := loadShow(from)
	if err != nil {
		t.Fatal(err)
	}
	want := master.Formats{
		MP3: master.DefaultMP3(), M4B: &master.AAC{Channels: "auto"},
		Opus: &master.Opus{Bitrate: 40, Channels: "stereo"}, FLAC: &master.PCM{Bits: 24, Channels: "mono"},
	}
	if diff := cmp.Diff(want, c.Audio.Formats); diff != "" {
		t.Errorf("formats (-want +got):\n%s", diff)
	}
	text, err := c.Effective()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"    m4b:\n      bitrate: 0 # default\n      channels: auto # default\n",
		"      bitrate: 40 # show.yaml:4:21\n      channels: stereo # NARRAPRESS_AUDIO_FORMATS_OPUS_CHANNELS\n",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("the effective configuration has no\n%sin\n%s", line, text)
		}
	}
	if strings.Contains(string(text), "wav:") {
		t.Error("it has a format that is not made")
	}
	// What is written can be read again.
	again, err := loadShow(show(t, map[string]string{"show.yaml": string(text)}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again.Audio.Formats); diff != "" {
		t.Errorf("formats read again (-want +got):\n%s", diff)
	}
}
