package config

import (
	"net/url"
	"strings"
)

// serverSettings are the keys of how batches and servers work.
func serverSettings() []setting {
	return []setting{
		{path: "server.listen", doc: "Host and port of the web pages of `narrapress serve`."},
		{path: "server.database", doc: "Address of a PostgreSQL, postgres://USER:PASSWORD@HOST/NAME, by which many machines share the work; write ${NAME} for what is secret in it. Without one, a file in the output folder, for one process."},
		{path: "server.token", doc: "What whoever is not of this machine must know to see the pages. Write ${NAME} or ${file:PATH}, never the token itself."},
		{path: "server.jobs", within: between(0, 1000), doc: "Episodes that one process makes at a time; 0 is two a core. Endpoints have limits of their own."},
		{path: "server.grace", within: between(0, day), doc: "How long episodes under way may go on when the process is to stop; then they are handed back, and begin again elsewhere from what is stored."},
		{path: "notify[].url", doc: "Where notices of runs go. A notice may be this address alone. Write ${NAME} for what is secret in it."},
		{path: "notify[].kind", oneOf: NoticeKinds(), doc: "`webhook`, without a word, posts the run's report as JSON, `slack` a text as Slack, Mattermost and others take it, `ntfy` a text to a topic of ntfy."},
		{path: "notify[].on", oneOf: NoticeEvents(), doc: "What is told: `done` runs that made something, `failed` posts or sources that were set aside, `held` episodes that the gate keeps back, `caps` that nine tenths of a limit of cost are spent. None is all."},
	}
}

// server judges the address of the database. It is never shown: what is wrong may
// well be where a password begins or ends.
func (d *decoder) server(c *Config) {
	const path = "server.database"
	s, said := d.from.values[path]
	if !said || d.bad[path] || c.Server.Database.IsZero() {
		return
	}
	if c.Server.Database.Reveal() == c.Server.Database.String() { // masked, in an effective configuration
		return
	}
	u, err := url.Parse(c.Server.Database.Reveal())
	if err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && u.Opaque == "" &&
		!strings.Contains(u.Host, "@") && (u.Hostname() != "" || u.Query().Get("host") != "") {
		return
	}
	d.fault(path, s.at, "database: it is no address of a PostgreSQL: write postgres://USER:PASSWORD@HOST/NAME, and signs such as @ : / %% in a password as %%40 %%3A %%2F %%25")
}
