package config

import (
	"strings"

	"github.com/narrapress/narrapress/voices"
)

// listenSettings are the keys of who listens to takes.
func listenSettings() []setting {
	all := []setting{
		{path: "url", doc: "Base address of a server with OpenAI's interface for transcription, such as http://127.0.0.1:8000/v1. Without one nobody listens. docs/takes.md tells more."},
		{path: "path", doc: "Below the address."},
		{path: "headers.*", doc: "HTTP header. The case of its name is kept."},
		{path: "key", doc: "The provider's key. Write ${NAME} or ${file:PATH}, never the key itself."},
		{path: "model", doc: "Model that listens, such as whisper-1."},
		{path: "response_format", oneOf: voices.ListenFormats(), doc: "What it is asked to answer with."},
		{path: "rate", within: between(0, 1), doc: "Most of a text's words that may be heard otherwise, as a share; half a word is let pass beside it. A word counts by how many of its letters differ."},
		{path: "in_a_row", unit: "words", within: between(0, 1000), doc: "Most words in one stretch that may be heard otherwise."},
		{path: "required", doc: "Whether an episode fails where a take cannot be listened to, because the listener is down, say. Else that is reported, and the take is kept unheard."},
		{path: "limits.most_bytes", unit: "bytes", within: between(1, 1<<40), doc: "Largest file that it takes."},
		{path: "limits.concurrency", within: between(0, 1000), doc: "Requests in flight; 0 finds how many there may be."},
		{path: "limits.per_minute", within: between(0, 1_000_000), doc: "Requests started in a minute; 0 is no limit."},
		{path: "price.per_minute", unit: "in price.currency", within: between(0, 1e6), doc: "For a minute of sound. It counts in the ledger and in limits.cost."},
		{path: "price.free", doc: "It costs nothing."},
		{path: "price.currency", doc: "ISO 4217 code."},
		{path: "price.date", doc: "When the price was seen."},
	}
	for _, s := range endpointSettings() { // as an endpoint's
		for _, group := range []string{"retry.", "breaker.", "timeout."} {
			if name, ok := strings.CutPrefix(s.path, "endpoints.*."); ok && strings.HasPrefix(name, group) {
				s.path = name
				all = append(all, s)
			}
		}
	}
	for i := range all {
		all[i].path = "listen." + all[i].path
	}
	return all
}

// listen judges who listens.
func (d *decoder) listen(c *Config) {
	s, said := d.from.values["listen"]
	if c.Listen.URL == "" {
		if _, off := d.from.values["listen.url"]; said && !off && !d.bad["listen"] && d.below("listen") {
			d.fault("listen", s.key, "listen has settings but no url: nobody listens")
		}
		return
	}
	if d.bad["listen"] {
		return
	}
	at := s.key
	if !said {
		at = d.from.values["listen.url"].at
	}
	if err := c.Listen.Validate(); err != nil {
		for _, err := range apart(err) {
			d.fault("listen", at, "listen: %s", d.scrub(err.Error(), voices.Endpoint{Key: c.Listen.Key, Headers: c.Listen.Headers}))
		}
	}
}
