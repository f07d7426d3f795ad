package voices

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMessages(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"error":{"message":"No.","type":"x"}}`:               "No.",
		`{"error":"No."}`:                                      "No.",
		`{"detail":{"error":"e","message":"No.","type":"t"}}`:  "No.",
		`{"detail":[{"loc":["body"],"msg":"field required"}]}`: "field required",
		`{"detail":"Not Found"}`:                               "Not Found",
		`{"message":"No.","code":400}`:                         "No.",
		`{"err_code":"X","err_msg":"No."}`:                     "No.",
		`{"weird":1}`:                                          `{"weird":1}`,
		`<html><TITLE>502 Bad Gateway</TITLE></html>`:          "a web page, 502 Bad Gateway",
		`<html>`:                         "a web page",
		`Concurrency limited: slow down`: "Concurrency limited: slow down",
		"\x00\x01\x02":                   "3 bytes that start with 00 01 02",
		``:                               "",
		`null`:                           "null",
		"{\"error\":{\"message\":\"two\\nlines\\u001b[31m red\"}}": "two\nlines\x1b[31m red",
	} {
		if got := message([]byte(answer), ""); got != want {
			t.Errorf("%s: %q, want %q", answer, got, want)
		}
	}
}

func TestSamplesWithoutHeader(t *testing.T) {
	t.Parallel()
	r := Response{Audio: "body", Format: "pcm_s16le", SampleRate: 24000, Channels: 1}
	in := r
	in.Audio = "json:data"
	for name, test := range map[string]struct {
		answer, label string
		r             Response
		samples       string // of the WAV; empty: refused
	}{
		"any":                  {"\x01\x02\x03\x04", "audio/pcm", r, "\x01\x02\x03\x04"},
		"like MPEG":            {"\xff\xfb\x90\x64\x00\x00\x00\x00", "", r, "\xff\xfb\x90\x64\x00\x00\x00\x00"},
		"like a page":          {"<html>", "audio/L16;rate=24000", r, "<html>"},
		"a page":               {"<html>", "text/html", r, ""},
		"in JSON":              {`{"data":"AQIDBA=="}`, "application/json", in, "\x01\x02\x03\x04"},
		"in JSON, URL-safe":    {`{"data":"_-8"}`, "application/json", in, "\xff\xef"},
		"in JSON, as data URL": {`{"data":"data:audio/pcm;base64,AQIDBA=="}`, "application/json", in, "\x01\x02\x03\x04"},
		"no base64":            {`{"data":"!"}`, "application/json", in, ""},
	} {
		got, err := unwrap([]byte(test.answer), test.label, test.r)
		if test.samples == "" {
			if err == nil {
				t.Errorf("%s: taken as %s", name, got.mediaType)
			}
			continue
		}
		if err != nil || got.mediaType != "audio/wav" || string(got.audio[44:]) != test.samples {
			t.Errorf("%s: %q, %v", name, got.audio, err)
		}
	}
}

func TestRedactor(t *testing.T) {
	t.Parallel()
	r := newRedactor(Endpoint{Key: NewSecret("s e/cret"), Headers: map[string]Secret{"A": NewSecret("Token abcdefgh1"), "X-Pin": NewSecret("pin7"), "X-Long": NewSecret("pin7and8"), "X-Two": NewSecret("ab cd"), "X-No": NewSecret("no"), "Accept": NewSecret("audio")}, URL: "https://host/v1/audio/sk-url-4711/v1", Auth: Auth{Headers: map[string]Secret{"K": NewSecret("auth-key-1")}, Body: map[string]any{"client_secret": "body-key-4711"}}, Query: map[string]any{"k": "query-4711", "n": 1, "format": "wav"}, Hidden: []Secret{NewSecret("from a variable")}})
	for in, want := range map[string]string{
		"key s e/cret is bad":        "key ••• is bad",
		"GET /?k=s+e%2Fcret":         "GET /?k=•••",
		"GET /s%20e%2Fcret":          "GET /•••",
		"token abcdefgh1, audio":     "token •••, audio",
		"auth-key-1, body-key-4711":  "•••, •••",
		"the pin pin7 is wrong":      "the pin ••• is wrong",
		"not pin7and8":               "not •••",
		"not ab cd, no":              "not •••, no",
		"pi\u200bn7":                 "•••",
		"?k=query-4711&format=wav":   "?k=•••&format=wav",
		`{"p":"from a variable"}`:    `{"p":"•••"}`,
		"no /v1/audio/sk-url-4711":   "no /v1/audio/•••",
		"two\nlines\x1b[31m \u202ex": "two lines[31m x",
		strings.Repeat("x", 400):     strings.Repeat("x", 300) + "…",
	} {
		if got := r.line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestParseVoices(t *testing.T) {
	t.Parallel()
	for list, want := range map[string][]string{
		`["a","b","a"]`:                            {"a", "b"},
		`{"voices":["a","b"]}`:                     {"a", "b"},
		`{"voices":[{"id":"a","name":"Ann"}]}`:     {"a"},
		`{"voices":["a"],"uploaded_voices":["b"]}`: {"a", "b"},
		`{"data":[{"name":"a"},{"voice_id":"b"}]}`: {"a", "b"},
		`[{"Name":"x","ShortName":"en-US-A"}]`:     {"en-US-A"},
		`{"en_US-lessac":{"rate":22050},"de":{}}`:  {"de", "en_US-lessac"},
		"cmu-slt en_US female\ndfki en_GB male\n":  {"cmu-slt", "dfki"},
		`["a","b\u001b[31m\n","c"]`:                {"a", "c"},
		`{"error":"no"}`:                           nil,
		`[]`:                                       nil,
		`<html>`:                                   nil,
		``:                                         nil,
		`7`:                                        nil,
	} {
		got, err := parseVoices([]byte(list), "")
		if diff := cmp.Diff(want, got); diff != "" || (want == nil) != (err != nil) {
			t.Errorf("%s: %v %s", list, err, diff)
		}
	}
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	pattern := func(preset string) string {
		e, err := readPreset(preset)
		if err != nil {
			t.Fatal(err)
		}
		return e.Voices.Pattern
	}
	for name, test := range map[string]struct {
		pattern, printed string
		want             []string
	}{
		"flite": {pattern("flite"), "Voices available: kal awb_time kal16 awb rms slt \n", []string{"kal", "awb_time", "kal16", "awb", "rms", "slt"}},
		"espeak-ng": {
			pattern("espeak-ng"),
			"Pty Language       Age/Gender VoiceName          File                 Other Languages\n 5  af              --/M      Afrikaans          gmw/af               \n 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)\n",
			[]string{"af", "en-gb"},
		},
		"say": {
			pattern("say"),
			"Alex                en_US    # Most people recognize me by my voice.\nBad News            en_US    # The light\nEddy (English (UK)) en_GB    # Hello!\n",
			[]string{"Alex", "Bad News", "Eddy (English (UK))"},
		},
		"nothing": {"", "\n\n", []string{}},
	} {
		got, err := parseLines([]byte(test.printed), test.pattern)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestBelievable(t *testing.T) {
	t.Parallel()
	check := Check{CharsPerSec: []float64{4, 60}, Silence: 2500 * time.Millisecond, Clipped: 0.002, Offset: 0.02}
	with := func(change func(*sound)) sound {
		s := sound{Rate: 1000, Channels: 1, Frames: 6000, peak: 0.5}
		change(&s)
		return s
	}
	sec := func(s float64) sound { return sound{Rate: 1000, Channels: 1, Frames: int64(1000 * s), peak: 0.5} }
	quiet := sec(3)
	quiet.peak = 0.002
	for name, test := range map[string]struct {
		text  string
		speed float64
		sound sound
		says  string
	}{
		"right":                      {strings.Repeat("word ", 20), 0, sec(6), ""},
		"too short":                  {strings.Repeat("word ", 20), 0, sec(1), "too short"},
		"too long":                   {strings.Repeat("word ", 20), 0, sec(26), "too long"},
		"fast by will":               {strings.Repeat("word ", 20), 4, sec(0.5), ""},
		"slow by will":               {strings.Repeat("word ", 20), 0.25, sec(26), ""},
		"short text, any length":     {"No.", 0, sec(20), ""},
		"no frames":                  {"No.", 0, sec(0), "no sound"},
		"silence":                    {"No.", 0, quiet, "3s of silence"},
		"digits take their time":     {"1,234,567,890,123,456", 0, sec(20), ""},
		"ideographs take their time": {strings.Repeat("字", 30), 0, sec(10), ""},
		"dead air":                   {"Yes and no.", 0, with(func(s *sound) { s.pause = 3 }), "3s of silence in the midst"},
		"clipped":                    {"Yes and no.", 0, with(func(s *sound) { s.clipped = 0.01 }), "1.00 % of it stands in flat tops"},
		"off the middle":             {"Yes and no.", 0, with(func(s *sound) { s.offset = -0.1 }), "-10.0 % of full scale off the middle"},
		"stuck":                      {"Yes and no.", 0, with(func(s *sound) { s.loops = 3 }), "the same sounds 3 times over"},
		"insists by will":            {"No, no, no, no.", 0, with(func(s *sound) { s.loops = 3 }), ""},
		"dots are not spoken":        {strings.Repeat(". ", 200) + "Yes.", 0, sec(0.5), ""},
	} {
		err := believable(Request{Text: test.text, Voice: Voice{Speed: test.speed}}, test.sound, check)
		if (err == nil) != (test.says == "") || (err != nil && !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVoices(f *testing.F) {
	for _, s := range []string{`["a"]`, `{"voices":{"data":{"items":{"results":["x"]}}}}`, "a b\nt: c d", "{", "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		names, err := parseVoices(b, "")
		if err == nil && slices.Contains(names, "") {
			t.Error("an empty name")
		}
	})
}

func FuzzAnswer(f *testing.F) {
	wav := append([]byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\xff"), 1, 2, 3, 4)
	f.Add(wav, "audio/wav", "body")
	f.Add(wav[:30], "", "body")
	f.Add([]byte(`{"a":{"0":["UklGRg=="]}}`), "application/json", "json:a.0.0")
	f.Add([]byte("<html><title>"), "text/html", "body")
	f.Fuzz(func(t *testing.T, b []byte, label, where string) {
		got, err := unwrap(b, label, Response{Audio: where, Format: "auto"})
		if (err == nil) != (len(got.audio) > 0 && strings.HasPrefix(got.mediaType, "audio/")) {
			t.Errorf("%d bytes of %q, %v", len(got.audio), got.mediaType, err)
		}
		var tree any
		if json.Unmarshal(b, &tree) == nil {
			at(tree, where)
		}
	})
}
