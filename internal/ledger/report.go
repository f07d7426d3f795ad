package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// Row is what one endpoint was asked for on one day.
type Row struct {
	Day        string // 2026-11-23, UTC
	Endpoint   string // its name in the show
	Currency   string
	Requests   int // that were answered with sound
	Characters int // of them
	Open       int // requests of which nobody knows whether they were answered; Cost has them in it
	Cost       float64
	Priced     bool // of all of them the price was known
}

var monthFile = regexp.MustCompile(`^ledger-\d{4}-\d{2}\.tsv$`)

// Report reads the ledger in the folder dir: rows by day, endpoint and
// currency, and how many lines of it cannot be read.
func Report(dir string) (rows []Row, unread int, err error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("ledger %s: %w", dir, err)
	}
	for _, d := range files {
		if !monthFile.MatchString(d.Name()) {
			continue
		}
		name := filepath.Join(dir, d.Name())
		more, bad, err := reportMonth(name)
		if err != nil {
			return nil, 0, fmt.Errorf("ledger %s: %w", name, err)
		}
		rows, unread = append(rows, more...), unread+bad
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Currency, b.Currency))
	})
	return rows, unread, nil
}

func reportMonth(name string) ([]Row, int, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	type rowKey struct{ day, endpoint, currency string }
	type sum struct {
		Row
		nano int64
	}
	sums := map[rowKey]*sum{}
	of := func(e Entry) *sum {
		k := rowKey{e.Time.Format("2006-01-02"), e.Endpoint, e.Currency}
		if sums[k] == nil {
			sums[k] = &sum{Row: Row{Day: k.day, Endpoint: e.Endpoint, Currency: e.Currency, Priced: true}}
		}
		return sums[k]
	}
	open := map[string]Entry{}
	unread := 0
	unsettled := func(e Entry) {
		s := of(e)
		s.Open++
		s.nano += e.nano
		s.Priced = s.Priced && e.Priced
	}
	_, _, err = eachLine(f, func(e Entry, err error) {
		if err != nil {
			unread++
			return
		}
		if was, ok := open[e.ID]; ok && e.What != Asked {
			delete(open, e.ID)
			e.Time = was.Time
		}
		switch e.What {
		case Asked:
			open[e.ID] = e
		case Unknown:
			unsettled(e)
		case Answered:
			s := of(e)
			s.Requests++
			s.Characters += e.Characters
			s.nano += e.nano
			s.Priced = s.Priced && e.Priced
		}
	})
	for _, id := range slices.Sorted(maps.Keys(open)) {
		unsettled(open[id])
	}
	rows := make([]Row, 0, len(sums))
	for _, s := range sums {
		s.Cost = float64(s.nano) / unit
		rows = append(rows, s.Row)
	}
	return rows, unread, err
}
