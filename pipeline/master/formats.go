package master

import (
	"cmp"

	"github.com/narrapress/narrapress/internal/audio"
)

// Formats are the audio files of an episode, under `audio.formats`: the MP3,
// and each of the others that is named. Their settings may all be left out.
type Formats struct {
	MP3  MP3   `yaml:"mp3" json:"mp3"`
	M4A  *AAC  `yaml:"m4a,omitempty" json:"m4a,omitempty"`
	M4B  *AAC  `yaml:"m4b,omitempty" json:"m4b,omitempty"`
	Opus *Opus `yaml:"opus,omitempty" json:"opus,omitempty"`
	FLAC *PCM  `yaml:"flac,omitempty" json:"flac,omitempty"`
	WAV  *PCM  `yaml:"wav,omitempty" json:"wav,omitempty"`
}

// AAC says how an M4A or an M4B is encoded, in AAC-LC.
type AAC struct {
	Bitrate  int    `yaml:"bitrate" json:"bitrate"`   // kb/s; 0 is 64 for mono and 96 for stereo
	Channels string `yaml:"channels" json:"channels"` // mono, stereo or auto: as the MP3
	Rate     int    `yaml:"rate" json:"rate"`         // Hz; 0 is the MP3's
}

// Opus says how an Opus file is encoded. Its rate is 48000 Hz, always (RFC
// 7845, section 4).
type Opus struct {
	Bitrate  int    `yaml:"bitrate" json:"bitrate"`   // kb/s on average; 0 is 32 for mono and 48 for stereo
	Channels string `yaml:"channels" json:"channels"` // mono, stereo or auto: as the MP3
}

// PCM says how a file is written that loses nothing.
type PCM struct {
	Bits     int    `yaml:"bits" json:"bits"`         // of a sample, 16 or 24; 0 is 16
	Channels string `yaml:"channels" json:"channels"` // mono, stereo or auto: as the MP3
	Rate     int    `yaml:"rate" json:"rate"`         // Hz; 0 is the MP3's
}

// The channels that a format may be given.
const (
	channelsAuto   = "auto"
	channelsMono   = "mono"
	channelsStereo = "stereo"
)

// ChannelModes are what `channels` of a format may be.
func ChannelModes() []string { return []string{channelsAuto, channelsMono, channelsStereo} }

// Fill puts the defaults where formats that are made say nothing.
func (f *Formats) Fill() {
	for _, a := range []*AAC{f.M4A, f.M4B} {
		if a != nil {
			a.Channels = cmp.Or(a.Channels, channelsAuto)
		}
	}
	if f.Opus != nil {
		f.Opus.Channels = cmp.Or(f.Opus.Channels, channelsAuto)
	}
	for _, p := range []*PCM{f.FLAC, f.WAV} {
		if p != nil {
			p.Channels, p.Bits = cmp.Or(p.Channels, channelsAuto), cmp.Or(p.Bits, 16)
		}
	}
}

// Format is a file that is made of a master beside its MP3.
type Format struct {
	Name    string // its key in the show's file, and the end of the file's name
	Encoder string // ffmpeg's name of who encodes it

	channels string
	rate     int // 0 is the master's
	// encoding of so many channels.
	encoding func(channels int) audio.Encoding
}

// Others are the formats beside the MP3, in a fixed order.
func (f Formats) Others() []Format {
	var out []Format
	add := func(name, channels string, rate int, encoding func(int) audio.Encoding) {
		out = append(out, Format{Name: name, Encoder: encoding(1).Encoder(), channels: channels, rate: rate, encoding: encoding})
	}
	if a := f.M4A; a != nil {
		add("m4a", a.Channels, a.Rate, func(n int) audio.Encoding { return audio.AACOptions{Bitrate: perChannels(a.Bitrate, n, 64, 96)} })
	}
	if a := f.M4B; a != nil {
		add("m4b", a.Channels, a.Rate, func(n int) audio.Encoding {
			return audio.AACOptions{Bitrate: perChannels(a.Bitrate, n, 64, 96), Book: true}
		})
	}
	if o := f.Opus; o != nil {
		add("opus", o.Channels, audio.OpusRate, func(n int) audio.Encoding { return audio.OpusOptions{Bitrate: perChannels(o.Bitrate, n, 32, 48)} })
	}
	if p := f.FLAC; p != nil {
		add("flac", p.Channels, p.Rate, func(int) audio.Encoding { return audio.FLACOptions{Bits: cmp.Or(p.Bits, 16)} })
	}
	if p := f.WAV; p != nil {
		add("wav", p.Channels, p.Rate, func(int) audio.Encoding { return audio.WAVOptions{Bits: cmp.Or(p.Bits, 16)} })
	}
	return out
}

// perChannels is the bit rate that was asked for, or that for so many channels.
func perChannels(asked, channels, mono, stereo int) int {
	if asked == 0 && channels == 2 {
		return stereo
	}
	return cmp.Or(asked, mono)
}

// of is the shape of the format's file, made of a master of another.
func (f *Format) of(master audio.Format) audio.Format {
	out := audio.Format{Rate: cmp.Or(f.rate, master.Rate), Channels: master.Channels}
	switch f.channels {
	case channelsMono:
		out.Channels = 1
	case channelsStereo:
		out.Channels = 2
	}
	return out
}

// exact says that the file's samples are the master's own.
func (f *Format) exact(master audio.Format) bool {
	switch f.encoding(1).(type) {
	case audio.FLACOptions, audio.WAVOptions:
		return f.of(master) == master
	}
	return false
}
