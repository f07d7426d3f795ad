package batch

import (
	"maps"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/voices"
)

// limits are what the shows say of their endpoints, by their names. Endpoints of
// one name in several shows are one account at one provider: the lowest limit of
// each kind holds. A program that speaks is each machine's own.
func (b *Batch) limits() map[string]queue.Limits {
	out := map[string]queue.Limits{}
	for _, s := range b.shows {
		endpoints, err := voices.Resolve(s.cfg.Endpoints)
		if err != nil {
			continue // its press could not be made of them
		}
		for name, e := range endpoints {
			if e.Transport == "command" {
				continue
			}
			l := queue.Limits{
				Concurrency: e.Limits.Concurrency, PerMinute: e.Limits.PerMinute,
				CharactersPerDay: int64(e.Limits.CharsPerDay), MoneyPerMonth: e.Limits.CostPerMonth,
			}
			if e.Limits.Adaptive {
				l.Concurrency = 0 // it is where the search begins, and no limit
			}
			was := out[name]
			out[name] = queue.Limits{
				Concurrency: lower(was.Concurrency, l.Concurrency), PerMinute: lower(was.PerMinute, l.PerMinute),
				CharactersPerDay: lower(was.CharactersPerDay, l.CharactersPerDay), MoneyPerMonth: lower(was.MoneyPerMonth, l.MoneyPerMonth),
			}
		}
	}
	maps.DeleteFunc(out, func(_ string, l queue.Limits) bool { return l == queue.Limits{} })
	return out
}

// lower is the lower of two limits, of which 0 is none.
func lower[N int | int64 | float64](a, b N) N {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Limits are the limits that are shared, by endpoint.
func (b *Batch) Limits() map[string]queue.Limits {
	if b.gate == nil {
		return nil
	}
	return b.gate.Limits()
}
