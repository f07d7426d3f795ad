package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// state tells how the queues stand: it asks their databases when it is asked, and
// says the same in every process of a database.
type state struct {
	queues func(context.Context) []Queue
}

// Queue is how a queue stands, and what of its shows is still to be published.
type Queue struct {
	queue.Status
	Unpublished []batch.Unpublished
}

// The bound of a look at the databases.
const look = 5 * time.Second

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("narrapress_"+name, help, labels, nil)
}

func jobs() *prometheus.Desc {
	return describe("jobs", "Of the database: jobs by state, over all workers: ready, held, behind, running, done, dead, replaced, cancelled.", "show", "state")
}

func wait() *prometheus.Desc {
	return describe("queue_wait_seconds", "Of the database: how long the job has waited that has done so longest for a worker; 0 where none does.", "show")
}

func workers() *prometheus.Desc {
	return describe("workers", "Of the databases: processes that have them open.")
}

func slots() *prometheus.Desc {
	return describe("endpoint_slots", "Of the database: requests that may be in flight now, over all workers.", "endpoint")
}

func unpublished() *prometheus.Desc {
	return describe("unpublished_seconds", "Of the database: how long feed or upload has failed, or is asked for; 0 where nothing is to be published.", "show")
}

func up() *prometheus.Desc {
	return describe("databases_up", "Databases of queues that answer.")
}

// Describe names the metrics.
func (s *state) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobs(), wait(), workers(), slots(), unpublished(), up()} {
		to <- d
	}
}

// Collect asks the queues.
func (s *state) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), look)
	defer cancel()
	all := s.queues(ctx)
	tell := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	type key struct{ show, state string }
	n, free, count, waited, owed := 0, map[string]int{}, map[key]int{}, map[string]float64{}, map[string]float64{}
	for _, q := range all { // two may have jobs of shows of one name
		n += len(q.Workers)
		for show, counts := range q.Counts {
			for state, c := range counts {
				count[key{show, string(state)}] += c
			}
			waited[show], owed[show] = max(waited[show], 0), max(owed[show], 0)
			if t, ok := q.Oldest[show]; ok {
				waited[show] = max(waited[show], time.Since(t).Seconds())
			}
		}
		for _, u := range q.Unpublished {
			owed[u.Show] = max(owed[u.Show], time.Since(u.Since).Seconds())
		}
		for _, u := range q.Usage {
			free[u.Endpoint] += u.Slots
		}
	}
	for k, c := range count {
		tell(jobs(), float64(c), k.show, k.state)
	}
	for show, seconds := range waited {
		tell(wait(), seconds, show)
	}
	for show, seconds := range owed {
		tell(unpublished(), seconds, show)
	}
	for endpoint, n := range free {
		tell(slots(), float64(n), endpoint)
	}
	tell(workers(), float64(n))
	tell(up(), float64(len(all)))
}
