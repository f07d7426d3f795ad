package voices_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
	"github.com/narrapress/narrapress/voices/voicetest/contract"
)

// speaking is an endpoint of a preset at a server that speaks its interface.
func speaking(t *testing.T, preset string, o voicetest.Options, change func(*voices.Endpoint), st voices.Store) *stage {
	t.Helper()
	o.Speaks = preset
	return open(t, o, func(e *voices.Endpoint) {
		e.Preset = preset
		switch preset {
		case "polly":
			e.Key = voices.NewSecret("AKIDTEST:" + secret)
			e.Params = map[string]any{"region": "eu-west-1"}
			e.Limits.PerMinute = 1_000_000
		case "azure":
			e.Params = map[string]any{"region": "nowhere"}
			e.Auth.URL = e.URL + "/sts/v1.0/issuetoken"
		case "google":
			e.Auth.Command = []string{"echo", "{{key}}"}
			e.Limits.PerMinute = 1_000_000
		case "gemini":
			e.URL += "/v1beta"
		case "deepgram":
			e.URL += "/v1"
		}
		if change != nil {
			change(e)
		}
	}, st)
}

// key that a server demands: of Polly, the part that is not secret.
func demanded(preset string) string {
	if preset == "polly" {
		return "AKIDTEST"
	}
	return secret
}

// TestContractProviders has every preset that a server speaks the interface of
// keep the contract, against answers of its own shape.
func TestContractProviders(t *testing.T) {
	t.Parallel()
	for _, preset := range voicetest.Dialects() {
		if preset == "openai" {
			continue // TestContractHTTP
		}
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			s := speaking(t, preset, voicetest.Options{Key: demanded(preset), Unlike: true, Tokens: 3}, nil, store.Folder(t.TempDir(), store.Options{}))
			other, unknown := host, host
			other.Voice, unknown.Voice = "onyx", "aloy"
			if strings.HasPrefix(preset, "piper") { // it speaks in another voice
				unknown = voices.Voice{}
			}
			contract.TestSynthesizer(t, s.studio, contract.Expect{Voice: host, Other: other, Unknown: unknown, Stores: true})
			if err := s.studio.Check(t.Context(), host); err != nil {
				t.Error(err)
			}
			lists := !slices.Contains([]string{"gemini", "deepgram", "coqui"}, preset)
			other.Voice = "shimer"
			if err := s.studio.Check(t.Context(), other); lists && (err == nil || !strings.Contains(err.Error(), `did you mean "shimmer"?`)) {
				t.Errorf("Check of an unknown voice: %v", err)
			}
			if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, "token-of-azure") {
				t.Error("a secret is in the log")
			}
		})
	}
}

