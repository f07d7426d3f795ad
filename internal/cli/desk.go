package cli

import (
	"github.com/spf13/cobra"
)

func newDesk(g *globals, s Streams) *cobra.Command {
	o := serverOptions{globals: g, Roles: []string{roleWeb}, DeskAlone: true}
	c := &cobra.Command{
		Use:   "desk [SHOW…]",
		Short: "Hear, mend and release episodes in the browser",
		Long: `desk opens pages for a producer: each text of the show beside the script of how it
will be spoken, to be heard and changed segment by segment; words that are said
wrong; what the gate says of an episode, and the button that lets it out. A SHOW is
its folder or its file; else it is that of the working folder.

What is changed stands in files: edits of a text beside it (post.md.narrapress.yaml),
words in the show's lexicon. What is heard is paid for once: an episode is made of
the takes that were heard at the desk.

It is reached from this machine alone, unless the show has a token (server.token).
'narrapress serve' has the same pages.`,
		Example: `  narrapress desk
  narrapress desk /srv/essays --listen 127.0.0.1:9000`,
		RunE: func(c *cobra.Command, args []string) error {
			o.Shows = args
			return runServe(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Listen, "listen", "", "`ADDRESS` to listen at; else server.listen")
	f.StringVar(&o.Out, "out", "", "`DIR` of the episodes' folders, of one show")
	return c
}
