package desk_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
)

// tone is a WAV file of so many seconds.
func tone(seconds int) string {
	const rate = 44100
	n := seconds * rate
	var b bytes.Buffer
	b.WriteString("RIFF")
	_ = binary.Write(&b, binary.LittleEndian, uint32(36+2*n))
	b.WriteString("WAVEfmt ")
	_ = binary.Write(&b, binary.LittleEndian, []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16})
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, uint32(2*n))
	for i := range n {
		v := math.Sin(2*math.Pi*220*float64(i)/rate) + 0.5*math.Sin(2*math.Pi*331*float64(i)/rate)
		_ = binary.Write(&b, binary.LittleEndian, int16(9000*v))
	}
	return b.String()
}

// heardOf is how long a sound is that a form is answered with, and the answer's
// header.
func heardOf(t *testing.T, address string, fields map[string]string) (seconds float64, header http.Header) {
	t.Helper()
	v := url.Values{}
	for k, s := range fields {
		v.Set(k, s)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, body, header := asked(t, req)
	if status != http.StatusOK || header.Get("Content-Type") != "audio/mpeg" {
		t.Fatalf("%d %s: %.200s", status, header.Get("Content-Type"), body)
	}
	d, err := audio.Decode(t.Context(), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	buf := make([]float32, 1<<14)
	n := 0
	for {
		got, err := d.ReadSamples(buf)
		n += got
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / float64(d.Format().Rate*d.Format().Channels), header
}

func TestAudition(t *testing.T) {
	t.Parallel()
	p, address, endpoint, _ := began(t, map[string]string{"narrapress.yaml": show, "posts/bridge.md": post})
	lines := map[string]string{"voice": "second", "text": "Two lines to be heard by every voice of the show."}
	one, _ := heardOf(t, address+river+"audition", lines)
	if one < 1 || endpoint.Stats().Requests != 1 {
		t.Errorf("%v s, %d requests", one, endpoint.Stats().Requests)
	}
	if again, _ := heardOf(t, address+river+"audition", lines); again != one || endpoint.Stats().Requests != 1 {
		t.Errorf("%v s again, %d requests", again, endpoint.Stats().Requests)
	}
	status, body := get(t, address+river+"audition?text="+url.QueryEscape(lines["text"]))
	if status != http.StatusOK || strings.Count(body, ">nothing<") != 1 {
		t.Errorf("%d: what was heard costs nothing, the other voice something:\n%s", status, body)
	}
	if status, body := post1(t, address+river+"cast", map[string]string{"voice": "second", "role": "heading"}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	if got := p.Shows()[0].Roles; got["heading"] != "second" || got["body"] != "narrator" {
		t.Errorf("%v", got)
	}
	if b, err := os.ReadFile(p.Shows()[0].File); err != nil || !strings.Contains(string(b), "roles: {body: narrator, quote: second, heading: second}") {
		t.Errorf("%v\n%s", err, b)
	}
}

func TestJoints(t *testing.T) {
	t.Parallel()
	music := show + "tracks:\n  intro: theme.wav\n  credits: {file: theme.wav, overlap: 2s}\n"
	p, address, endpoint, _ := began(t, map[string]string{"narrapress.yaml": music, "posts/bridge.md": post, "theme.wav": tone(12)})
	for n := 1; n <= 5; n++ {
		if status, body := post1(t, address+river+"speak", map[string]string{"source": "posts/bridge.md", "segment": string(rune('0' + n))}); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	before := endpoint.Stats().Requests
	joint := map[string]string{"source": "posts/bridge.md", "joint": "intro", "tracks.intro.overlap": "0"}
	long, header := heardOf(t, address+river+"joint", joint)
	if at := header.Get("Narrapress-Joint"); at < "12" || at > "13" {
		t.Errorf("without an overlap the voice begins behind the music of 12 s, not at %s", at)
	}
	joint["tracks.intro.overlap"] = "5"
	short, header := heardOf(t, address+river+"joint", joint)
	if at := header.Get("Narrapress-Joint"); at > "8" && len(at) < 6 || math.Abs(long-short-5) > 0.2 {
		t.Errorf("5 s of overlap: the voice begins at %s; %v and %v s", at, long, short)
	}
	if n := endpoint.Stats().Requests - before; n != 0 {
		t.Errorf("%d requests", n)
	}
	joint["joint"] = "credits"
	if n, _ := heardOf(t, address+river+"joint", joint); n < 12 {
		t.Errorf("the credits are heard for %v s", n)
	}
	joint["audio.loudness"] = "-19"
	if status, body := post1(t, address+river+"joints", joint); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	cfg := p.Shows()[0]
	if cfg.Tracks.Intro.Overlap.Seconds() != 5 || cfg.Audio.Loudness != -19 || cfg.Tracks.Credits.Overlap.Seconds() != 2 {
		t.Errorf("%+v %v", cfg.Tracks, cfg.Audio.Loudness)
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	_, address, _, _ := began(t, map[string]string{
		"narrapress.yaml": show + "sources: [{from: posts}]\nschedules: {nightly: {cron: \"0 3 * * *\"}}\nlimits: {cost: {day: 5}}\n", "posts/bridge.md": post,
	})
	at := address + river + "runs"
	page := func() string {
		status, body := get(t, at)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return body
	}
	for _, want := range []string{"nightly", "of 5.00 USD", "No run was begun yet"} {
		if !strings.Contains(page(), want) {
			t.Errorf("the page has no %q:\n%s", want, page())
		}
	}
	for _, step := range []struct{ do, name, value, want string }{
		{"start", "schedule", "nightly", "looks through the sources"},
		{"pause", "reason", "the endpoint is dear", "the endpoint is dear"},
		{"resume", "", "", "Pause the show"},
	} {
		if status, body := post1(t, at, map[string]string{"do": step.do, step.name: step.value}); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step.do, status, body)
		}
		if body := page(); !strings.Contains(body, step.want) {
			t.Errorf("%s: the page has no %q:\n%s", step.do, step.want, body)
		}
	}
	for name, fields := range map[string]map[string]string{
		"no such schedule": {"do": "start", "schedule": "hourly"},
		"no such job":      {"do": "retry", "job": "99"},
		"nothing to do":    {"do": "dance"},
	} {
		if status, _ := post1(t, at, fields); status < 400 || status >= 500 {
			t.Errorf("%s: %d", name, status)
		}
	}
}
