package notice_test

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/notice"
	"github.com/narrapress/narrapress/voices"
)

// desk is where notices arrive.
type desk struct {
	*httptest.Server
	mu    sync.Mutex
	got   []arrived
	fails int // the first so many are refused
	with  int // by this status
}

type arrived struct {
	path, body string
	header     http.Header
}

func newDesk(t *testing.T) *desk {
	d := &desk{with: 503}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.got = append(d.got, arrived{r.URL.Path, string(b), r.Header})
		if len(d.got) <= d.fails {
			if d.with == 302 {
				w.Header().Set("Location", "/elsewhere")
			}
			w.WriteHeader(d.with)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *desk) notice(kind string, on ...string) config.Notice {
	return config.Notice{URL: voices.NewSecret(d.URL + "/hooks/T0P-S3CRET?key=alsosecret"), Kind: kind, On: on}
}

func report(states map[batch.State]int) *batch.Report {
	r := &batch.Report{Version: 1, Run: "20261126T053000Z-nightly", Show: "lamp", Totals: batch.Totals{States: states}}
	for s, n := range states {
		for range n {
			r.Items = append(r.Items, batch.Outcome{State: s, Title: "Grüße <!channel>", Reason: map[batch.State]string{batch.StateFailed: "the page is gone"}[s]})
		}
	}
	return r
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		states map[batch.State]int
		caps   notice.Caps
		want   string
	}{
		{"nothing new", map[batch.State]int{batch.StateUnchanged: 4}, nil, ""},
		{"made", map[batch.State]int{batch.StateMade: 1}, nil, "done"},
		{"made and failed", map[batch.State]int{batch.StateMade: 1, batch.StateFailed: 1}, nil, "failed"},
		{"made and held", map[batch.State]int{batch.StateMade: 1, batch.StateHeld: 1}, nil, "done held"},
		{"caps", map[batch.State]int{batch.StateMade: 1}, notice.Caps{"limits.cost.day"}, "done caps"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(notice.Events(report(tt.states), tt.caps), " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rep := report(map[batch.State]int{batch.StateFailed: 1, batch.StateMade: 14})
	send := func(n config.Notice) arrived {
		t.Helper()
		before := len(d.got)
		if f := notice.Send(t.Context(), []config.Notice{n}, rep, notice.Caps{"limits.cost.day: 9.10 of 10.00 USD are spent"}, notice.Options{}); len(f) > 0 {
			t.Fatal(f)
		}
		if len(d.got) != before+1 {
			t.Fatalf("%d arrived", len(d.got)-before)
		}
		return d.got[before]
	}

	var hook struct {
		Version int
		On      []string
		Text    string
		Report  batch.Report
	}
	got := send(d.notice(""))
	if err := json.Unmarshal([]byte(got.body), &hook); err != nil || hook.Report.Run != rep.Run || strings.Join(hook.On, " ") != "failed caps" {
		t.Errorf("webhook: %v, %+v", err, hook)
	}

	var slack map[string]string
	got = send(d.notice(config.NoticeSlack))
	if err := json.Unmarshal([]byte(got.body), &slack); err != nil || len(slack) != 1 {
		t.Fatalf("slack: %v, %s", err, got.body)
	}
	if text := slack["text"]; !strings.Contains(text, "&lt;!channel&gt;") || !strings.Contains(text, "failed: Grüße") || !strings.Contains(text, "the page is gone") || strings.Contains(text, "<") {
		t.Errorf("slack: %q", text)
	}
	if lines := strings.Count(slack["text"], "\n"); lines > 13 {
		t.Errorf("slack: %d lines", lines)
	}

	got = send(d.notice(config.NoticeNtfy))
	title, err := new(mime.WordDecoder).DecodeHeader(got.header.Get("Title"))
	if err != nil || !strings.HasPrefix(title, "lamp: 14 made, 1 failed") || got.header.Get("Priority") != "4" || !strings.Contains(got.body, "9.10 of 10.00") {
		t.Errorf("ntfy: %v, %q, %v, %q", err, title, got.header, got.body)
	}
}

// TestText holds all that a person is told of a run, and the priority of that.
func TestText(t *testing.T) {
	t.Parallel()
	run := func(made int, more ...batch.Outcome) *batch.Report {
		r := report(map[batch.State]int{batch.StateMade: made})
		r.Items = append(r.Items, more...)
		for _, o := range more {
			r.Totals.States[o.State]++
		}
		return r
	}
	long := run(9, batch.Outcome{State: batch.StateFailed, Location: "posts/one.md", Reason: "the page is gone"},
		batch.Outcome{State: batch.StateHeld, Title: "Two", Reasons: []string{"too quiet", "too  short"}})
	const line = "made: Grüße <!channel>\n"
	for _, tt := range []struct {
		name     string
		report   *batch.Report
		caps     notice.Caps
		priority string
		want     string
	}{
		{"made", run(1), nil, "3", line + "run 20261126T053000Z-nightly"},
		{"as many as are named", run(10), nil, "3", strings.Repeat(line, 10) + "run 20261126T053000Z-nightly"},
		{"one more", run(11), nil, "3", strings.Repeat(line, 10) + "and 1 more\nrun 20261126T053000Z-nightly"},
		{
			"what needs a person comes first", long,
			notice.Caps{"nearly all is spent"},
			"4",
			"nearly all is spent\nfailed: posts/one.md: the page is gone\nheld: Two: too quiet; too short\n" + strings.Repeat(line, 7) + "and 2 more\nrun 20261126T053000Z-nightly",
		},
	} {
		d := newDesk(t)
		if f := notice.Send(t.Context(), []config.Notice{d.notice(config.NoticeNtfy)}, tt.report, tt.caps, notice.Options{}); len(f) > 0 || len(d.got) != 1 {
			t.Fatalf("%s: %v, and %d arrived", tt.name, f, len(d.got))
		}
		if got := d.got[0]; got.body != tt.want || got.header.Get("Priority") != tt.priority {
			t.Errorf("%s: priority %s, %q\nwant %s, %q", tt.name, got.header.Get("Priority"), got.body, tt.priority, tt.want)
		}
	}
}

func TestOnlyWhatIsWanted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	quiet := notice.Send(t.Context(), []config.Notice{d.notice("", config.OnFailed, config.OnHeld), d.notice(config.NoticeNtfy, config.OnCaps)},
		report(map[batch.State]int{batch.StateMade: 3}), nil, notice.Options{})
	if len(quiet) > 0 || len(d.got) > 0 {
		t.Errorf("%v, and %d arrived", quiet, len(d.got))
	}
}

func TestTroubleIsAFinding(t *testing.T) {
	t.Parallel()
	made := report(map[batch.State]int{batch.StateMade: 1})
	o := notice.Options{Wait: time.Millisecond}

	d := newDesk(t)
	d.fails = 2
	if f := notice.Send(t.Context(), []config.Notice{d.notice("")}, made, nil, o); len(f) > 0 || len(d.got) != 3 {
		t.Errorf("twice too busy: %v after %d", f, len(d.got))
	}
	busy := newDesk(t)
	busy.fails = 99
	if f := notice.Send(t.Context(), []config.Notice{busy.notice("")}, made, nil, o); len(f) != 1 || len(busy.got) != 3 {
		t.Errorf("always too busy: %v after %d", f, len(busy.got))
	}
	refuses := newDesk(t)
	refuses.fails, refuses.with = 99, 404
	moves := newDesk(t)
	moves.fails, moves.with = 99, 302
	down := newDesk(t)
	gone := down.notice("")
	down.Close()
	for name, n := range map[string]config.Notice{"refused": refuses.notice(""), "moved": moves.notice(""), "down": gone, "no address": {URL: voices.NewSecret("hooks/T0P-S3CRET")}} {
		f := notice.Send(t.Context(), []config.Notice{n}, made, nil, o)
		if len(f) != 1 || strings.Contains(strings.ToLower(f[0]), "s3cret") || strings.Contains(f[0], "alsosecret") {
			t.Errorf("%s: %q", name, f)
		}
	}
	if len(refuses.got) != 1 || len(moves.got) != 1 {
		t.Errorf("asked %d times where it was refused, and %d where it moved", len(refuses.got), len(moves.got))
	}
}

func TestShowsNoSecret(t *testing.T) {
	t.Parallel()
	n := config.Notice{URL: voices.NewSecret("https://T0P-S3CRET.invalid:99999/T0P-S3CRET")}
	f := notice.Send(t.Context(), []config.Notice{n}, report(map[batch.State]int{batch.StateMade: 1}), nil, notice.Options{Wait: time.Millisecond})
	if len(f) != 1 || strings.Contains(f[0], "/T0P-S3CRET") {
		t.Errorf("%q", f)
	}
	if err := errors.New(n.URL.String()); strings.Contains(err.Error(), "S3CRET") {
		t.Error(err)
	}
}
