package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/ledger"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func at(t *time.Time) func() time.Time { return func() time.Time { return *t } }

func charge(cost float64) ledger.Charge {
	return ledger.Charge{Show: "Curated", Episode: "presses", Endpoint: "studio", Characters: 120, Cost: cost, Currency: "USD", Priced: true}
}

func ask(t *testing.T, l *ledger.Ledger, cost float64, caps ledger.Caps) *ledger.Reservation {
	t.Helper()
	r, err := l.Reserve(charge(cost), caps)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func settle(t *testing.T, r *ledger.Reservation, what ledger.What) {
	t.Helper()
	if err := r.Settle(what); err != nil {
		t.Fatal(err)
	}
}

func spent(t *testing.T, l *ledger.Ledger) [2]float64 {
	t.Helper()
	day, month, err := l.Spent("USD")
	if err != nil {
		t.Fatal(err)
	}
	return [2]float64{day, month}
}

func TestAPersonCanReadIt(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), noon
	l := ledger.Open(dir, at(&now))
	c := charge(0.0018)
	c.Show, c.Episode = "A\tshow\nwith \u2028 marks", strings.Repeat("long ", 100)
	r, err := l.Reserve(c, ledger.Caps{})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	settle(t, r, ledger.Answered)
	b, err := os.ReadFile(filepath.Join(dir, "ledger-2026-11.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "# ") {
		t.Fatalf("%d lines:\n%s", len(lines), b)
	}
	names, asked, answered := strings.Split(lines[1], "\t"), strings.Split(lines[2], "\t"), strings.Split(lines[3], "\t")
	if len(asked) != len(names) || asked[0] != "2026-11-23T12:00:00Z" || asked[1] != "asked" || asked[7] != "0.00180000" {
		t.Errorf("asked: %q", asked)
	}
	if answered[0] != "2026-11-23T12:00:01Z" || answered[1] != "answered" || answered[2] != asked[2] {
		t.Errorf("answered: %q", answered)
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), noon
	l := ledger.Open(dir, at(&now))
	day := ledger.Caps{Day: 0.01}
	for range 9 {
		settle(t, ask(t, l, 0.001, day), ledger.Answered)
	}
	refused := ask(t, l, 0.001, day)
	if _, err := l.Reserve(charge(0.001), day); err == nil {
		t.Fatal("what is reserved does not count")
	}
	settle(t, refused, ledger.Refused)
	open := ask(t, l, 0.001, day) // exactly the cap
	var over *ledger.CapError
	_, err := l.Reserve(charge(0.000001), day)
	if !errors.As(err, &over) {
		t.Fatalf("error %v, want a *CapError", err)
	}
	want := &ledger.CapError{Cap: "day", Cost: 0.000001, Spent: 0.01, Limit: 0.01, Currency: "USD", Until: noon.Add(12 * time.Hour)}
	if diff := cmp.Diff(want, over); diff != "" {
		t.Error(diff)
	}
	free := charge(0)
	if _, err := l.Reserve(free, day); err != nil {
		t.Errorf("what costs nothing: %v", err)
	}
	euros := charge(0.01)
	euros.Currency = "EUR"
	if _, err := l.Reserve(euros, day); err != nil {
		t.Errorf("another currency: %v", err)
	}
	now = now.Add(24 * time.Hour)
	settle(t, ask(t, l, 0.005, day), ledger.Unknown)
	settle(t, open, ledger.Answered) // of the day before
	if diff := cmp.Diff([2]float64{0.005, 0.015}, spent(t, l)); diff != "" {
		t.Error(diff)
	}
	if err := l.Fits(0.006, "USD", ledger.Caps{Month: 0.02}); !errors.As(err, &over) || over.Cap != "month" || over.Until.Month() != time.December {
		t.Errorf("the month: %v", err)
	}
	now = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	if diff := cmp.Diff([2]float64{0, 0}, spent(t, l)); diff != "" {
		t.Errorf("a new month: %s", diff)
	}
	ask(t, l, 0.02, ledger.Caps{Month: 0.02})
}

func TestSettledInAnotherMonth(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	l := ledger.Open(dir, at(&now))
	r := ask(t, l, 1, ledger.Caps{})
	now = now.Add(time.Minute)
	ask(t, l, 2, ledger.Caps{})
	settle(t, r, ledger.Answered)
	rows, unread, err := ledger.Report(dir)
	if err != nil || unread != 0 {
		t.Fatal(unread, err)
	}
	want := []ledger.Row{
		{Day: "2026-11-30", Endpoint: "studio", Currency: "USD", Requests: 1, Characters: 120, Cost: 1, Priced: true},
		{Day: "2026-12-01", Endpoint: "studio", Currency: "USD", Open: 1, Cost: 2, Priced: true},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// TestCrash kills a writer at every byte of what it writes: what was asked
// counts, what was not written whole does not, and the next one goes on.
func TestCrash(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	now := noon
	l := ledger.Open(whole, at(&now))
	settle(t, ask(t, l, 1, ledger.Caps{}), ledger.Answered)
	settle(t, ask(t, l, 2, ledger.Caps{}), ledger.Refused)
	ask(t, l, 4, ledger.Caps{})
	b, err := os.ReadFile(filepath.Join(whole, "ledger-2026-11.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "ledger-2026-11.tsv")
	for cut := range len(b) + 1 {
		if err := os.WriteFile(name, b[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for i, cost := range []float64{1, 0, 2, -2, 4} { // asked, answered, asked, refused, asked
			if cut >= afterLine(b, 3+i) {
				want += cost
			}
		}
		next := ledger.Open(dir, at(&now))
		if got := spent(t, next)[0]; got != want {
			t.Fatalf("cut at %d of %d: %g, want %g", cut, len(b), got, want)
		}
		settle(t, ask(t, next, 8, ledger.Caps{}), ledger.Answered)
		for _, reader := range []*ledger.Ledger{next, ledger.Open(dir, at(&now))} {
			if got := spent(t, reader)[0]; got != want+8 {
				t.Fatalf("cut at %d of %d, then 8 more: %g, want %g", cut, len(b), got, want+8)
			}
		}
	}
}

// afterLine is where the n-th line of b, from 1, ends.
func afterLine(b []byte, n int) int {
	end := 0
	for range n {
		end += bytes.IndexByte(b[end:], '\n') + 1
	}
	return end
}

func TestAnotherFileInItsPlace(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), noon
	l := ledger.Open(dir, at(&now))
	ask(t, l, 1, ledger.Caps{})
	if err := os.Remove(filepath.Join(dir, "ledger-2026-11.tsv")); err != nil {
		t.Fatal(err)
	}
	ask(t, l, 2, ledger.Caps{})
	if got := spent(t, l); got != [2]float64{2, 2} {
		t.Errorf("%v, want what the file says", got)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ledger.Open(file, nil).Reserve(charge(1), ledger.Caps{})
	if err == nil || !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want one line that names the folder", err)
	}
	for _, cost := range []float64{-1, math.Inf(1), 1e7} {
		if _, err := ledger.Open(t.TempDir(), nil).Reserve(charge(cost), ledger.Caps{}); err == nil {
			t.Errorf("a cost of %g was taken", cost)
		}
	}
}

// TestMain is also the other processes of TestProcesses.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LEDGER_TEST_DIR"); dir != "" {
		now := noon
		fmt.Println(spend(ledger.Open(dir, at(&now))))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// spend asks for 0.01 under a cap of 1 until it is refused, four at a time; a
// third of the requests is refused by the endpoint.
func spend(l *ledger.Ledger) int64 {
	var answered atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				r, err := l.Reserve(charge(0.01), ledger.Caps{Day: 1})
				if err != nil {
					return
				}
				if i%3 == 0 {
					_ = r.Settle(ledger.Refused)
					continue
				}
				_ = r.Settle(ledger.Answered)
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	return answered.Load()
}

func TestProcessesDoNotOverspend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	counts := make([]int, 3)
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "LEDGER_TEST_DIR="+dir)
			out, err := cmd.Output()
			if err != nil {
				t.Error(err)
			}
			fmt.Sscan(string(out), &counts[i])
		})
	}
	wg.Wait()
	if sum := counts[0] + counts[1] + counts[2]; sum > 100 || sum < 80 {
		t.Errorf("%v answered requests of 0.01 under a cap of 1", counts)
	}
	now := noon
	if got := spent(t, ledger.Open(dir, at(&now)))[0]; got > 1 {
		t.Errorf("the ledger has %g, over the cap of 1", got)
	}
}

func FuzzReport(f *testing.F) {
	f.Add("2026-11-23T12:00:00Z\tasked\ta-1\tS\te\tstudio\t120\t0.00180000\tUSD\n")
	f.Add("2026-11-23T12:00:00Z\tanswered\ta-1\tS\te\tstudio\t120\t?\tUSD")
	f.Add("# comment\n\n\r\n\t\t\t\n2026-13-01T00:00:00Z\tasked\t\t\t\t\t-1\tNaN\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		dir, now := t.TempDir(), noon
		if err := os.WriteFile(filepath.Join(dir, "ledger-2026-11.tsv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		rows, _, err := ledger.Report(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Cost < 0 || r.Requests < 0 || r.Open < 0 {
				t.Errorf("%+v", r)
			}
		}
		l := ledger.Open(dir, at(&now))
		before := spent(t, l)
		ask(t, l, 0.5, ledger.Caps{})
		if after := spent(t, ledger.Open(dir, at(&now))); math.Abs(after[0]-before[0]-0.5) > 1e-6 {
			t.Errorf("%v, then 0.5 more: %v", before, after)
		}
	})
}

// BenchmarkReserve writes into a ledger with a month of a thousand posts.
func BenchmarkReserve(b *testing.B) {
	dir, now := b.TempDir(), noon
	l := ledger.Open(dir, at(&now))
	for b.Loop() {
		r, err := l.Reserve(charge(0.0018), ledger.Caps{})
		if err != nil {
			b.Fatal(err)
		}
		if err := r.Settle(ledger.Answered); err != nil {
			b.Fatal(err)
		}
	}
}
