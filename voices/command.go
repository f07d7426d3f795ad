package voices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// commandTransport runs a program for every request. No shell is involved.
type commandTransport struct {
	spec   Endpoint
	render *renderer
	redactor

	mu      sync.Mutex
	names   []string // voices that the program says it has; nil until it was asked
	version string   // empty until it was asked
}

func newCommand(spec Endpoint, r *renderer) *commandTransport {
	return &commandTransport{spec: spec, render: r, redactor: newRedactor(spec)}
}

func (t *commandTransport) speak(ctx context.Context, c *call) (*spoken, error) {
	// An engine may speak in another voice rather than say that it has none
	// of this name.
	if err := t.has(ctx, c.values.voice); err != nil {
		return nil, err
	}
	v := c.values
	v.key = t.spec.usableKey()
	file := ""
	if t.spec.Response.Audio == "file" {
		dir, err := os.MkdirTemp("", "narrapress-")
		if err != nil {
			return nil, fmt.Errorf("endpoint %s: a folder for the answer: %w", t.spec.Name, err)
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "take.wav")
		v.out = file
	}
	form, err := t.render.render(v)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	out, err := t.run(ctx, append([]string{t.spec.Argv[0]}, form.Args...), form.Stdin, t.spec.Timeout.of(c.req))
	if err != nil {
		return nil, err
	}
	if file != "" {
		if out, err = readAtMost(file, t.spec.Check.MostBytes); err != nil {
			e := t.fault(Again, "%s: %s", t.spec.Argv[0], err)
			e.Remedy = t.line(t.spec.printedRemedy(err))
			return nil, e
		}
	}
	got, err := unwrap(out, "", t.spec.Response)
	if err != nil {
		e := t.fault(Again, "%s: %s", t.spec.Argv[0], err)
		e.most, e.Err = paidFor, err
		e.Remedy, e.Billed = t.line(t.spec.printedRemedy(err)), billedFor(err)
		return nil, e
	}
	return &spoken{audio: got.audio, mediaType: got.mediaType, marks: align(c.values.text, got.words)}, nil
}

// readAtMost reads a file that a program has written.
func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("it wrote no file")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = errTooLong
	}
	return b, err
}

// run runs a program to its end, with its children, and returns what it
// printed. It is killed when the time is over, when ctx ends, or when it
// prints too much.
func (t *commandTransport) run(ctx context.Context, argv []string, stdin string, most time.Duration) ([]byte, error) {
	late := &TimeoutError{After: most}
	attempt, cancel := context.WithTimeoutCause(ctx, most, late)
	defer cancel()
	cmd := exec.CommandContext(attempt, argv[0], argv[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	stdout := &bounded{most: t.spec.Check.MostBytes, full: cancel}
	stderr := &tail{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = 2 * time.Second
	killGroup(cmd)
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case stdout.over:
		e := t.fault(Again, "%s printed more than %d bytes (check.most_bytes)", argv[0], t.spec.Check.MostBytes)
		e.most, e.Remedy = givenUp, fmt.Sprintf("if it should, raise endpoints.%s.check.most_bytes", t.spec.Name)
		return nil, e
	case errors.Is(context.Cause(attempt), late):
		e := t.fault(Again, "%s was not done within %v", argv[0], most)
		e.Err, e.most, e.Remedy = late, givenUp, fmt.Sprintf("if it is slow by nature, raise endpoints.%s.timeout.base or per_1k_chars", t.spec.Name)
		return nil, e
	case err != nil:
		return stdout.kept.Bytes(), t.failed(argv[0], err, stderr.lastLine())
	}
	return stdout.kept.Bytes(), nil
}

// failed is a program that could not be run, or ended badly.
func (t *commandTransport) failed(program string, err error, said string) *Error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		e := t.fault(GiveUp, "the program %s is not installed", program)
		e.Remedy, e.Err = t.line(t.spec.Install), err
		return e
	}
	reason := fmt.Sprintf("%s: %s", program, err)
	if said != "" {
		reason += ": " + said
	}
	e := t.fault(GiveUp, "%s", reason)
	e.Err, e.Remedy = err, t.line(t.spec.printedRemedy(err))
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		if e.Status = exit.ExitCode(); e.Status < 0 { // by a signal: for want of memory, often
			e.Status, e.Advice, e.most = 0, Again, givenUp
			e.Remedy = again
		}
	}
	return e
}

func (t *commandTransport) fault(a Advice, format string, args ...any) *Error {
	return &Error{Endpoint: t.spec.Name, Advice: a, Reason: t.line(fmt.Sprintf(format, args...))}
}

// quick is the time for questions that need no speech.
const quick = 15 * time.Second

// has says whether the program has the voice, as far as it can be asked.
func (t *commandTransport) has(ctx context.Context, voice string) error {
	if len(t.spec.Voices.Argv) == 0 || voice == "" {
		return nil
	}
	names, err := t.voices(ctx)
	if err != nil {
		return err
	}
	return unknownVoice(t.spec, voice, names)
}

// voices are those that the program says it has. It is asked once.
func (t *commandTransport) voices(ctx context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.names != nil {
		return t.names, nil
	}
	if len(t.spec.Voices.Argv) == 0 {
		return t.spec.Voices.Names, nil
	}
	out, err := t.run(ctx, t.spec.Voices.Argv, "", quick)
	if err != nil {
		return nil, err
	}
	names, err := parseLines(out, t.spec.Voices.Pattern)
	if err != nil {
		return nil, t.fault(GiveUp, "list voices: %s", err)
	}
	t.names = names
	return names, nil
}

// probe says whether the program is there.
func (t *commandTransport) probe(context.Context) error {
	if _, err := exec.LookPath(t.spec.Argv[0]); err != nil {
		return t.failed(t.spec.Argv[0], exec.ErrNotFound, "")
	}
	return nil
}

var versionPattern = regexp.MustCompile(`\d+(?:\.\d+)+`)

// identity is the engine's, with its version: another version of a local
// engine sounds another way.
func (t *commandTransport) identity(ctx context.Context) (string, error) {
	if len(t.spec.Version) == 0 {
		return t.spec.Identity, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.version == "" {
		// Some programs print their version and fail: what they print counts.
		out, err := t.run(ctx, t.spec.Version, "", quick)
		version := versionPattern.FindString(string(out))
		if version == "" {
			if err == nil {
				err = t.fault(GiveUp, "%s prints no version", strings.Join(t.spec.Version, " "))
			}
			return "", err
		}
		t.version = version
	}
	return t.spec.Identity + " " + t.version, nil
}

// bounded keeps what a program prints, up to a limit; past it, it calls full.
// The buffer is not embedded: its ReadFrom would go round the limit.
type bounded struct {
	kept bytes.Buffer
	most int64
	full func()
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.kept.Len()+len(p)) > b.most {
		b.over = true
		b.full()
		return 0, errTooLong
	}
	return b.kept.Write(p)
}

// tail keeps the end of what a program complains.
type tail struct{ kept []byte }

const longestTail = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p[max(0, len(p)-longestTail):]...)
	t.kept = t.kept[max(0, len(t.kept)-longestTail):]
	return len(p), nil
}

func (t *tail) lastLine() string {
	lines := strings.Split(strings.TrimSpace(string(t.kept)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
