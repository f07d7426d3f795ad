package batch_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// idle is a batch that nothing works for.
func idle(t *testing.T) *batch.Batch {
	t.Helper()
	q, err := queue.Open(t.Context(), filepath.Join(t.TempDir(), "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := batch.New(q, batch.Options{})
	t.Cleanup(func() {
		b.Close()
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// TestShowsOfOneName takes the settings of a show again, and no other show under its
// name: their episodes and runs would be one in the queue.
func TestShowsOfOneName(t *testing.T) {
	t.Parallel()
	b := idle(t)
	file := func(title string) *press {
		p := &press{dir: t.TempDir()}
		p.write(t, "narrapress.yaml", "show: {title: "+title+"}\nendpoints: {studio: {preset: openai, url: 'http://127.0.0.1:1'}}\nvoices: {narrator: {endpoint: studio, voice: alloy}}\nroles: {body: narrator}\noutput: {store: takes, cache: cache}\n")
		return p
	}
	lamp, other, third := file("Lamp"), file("Lamp"), file("Room")
	for range 2 {
		if err := b.Take(t.Context(), lamp.config(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Take(t.Context(), third.config(t)); err != nil {
		t.Errorf("a show of another name: %v", err)
	}
	err := b.Take(t.Context(), other.config(t))
	if err == nil || !strings.Contains(err.Error(), lamp.dir) || !strings.Contains(err.Error(), other.dir) || !strings.Contains(err.Error(), `"lamp"`) {
		t.Errorf("another show of that name: %v", err)
	}
}

// TestRunThatCannotBegin says so at once, and waits for nothing.
func TestRunThatCannotBegin(t *testing.T) {
	t.Parallel()
	began := time.Now()
	rep, err := idle(t).Run(t.Context(), batch.Wish{Show: "a\x00show"}, batch.WorkOptions{Jobs: 1})
	if err == nil || !strings.Contains(err.Error(), "begin a run") || rep != nil {
		t.Errorf("%+v, %v", rep, err)
	}
	if took := time.Since(began); took > batch.Patient {
		t.Errorf("it took %v", took)
	}
}
