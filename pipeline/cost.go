package pipeline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices"
)

// CostError is a limit of cost that a request, or all those of a plan, would
// pass. What would pass it was not sent.
type CostError struct {
	Cost, Limit float64
	Spent       float64 // of the limit, before
	Currency    string
	Unpriced    string    // an endpoint whose price is not known; empty if all are
	Setting     string    // --max-cost, or a key such as limits.cost.day
	Until       time.Time // when the limit's day or month ends, UTC; zero for others
	Begun       bool      // requests were made before: what was recorded is kept
}

func (e *CostError) Error() string {
	if e.Unpriced == "listen" {
		return fmt.Sprintf("held: %s cannot be kept, for listening has no price: write one as listen.price.per_minute, or listen.price.free: true", e.Setting)
	}
	if e.Unpriced != "" {
		return fmt.Sprintf("held: %s cannot be kept, for the endpoint %s has no price: write one as endpoints.%s.price.per_1m_chars",
			e.Setting, e.Unpriced, e.Unpriced)
	}
	what, end := "the requests would cost", "nothing was asked for"
	switch {
	case e.Begun:
		what, end = "the next request would cost", "it was not sent, and what was recorded is kept"
	case e.Setting == "limits.cost.call":
		what = "one request would cost"
	}
	s := fmt.Sprintf("held: %s %s %s", what, amount(e.Cost), e.Currency)
	if e.Spent > 0 {
		s += fmt.Sprintf(" on top of %s", amount(e.Spent))
	}
	s += fmt.Sprintf(", over the %s of %s", amount(e.Limit), e.Setting)
	if !e.Until.IsZero() {
		s += " (until " + e.Until.Format("2006-01-02 15:04 MST") + ")"
	}
	return s + "; " + end
}

// amount of money to the cent, or as fine as it takes to tell it from nothing.
func amount(v float64) string {
	if cents := math.Round(v*100) / 100; cents == v || v >= 1 {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// currencyOf a price; one that names none is in dollars.
func currencyOf(p voices.Price) string {
	if p.Currency == "" {
		return "USD"
	}
	return strings.ToUpper(p.Currency)
}

// bills add up what endpoints are asked for.
type bills []publish.Bill

func (b *bills) add(c voices.Charge) {
	currency := currencyOf(c.Price)
	i := slices.IndexFunc(*b, func(x publish.Bill) bool { return x.Endpoint == c.Endpoint && x.Currency == currency })
	if i < 0 {
		i = len(*b)
		*b = append(*b, publish.Bill{Endpoint: c.Endpoint, Currency: currency, Priced: true})
	}
	x := &(*b)[i]
	x.Requests++
	x.Characters += c.Characters
	x.Cost += c.Cost
	x.Priced = x.Priced && c.Price.Known()
}

// list is a copy by name, to the millionth.
func (b bills) list() []publish.Bill {
	out := make([]publish.Bill, len(b))
	for i, x := range b {
		x.Cost = millionth(x.Cost)
		out[i] = x
	}
	slices.SortFunc(out, func(a, b publish.Bill) int {
		return cmp.Or(cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}

// sum is what is to be paid in a currency.
func (b bills) sum(currency string) float64 {
	sum := 0.0
	for _, x := range b {
		if x.Currency == currency {
			sum += x.Cost
		}
	}
	return millionth(sum)
}

func millionth(v float64) float64 { return math.Round(v*1e6) / 1e6 }
