package queue

import (
	"log/slog"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/subject"
)

// What is kept of a failure, in bytes: enough to see what it was about.
const (
	mostReason  = 2000
	mostNote    = 200
	mostExcerpt = 4000
)

// cut shortens a text to at most n bytes of whole characters. What is no UTF-8,
// or NUL, PostgreSQL would not take.
func cut(s string, n int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// excerpt keeps the last lines of a log.
type excerpt struct {
	mu    sync.Mutex
	lines []string
	size  int
}

// Write takes one line, as slog's handlers write them.
func (e *excerpt) Write(p []byte) (int, error) {
	line := cut(string(p), mostExcerpt)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, line)
	e.size += len(line)
	for e.size > mostExcerpt {
		e.size -= len(e.lines[0])
		e.lines = e.lines[1:]
	}
	return len(p), nil
}

func (e *excerpt) text() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.lines, "")
}

// logger writes into log, and into e.
func (e *excerpt) logger(log *slog.Logger) *slog.Logger {
	return slog.New(slog.NewMultiHandler(log.Handler(), subject.NewHandler(slog.NewTextHandler(e, &slog.HandlerOptions{Level: slog.LevelDebug}))))
}
