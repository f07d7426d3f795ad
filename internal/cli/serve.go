package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/web"
	"github.com/narrapress/narrapress/internal/web/desk"
)

// The roles of a server.
const (
	roleWeb       = "web"       // answers by HTTP
	roleScheduler = "scheduler" // begins runs, and ends them
	roleWorker    = "worker"    // makes episodes
)

func allRoles() []string { return []string{roleWeb, roleScheduler, roleWorker} }

// serverOptions are the flags and arguments of serve.
type serverOptions struct {
	*globals
	Shows  []string
	Roles  []string
	Listen string
	Out    string
	Jobs   int

	DeskAlone bool // neither status nor queue: the pages of the desk, for the shows of a folder
}

func newServe(g *globals, s Streams) *cobra.Command {
	o := serverOptions{globals: g}
	c := &cobra.Command{
		Use:   "serve [SHOW…]",
		Short: "Make episodes by schedule, and serve feed, pages and status, until it is stopped",
		Long: `serve does all that shows need after they were set up: it begins the runs of their
schedules and of what is written into their watched folders, makes the episodes,
writes the feeds, uploads them, tells whoever is to hear of it, and answers by HTTP
with feed, episodes, /desk/, /status, /metrics, /healthz and /readyz. A SHOW is its
folder or its file; else it is that of the working folder.

--roles divides this among processes: web answers, scheduler begins runs and ends
them, worker makes episodes. Several processes need a PostgreSQL (server.database).

A show's file that is changed is read again, at once and on SIGHUP; where it cannot
be used, that is said in the log and on the status page, and the one before goes
on. On SIGTERM or Ctrl-C episodes under way may end within server.grace, and the
others go back to the queue. docs/serve.md tells more.`,
		Example: `  narrapress serve
  narrapress serve /srv/essays /srv/letters --listen 127.0.0.1:8470
  narrapress serve --roles worker                 on a second machine
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8470/metrics`,
		RunE: func(c *cobra.Command, args []string) error {
			o.Shows = args
			return runServe(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.Roles, "roles", allRoles(), "do only these `ROLES` of web, scheduler and worker")
	f.StringVar(&o.Listen, "listen", "", "`ADDRESS` to listen at; else server.listen")
	f.StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are made in, of one show")
	f.IntVar(&o.Jobs, "jobs", 0, "make `N` episodes at a time; else server.jobs, else two a core")
	return c
}

func (o *serverOptions) validate() error {
	for _, r := range o.Roles {
		if !slices.Contains(allRoles(), r) {
			return misuse("--roles: there is no role %q: name %s", r, strings.Join(allRoles(), ", "))
		}
	}
	switch {
	case len(o.Roles) == 0:
		return misuse("--roles is empty: name %s", strings.Join(allRoles(), ", "))
	case o.Jobs < 0:
		return misuse("--jobs is a number of episodes, not %d", o.Jobs)
	case o.Config != "" && len(o.Shows) > 0:
		return misuse("--config names the show's file: leave out %q", o.Shows[0])
	case o.Out != "" && len(o.Shows) > 1:
		return misuse("--out is of one show, and %d are named", len(o.Shows))
	}
	return nil
}

func (o *serverOptions) has(role string) bool { return slices.Contains(o.Roles, role) }

// serverLog writes what a server does.
func (o *serverOptions) serverLog(s Streams) *slog.Logger {
	switch {
	case o.Verbose:
		return o.log(s, slog.LevelDebug)
	case o.Quiet:
		return o.log(s, slog.LevelWarn)
	}
	return o.log(s, slog.LevelInfo)
}

// showFiles are the files of the shows that the command line means.
func showFiles(o serverOptions, s Streams) ([]string, error) {
	all := newShows(o.globals, s, o.Out, nil)
	if len(o.Shows) == 0 {
		file := all.file(stdin)
		if file == "" {
			return nil, misuse("there is no show's file here: name a show, or begin one with 'narrapress init'")
		}
		return []string{file}, nil
	}
	var files []string
	for _, arg := range o.Shows {
		path := all.abs(arg)
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, misuse("%s: there is no such show", arg)
		case info.IsDir():
			found, ok := config.Find(path)
			if !ok || filepath.Dir(found) != filepath.Clean(path) {
				return nil, misuse("%s: there is no show's file in this folder", arg)
			}
			path = found
		}
		if !slices.Contains(files, path) {
			files = append(files, path)
		}
	}
	return files, nil
}

func runServe(ctx context.Context, o serverOptions, s Streams) error {
	if err := o.validate(); err != nil {
		return err
	}
	files, err := showFiles(o, s)
	if err != nil {
		return err
	}
	site, err := newSite(ctx, o, s, files)
	if err != nil {
		return err
	}
	var l net.Listener
	if o.has(roleWeb) {
		if l, err = o.open(ctx, site); err != nil {
			return err
		}
		defer l.Close()
		if err := o.announce(l, s); err != nil {
			return err
		}
	}
	if err := site.run(ctx, l); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil // that it was stopped is its good end
}

// open listens where it was told to. Whoever is not of this machine needs a token.
func (o *serverOptions) open(ctx context.Context, site *site) (net.Listener, error) {
	address := o.Listen
	if address == "" {
		address = site.Shows()[0].Server.Listen
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, misuse("--listen and server.listen are an address such as 127.0.0.1:8470, not %q", address)
	}
	if !web.Loopback(address) && site.Token() == "" {
		return nil, misuse("%s is reached by other machines, whom desk, /status and /metrics need a token from: set server.token (server: {token: ${NARRAPRESS_TOKEN}})", address)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", address, err)
	}
	return l, nil
}

// announce says where the server is.
func (o *serverOptions) announce(l net.Listener, s Streams) error {
	url := "http://" + l.Addr().String()
	if o.JSON {
		return writeJSON(s.Out, struct {
			Version int      `json:"version"` // of this document's shape
			URL     string   `json:"url"`
			Roles   []string `json:"roles"`
		}{1, url, o.Roles})
	}
	switch {
	case o.Quiet:
	case o.DeskAlone:
		fmt.Fprintf(s.Out, "%s%s\nend it with Ctrl-C\n", url, desk.Prefix)
	default:
		fmt.Fprintf(s.Out, "%s\nstatus at %s/status, desk at %s%s; end it with Ctrl-C\n", url, url, url, desk.Prefix)
	}
	return nil
}
