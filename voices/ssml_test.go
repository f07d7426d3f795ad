package voices

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSSML(t *testing.T) {
	t.Parallel()
	const all = `<speak version="1.0" xml:lang="{{language}}"><x:as style="{{style}}"><p rate="{{speed * 100}}%" pitch="{{pitch}}">{{text}}</p></x:as></speak>`
	for name, test := range map[string]struct {
		template string
		v        values
		want     string
	}{
		"everything":        {all, values{text: "Hi.", language: "de", style: "calm", speed: 1.5, pitch: 3}, `<speak version="1.0" xml:lang="de"><x:as style="calm"><p rate="150%" pitch="3">Hi.</p></x:as></speak>`},
		"nothing":           {all, values{text: "Hi."}, `<speak version="1.0">Hi.</speak>`},
		"markup":            {all, values{text: `</speak><a>&"'`, style: `"><b>`}, `<speak version="1.0"><x:as style="&#34;&gt;&lt;b&gt;">&lt;/speak&gt;&lt;a&gt;&amp;&#34;&#39;</x:as></speak>`},
		"what XML has not":  {"<s>{{text}}</s>", values{text: "a\x00b\x0bc\uffffd\n\te"}, "<s>a b c d&#xA;&#x9;e</s>"},
		"words of its own":  {"<s>Say: {{text}} <!-- no --> now.</s>", values{text: "x"}, "<s>Say: x  now.</s>"},
		"between the lines": {"<s>\n  <b>{{text}}</b>\n</s>\n", values{text: "x"}, "<s><b>x</b></s>"},
		"without attribute": {"<s><break/>{{text}}</s>", values{text: "x"}, "<s><break></break>x</s>"},
	} {
		e, err := parseSSML(test.template)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := e.render(test.v); got != test.want || err != nil {
			t.Errorf("%s:\n got %s\nwant %s\n%v", name, got, test.want, err)
		}
	}
	for template, says := range map[string]string{
		"":                          "must be one element",
		"words":                     "must be one element",
		"<a></a><b></b>":            "must be one element",
		"<a>":                       "<a> is not ended",
		"<a></b>":                   "</b> ends nothing",
		"<a>{{txt}}</a>":            `did you mean "text"?`,
		`<a b="{{">x</a>`:           "without its }}",
		strings.Repeat("<a>", 1000): "too deep",
	} {
		if _, err := parseSSML(template); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: %v", template, err)
		}
	}
}

// FuzzSSML has any text come through a document as it is, and any template be
// a document or an error.
func FuzzSSML(f *testing.F) {
	f.Add("<s><v name=\"{{voice}}\">{{text}}</v></s>", "a <b> & c")
	f.Add("<s>{{text}}", "\x00\u2028]]>")
	f.Fuzz(func(t *testing.T, template, text string) {
		if e, err := parseSSML(template); err == nil {
			if _, err := e.render(values{text: text}); err != nil && !strings.Contains(err.Error(), "{{") {
				t.Fatal(err)
			}
		}
		e, err := parseSSML(`<s a="{{voice}}"><v>{{text}}</v></s>`)
		if err != nil {
			t.Fatal(err)
		}
		text = valid(text)
		document, err := e.render(values{text: text, voice: text})
		if err != nil || !utf8.ValidString(document) {
			t.Fatalf("%q: %v", document, err)
		}
		var back strings.Builder
		for d := xml.NewDecoder(strings.NewReader(document)); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", document, err)
			}
			if c, ok := token.(xml.CharData); ok {
				back.Write(c)
			}
		}
		if got := back.String(); utf8.RuneCountInString(got) != utf8.RuneCountInString(text) || strings.Contains(got, "<") != strings.Contains(text, "<") {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

// TestNeeds says where a value belongs that an endpoint cannot do without.
func TestNeeds(t *testing.T) {
	t.Parallel()
	for says, e := range map[string]Endpoint{
		"the model is missing: set that of the voice, or endpoints.studio.model":                 {Preset: "speaches"},
		"params.region is missing: set endpoints.studio.params.region, or that of the voice":     {Preset: "azure"},
		"the voice is missing: the endpoint cannot do without it":                                {Preset: "gemini"},
		"the language is missing: set that of the voice, or endpoints.studio.language":           {Preset: "localai", Needs: []string{"language"}},
		"params.seed is missing: set endpoints.studio.params.seed, or that of the voice":         {Preset: "flite", Needs: []string{"params.seed"}},
		"params.lang is used nowhere: the request has no body to put it into":                    {Preset: "azure", Params: map[string]any{"region": "x", "lang": "de"}},
		"body: SynthesizeSpeech: unknown field \"Colour\"":                                       {Preset: "polly", Params: map[string]any{"region": "x", "Colour": "red"}},
		"params.region is used nowhere: write {{params.region}} into argv":                       {Preset: "say", Params: map[string]any{"region": "x"}},
		"body: SynthesizeSpeech: cannot unmarshal string into Go struct field SynthesizeSpeechI": {Preset: "polly", Params: map[string]any{"region": "x", "LexiconNames": "one"}},
	} {
		o := opened(t, e)
		v := o.render.values(Request{Voice: Voice{Voice: map[bool]string{true: "", false: "x"}[e.Preset == "gemini"]}, Text: "Hello."})
		form, err := o.render.render(v)
		if err == nil && e.Preset == "polly" {
			_, err = pollyInput(form.Body)
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", e.Preset, err)
		}
	}
}
