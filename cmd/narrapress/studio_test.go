package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// studio is the endpoint that a script speaks to.
type studio struct {
	server   *voicetest.Server
	url      string
	listener *voicetest.Listener
}

type studioKey struct{}

func studioOf(ts *testscript.TestScript) *studio { return ts.Value(studioKey{}).(*studio) }

// serve begins a new endpoint, and writes narrapress.yaml for it:
// serve [SETTING…], in any order:
//
//	faults=LIST   answer the first requests with these faults (voicetest.Named)
//	always=FAULT  answer every request with this fault
//	delay=TIME    wait before each answer
//	price=AMOUNT  per million characters, or unknown; else it is free
//	voice=NAME    of the narrator; else alloy
//	key=KEY       demand it; the show takes its own from $STUDIO_KEY
//	unlike        never speak a text twice alike
//	drops=WHEN    leave six words out of texts with more: once, or always
//	down          listen no more
func serve(ts *testscript.TestScript, neg bool, args []string) {
	o := voicetest.Options{}
	price, voice, down, err := "{free: true}", "alloy", false, error(nil)
	for _, arg := range args {
		name, set, _ := strings.Cut(arg, "=")
		switch name {
		case "faults":
			o.Faults, err = voicetest.Named(set)
		case "always":
			var script func(int) voicetest.Fault
			if script, err = voicetest.Named(set); err == nil {
				o.Faults = voicetest.Always(script(1))
			}
		case "delay":
			o.Delay, err = time.ParseDuration(set)
		case "price":
			price = "{per_1m_chars: " + set + ", currency: USD}"
			if set == "unknown" {
				price = "{}"
			}
		case "voice":
			voice = set
		case "key":
			o.Key = set
		case "unlike":
			o.Unlike = true
		case "drops":
			o.Says = drops(set == "once")
		case "down":
			down = true
		default:
			ts.Fatalf("serve: there is no setting %q", arg)
		}
		ts.Check(err)
	}
	if neg {
		ts.Fatalf("unsupported: ! serve")
	}
	s := studioOf(ts)
	s.server, err = voicetest.New(context.Background(), o)
	ts.Check(err)
	s.url, err = s.server.Start("")
	ts.Check(err)
	server := s.server
	if down {
		ts.Check(server.Close())
	} else {
		ts.Defer(func() { server.Close() })
	}
	show := fmt.Sprintf(`version: 1
endpoints:
  studio:
    preset: openai
    url: %s
    key: ${STUDIO_KEY:-none}
    price: %s
    retry: {attempts: 2, base: 10ms, cap: 20ms}
    limits: {concurrency: 1}
voices:
  narrator: {endpoint: studio, voice: %s}
roles:
  body: narrator
`, s.url, price, voice)
	ts.Check(os.WriteFile(ts.MkAbs("narrapress.yaml"), []byte(show), 0o644))
}

// drops leaves words out of every answer to a text, or of the first alone.
func drops(once bool) func(n int, text string) string {
	var mu sync.Mutex
	first := map[string]int{}
	return func(n int, text string) string {
		mu.Lock()
		defer mu.Unlock()
		if first[text] == 0 {
			first[text] = n
		}
		if len(strings.Fields(text)) <= 6 || once && first[text] != n {
			return text
		}
		return voicetest.Drops(text, 6)
	}
}

// ears begins somebody who listens to the endpoint, and adds that to
// narrapress.yaml: ears [SETTING…]:
//
//	faults=LIST   answer the first requests with these faults (voicetest.Named)
//	always=FAULT  answer every request with this fault
//	price=AMOUNT  per minute, or unknown; else it is free
//	required      no take goes unheard
//	down          listen no more
func ears(ts *testscript.TestScript, neg bool, args []string) {
	o, price, required, down, err := voicetest.ListenerOptions{}, "{free: true}", false, false, error(nil)
	for _, arg := range args {
		name, set, _ := strings.Cut(arg, "=")
		switch name {
		case "faults":
			o.Faults, err = voicetest.Named(set)
		case "always":
			var script func(int) voicetest.Fault
			if script, err = voicetest.Named(set); err == nil {
				o.Faults = voicetest.Always(script(1))
			}
		case "price":
			price = "{per_minute: " + set + "}"
			if set == "unknown" {
				price = "{}"
			}
		case "required":
			required = true
		case "down":
			down = true
		default:
			ts.Fatalf("ears: there is no setting %q", arg)
		}
		ts.Check(err)
	}
	if neg {
		ts.Fatalf("unsupported: ! ears")
	}
	s := studioOf(ts)
	s.listener = voicetest.NewListener(s.server, o)
	url, err := s.listener.Start()
	ts.Check(err)
	listener := s.listener
	if down {
		ts.Check(listener.Close())
	} else {
		ts.Defer(func() { listener.Close() })
	}
	name := ts.MkAbs("narrapress.yaml")
	show, err := os.ReadFile(name)
	ts.Check(err)
	show = fmt.Appendf(show, "listen: {url: %s, model: whisper-1, required: %t, price: %s, retry: {attempts: 2, base: 10ms, cap: 20ms}}\n", url, required, price)
	ts.Check(os.WriteFile(name, show, 0o644))
}

// hearings compares how many requests came to who listens.
func hearings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hearings N")
	}
	if got := strconv.Itoa(studioOf(ts).listener.Stats().Requests); got != args[0] {
		ts.Fatalf("%s requests came to the listener, want %s", got, args[0])
	}
}

// requests compares how many requests for speech came to the endpoint.
func requests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: requests N")
	}
	if got := strconv.Itoa(studioOf(ts).server.Stats().Requests); got != args[0] {
		ts.Fatalf("%s requests came, want %s", got, args[0])
	}
}

// interrupts runs narrapress, sends it an interrupt when the endpoint has
// answered N more requests, and compares its exit code: interrupts N CODE ARG…
func interrupts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupts N CODE ARG…")
	}
	answered, err := strconv.Atoi(args[0])
	ts.Check(err)
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	var out, errs bytes.Buffer
	cmd := exec.Command(filepath.Join(ts.Getenv("PROGRAM"), "narrapress"), args[2:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &out, &errs
	for _, name := range []string{"PATH", "HOME", "NARRAPRESS_STORE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	s := studioOf(ts)
	answered += s.server.Stats().Answered
	ts.Check(cmd.Start())
	for end := time.Now().Add(10 * time.Second); s.server.Stats().Answered < answered; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			cmd.Process.Kill()
			cmd.Wait()
			ts.Fatalf("the endpoint answered %d requests only; stderr:\n%s", s.server.Stats().Answered, errs.String())
		}
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	got, err := exitCode(cmd.Wait())
	ts.Check(err)
	ts.Stdout().Write(out.Bytes())
	ts.Stderr().Write(errs.Bytes())
	if got != want {
		ts.Fatalf("exit code %d, want %d; stderr:\n%s", got, want, errs.String())
	}
}

// port finds a free port of loopback and puts it into a variable: port NAME.
func port(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: port NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, number, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], number)
}

// await waits until an address answers: await URL.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await URL")
	}
	client := http.Client{Timeout: time.Second}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		answer, err := client.Get(args[0])
		if err == nil {
			answer.Body.Close()
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%s does not answer: %v", args[0], err)
		}
	}
}
