package document

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// player says whether an element is another page or a medium inside this one.
func player(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed:
		return true
	}
	return false
}

// embedSorts are the sites whose embedded pages are known, by the end of their
// hosts, and what a listener is told they are.
var embedSorts = map[string]string{
	"youtube.com": "video", "youtube-nocookie.com": "video", "youtu.be": "video", "vimeo.com": "video", "dailymotion.com": "video", "twitch.tv": "video",
	"ted.com": "video", "wistia.com": "video", "wistia.net": "video", "loom.com": "video", "bilibili.com": "video", "rumble.com": "video", "odysee.com": "video",
	"streamable.com": "video", "jwplayer.com": "video", "brightcove.net": "video", "tiktok.com": "video", "videopress.com": "video", "archive.org": "video",
	"spotify.com": "audio", "soundcloud.com": "audio", "podcasts.apple.com": "audio", "music.apple.com": "audio", "bandcamp.com": "audio", "libsyn.com": "audio",
	"buzzsprout.com": "audio", "simplecast.com": "audio", "megaphone.fm": "audio", "transistor.fm": "audio", "anchor.fm": "audio", "acast.com": "audio",
	"mixcloud.com": "audio", "audioboom.com": "audio", "type3.audio": "audio",
	"strawpoll.com": "poll", "strawpoll.me": "poll", "typeform.com": "poll", "polldaddy.com": "poll", "surveymonkey.com": "poll", "forms.gle": "poll",
	"docs.google.com/forms": "poll",
	"metaculus.com":         "forecast", "manifold.markets": "forecast", "polymarket.com": "forecast", "elicit.org": "forecast", "goodjudgment.io": "forecast", "infer-pub.com": "forecast", "kalshi.com": "forecast",
	"twitter.com": "post", "x.com": "post", "instagram.com": "post", "facebook.com/plugins/post": "post", "facebook.com/plugins/video": "video", "bsky.app": "post", "reddit.com": "post", "redditmedia.com": "post", "threads.net": "post",
	"google.com/maps": "map", "openstreetmap.org": "map",
}

// machinery are embedded pages that no author wrote: advertising, counters,
// buttons, forms for addresses.
var machinery = compiled(`(?i)(^|//|\.)(doubleclick\.net|googlesyndication\.com|googletagmanager\.com|amazon-adsystem\.com|adservice\.|ads?\.|taboola\.com|outbrain\.com|disqus\.com|addthis\.com|sharethis\.com|` +
	`platform\.twitter\.com/widgets/|apis\.google\.com|accounts\.google\.com|facebook\.com/plugins/(like|page|share|comments|follow)|staticxx\.facebook|mailchi\.mp|list-manage\.com|quantserve|chartbeat|criteo|teads|livefyre)|recaptcha|/(newsletter|subscribe|sign-?up|embed/subscribe|adserver|ads?|tracking|pixel)([/?#.]|$)`)

// emptyTitle are titles that players give themselves.
var emptyTitle = compiled(`(?i)^((youtube|vimeo|spotify|soundcloud|dailymotion|twitter|facebook|instagram|tiktok)?[ -]*(embed(ded)?|video|audio|media|tweet|post|content|playlist|iframe|player|frame)([ -]*(player|embed|content|frame|iframe|from youtube))*|youtube|vimeo|iframe.*|(https?:)?//\S*|[\w-]*\d[\w-]*)$`)

// spotifyTitle is what Spotify's players put before a title.
var spotifyTitle = compiled(`^Spotify Embed: `)

// mostFallback is how many words an object may have for readers without its
// player ("Your browser …") that are not its author's text.
const mostFallback = 15

// embedded is a medium, or another page, that stands in this one.
func (p *page) embedded(n *html.Node) []Element {
	e := Element{Kind: Embed, Pos: p.pos(n), URL: p.link(embedSource(n))}
	host := hostOf(e.URL)
	if n.DataAtom == atom.Object && (e.URL == "" || embedSort(e.URL) == "" && len(strings.Fields(textOf(n))) > mostFallback) {
		return p.flow(n) // what is shown where there is no player
	}
	if words := readable(n); p.book && words != "" {
		p.find(n, "%s, which is for readers without a player, is left out", quotedWords(words))
	}
	switch {
	case e.URL == "", strings.HasPrefix(e.URL, "about:"), strings.HasPrefix(e.URL, "javascript:"), tiny(n):
		return nil
	case machinery().MatchString(e.URL):
		return nil
	}
	e.Label = embedSort(e.URL)
	switch {
	case n.DataAtom == atom.Video:
		e.Label = "video"
	case n.DataAtom == atom.Audio:
		e.Label = "audio"
	case e.Label == "" && host == "" && strings.HasPrefix(e.URL, "data:"):
		return nil
	case e.Label == "":
		e.Label = "embed"
	}
	for _, key := range []string{"title", "aria-label", "data-title"} {
		if t := spotifyTitle().ReplaceAllString(clean(attr(n, key)), ""); e.Title == "" && !emptyTitle().MatchString(t) {
			e.Title = t
		}
	}
	return []Element{e}
}

// player is a medium, or another page, where only text is asked for: nothing,
// with a finding, or what it has for readers without a player.
func (w *inliner) player(n *html.Node) []Inline {
	var shown []Element
	for _, e := range w.embedded(n) {
		if e.Kind != Embed {
			shown = append(shown, e)
			continue
		}
		w.find(n, "something from another page, in a heading, a caption or a table, is left out: %s", quotedWords(strings.TrimSpace(e.Title+" "+e.URL)))
	}
	out := flattened(shown)
	if len(out) == 0 {
		return nil
	}
	out = append(w.lineBreak(), out...)
	w.space = false
	return append(out, w.lineBreak()...)
}

// embedSource is the address of what is embedded.
func embedSource(n *html.Node) string {
	for _, key := range []string{"src", "data-src", "data-lazy-src", "data-url", "data"} {
		if v := strings.TrimSpace(attr(n, key)); v != "" && v != "about:blank" && !strings.HasPrefix(v, "data:") {
			return v
		}
	}
	if inner := first(n, is(atom.Source, atom.Embed, atom.Iframe)); inner != nil && inner != n {
		return embedSource(inner)
	}
	if param := first(n, func(n *html.Node) bool {
		return n.DataAtom == atom.Param && strings.EqualFold(attr(n, "name"), "movie")
	}); param != nil {
		return attr(param, "value")
	}
	return ""
}

// embedSort is what an address is known to show, or "".
func embedSort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	for host != "" {
		for key, sort := range embedSorts {
			site, path, _ := strings.Cut(key, "/")
			if site == host && strings.HasPrefix(strings.TrimPrefix(u.Path, "/"), path) {
				return sort
			}
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return ""
}

// hostOf is the host of an address as people say it.
func hostOf(address string) string {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
