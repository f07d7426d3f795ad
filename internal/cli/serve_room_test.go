package cli

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
)

// Everybody may ask /readyz, as often as they like: the database is asked once a second.
func TestReadyIsAskedSeldom(t *testing.T) {
	t.Parallel()
	q, err := queue.Open(t.Context(), filepath.Join(t.TempDir(), "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &room{queue: q}
	if why := r.missing(); why != "" {
		t.Fatal(why)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	r.asked = time.Now()
	if why := r.missing(); why != "" {
		t.Errorf("the database was asked again at once: %s", why)
	}
	r.asked = time.Now().Add(-2 * askAgain)
	if why := r.missing(); why == "" {
		t.Error("a database that is away is not noticed")
	}
}
