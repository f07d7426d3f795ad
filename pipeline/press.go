package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/voices"
)

// Options are what a Press needs from outside; each has a default.
type Options struct {
	Version string           // of this program, for the facts of a run
	Now     func() time.Time // nil is time.Now
	Log     *slog.Logger     // nil is silent
	Observe func(Event)      // told of everything that happens, one call at a time; may be nil
	Voices  voices.OpenOptions

	// Recall is how many bytes of sources, all together, are kept in memory with the
	// documents and scripts that were made of them, under the hash of the bytes. With
	// one script of each that is some 12 times as much memory (measured for a text of
	// 5,000 segments); of each up to three are kept. 0 keeps none.
	Recall int64
}

func (o *Options) defaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Press produces the episodes of one show. It is safe for concurrent use.
type Press struct {
	cfg    *config.Config
	o      Options
	studio *voices.Studio
	cast   *voices.Cast
	takes  *store.Store
	shared *store.Shared // nil where no bucket is behind takes and blocks
	blocks *store.Cache  // nil where its folder cannot be written to
	ledger *ledger.Ledger
	spent  purse  // by all its orders
	local  string //  which voices were found on this machine, where the show names none

	lexicons map[string]*lexicon.Lexicon // by voice; of all under ""

	recall    *recall                  // nil keeps nothing
	earlier   func() *publish.Manifest // see latest
	canEncode atomic.Bool              // ffmpeg was found to have the show's formats

	events  sync.Mutex
	damaged []string // takes that the store set aside, not told yet
}

// ErrNoVoices is a show without voices on a machine without a speech engine.
var ErrNoVoices = errors.New("no voices: the show names none, and no speech engine is installed here: " +
	"install one (apt install flite) or write endpoints, voices and roles into narrapress.yaml (narrapress init)")

// New makes a press for a show. A show without endpoints gets the voices of a
// local engine that is installed; the error is ErrNoVoices where there is none.
func New(ctx context.Context, cfg *config.Config, o Options) (*Press, error) {
	o.defaults()
	p := &Press{o: o}
	if o.Recall > 0 {
		p.recall = &recall{most: o.Recall}
	}
	show := *cfg
	if len(show.Endpoints) == 0 && len(show.Voices) == 0 && len(show.Roles) == 0 {
		if err := p.findLocal(ctx, &show); err != nil {
			return nil, err
		}
	}
	p.cfg = &show
	var err error
	if p.lexicons, err = lexicons(ctx, &show); err != nil {
		return nil, err
	}
	endpoints, err := voices.Resolve(show.Endpoints)
	if err != nil {
		return nil, err
	}
	if p.cast, err = voices.NewCast(show.Roles, show.Voices); err != nil {
		return nil, err
	}
	if dir := show.Output.Cache; dir != "" && os.MkdirAll(dir, 0o777) == nil {
		p.blocks = store.OpenCache(dir, store.Options{Now: o.Now})
	}
	if err := p.openTakes(ctx); err != nil {
		return nil, err
	}
	p.earlier = sync.OnceValue(func() *publish.Manifest { return latest(show.Output.Dir) })
	p.ledger = ledger.Open(show.Output.Store, o.Now)
	o.Voices.Store, o.Voices.Log, o.Voices.Listen, o.Voices.Spell = p.takes, o.Log, show.Listen, record.Spell
	if o.Voices.Retry == nil {
		o.Voices.Retry = func(_ string, wait time.Duration, err error) {
			p.emit(Event{Stage: Record, Wait: wait, Err: err})
		}
	}
	p.studio, err = voices.Open(endpoints, o.Voices)
	return p, err
}

// lexicons reads the show's lexicons, and over them those of its voices.
func lexicons(ctx context.Context, show *config.Config) (map[string]*lexicon.Lexicon, error) {
	all, err := lexicon.Load(ctx, show.Lexicon...)
	if err != nil {
		return nil, err
	}
	out := map[string]*lexicon.Lexicon{"": all}
	for name, v := range show.Voices {
		if len(v.Lexicon) == 0 {
			continue
		}
		own, err := lexicon.Load(ctx, v.Lexicon...)
		if err != nil {
			return nil, err
		}
		out[name] = lexicon.Merge(all, own)
	}
	return out, nil
}

// findLocal casts the voices of an installed engine: the first speaks the
// text, the second quotes.
func (p *Press) findLocal(ctx context.Context, show *config.Config) error {
	preset, names, ok := voices.Local(ctx, show.Show.Language)
	if !ok {
		return ErrNoVoices
	}
	show.Endpoints = map[string]voices.Endpoint{preset: {Preset: preset}}
	show.Voices = map[string]voices.Voice{"narrator": {Endpoint: preset, Voice: names[0]}}
	show.Roles = map[string]string{"body": "narrator"}
	p.local = fmt.Sprintf("%s, found on this machine: %s", preset, names[0])
	if len(names) > 1 {
		show.Voices["second"] = voices.Voice{Endpoint: preset, Voice: names[1]}
		show.Roles["quote"] = "second"
		p.local += ", quotes by " + names[1]
	}
	return nil
}

// Engine says in a line which engine and voices speak where the show names
// none; it is empty where the show names its own.
func (p *Press) Engine() string { return p.local }

// damage is what the store set aside since it was last asked.
func (p *Press) damage() []string {
	p.events.Lock()
	defer p.events.Unlock()
	found := p.damaged
	p.damaged = nil
	return found
}

// emit tells the observer, one call at a time.
func (p *Press) emit(e Event) {
	if p.o.Observe == nil {
		return
	}
	p.events.Lock()
	defer p.events.Unlock()
	p.o.Observe(e)
}

// ready says whether what every production needs is there, before anything is
// asked for.
func (p *Press) ready() error {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return audio.ErrNoFFmpeg
	}
	return nil
}

// LostTakeError is a take that was in the store and no longer is.
type LostTakeError struct {
	Key string
	Err error
}

func (e *LostTakeError) Error() string {
	return fmt.Sprintf("reading take %.12s back: %v", e.Key, e.Err)
}

// Unwrap is the cause.
func (e *LostTakeError) Unwrap() error { return e.Err }

// Has says whether the store has the take of a key, and not only the answer that is
// to become it.
func (p *Press) Has(key string) bool { return p.takes.Has(key) }

// Take is the file of a stored take. Where it is gone, or damaged, the error is
// a *LostTakeError.
func (p *Press) Take(key string) ([]byte, error) {
	r, _, err := p.takes.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &LostTakeError{key, err}
	}
	if err != nil {
		return nil, fmt.Errorf("reading take %.12s back: %w", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading take %.12s back: %w", key, err)
	}
	return b, nil
}

// Currency names the unit of cost of the show: ISO 4217, in capitals.
func (p *Press) Currency() string { return p.currency() }

// currency names the unit of cost; endpoints that name none cost dollars.
func (p *Press) currency() string {
	for _, seg := range []string{"body", "quote", "title"} {
		if c := p.studio.Price(p.cast.Voice(seg)).Currency; c != "" {
			return strings.ToUpper(c)
		}
	}
	return "USD"
}
