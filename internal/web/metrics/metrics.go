// Package metrics answers how much was done, asked for and spent, in the shape
// that Prometheus reads. docs/metrics.md lists every name.
package metrics

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/voices"
)

// Metrics are counted in this process since it began. It is safe for concurrent
// use.
type Metrics struct {
	registry *prometheus.Registry

	runs, episodes, attempts        *prometheus.CounterVec
	requests, characters, money     *prometheus.CounterVec
	inFlight                        *prometheus.GaugeVec
	answer, making                  *prometheus.HistogramVec
	reloads, loaded, untold, unsent *prometheus.CounterVec
	broken                          *prometheus.GaugeVec
}

// New makes metrics; version is the program's, queues say how the queues stand
// when somebody asks: in doubt less than all of them.
func New(version string, queues func(context.Context) []Queue) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "narrapress_" + name, Help: help}, labels)
		m.registry.MustRegister(v)
		return v
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "narrapress_" + name, Help: help}, labels)
		m.registry.MustRegister(v)
		return v
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "narrapress_" + name, Help: help, Buckets: buckets}, labels)
		m.registry.MustRegister(v)
		return v
	}
	m.runs = counter("runs_total", "Runs that ended in this process, by result: complete, or partly.", "show", "result")
	m.episodes = counter("episodes_total", "Posts of runs that ended in this process, by what became of them: made, unchanged, held, failed, draft, waiting, cancelled, replaced, elsewhere.", "show", "state")
	m.attempts = counter("attempts_failed_total", "Attempts at an episode that failed or were put off in this process.", "show")
	m.requests = counter("requests_total", "Requests to endpoints, by outcome: answered, refused or unknown.", "endpoint", "outcome")
	m.characters = counter("characters_total", "Characters of the requests that were answered.", "endpoint")
	m.money = counter("money_total", "Cost of the requests that were answered, or of which nobody knows; at the prices of the show's file.", "endpoint", "currency")
	m.inFlight = gauge("requests_in_flight", "Requests to endpoints that are under way in this process.", "endpoint")
	m.answer = histogram("request_seconds", "Time from a request to the end of its answer.", []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}, "endpoint")
	m.making = histogram("episode_seconds", "Time that the last attempt at an episode that was made took.", []float64{1, 5, 15, 60, 180, 600, 1800, 3600}, "show")
	m.loaded = counter("reloads_total", "Times that a show's file was read again.", "show")
	m.reloads = counter("reload_failures_total", "Times that a show's file was read again and could not be used.", "show")
	m.broken = gauge("file_broken", "1 where a show's file as it is now cannot be used, and the one before goes on.", "show")
	m.untold = counter("notices_failed_total", "Notices that could not be delivered.", "show")
	m.unsent = counter("publish_failed_total", "Runs after which feed or upload failed.", "show")
	info := gauge("info", "1; the version of the program is its label.", "version")
	info.WithLabelValues(version).Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &state{queues})
	return m
}

// Handler answers with the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Show makes the series of a show, so that what never happened is seen as 0.
func (m *Metrics) Show(show string) {
	for _, v := range []*prometheus.CounterVec{m.attempts, m.loaded, m.reloads, m.untold, m.unsent} {
		v.WithLabelValues(show)
	}
	for _, s := range []batch.State{batch.StateMade, batch.StateFailed, batch.StateHeld} {
		m.episodes.WithLabelValues(show, string(s))
	}
	m.broken.WithLabelValues(show)
}

// Observe counts what happens to an episode.
func (m *Metrics) Observe(e batch.Event) {
	switch {
	case e.Err != nil:
		m.attempts.WithLabelValues(e.Show).Inc()
	case e.Outcome != nil && e.Outcome.State == batch.StateMade:
		m.making.WithLabelValues(e.Show).Observe(e.Outcome.Seconds)
	}
}

// Ended counts a run; untold are its notices that were not delivered, failed
// says that its feed or its upload was.
func (m *Metrics) Ended(r *batch.Report, untold int, failed bool) {
	result := "complete"
	if !r.Totals.Complete() {
		result = "partly"
	}
	m.runs.WithLabelValues(r.Show, result).Inc()
	for state, n := range r.Totals.States {
		m.episodes.WithLabelValues(r.Show, string(state)).Add(float64(n))
	}
	m.untold.WithLabelValues(r.Show).Add(float64(untold))
	if failed {
		m.unsent.WithLabelValues(r.Show).Inc()
	}
}

// Reloaded counts that a show's file was read again, with what came of it.
func (m *Metrics) Reloaded(show string, err error) {
	m.loaded.WithLabelValues(show).Inc()
	m.broken.WithLabelValues(show).Set(0)
	if err != nil {
		m.reloads.WithLabelValues(show).Inc()
		m.broken.WithLabelValues(show).Set(1)
	}
}

// Reserve is told of a request to an endpoint; Metrics is a voices.Meter.
func (m *Metrics) Reserve(c voices.Charge) (settle func(voices.Outcome), err error) {
	flying := m.inFlight.WithLabelValues(c.Endpoint)
	flying.Inc()
	began := time.Now()
	return func(o voices.Outcome) {
		flying.Dec()
		m.answer.WithLabelValues(c.Endpoint).Observe(time.Since(began).Seconds())
		m.requests.WithLabelValues(c.Endpoint, outcome(o)).Inc()
		if o == voices.Answered {
			m.characters.WithLabelValues(c.Endpoint).Add(float64(c.Characters))
		}
		if o != voices.Refused && c.Cost > 0 {
			currency := strings.ToUpper(c.Price.Currency)
			if currency == "" {
				currency = "USD"
			}
			m.money.WithLabelValues(c.Endpoint, currency).Add(c.Cost)
		}
	}, nil
}

func outcome(o voices.Outcome) string {
	switch o {
	case voices.Answered:
		return "answered"
	case voices.Refused:
		return "refused"
	}
	return "unknown"
}
