package cli

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/narrapress/narrapress/config"
	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/notice"
	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
	"github.com/narrapress/narrapress/pipeline/publish/upload"
)

// after is what comes when a run has ended: the feed is written where the show
// says where it is on the web, and uploaded where it says where to; then whoever
// is to hear of it is told.
type after struct {
	log   *slog.Logger
	ended func(rep *batches.Report, untold int, failed bool) // at the end of it; may be nil
}

func (a *after) run(ctx context.Context, e *batches.End) error {
	untold := notice.Send(ctx, e.Config.Notify, e.Report, nearCaps(e.Config, e.Report, a.log), notice.Options{})
	for _, f := range untold {
		a.log.WarnContext(ctx, "a notice was not delivered", "show", e.Report.Show, "run", e.Report.Run, "error", f)
	}
	e.Report.Findings = append(e.Report.Findings, untold...)
	if a.ended != nil {
		a.ended(e.Report, len(untold), e.Unpublished)
	}
	return nil
}

// publish writes the feed and uploads it.
func (a *after) publish(ctx context.Context, cfg *config.Config, run string) (out batches.Published) {
	if cfg.Publish.BaseURL == "" {
		return out
	}
	log := a.log.With("show", batches.ShowName(cfg))
	if run != "" {
		log = log.With("run", run)
	}
	fault := func(reason batches.Reason, what string, err error) {
		log.ErrorContext(ctx, string(reason), "error", err)
		out.Fault(reason, what, err)
	}
	res, err := pipeline.WriteFeed(ctx, cfg)
	if err != nil {
		fault("no feed", feed.Name, err)
		out.Failed = fmt.Errorf("no feed: %w", err)
		return out
	}
	out.Findings = res.Findings
	if res.LeftOut > 0 { // again it would be left out
		fault("left out of the feed", feed.Name, fmt.Errorf("%s cannot be in it", count(res.LeftOut, "episode")))
	}
	if len(res.Written) > 0 {
		log.InfoContext(ctx, "the feed is written", "episodes", res.Items)
	}
	if cfg.Publish.To == "" {
		return out
	}
	sent, err := upload.Run(ctx, upload.Options{Out: cfg.Output.Dir, BaseURL: cfg.Publish.BaseURL, To: cfg.Publish.To})
	if err != nil {
		fault("not uploaded", cfg.Publish.To, err)
		out.Failed = fmt.Errorf("not uploaded: %w", err)
		return out
	}
	if len(sent.Sent) > 0 {
		log.InfoContext(ctx, "uploaded", "files", len(sent.Sent), "bytes", sent.Bytes)
	}
	return out
}

// near is how much of a limit of cost is spent when somebody is told.
const near = 0.9

// nearCaps are the limits of cost of which most is spent, where the run spent
// something or waits for more: it is no news where it did not.
func nearCaps(cfg *config.Config, rep *batches.Report, log *slog.Logger) notice.Caps {
	limits := cfg.Limits.Cost
	if limits.Day+limits.Month == 0 || rep.Totals.Cost == 0 && rep.Totals.States[batches.StateWaiting] == 0 {
		return nil
	}
	currency := cmp.Or(rep.Totals.Currency, "USD")
	day, month, err := ledger.Open(cfg.Output.Store, nil).Spent(currency)
	if err != nil {
		log.Warn("what was spent is not known", "show", rep.Show, "run", rep.Run, "error", err)
		return nil
	}
	var out notice.Caps
	for _, c := range []struct {
		key          string
		spent, limit float64
	}{{"limits.cost.day", day, limits.Day}, {"limits.cost.month", month, limits.Month}} {
		if c.limit > 0 && c.spent >= near*c.limit {
			out = append(out, fmt.Sprintf("%s: %.2f of %.2f %s are spent", c.key, c.spent, c.limit, currency))
		}
	}
	return out
}
