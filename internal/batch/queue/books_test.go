//go:build unix

package queue

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// TestNothingIsSpentOffTheBooks lets no request go that is not written down: what
// nobody counted could be spent again by the next one.
func TestNothingIsSpentOffTheBooks(t *testing.T) {
	t.Parallel()
	for _, write := range []string{"INSERT ON narrapress_limit", "UPDATE ON narrapress_limit", "INSERT ON narrapress_share"} {
		t.Run(write, func(t *testing.T) {
			t.Parallel()
			q := open(t, filepath.Join(t.TempDir(), "queue.db"), quick())
			do := func(statement string) {
				t.Helper()
				if _, err := q.db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			l := q.NewLimiter(map[string]Limits{"e": {Concurrency: 1, CharactersPerDay: 1000, MoneyPerMonth: 2}})
			defer l.Close()
			ask := func(patience time.Duration) error {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				release, err := l.Acquire(ctx, "e", "show", 1, 0.01)
				if err == nil {
					release()
				}
				return err
			}
			do("CREATE TRIGGER full BEFORE " + write + " BEGIN SELECT RAISE(ABORT, 'no room'); END")
			if err := ask(200 * time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("while nothing can be written: %v", err)
			}
			do("DROP TRIGGER full")
			if err := ask(20 * time.Second); err != nil {
				t.Errorf("when it can be again: %v", err)
			}
		})
	}
}
