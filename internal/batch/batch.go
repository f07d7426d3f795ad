package batch

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices"
)

// Options of a Batch; each has a default.
type Options struct {
	Version string             // of this program
	Now     func() time.Time   // nil is time.Now
	Log     *slog.Logger       // nil is silent
	Observe func(Event)        // told of what happens, one call at a time; may be nil
	Voices  voices.OpenOptions // of every show's press
	Fetch   fetch.Options      // of what is asked for on the web

	// A run has ended, and its report is not written yet: first its show is published,
	// then After is called. Once for each, but where it was cut off by a stop or the
	// death of its process. Where publishing fails it is tried again (Schedule). Both may be nil.
	Publish func(ctx context.Context, cfg *config.Config, run string) Published // run is empty where it is tried again
	After   func(context.Context, *End) error

	// Stay says that there is no hurry: where an endpoint is down, its episodes
	// wait for it. Else they are tried a few times.
	Stay bool

	// Shared says that the limits of endpoints hold over all workers of the
	// queue, and those of a day and a month are kept.
	Shared bool
}

// Event is something that happens to an episode of a run.
type Event struct {
	Show, Run string
	Job       int64
	Episode   string         // its ID
	Title     string         // of the post, or where it stands
	Stage     pipeline.Event // Source is that of the order
	Began     bool           // the job begins
	Outcome   *Outcome       // it ended
	Err       error          // this attempt ended
}

// End is the end of a run.
type End struct {
	Config      *config.Config
	Report      *Report
	Unpublished bool // publishing failed, or in part
}

// Batch makes the episodes of shows, by the jobs of a queue. It is safe for
// concurrent use.
type Batch struct {
	queue *queue.Queue
	o     Options

	mu      sync.Mutex
	shows   map[string]*show      // by the names in their jobs
	changed chan struct{}         // closed when a show is taken in
	ending  map[string]bool       // runs that this process is about to end, and shows whose runs it ends
	after   map[string]*aftermath // by run: of those that are not written down as ended
	waits   map[string]waits      // by run: of those that have not ended
	gate    *queue.Limiter        // nil where limits are not shared

	told sync.Mutex
}

// show is a show that episodes are made of.
type show struct {
	name   string
	cfg    *config.Config
	press  *pipeline.Press
	lister *source.Lister
	memory *source.FileMemory
	watch  *watches
	tried  atomic.Bool // whether this process, by these settings, tried to publish what was still to be
}

// New makes a batch whose jobs are in q.
func New(q *queue.Queue, o Options) *Batch {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Batch{queue: q, o: o, shows: map[string]*show{}, changed: make(chan struct{}), ending: map[string]bool{}, after: map[string]*aftermath{}, waits: map[string]waits{}}
	if o.Shared {
		b.gate = q.NewLimiter(nil)
	}
	return b
}

// Close gives back what the process holds of the limits of endpoints. Work has
// ended before.
func (b *Batch) Close() {
	if b.gate != nil {
		b.gate.Close()
	}
}

// ShowName is how a show is called in the queue: the same on every machine. It
// is the show's id, else the slug of its title, else the name of its folder.
func ShowName(cfg *config.Config) string {
	title := ""
	if cfg.Show.Title != "" {
		title = publish.Slug(cfg.Show.Title)
	}
	return cmp.Or(cfg.Show.ID, title, filepath.Base(cfg.Dir))
}

// Take takes a show in, or its new settings; episodes under way keep those that
// they began with.
func (b *Batch) Take(ctx context.Context, cfg *config.Config) error {
	name := ShowName(cfg)
	b.mu.Lock()
	old := b.shows[name]
	b.mu.Unlock()
	if old != nil && old.cfg.File != cfg.File {
		return fmt.Errorf("%s and %s are both called %q: give each an id under show: in its file", old.cfg.File, cfg.File, name)
	}
	memory, err := source.OpenMemory(cfg.Output.Dir)
	if err != nil {
		return err
	}
	s := &show{name: name, cfg: cfg, memory: memory, watch: newWatches()}
	s.lister = source.New(cfg, source.Options{Memory: memory, Now: b.o.Now, Fetch: b.o.Fetch})
	voices := b.o.Voices
	voices.Show = name
	if b.gate != nil {
		voices.Gate = b.gate
	}
	s.press, err = pipeline.New(ctx, cfg, pipeline.Options{
		Version: b.o.Version, Now: b.o.Now, Log: b.o.Log, Observe: s.watch.observe, Voices: voices,
	})
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shows[name] = s
	close(b.changed)
	b.changed = make(chan struct{})
	if b.gate != nil {
		b.gate.Set(b.limits())
	}
	return nil
}

// show is the show that a job is for; nil where nobody took it in.
func (b *Batch) show(name string) *show {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shows[name]
}

// Shows are the configurations of the shows that were taken in, by name.
func (b *Batch) Shows() []*config.Config {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*config.Config
	for _, name := range slices.Sorted(maps.Keys(b.shows)) {
		out = append(out, b.shows[name].cfg)
	}
	return out
}

// tell tells the observer.
func (b *Batch) tell(e Event) {
	if b.o.Observe == nil {
		return
	}
	b.told.Lock()
	defer b.told.Unlock()
	b.o.Observe(e)
}

// watches are who wants to know what happens to an order, by its name.
type watches struct {
	mu  sync.Mutex
	who map[string]func(pipeline.Event)
}

func newWatches() *watches { return &watches{who: map[string]func(pipeline.Event){}} }

// on calls f with what happens to the order of a name, until off is called.
func (w *watches) on(name string, f func(pipeline.Event)) (off func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.who[name] = f
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.who, name)
	}
}

func (w *watches) observe(e pipeline.Event) {
	w.mu.Lock()
	f := w.who[e.Source]
	w.mu.Unlock()
	if f != nil {
		f(e)
	}
}
