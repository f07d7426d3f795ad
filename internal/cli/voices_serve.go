package cli

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// serveOptions are the flags of voices serve.
type serveOptions struct {
	*globals
	Listen  string
	Vary    bool
	Latency time.Duration
}

func newVoicesServe(g *globals, s Streams) *cobra.Command {
	o := serveOptions{globals: g}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the voices of this machine to programs that ask as they ask OpenAI",
		Long: `serve answers POST /v1/audio/speech with a speech engine of this machine, until
it is interrupted. It is for trying out shows, and other programs, without a
provider. It listens on loopback unless it is told otherwise, and asks for no
key.`,
		Example: `  narrapress voices serve
  narrapress voices serve --vary --latency 300ms    as a model far away does`,
		Args: between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runVoicesServe(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8880", "`ADDRESS` to listen at")
	f.BoolVar(&o.Vary, "vary", false, "never speak a text twice alike, as models do")
	f.DurationVar(&o.Latency, "latency", 0, "wait before each answer")
	return c
}

// runVoicesServe serves until ctx ends, which is its good end.
func runVoicesServe(ctx context.Context, o serveOptions, s Streams) error {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return misuse("--listen is an address such as 127.0.0.1:8880, not %q", o.Listen)
	}
	server, err := voicetest.New(ctx, voicetest.Options{Unlike: o.Vary, Delay: o.Latency})
	if err != nil {
		return err
	}
	url, err := server.Start(o.Listen)
	if err != nil {
		return err
	}
	defer server.Close()
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintf(s.Err, "narrapress: whoever reaches %s can make this machine speak: it asks for no key\n", o.Listen)
	}
	if err := o.announce(url, server.Engine(), s); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// announce says where the voices are and how a show asks for them.
func (o serveOptions) announce(url, engine string, s Streams) error {
	if o.JSON {
		return writeJSON(s.Out, struct {
			Version int      `json:"version"` // of this document's shape
			URL     string   `json:"url"`
			Engine  string   `json:"engine"`
			Voices  []string `json:"voices"`
		}{1, url, engine, voicetest.Voices()})
	}
	if o.Quiet {
		return nil
	}
	fmt.Fprintf(s.Out, "%s\nspoken by %s; voices: %s\nin a show:\n  endpoints: {local: {preset: openai, url: %q, price: {free: true}}}\nend it with Ctrl-C\n",
		url, engine, strings.Join(voicetest.Voices(), ", "), url)
	return nil
}
