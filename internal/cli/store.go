package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/voices"
)

func newStore(g *globals, s Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "store",
		Short: "Count, verify, prune and send the takes that are kept",
		Example: `  narrapress store stats
  narrapress store verify
  narrapress store prune --dry-run`,
	}
	c.AddCommand(newStoreStats(g, s), newStoreVerify(g, s), newStorePrune(g, s), newStoreSend(g, s))
	return c
}

// shelves are the store of the show in the working folder, or of --config and
// --store.
func shelves(ctx context.Context, g *globals, s Streams) (*store.Store, *config.Config, error) {
	shows := newShows(g, s, "", nil)
	cfg, err := shows.load(ctx, shows.file(stdin))
	if err != nil {
		return nil, nil, err
	}
	return store.Folder(cfg.Output.Store, store.Options{}), cfg, nil
}

// keptTake is what a take in the store says of itself.
type keptTake struct {
	Name       string `json:"name"`     // of its file
	Endpoint   string `json:"endpoint"` // identity
	Model      string `json:"model"`
	Voice      string `json:"voice"`
	Characters int    `json:"characters"`
	Text       string `json:"text"`
}

// voiceRecord is the name under which what is known of a voice is kept beside its
// takes. It is none, costs nothing, and is made anew where it is gone.
const voiceRecord = "record.json"

func takeOf(e store.Entry) keptTake {
	var t keptTake
	_ = json.Unmarshal(e.Meta, &t) // one that says nothing is counted all the same
	return t
}

// pricing is what takes would cost to be made again. A nil one knows no price.
type pricing struct {
	studio *voices.Studio
	known  map[[2]string]voices.Price
}

// pricingOf knows the prices of a show's endpoints, by their identity. Others are
// not known.
func pricingOf(cfg *config.Config) *pricing {
	endpoints, err := voices.Resolve(cfg.Endpoints)
	if err != nil {
		return nil
	}
	studio, err := voices.Open(endpoints, voices.OpenOptions{})
	if err != nil {
		return nil
	}
	return &pricing{studio: studio, known: map[[2]string]voices.Price{}}
}

func (p *pricing) of(ctx context.Context, t keptTake) voices.Price {
	if p == nil {
		return voices.Price{}
	}
	k := [2]string{t.Endpoint, t.Model}
	price, ok := p.known[k]
	if !ok {
		price, _ = p.studio.PriceOf(ctx, t.Endpoint, t.Model)
		p.known[k] = price
	}
	return price
}

// worth is what takes would cost to be made again.
type worth struct {
	Characters int     `json:"characters"`
	Cost       float64 `json:"cost"` // of those whose price is known in Currency
	Currency   string  `json:"currency"`
	Priced     bool    `json:"priced"` // whether the price is known of all
}

func (w *worth) add(t keptTake, price voices.Price) {
	currency := cmp.Or(price.Currency, "USD")
	cost := float64(t.Characters) * price.PerMChars / 1e6
	if w.Currency == "" {
		w.Currency, w.Priced = currency, true
	}
	w.Characters += t.Characters
	if !price.Known() || cost > 0 && currency != w.Currency {
		w.Priced = false
		return
	}
	w.Cost = math.Round((w.Cost+cost)*1e6) / 1e6
}

// again says what making them again would cost.
func (w *worth) again() string {
	return "making them again would cost " + cost(w.Cost, w.Currency, w.Priced)
}

// size of a file, or of many, as a person reads it: 12.3 MB.
func size(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	f, unit := float64(n), ""
	for _, unit = range []string{"kB", "MB", "GB", "TB"} {
		if f /= 1000; f < 999.95 {
			break
		}
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}
