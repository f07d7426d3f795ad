package config

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
