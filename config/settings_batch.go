package config

// sourceSettings are the keys of where posts come from and when they are looked
// for. docs/batches.md tells more of them.
func sourceSettings() []setting {
	const many = 1_000_000
	return []setting{
		{path: "sources[].name", doc: "Name for schedules and reports; else `from` is its name."},
		{path: "sources[].from", is: place, doc: "Where the posts are: a file, a pattern such as posts/**/*.md, a folder, or the address of a feed, a sitemap or a page. A source may be this text alone. docs/batches.md tells more of sources."},
		{path: "sources[].kind", oneOf: SourceKinds(), doc: "What stands there; `auto`, without a word, finds out."},
		{path: "sources[].content", oneOf: SourceContents(), doc: "Of a feed: `page` reads the page that an item links to, `item` the item's own text, `auto`, without a word, the item's own where it is the whole text."},
		{path: "sources[].watch", doc: "Of files: they are written at any time. `serve` makes those that are new at once, and a file is left alone until it has settled."},
		{path: "sources[].tags", doc: "Only posts with one of these."},
		{path: "sources[].author", doc: "Only posts by one of these."},
		{path: "sources[].since", is: date, doc: "Only posts of this day (UTC) or later; a post without a date passes no bound of dates."},
		{path: "sources[].until", is: date, doc: "Only posts of this day or earlier."},
		{path: "sources[].newer", within: orZero(1, 100*366*day), doc: "Only posts that are at most so old."},
		{path: "sources[].words.least", within: between(0, many*100), doc: "Only posts of so many words or more, where the number is known before they are read: of files, of single pages, and of items that a feed has whole."},
		{path: "sources[].words.most", within: between(0, many*100), doc: "Only posts of so many words or fewer; 0 is no bound."},
		{path: "sources[].match", is: pattern, doc: "Only posts whose title, path or address has this regular expression (RE2) in it. `(?i)` before it ignores case."},
		{path: "sources[].skip", is: pattern, doc: "No posts whose title, path or address has this in it."},
		{path: "sources[].limit", within: between(0, many), doc: "Only so many posts, the newest first; 0 is no limit."},
		{path: "sources[].gone", oneOf: SourceGone(), doc: "What becomes of an episode whose post is gone: `keep`, without a word, or `withdraw`, which takes it out of the feed and leaves its files. It comes back when the post does."},
		{path: "sources[].debounce", within: orZero(1, day), doc: "A post that has changed is made again when it was left alone for so long; without a word a minute for watched files, else at once. `batch run` does not wait."},
		{path: "schedules.*.cron", is: cronTime, doc: "When: minute, hour, day of month, month, day of week, or @hourly, @daily, @weekly, @monthly, @yearly."},
		{path: "schedules.*.zone", is: zone, doc: "Whose clock that is, such as Europe/Berlin; else UTC."},
		{path: "schedules.*.jitter", within: orZero(1, day), doc: "A run begins up to so much later: each time of the schedule has its own share, the same on every machine."},
		{path: "schedules.*.catch_up", oneOf: CatchUps(), doc: "What becomes of times that nobody was there for: `once`, without a word, runs once for all of them, `all` each, `none` none."},
		{path: "schedules.*.overlap", oneOf: Overlaps(), doc: "What becomes of a time that comes while the last run is still going: `skip`, without a word, leaves it out, `queue` runs after it, `replace` ends the one that is going."},
		{path: "schedules.*.sources", doc: "Names of the sources that are looked through; without one, all."},
		{path: "schedules.*.limit", within: between(0, many), doc: "Most episodes that a run makes; 0 is no limit."},
		{path: "schedules.*.max_cost", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "Over `limits.cost.run`, for the schedule's runs; 0 leaves it to that."},
	}
}
