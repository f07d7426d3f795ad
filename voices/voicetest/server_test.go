package voicetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/voices/voicetest"
)

func Example() {
	server, err := voicetest.New(context.Background(), voicetest.Options{Faults: voicetest.Script(voicetest.TooFast("Retry-After", "1"))})
	if err != nil {
		fmt.Println(err)
		return
	}
	url, err := server.Start("")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	for range 2 {
		body := strings.NewReader(`{"model":"tts-1","voice":"alloy","input":"Hello."}`)
		res, err := http.Post(url+"/audio/speech", "application/json", body)
		if err != nil {
			fmt.Println(err)
			return
		}
		res.Body.Close()
		fmt.Println(res.StatusCode, res.Header.Get("Content-Type"))
	}
	fmt.Printf("%+v\n", server.Stats())
	// Output:
	// 429 application/json
	// 200 audio/mpeg
	// {Requests:2 Answered:1 Characters:6}
}

func newServer(t *testing.T, o voicetest.Options) *voicetest.Server {
	t.Helper()
	s, err := voicetest.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func post(t *testing.T, s *voicetest.Server, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/audio/speech", strings.NewReader(body)))
	return w
}

func seconds(t *testing.T, b []byte) float64 {
	t.Helper()
	d, err := audio.Decode(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	buf, n := make([]float32, 8192), 0
	for {
		m, err := d.ReadSamples(buf)
		n += m
		if err == io.EOF {
			return float64(n) / float64(d.Format().Rate*d.Format().Channels)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestVoicesAreDistinct(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"flite", "espeak-ng"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(engine); err != nil {
				t.Fatal(err)
			}
			s := newServer(t, voicetest.Options{Engine: engine})
			heard := map[string]string{}
			for _, v := range voicetest.Voices() {
				w := post(t, s, fmt.Sprintf(`{"model":"m","voice":%q,"input":"Good morning.","response_format":"wav"}`, v))
				if w.Code != 200 {
					t.Fatalf("%s: %s", v, w.Body)
				}
				if other, ok := heard[w.Body.String()]; ok {
					t.Errorf("%s sounds like %s", v, other)
				}
				heard[w.Body.String()] = v
			}
		})
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	s := newServer(t, voicetest.Options{})
	for format, want := range map[string]string{"wav": "audio/wav", "mp3": "audio/mpeg", "": "audio/mpeg", "flac": "audio/flac", "opus": "audio/ogg", "aac": "audio/aac"} {
		w := post(t, s, fmt.Sprintf(`{"model":"m","voice":"alloy","input":"Good morning to all of you.","response_format":%q}`, format))
		if got := audio.Sniff(w.Body.Bytes()); got != want {
			t.Errorf("%q: %s", format, got)
			continue
		}
		if sec := seconds(t, w.Body.Bytes()); sec < 1 || sec > 4 {
			t.Errorf("%q: %.1f s", format, sec)
		}
	}
	w := post(t, s, `{"model":"m","voice":"alloy","input":"Good morning to all of you.","response_format":"pcm"}`)
	if sec := float64(w.Body.Len()) / 48000; sec < 1 || sec > 4 {
		t.Errorf("pcm: %.1f s", sec)
	}
}

func TestSpeed(t *testing.T) {
	t.Parallel()
	s := newServer(t, voicetest.Options{})
	say := func(speed string) float64 {
		return seconds(t, post(t, s, `{"model":"m","voice":"alloy","input":"One, two, three, four, five.","response_format":"wav","speed":`+speed+`}`).Body.Bytes())
	}
	if slow, fast := say("0.5"), say("2"); slow < 3*fast {
		t.Errorf("half as fast %.2f s, twice as fast %.2f s", slow, fast)
	}
}

func TestUnlike(t *testing.T) {
	t.Parallel()
	const hello = `{"model":"m","voice":"alloy","input":"Hello.","response_format":"wav"}`
	twice := func(o voicetest.Options) [2]string {
		s := newServer(t, o)
		return [2]string{post(t, s, hello).Body.String(), post(t, s, hello).Body.String()}
	}
	same, unlike := twice(voicetest.Options{}), twice(voicetest.Options{Unlike: true, Seed: 7})
	if same[0] != same[1] || unlike[0] == unlike[1] {
		t.Errorf("alike: %v and %v", same[0] == same[1], unlike[0] == unlike[1])
	}
	if again := twice(voicetest.Options{Unlike: true, Seed: 7}); again != unlike {
		t.Error("the seed does not say how")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t, voicetest.Options{})
	for body, param := range map[string]string{
		`{`:                             "",
		`{"voice":"alloy","input":"x"}`: "model",
		`{"model":"m","voice":"alloy"}`: "input",
		`{"model":"m","voice":"bob","input":"x"}`:                                   "voice",
		`{"model":"m","voice":"alloy","input":"x","speed":9}`:                       "speed",
		`{"model":"m","voice":"alloy","input":"x","response_format":"midi"}`:        "response_format",
		`{"model":"m","voice":"alloy","input":"x","stream_format":"sse"}`:           "stream_format",
		`{"model":"m","voice":"alloy","input":"x","colour":"blue"}`:                 "",
		`{"model":"m","voice":"alloy","input":"` + strings.Repeat("x", 4097) + `"}`: "input",
	} {
		w := post(t, s, body)
		var answer struct {
			Error struct {
				Message, Type string
				Param         *string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 400 || answer.Error.Message == "" || answer.Error.Type != "invalid_request_error" {
			t.Errorf("%.60s: %d %s", body, w.Code, w.Body)
			continue
		}
		if got := answer.Error.Param; (got == nil) != (param == "") || got != nil && *got != param {
			t.Errorf("%.60s: %s", body, w.Body)
		}
	}
	if got := s.Stats(); got.Answered != 0 || got.Requests != 9 || len(s.Texts()) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	s := newServer(t, voicetest.Options{})
	post(t, s, `{"model":"m","voice":"alloy","input":"Hello.","response_format":"wav"}`)
	for path, want := range map[string]string{
		"/v1/audio/voices": `{"voices":["alloy","ash",`,
		"/v1/models":       `{"data":[{"id":"tts-1"`,
		"/stats":           `{"requests":1,"answered":1,"characters":6}`,
		"/nowhere":         `{"error":{`,
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	if diff := cmp.Diff([]string{"Hello."}, s.Texts()); diff != "" {
		t.Error(diff)
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	faults, err := voicetest.Named("429,ok html")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, voicetest.Options{Faults: faults})
	var codes []int
	var last []byte
	for range 4 {
		w := post(t, s, `{"model":"m","voice":"alloy","input":"Hello.","response_format":"wav"}`)
		codes, last = append(codes, w.Code), w.Body.Bytes()
		if len(codes) == 3 && !bytes.HasPrefix(last, []byte("<!doctype")) {
			t.Errorf("the third answer is no page")
		}
	}
	if diff := cmp.Diff([]int{429, 200, 200, 200}, codes); diff != "" || !bytes.HasPrefix(last, []byte("RIFF")) {
		t.Error(diff)
	}
	if _, err := voicetest.Named("429,fire"); err == nil || !strings.Contains(err.Error(), "there are 401, 429") {
		t.Errorf("%v", err)
	}
}
