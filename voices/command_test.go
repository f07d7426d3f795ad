//go:build unix

package voices

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shell is an endpoint whose engine is a shell script.
func shell(script string, change func(*Endpoint)) Endpoint {
	e := Endpoint{Identity: "sh", Transport: "command", Argv: []string{"sh", "-c", script, "sh", "{{voice}}", "{{out}}"}, Stdin: "{{text}}", Response: Response{Audio: "file"}}
	if change != nil {
		change(&e)
	}
	return e
}

func TestCommandFaults(t *testing.T) {
	t.Parallel()
	stdout := func(e *Endpoint) {
		e.Argv, e.Response.Audio = e.Argv[:4], "stdout"
	}
	for name, test := range map[string]struct {
		endpoint Endpoint
		says     string
		advice   Advice
	}{
		"not installed":    {Endpoint{Preset: "flite", Argv: []string{"flite-of-tomorrow", "{{out}}"}, Voices: VoiceList{Argv: []string{"flite-of-tomorrow"}}}, "the program flite-of-tomorrow is not installed: apt install flite", GiveUp},
		"fails":            {shell(`echo first >&2; echo "no such voice: sk-1" >&2; exit 3`, func(e *Endpoint) { e.Key = NewSecret("sk-1") }), "sh: exit status 3: no such voice: •••", GiveUp},
		"killed":           {shell(`kill -9 $$`, nil), "sh: signal: killed", Again},
		"writes no file":   {shell(`:`, nil), "it wrote no file", Again},
		"an empty file":    {shell(`: > "$2"`, nil), "the answer is empty", Again},
		"no audio":         {shell(`echo oops > "$2"`, nil), "the answer is no audio: oops", Again},
		"floods the file":  {shell(`head -c 5000 /dev/zero > "$2"`, func(e *Endpoint) { e.Check.MostBytes = 4000 }), "the answer is too long", Again},
		"floods stdout":    {shell(`cat /dev/zero`, func(e *Endpoint) { stdout(e); e.Check.MostBytes = 100_000 }), "printed more than 100000 bytes", Again},
		"floods stderr":    {shell(`head -c 3000000 /dev/zero | tr '\0' x >&2; echo >&2; echo end >&2; exit 1`, nil), "exit status 1: end", GiveUp},
		"takes for ever":   {shell(`sleep 60`, func(e *Endpoint) { e.Timeout = Timeout{Base: 200 * time.Millisecond, PerKChars: 1} }), "was not done within 200ms", Again},
		"takes no param":   {shell(`:`, func(e *Endpoint) { e.Params = map[string]any{"stability": 1} }), "params.stability is used nowhere", GiveUp},
		"lists no version": {shell(`:`, func(e *Endpoint) { e.Version = []string{"echo", "what?"} }), "echo what? prints no version", GiveUp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resolved, err := Resolve(map[string]Endpoint{"studio": test.endpoint})
			if err != nil {
				t.Fatal(err)
			}
			s, err := Open(resolved, OpenOptions{Sleep: func(context.Context, time.Duration) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Synthesize(t.Context(), Request{Voice: Voice{Name: "host", Endpoint: "studio", Voice: "v"}, Text: "Hello."})
			var e *Error
			if !errors.As(err, &e) || e.Advice != test.advice || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestChildrenDie cancels a request while its command's child runs.
func TestChildrenDie(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	e := opened(t, shell(`sleep 60 & echo $! > "`+pidFile+`.new"; mv "`+pidFile+`.new" "`+pidFile+`"; wait`, nil))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		req := Request{Text: "Hello."}
		_, err := e.transport.speak(ctx, &call{req: req, values: e.render.values(req)})
		done <- err
	}()
	var b []byte
	for len(b) == 0 {
		b, _ = os.ReadFile(pidFile)
		time.Sleep(5 * time.Millisecond)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for range 200 { // until somebody has buried it
		if state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); syscall.Kill(pid, 0) != nil || err == nil && strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the child %d lives on", pid)
}

func TestVersionIsAskedOnce(t *testing.T) {
	t.Parallel()
	count := filepath.Join(t.TempDir(), "count")
	resolved, err := Resolve(map[string]Endpoint{"studio": shell(`:`, func(e *Endpoint) {
		// Fails, as flite does, and counts.
		e.Version = []string{"sh", "-c", `echo x >> "$0"; echo "engine: version 2.10-rc1 of 2026"; exit 1`, count}
	})})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(resolved, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if id, err := s.endpoints["studio"].transport.identity(t.Context()); err != nil || id != "sh 2.10" {
			t.Errorf("%q, %v", id, err)
		}
	}
	if b, _ := os.ReadFile(count); string(b) != "x\n" {
		t.Errorf("asked %d times", len(b)/2)
	}
}