// TestMarks has the times of words from those who tell them, of the take as it
// is spoken and as it comes from the store.
func TestMarks(t *testing.T) {
	t.Parallel()
	twice := func(e *voices.Endpoint) {
		e.Response.Marks = voices.Marks{Text: "value", Start: "time", Unit: "ms"}
	}
	for name, test := range map[string]struct {
		preset   string
		change   func(*voices.Endpoint)
		requests int
	}{
		"kokoro":            {"kokoro", nil, 1},
		"kokoro, in chunks": {"kokoro", func(e *voices.Endpoint) { e.Body = map[string]any{"stream": true} }, 1},
		"elevenlabs":        {"elevenlabs", nil, 1},
		"polly":             {"polly", twice, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := speaking(t, test.preset, voicetest.Options{}, test.change, store.Folder(t.TempDir(), store.Options{}))
			const text = "Tea & “cake” cost $5, naïve Ann said."
			want := []string{"Tea", "cake", "cost", "5", "naïve", "Ann", "said"}
			for _, stored := range []bool{false, true} {
				speech, err := s.say(t.Context(), text)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				last := time.Duration(-1)
				for _, m := range speech.Marks {
					got = append(got, text[m.From:m.To])
					if m.Start <= last || m.End < m.Start {
						t.Errorf("%+v after %v", m, last)
					}
					last = m.Start
				}
				if !slices.Equal(got, want) || speech.Stored != stored {
					t.Errorf("stored %v: %q", speech.Stored, got)
				}
			}
			if n := s.server.Stats().Requests; n != test.requests {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestPollyHaste has Polly's own way to say that it is too fast: with 400.
func TestPollyHaste(t *testing.T) {
	t.Parallel()
	refuse := func(status int, kind string) voicetest.Fault {
		return func(w http.ResponseWriter, _ *http.Request, _ func() (voicetest.Sound, error)) {
			w.Header().Set("X-Amzn-ErrorType", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"message":"Something about ` + secret + `."}`))
		}
	}
	for name, test := range map[string]struct {
		fault  voicetest.Fault
		again  bool
		remedy string
	}{
		"too fast":     {refuse(400, "ThrottlingException"), true, ""},
		"its trouble":  {refuse(500, "ServiceFailureException"), true, ""},
		"too long":     {refuse(400, "TextLengthExceededException"), false, "set limits.most"},
		"no engine":    {refuse(400, "EngineNotSupportedException"), false, "no such engine"},
		"bad key":      {refuse(403, "UnrecognizedClientException"), false, "AWS credentials"},
		"not allowed":  {refuse(403, "AccessDeniedException"), false, "polly:SynthesizeSpeech"},
		"cut off":      {voicetest.CutBody(), true, ""},
		"nothing":      {voicetest.Empty(), true, ""},
		"a web page":   {voicetest.HTML(), true, ""},
		"without type": {refuse(400, ""), false, "check voices.host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := speaking(t, "polly", voicetest.Options{Faults: voicetest.Script(test.fault)}, nil, nil)
			_, err := s.say(t.Context(), contract.Text)
			if n := s.server.Stats().Requests; (err == nil) != test.again || test.again && n != 2 || !test.again && n != 1 {
				t.Fatalf("%d requests: %v", n, err)
			}
			if err != nil && (!strings.Contains(err.Error(), test.remedy) || strings.Contains(errorText(err), secret)) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestPollyWithoutRegion says what to do before anything is asked.
func TestPollyWithoutRegion(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, t.TempDir()+"/none")
	}
	s := speaking(t, "polly", voicetest.Options{}, func(e *voices.Endpoint) { e.Params, e.URL = nil, "" }, nil)
	_, err := s.say(t.Context(), "Hello.")
	if err == nil || !strings.Contains(err.Error(), "set params.region of endpoints.studio") {
		t.Errorf("%v", err)
	}
}

// TestTokens has tokens that are good for one request: each refusal brings a
// new one, and a key that is no good brings none.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := speaking(t, "azure", voicetest.Options{Key: secret, Tokens: 1}, nil, nil)
	for i := range 3 {
		if _, err := s.say(t.Context(), strings.Repeat("Hello again. ", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	s = speaking(t, "azure", voicetest.Options{Key: "another one"}, nil, nil)
	_, err := s.say(t.Context(), "Hello.")
	if err == nil || !strings.Contains(err.Error(), "401 Unauthorized: check endpoints.studio.key") || s.server.Stats().Requests != 0 {
		t.Errorf("%v", err)
	}
	broken := speaking(t, "google", voicetest.Options{Key: "another one"}, func(e *voices.Endpoint) {
		e.Auth.Command = []string{"sh", "-c", "echo no account {{key}} >&2; exit 3"}
	}, nil)
	_, err = broken.say(t.Context(), "Hello.")
	if err == nil || !strings.Contains(err.Error(), "auth: sh: exit status 3: no account •••: run it by hand") {
		t.Errorf("%v", err)
	}
}

// TestTokensAreHidden has a provider repeat a token that it does not take.
func TestTokensAreHidden(t *testing.T) {
	t.Parallel()
	s := speaking(t, "azure", voicetest.Options{Key: secret, Faults: voicetest.Always(func(w http.ResponseWriter, r *http.Request, _ func() (voicetest.Sound, error)) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte("not with " + r.Header.Get("Authorization")))
	})}, nil, nil)
	_, err := s.say(t.Context(), "Hello.")
	if err == nil || strings.Contains(errorText(err), "token-of-azure") || !strings.Contains(err.Error(), "not with Bearer •••") {
		t.Errorf("%v", err)
	}
}

// TestTokensAreGotOnce has many requests wait for one token.
func TestTokensAreGotOnce(t *testing.T) {
	t.Parallel()
	s := speaking(t, "azure", voicetest.Options{Key: secret, Tokens: 8}, func(e *voices.Endpoint) { e.Limits.Concurrency = 8 }, nil)
	errs := make(chan error, 8)
	for i := range cap(errs) {
		go func() {
			_, err := s.say(context.WithoutCancel(t.Context()), strings.Repeat("Hello. ", i+1))
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
