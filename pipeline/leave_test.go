package pipeline_test

import (
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// leavesNobody does something, after which nothing of this package that it began may
// be at work.
func leavesNobody(t *testing.T, do func()) {
	t.Helper()
	pprof.Do(t.Context(), pprof.Labels("began in", t.Name()), func(context.Context) { do() })
	for end := time.Now().Add(time.Second); ; time.Sleep(10 * time.Millisecond) {
		left := working(t.Name())
		if left == "" {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it left at work:\n%s", left)
		}
	}
}

// working is one of the goroutines of this package that bear a label; "" where none does.
func working(label string) string {
	var all strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
		return err.Error()
	}
	for g := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(g, `"`+label+`"`) && strings.Contains(g, "/narrapress/pipeline.") {
			return g
		}
	}
	return ""
}
