package desk

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Prefix is where the pages of a desk stand on a server.
const Prefix = "/desk/"

// Options of a Desk.
type Options struct {
	Shows   func() []*config.Config // as they are now; the same pointer while nothing changed
	Version string                  // of this program, for the facts of a run
	Log     *slog.Logger            // nil is silent
	Now     func() time.Time        // nil is time.Now
	Runs    Runs                    // of shows that are served; nil has no page of them

	// Reload reads a show's file again, whose path is given: Shows has it then as it
	// is now. Nil leaves that to whoever watches the files.
	Reload func(ctx context.Context, file string) error
}

// Desk answers requests under Prefix. Who may ask is decided before.
type Desk struct {
	o        Options
	ctx      context.Context // of productions, which outlive the request that began them
	requests http.Handler

	mu    sync.Mutex
	rooms map[string]*room // by the name of the show
	under sync.WaitGroup   // productions
}

// New makes a desk, whose productions end with ctx.
func New(ctx context.Context, o Options) *Desk {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &Desk{o: o, ctx: ctx, rooms: map[string]*room{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk/{$}", d.front)
	for pattern, handle := range map[string]func(*room, http.ResponseWriter, *http.Request) error{
		"GET /desk/{show}/{$}":                   (*room).episodes,
		"GET /desk/{show}/rows":                  (*room).episodeRows,
		"GET /desk/{show}/events":                (*room).events,
		"GET /desk/{show}/script":                (*room).script,
		"GET /desk/{show}/diff":                  (*room).diff,
		"GET /desk/{show}/takes":                 (*room).takes,
		"GET /desk/{show}/take/{key}":            (*room).take,
		"GET /desk/{show}/wave/{key}":            (*room).wave,
		"GET /desk/{show}/excerpt":               (*room).excerpt,
		"POST /desk/{show}/edit":                 (*room).edit,
		"POST /desk/{show}/speak":                (*room).speak,
		"GET /desk/{show}/words":                 (*room).unknown,
		"GET /desk/{show}/word":                  (*room).word,
		"POST /desk/{show}/word":                 (*room).pronounce,
		"GET /desk/{show}/said":                  (*room).said,
		"GET /desk/{show}/lexicon":               (*room).lexicon,
		"POST /desk/{show}/lexicon":              (*room).forgetWord,
		"POST /desk/{show}/make":                 (*room).makeEpisode,
		"GET /desk/{show}/release/{slug}":        (*room).judge,
		"POST /desk/{show}/release/{slug}":       (*room).release,
		"GET /desk/{show}/file/{slug}/{name...}": (*room).file,
		"GET /desk/{show}/audition":              (*room).audition,
		"POST /desk/{show}/audition":             (*room).voiceHeard,
		"POST /desk/{show}/cast":                 (*room).cast,
		"GET /desk/{show}/joints":                (*room).joints,
		"POST /desk/{show}/joint":                (*room).joint,
		"POST /desk/{show}/joints":               (*room).keepJoint,
	} {
		mux.HandleFunc(pattern, d.in(handle))
	}
	if o.Runs != nil {
		mux.HandleFunc("GET /desk/{show}/runs", d.in((*room).runs))
		mux.HandleFunc("POST /desk/{show}/runs", d.in((*room).act))
	}
	// A page of another site cannot make a browser write here, whatever cookies
	// the browser would send.
	d.requests = http.NewCrossOriginProtection().Handler(mux)
	return d
}

// Wait returns when no production is under way any more.
func (d *Desk) Wait() { d.under.Wait() }

// ServeHTTP answers a request.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if name, ok := strings.CutPrefix(r.URL.Path, staticPrefix); ok {
		d.static(w, r, name)
		return
	}
	d.requests.ServeHTTP(w, r)
}

// staticPrefix is where the files are that pages are made with; no show's name
// has such a sign.
const staticPrefix = Prefix + "_/"

// policy lets a page load from its own server alone, and run nothing that is
// written in it. Sound that was just made comes as a blob.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// mostBody bounds what is sent: an edit is a text of one segment.
const mostBody = 1 << 20

// fault is what a person is told of a request that cannot be done.
type fault struct {
	status int
	text   string
}

func (f *fault) Error() string { return f.text }

func faultf(status int, format string, args ...any) error {
	return &fault{status, fmt.Sprintf(format, args...)}
}

// in finds the show of a request, and answers with what goes wrong.
func (d *Desk) in(handle func(*room, http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m := d.room(r.PathValue("show"))
		if m == nil {
			http.NotFound(w, r)
			return
		}
		err := r.ParseForm()
		if err == nil {
			err = handle(m, w, r)
		}
		if err == nil || r.Context().Err() != nil {
			return
		}
		status := http.StatusUnprocessableEntity // of what is asked for, as it is now
		if f, ok := errors.AsType[*fault](err); ok {
			status = f.status
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			status = http.StatusRequestEntityTooLarge
		}
		d.o.Log.WarnContext(r.Context(), "desk", "show", m.name, "path", r.URL.Path, "error", err)
		m.sorry(w, r, status, err)
	}
}

// room is that of a show by its name in addresses; nil where there is none.
func (d *Desk) room(name string) *room {
	for _, cfg := range d.o.Shows() {
		if roomName(cfg) != name {
			continue
		}
		d.mu.Lock()
		m := d.rooms[name]
		if m == nil {
			m = &room{desk: d, name: name, watchers: map[chan event]bool{}, making: map[string]*making{}}
			d.rooms[name] = m
		}
		d.mu.Unlock()
		return m.with(cfg)
	}
	return nil
}

func roomName(cfg *config.Config) string { return publish.Slug(batch.ShowName(cfg)) }

// front is the list of the shows, or the show where there is one.
func (d *Desk) front(w http.ResponseWriter, r *http.Request) {
	shows := d.o.Shows()
	if len(shows) == 1 {
		http.Redirect(w, r, Prefix+roomName(shows[0])+"/", http.StatusSeeOther)
		return
	}
	p := frontPage{base: base{Title: "Shows"}}
	for _, cfg := range shows {
		p.Shows = append(p.Shows, link{titleOf(cfg), Prefix + roomName(cfg) + "/"})
	}
	render(w, http.StatusOK, "front", p)
}

//go:embed static
var files embed.FS

// static answers with a file that pages are made with.
func (d *Desk) static(w http.ResponseWriter, r *http.Request, name string) {
	f, err := files.Open(path.Join("static", name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", staticTag(name))
	if ct := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]; ct != "" {
		w.Header().Set("Content-Type", ct)
	}
	if s, ok := f.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, s)
	}
}
