package audio

import "testing"

func TestSniff(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ bytes, want string }{
		"wav":                     {"RIFF\xff\xff\xff\xffWAVEfmt ", "audio/wav"},
		"wav past 4 GiB":          {"RF64\xff\xff\xff\xffWAVEds64", "audio/wav"},
		"RIFF of another kind":    {"RIFF\x00\x00\x00\x00AVI LIST", ""},
		"mp3":                     {"\xff\xfb\x90\xc4aaaaaaaaaaaa", "audio/mpeg"},
		"mp3 with CRC":            {"\xff\xfa\x90\xc4aaaaaaaaaaaa", "audio/mpeg"},
		"mp3 of 24 kHz":           {"\xff\xf3\x84\xc4aaaaaaaaaaaa", "audio/mpeg"},
		"mp3 behind a tag":        {"ID3\x04\x00\x00\x00\x00\x00\x00aaaaaa", "audio/mpeg"},
		"flac":                    {"fLaC\x00\x00\x00\x22aaaaaaaa", "audio/flac"},
		"ogg":                     {"OggS\x00\x02aaaaaaaaaa", "audio/ogg"},
		"mp4":                     {"\x00\x00\x00\x20ftypM4A aaaa", "audio/mp4"},
		"webm":                    {"\x1a\x45\xdf\xa3aaaaaaaaaaaa", "audio/webm"},
		"aiff":                    {"FORM\x00\x00\x00\x00AIFFCOMM", "audio/aiff"},
		"aiff-c":                  {"FORM\x00\x00\x00\x00AIFCFVER", "audio/aiff"},
		"aac":                     {"\xff\xf1\x50\x80aaaaaaaaaaaa", "audio/aac"},
		"aac, MPEG-2":             {"\xff\xf9\x50\x80aaaaaaaaaaaa", "audio/aac"},
		"html":                    {"<!DOCTYPE html><html>", ""},
		"json":                    {`{"error":{"message":"no"}}`, ""},
		"nothing":                 {"", ""},
		"a sync word alone":       {"\xff\xfb", ""},
		"samples of −1":           {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", ""},
		"a cut RIFF":              {"RIFF\x00\x00", ""},
		"bit rate that is barred": {"\xff\xfb\xf0\xc4aaaaaaaaaaaa", ""},
	} {
		if got := Sniff([]byte(tc.bytes)); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
