package pipeline

import (
	"errors"
	"fmt"
	"sync"

	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/voices"
)

// account is the money of one order: it keeps every request to the limits of
// cost before it is sent, and counts what was answered.
type account struct {
	press   *Press
	episode string // name in the ledger
	most    float64
	setting string // of most

	purse purse // of the order

	mu    sync.Mutex
	sent  int // characters of the answered requests
	bills bills
	begun bool
	fault error // of the ledger, after a request
}

// account opens the account of an order.
func (p *Press) account(o Order) *account {
	a := &account{press: p, most: p.cfg.Limits.Cost.Episode, setting: "limits.cost.episode"}
	if o.MaxCost != nil {
		// None at all is a limit too.
		a.most, a.setting = max(*o.MaxCost, nothing), "--max-cost"
	}
	return a
}

// Meter keeps requests that belong to no episode to the show's limits of cost,
// and writes them into its ledger under a name.
func (p *Press) Meter(name string) voices.Meter {
	a := p.account(Order{})
	a.episode = name
	return a
}

// nothing is a limit that no cost is under; 0 means that there is no limit.
const nothing = 1e-9

// purse is what was spent and reserved, by currency.
type purse struct {
	mu  sync.Mutex
	sum map[string]float64
}

// take reserves a cost, unless that passes the limit.
func (p *purse) take(cost float64, currency string, limit float64) (spent float64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	spent = p.sum[currency]
	if over(spent+cost, limit) {
		return spent, false
	}
	if p.sum == nil {
		p.sum = map[string]float64{}
	}
	p.sum[currency] += cost
	return spent, true
}

// give puts back what was not spent.
func (p *purse) give(cost float64, currency string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sum[currency] -= cost
}

func (p *purse) of(currency string) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sum[currency]
}

// over says whether a sum passes a limit, beyond what adding up floats does.
func over(sum, limit float64) bool { return limit > 0 && sum > limit+nothing/2 }

func (a *account) caps() ledger.Caps {
	c := a.press.cfg.Limits.Cost
	return ledger.Caps{Day: c.Day, Month: c.Month}
}

// strictest is the first setting that limits cost; empty if none does.
func (a *account) strictest() string {
	c := a.press.cfg.Limits.Cost
	for _, l := range []struct {
		limit   float64
		setting string
	}{
		{a.most, a.setting},
		{c.Call, "limits.cost.call"},
		{c.Run, "limits.cost.run"},
		{c.Day, "limits.cost.day"},
		{c.Month, "limits.cost.month"},
	} {
		if l.limit > 0 {
			return l.setting
		}
	}
	return ""
}

// affordable refuses a plan that would pass a limit, before the first request.
func (a *account) affordable(plan *Plan) error {
	limits := a.press.cfg.Limits.Cost
	if setting := a.strictest(); setting != "" && plan.Totals.Unpriced != "" {
		return &CostError{Unpriced: plan.Totals.Unpriced, Currency: plan.Totals.Currency, Setting: setting}
	}
	for _, s := range plan.Segments {
		if over(s.Cost, limits.Call) {
			return &CostError{Cost: s.Cost, Limit: limits.Call, Currency: currencyOf(s.charge.Price), Setting: "limits.cost.call"}
		}
	}
	all := bills(plan.Totals.Endpoints)
	told := map[string]bool{}
	for _, b := range all {
		if told[b.Currency] {
			continue
		}
		told[b.Currency] = true
		cost := all.sum(b.Currency)
		if over(cost, a.most) {
			return &CostError{Cost: cost, Limit: a.most, Currency: b.Currency, Setting: a.setting}
		}
		if spent := a.press.spent.of(b.Currency); cost > 0 && over(spent+cost, limits.Run) {
			return &CostError{Cost: cost, Spent: spent, Limit: limits.Run, Currency: b.Currency, Setting: "limits.cost.run"}
		}
		if cost == 0 || a.caps() == (ledger.Caps{}) {
			continue
		}
		if err := a.press.ledger.Fits(cost, b.Currency, a.caps()); err != nil {
			return a.held(err)
		}
	}
	return nil
}

// Reserve keeps a request to every limit. It is the [voices.Meter] of the
// order's requests.
func (a *account) Reserve(c voices.Charge) (func(voices.Outcome), error) {
	p, limits, currency := a.press, a.press.cfg.Limits.Cost, currencyOf(c.Price)
	refuse := func(setting string, spent, limit float64) error {
		return a.held(&CostError{Cost: c.Cost, Spent: spent, Limit: limit, Currency: currency, Setting: setting})
	}
	if setting := a.strictest(); setting != "" && !c.Price.Known() {
		return nil, a.held(&CostError{Unpriced: c.Endpoint, Currency: currency, Setting: setting})
	}
	if over(c.Cost, limits.Call) {
		return nil, refuse("limits.cost.call", 0, limits.Call)
	}
	if spent, ok := a.purse.take(c.Cost, currency, a.most); !ok {
		return nil, refuse(a.setting, spent, a.most)
	}
	if spent, ok := p.spent.take(c.Cost, currency, limits.Run); !ok {
		a.purse.give(c.Cost, currency)
		return nil, refuse("limits.cost.run", spent, limits.Run)
	}
	back := func() {
		a.purse.give(c.Cost, currency)
		p.spent.give(c.Cost, currency)
	}
	r, err := p.ledger.Reserve(ledger.Charge{
		Show: p.cfg.Show.Title, Episode: a.episode, Endpoint: c.Endpoint,
		Characters: c.Characters, Cost: c.Cost, Currency: currency, Priced: c.Price.Known(),
	}, a.caps())
	if err != nil {
		back()
		return nil, a.held(err)
	}
	a.mu.Lock()
	a.begun = true
	a.mu.Unlock()
	return func(o voices.Outcome) {
		what := ledger.Unknown
		switch o {
		case voices.Refused:
			what = ledger.Refused
			back()
		case voices.Answered:
			what = ledger.Answered
		}
		err := r.Settle(what)
		a.mu.Lock()
		defer a.mu.Unlock()
		if o == voices.Answered {
			a.sent += c.Characters
			a.bills.add(c)
		}
		if err != nil && a.fault == nil {
			a.fault = err
		}
	}, nil
}

// held makes the ledger's refusal, or one of ours, the order's.
func (a *account) held(err error) error {
	var cost *CostError
	var over *ledger.CapError
	if errors.As(err, &over) {
		cost = &CostError{
			Cost: over.Cost, Spent: over.Spent, Limit: over.Limit, Currency: over.Currency,
			Setting: "limits.cost." + over.Cap, Until: over.Until,
		}
	} else if !errors.As(err, &cost) {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	cost.Begun = a.begun
	return cost
}

// tell puts what was spent into a result.
func (a *account) tell(res *Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	res.Sent, res.Bills = a.sent, a.bills.list()
	res.Cost = a.bills.sum(res.Currency)
}

// findings are what went wrong without harm to the episode.
func (a *account) findings() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fault == nil {
		return nil
	}
	return []string{fmt.Sprintf("what became of a request could not be written down, and counts as spent: %v", a.fault)}
}
