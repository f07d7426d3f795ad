package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/voices"
)

func newVoices(g *globals, s Streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "voices",
		Short:   "List voices, hear them, or serve them",
		Example: "  narrapress voices list\n  narrapress voices audition\n  narrapress voices serve",
	}
	c.AddCommand(newVoicesList(g, s), newVoicesAudition(g, s), newVoicesServe(g, s))
	return c
}

// voicesOptions are the arguments of voices list.
type voicesOptions struct {
	*globals
	Endpoint string // empty: the cast is listed
	All      bool   // every endpoint is asked
}

func newVoicesList(g *globals, s Streams) *cobra.Command {
	o := voicesOptions{globals: g}
	c := &cobra.Command{
		Use:   "list",
		Short: "List the voices that the show has cast, or those that an endpoint has",
		Long: `list shows the voices of the show in the working folder (or of --config): where
each lives, the roles it speaks, and its price. It asks nobody.

With --endpoint it asks that endpoint which voices it has, and marks those that
the show has cast; --all asks every endpoint of the show. A show without
endpoints has the voices of a speech engine that is installed.`,
		Example: "  narrapress voices list\n  narrapress voices list --endpoint studio\n  narrapress voices list --all --json",
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runVoicesList(c.Context(), o, s)
		},
	}
	c.Flags().StringVar(&o.Endpoint, "endpoint", "", "ask the endpoint `NAME` which voices it has")
	c.Flags().BoolVar(&o.All, "all", false, "ask every endpoint of the show")
	return c
}

// endpointVoices are the voices of an endpoint.
type endpointVoices struct {
	Endpoint string      `json:"endpoint"`
	Preset   string      `json:"preset,omitempty"`
	Voices   []voiceLine `json:"voices"`
	Error    string      `json:"error,omitempty"`
}

type voiceLine struct {
	Voice string   `json:"voice"`
	Cast  []string `json:"cast,omitempty"` // names that the show has for it
}

// runVoicesList lists the cast, or the voices of one endpoint or of all.
func runVoicesList(ctx context.Context, o voicesOptions, s Streams) error {
	shows := newShows(o.globals, s, "", nil)
	cfg, err := shows.load(ctx, shows.file(stdin))
	if err != nil {
		return err
	}
	if o.Endpoint == "" && !o.All {
		return runVoicesCast(ctx, cfg, o, s)
	}
	list, err := listVoices(ctx, cfg, o, s)
	if err != nil {
		return err
	}
	if o.JSON {
		err = writeJSON(s.Out, struct {
			Version   int              `json:"version"` // of this document's shape
			Endpoints []endpointVoices `json:"endpoints"`
		}{1, list})
		if err != nil {
			return err
		}
	}
	bad := 0
	for _, e := range list {
		if e.Error != "" {
			bad++
			io.WriteString(s.Err, complain(fmt.Errorf("%s", e.Error)))
		} else if !o.JSON {
			io.WriteString(s.Out, e.text(paint(s.colours(s.OutTerminal))))
		}
	}
	switch {
	case bad == 0:
		return nil
	case bad == len(list):
		return failed
	default:
		return partly
	}
}

func listVoices(ctx context.Context, cfg *config.Config, o voicesOptions, s Streams) ([]endpointVoices, error) {
	endpoints := cfg.Endpoints
	if len(endpoints) == 0 {
		preset, _, ok := voices.Local(ctx, "")
		if !ok {
			return nil, noEngine()
		}
		endpoints = map[string]voices.Endpoint{preset: {Preset: preset}}
	}
	names := sortedKeys(endpoints)
	if o.Endpoint != "" {
		if _, ok := endpoints[o.Endpoint]; !ok {
			reason := fmt.Sprintf("the show has no endpoint %q; it has %s", o.Endpoint, strings.Join(names, ", "))
			if near := nearest(o.Endpoint, names); near != "" {
				reason += fmt.Sprintf("; did you mean %s?", near)
			}
			return nil, misuse("%s", reason)
		}
		names = []string{o.Endpoint}
	}
	resolved, err := voices.Resolve(endpoints)
	if err != nil {
		return nil, err
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{Log: o.logger(s)})
	if err != nil {
		return nil, err
	}
	list := make([]endpointVoices, 0, len(names))
	for _, name := range names {
		e := endpointVoices{Endpoint: name, Preset: endpoints[name].Preset, Voices: []voiceLine{}}
		has, err := studio.Voices(ctx, name)
		if err != nil {
			e.Error = err.Error()
		}
		for _, v := range has {
			e.Voices = append(e.Voices, voiceLine{Voice: v, Cast: castAs(cfg, name, v)})
		}
		list = append(list, e)
	}
	return list, nil
}

// castAs are the show's names for a voice of an endpoint.
func castAs(cfg *config.Config, endpoint, voice string) []string {
	var names []string
	for _, name := range sortedKeys(cfg.Voices) {
		if v := cfg.Voices[name]; v.Endpoint == endpoint && v.Voice == voice {
			names = append(names, name)
		}
	}
	return names
}

func (e *endpointVoices) text(p paint) string {
	var b strings.Builder
	b.WriteString(p.bold(e.Endpoint))
	if e.Preset != "" && e.Preset != e.Endpoint {
		b.WriteString(" (" + e.Preset + ")")
	}
	b.WriteByte('\n')
	if len(e.Voices) == 0 {
		b.WriteString("  it does not say which voices it has\n")
	}
	for _, v := range e.Voices {
		b.WriteString("  " + v.Voice)
		if len(v.Cast) > 0 {
			b.WriteString("  " + p.faint("cast as "+strings.Join(v.Cast, ", ")))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
