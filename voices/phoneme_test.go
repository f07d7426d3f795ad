package voices

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

func TestPhonemesInRequests(t *testing.T) {
	t.Parallel()
	ssml := Endpoint{
		Transport: "http", URL: "http://127.0.0.1:1", Identity: "x", Model: "flash_v2",
		Body:     map[string]any{"ssml": "<speak>{{text}}</speak>"},
		Phonemes: Phonemes{Form: "ssml", Models: []string{"flash_v2", "turbo_*"}},
	}
	piper := Endpoint{Transport: "http", URL: "http://127.0.0.1:1", Identity: "x", Body: map[string]any{"ssml": "{{text}}"}, Phonemes: Phonemes{Form: "piper"}}
	none := piper
	none.Phonemes = Phonemes{}
	word := func(text, word, ipa string) Request {
		at := strings.Index(text, word)
		return Request{Text: text, Phonemes: []Phoneme{{at, at + len(word), ipa}}}
	}
	other := word("Zoë & I", "Zoë", "ˈzoʊi")
	other.Voice.Model = "multilingual"
	for _, tt := range []struct {
		name string
		e    Endpoint
		req  Request
		want string
	}{
		{"SSML", ssml, word("Zoë & <I>", "Zoë", "ˈzoʊi"), `<speak><phoneme alphabet="ipa" ph="ˈzoʊi">Zoë</phoneme> &amp; &lt;I&gt;</speak>`},
		{"SSML, word with a sign", ssml, word("by R&D.", "R&D", "ɑɹ"), `<speak>by <phoneme alphabet="ipa" ph="ɑɹ">R&amp;D</phoneme>.</speak>`},
		{"SSML without phonemes", ssml, Request{Text: `"a" < 'b'` + "\x01"}, `<speak>&quot;a&quot; &lt; &apos;b&apos; </speak>`},
		{"model that would swallow the word", ssml, other, `<speak>Zoë &amp; I</speak>`},
		{"Piper", piper, word("by Zoë, [[x]]", "Zoë", "ˈzoʊi"), `by [[ ˈzoʊi ]], [ [x] ]`},
		{"Piper without phonemes", piper, Request{Text: "a [[x]]"}, `a [[x]]`},
		{"IPA that would close it", piper, word("by Zoë", "Zoë", "z]]"), `by Zoë`},
		{"not UTF-8", piper, word("\xff Zoë\xfe", "Zoë", "z"), "\uFFFD [[ z ]]\uFFFD"},
		{"endpoint that takes none", none, word("by Zoë", "Zoë", "z"), `by Zoë`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := opened(t, tt.e).render
			form, err := r.render(r.values(tt.req))
			if err != nil {
				t.Fatal(err)
			}
			if got := form.Body["ssml"]; got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestPhonemesAreInTheKey(t *testing.T) {
	t.Parallel()
	e := Endpoint{Preset: "espeak-ng"}
	req := Request{Voice: Voice{Voice: "en-us"}, Text: "Zoë"}
	plain := keyOf(t, e, req)
	req.Phonemes = []Phoneme{{0, 4, "ˈzoʊi"}}
	with := keyOf(t, e, req)
	if plain == with {
		t.Error("another pronunciation has the same key")
	}
	req.Voice.Voice = "de"
	german := keyOf(t, e, req)
	if req.Phonemes = nil; german != keyOf(t, e, req) {
		t.Error("phonemes that are not taken change the key")
	}
}

func TestPhonemesAreChecked(t *testing.T) {
	t.Parallel()
	s := &Studio{endpoints: map[string]*openEndpoint{"studio": opened(t, Endpoint{Preset: "espeak-ng"})}}
	for name, bad := range map[string][]Phoneme{
		"beyond":   {{0, 99, "z"}},
		"nothing":  {{1, 1, "z"}},
		"overlap":  {{0, 2, "z"}, {1, 4, "z"}},
		"negative": {{-1, 2, "z"}},
		"divided":  {{0, 3, "z"}},
	} {
		if _, err := s.Key(Request{Voice: Voice{Endpoint: "studio", Voice: "en-us"}, Text: "Zoë!", Phonemes: bad}); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
	_, err := Resolve(map[string]Endpoint{"x": {Preset: "openai", Phonemes: Phonemes{Form: "sml", Voices: []string{"[a"}}}})
	if err == nil || !strings.Contains(err.Error(), `phonemes.form "sml": must be none, ssml, piper, espeak`) || !strings.Contains(err.Error(), `"[a" is no pattern`) {
		t.Error(err)
	}
}

func TestStudioPhonemes(t *testing.T) {
	t.Parallel()
	s := &Studio{endpoints: map[string]*openEndpoint{
		"espeak": opened(t, Endpoint{Preset: "espeak-ng"}), "openai": opened(t, Endpoint{Preset: "openai"}), "flite": opened(t, Endpoint{Preset: "flite"}),
	}}
	takes := s.Phonemes(Voice{Endpoint: "espeak", Voice: "en-gb"})
	if takes == nil || !takes("ˈnʌmbə") || takes("ʈʼa") || takes("") {
		t.Error("espeak-ng takes the sounds of English")
	}
	for _, v := range []Voice{{Endpoint: "espeak", Voice: "fr"}, {Endpoint: "openai"}, {Endpoint: "flite"}, {Endpoint: "nobody"}} {
		if s.Phonemes(v) != nil {
			t.Errorf("%s %s would leave the word out", v.Endpoint, v.Voice)
		}
	}
}

// eSpeak NG itself says what it makes of every mnemonic.
func TestEspeakSaysTheSounds(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Fatalf("the tests need espeak-ng: %v", err)
	}
	for _, s := range espeakSounds {
		if s[1] == "" || strings.Contains("',||", s[1]) {
			continue
		}
		var out bytes.Buffer
		cmd := exec.Command("espeak-ng", "-v", "en-gb", "-q", "--ipa", "[[b"+s[1]+"]]")
		cmd.Stdout = &out
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got == "b" || got == "" {
			t.Errorf("%s is written %s, which it leaves out", s[0], s[1])
		}
	}
	mnemonics, ok := espeak("ˈʃɛr noʊt͡ʃ.ə")
	if want := "'SEr||noUtS@"; !ok || mnemonics != want {
		t.Errorf("%s, want %s", mnemonics, want)
	}
}

// In an endpoint's own SSML the words stand in its tree, with phonemes as
// elements and everything else escaped.
func TestPhonemesStandInTheSSMLOfAPreset(t *testing.T) {
	t.Parallel()
	spec := resolveOne(t, Endpoint{Preset: "azure", URL: "http://127.0.0.1/", Key: NewSecret("k"), Params: map[string]any{"region": "westeurope"}, Phonemes: Phonemes{Form: "ssml"}})
	r, err := newRenderer(spec)
	if err != nil {
		t.Fatal(err)
	}
	req := Request{Voice: Voice{Voice: "en-US-AvaNeural"}, Language: "en-US", Text: "Ask Nguyen & co.", Phonemes: []Phoneme{{From: 4, To: 10, IPA: "ŋwiən"}}}
	out, err := r.render(r.values(req))
	if err != nil {
		t.Fatal(err)
	}
	if want := `Ask <phoneme alphabet="ipa" ph="ŋwiən">Nguyen</phoneme> &amp; co.`; !strings.Contains(out.SSML, want) {
		t.Errorf("%s does not have %s", out.SSML, want)
	}
}
