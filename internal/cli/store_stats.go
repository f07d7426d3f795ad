package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/internal/store"
)

func newStoreStats(g *globals, s Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: "Count the takes that are kept, and the money that was spent",
		Long: `stats counts the takes in the store by the endpoint and voice that spoke them,
and adds up the ledger: what was spent by month, by day and by endpoint. Days
and months are those of UTC. The ledger is the files ledger-YYYY-MM.tsv in the
store's folder, with a line for every request.`,
		Example: "  narrapress store stats\n  narrapress store stats --json | jq .money.months",
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runStoreStats(c.Context(), g, s)
		},
	}
}

// storeStats is what stats --json writes.
type storeStats struct {
	Version    int           `json:"version"` // of this document's shape
	Dir        string        `json:"dir"`
	Takes      int           `json:"takes"`
	Bytes      int64         `json:"bytes"`
	Characters int           `json:"characters"`
	Damaged    int           `json:"damaged"` // whose description cannot be read; verify finds the others
	Voices     []storeVoice  `json:"voices"`
	Money      storeSpending `json:"money"`
}

type storeVoice struct {
	Endpoint   string `json:"endpoint"` // identity
	Voice      string `json:"voice"`
	Takes      int    `json:"takes"`
	Bytes      int64  `json:"bytes"`
	Characters int    `json:"characters"`
}

// storeSpending is the ledger, added up.
type storeSpending struct {
	Months []spentLine `json:"months"`
	Days   []spentLine `json:"days"`   // of the last month in it
	Unread int         `json:"unread"` // lines that are none
}

// spentLine is what an endpoint was asked for in a month or on a day.
type spentLine struct {
	When       string  `json:"when"` // 2026-11 or 2026-11-23, UTC
	Endpoint   string  `json:"endpoint"`
	Requests   int     `json:"requests"`
	Characters int     `json:"characters"`
	Open       int     `json:"open"` // requests that may have been answered; cost has them in it
	Cost       float64 `json:"cost"`
	Currency   string  `json:"currency"`
	Priced     bool    `json:"priced"`
}

func runStoreStats(ctx context.Context, g *globals, s Streams) error {
	st, _, err := shelves(ctx, g, s)
	if err != nil {
		return err
	}
	stats := storeStats{Version: 1, Dir: st.Dir(), Voices: []storeVoice{}}
	if err := stats.count(ctx, st); err != nil {
		return err
	}
	rows, unread, err := ledger.Report(st.Dir())
	if err != nil {
		return err
	}
	stats.Money = spending(rows)
	stats.Money.Unread = unread
	if g.JSON {
		return writeJSON(s.Out, stats)
	}
	_, err = fmt.Fprint(s.Out, stats.text(paint(s.colours(s.OutTerminal))))
	return err
}

func (x *storeStats) count(ctx context.Context, st *store.Store) error {
	err := st.Walk(func(e store.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.Damage != nil {
			x.Damaged++
			return nil //nolint:nilerr // damage is counted
		}
		t := takeOf(e)
		if t.Name == voiceRecord {
			return nil
		}
		i := slices.IndexFunc(x.Voices, func(v storeVoice) bool { return v.Endpoint == t.Endpoint && v.Voice == t.Voice })
		if i < 0 {
			i = len(x.Voices)
			x.Voices = append(x.Voices, storeVoice{Endpoint: t.Endpoint, Voice: t.Voice})
		}
		v := &x.Voices[i]
		v.Takes, v.Bytes, v.Characters = v.Takes+1, v.Bytes+e.Size, v.Characters+t.Characters
		x.Takes, x.Bytes, x.Characters = x.Takes+1, x.Bytes+e.Size, x.Characters+t.Characters
		return nil
	})
	slices.SortFunc(x.Voices, func(a, b storeVoice) int {
		return strings.Compare(a.Endpoint+"\x00"+a.Voice, b.Endpoint+"\x00"+b.Voice)
	})
	return err
}

// spending adds up a ledger's rows, which are by day.
func spending(rows []ledger.Row) storeSpending {
	out := storeSpending{Months: []spentLine{}, Days: []spentLine{}}
	for _, r := range rows {
		day := spentLine{
			When: r.Day, Endpoint: r.Endpoint, Requests: r.Requests, Characters: r.Characters, Open: r.Open,
			Cost: r.Cost, Currency: r.Currency, Priced: r.Priced,
		}
		if r.Day[:7] == rows[len(rows)-1].Day[:7] {
			out.Days = append(out.Days, day)
		}
		day.When = r.Day[:7]
		i := slices.IndexFunc(out.Months, func(m spentLine) bool {
			return m.When == day.When && m.Endpoint == day.Endpoint && m.Currency == day.Currency
		})
		if i < 0 {
			out.Months = append(out.Months, day)
			continue
		}
		m := &out.Months[i]
		m.Requests, m.Characters, m.Open = m.Requests+day.Requests, m.Characters+day.Characters, m.Open+day.Open
		m.Cost, m.Priced = math.Round((m.Cost+day.Cost)*1e8)/1e8, m.Priced && day.Priced
	}
	return out
}

func (x *storeStats) text(p paint) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s, %s, %s\n", p.bold(x.Dir), count(x.Takes, "take"), size(x.Bytes), count(x.Characters, "character"))
	for _, v := range x.Voices {
		fmt.Fprintf(&b, "  %s %s: %s, %s, %s\n", v.Endpoint, v.Voice, count(v.Takes, "take"), size(v.Bytes), count(v.Characters, "character"))
	}
	if x.Damaged > 0 {
		fmt.Fprintf(&b, "  damaged: %d (narrapress store verify names them)\n", x.Damaged)
	}
	if len(x.Money.Months) == 0 {
		b.WriteString("\nnothing was asked of any endpoint yet\n")
	}
	for _, part := range []struct {
		name  string
		lines []spentLine
	}{{"by month (UTC)", x.Money.Months}, {"by day", x.Money.Days}} {
		if len(part.lines) == 0 {
			continue
		}
		b.WriteString("\n" + p.bold(part.name) + "\n")
		for _, l := range part.lines {
			b.WriteString("  " + l.text() + "\n")
		}
	}
	if x.Money.Unread > 0 {
		fmt.Fprintf(&b, "\n%s of the ledger cannot be read, as after a crash\n", count(x.Money.Unread, "line"))
	}
	return b.String()
}

func (l *spentLine) text() string {
	s := fmt.Sprintf("%s  %s: %s, %s, %s", l.When, l.Endpoint, count(l.Requests, "request"), count(l.Characters, "character"),
		cost(l.Cost, l.Currency, l.Priced))
	if l.Open > 0 {
		s += fmt.Sprintf(" (%d of which nobody knows whether they were answered count as spent)", l.Open)
	}
	return s
}
