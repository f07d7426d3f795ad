package config

import "github.com/narrapress/narrapress/voices"

// endpointSettings are the keys of an endpoint, all of which its preset can
// have set already.
func endpointSettings() []setting {
	all := []setting{
		{path: "preset", doc: "The provider's preset; the keys below override it."},
		{path: "identity", doc: "Name of the endpoint in the keys of takes; else the preset's name."},
		{path: "transport", oneOf: []string{"http", "command"}, doc: "How it is spoken to."},
		{path: "url", doc: "Base address, such as http://127.0.0.1:8880/v1."},
		{path: "path", doc: "Below the address."},
		{path: "probe", doc: "Below the address: an HTTP GET that costs nothing and says whether the server is there and the key is right."},
		{path: "method", doc: "HTTP method."},
		{path: "query", doc: "Query of the address."},
		{path: "headers.*", doc: "HTTP header. The case of its name is kept."},
		{path: "key", doc: "The provider's key. Write ${NAME} or ${file:PATH}, never the key itself."},
		{path: "model", doc: "Model of voices that name none."},
		{path: "body", doc: "Request's body."},
		{path: "body_type", oneOf: []string{"json", "form"}, doc: "How the body is written."},
		{path: "argv", doc: "Command and its arguments; no shell."},
		{path: "stdin", doc: "What the command reads."},
		{path: "version", doc: "Command that prints the engine's version."},
		{path: "install", doc: "What to do where the program is missing."},
		{path: "phonemes.form", oneOf: voices.PhonemeForms(), doc: "How IPA from a lexicon is written into {{text}}; `none` where the engine would leave the word out. docs/text.md tells more."},
		{path: "phonemes.models", doc: "Patterns of the models that take phonemes; else all do."},
		{path: "phonemes.voices", doc: "Patterns of the voices that take phonemes, such as en*; else all do."},
		{path: "response.audio", doc: "Where the audio is: body, stdout, file, or json:PATH (base64)."},
		{path: "response.format", doc: "auto, or pcm_s16le or pcm_f32le for samples without a header."},
		{path: "response.sample_rate", unit: "Hz", within: orZero(1000, 768_000), doc: "Needed with pcm."},
		{path: "response.channels", within: orZero(1, 2), doc: "Of pcm."},
		{path: "response.request_id", doc: "Name of the header with the request's ID."},
		{path: "limits.most", unit: "of limits.unit", within: between(0, 10_000_000), doc: "Longest text of one request."},
		{path: "limits.unit", oneOf: []string{"chars", "bytes"}, doc: "What limits.most counts."},
		{path: "limits.concurrency", within: between(0, 1000), doc: "Requests in flight."},
		{path: "limits.per_minute", within: between(0, 1_000_000), doc: "Requests started in a minute; 0 is no limit."},
		{path: "retry.attempts", within: between(0, 100), doc: "How often a request is made in all."},
		{path: "retry.base", within: between(0, day), doc: "First wait; it doubles."},
		{path: "retry.cap", within: between(0, day), doc: "Longest wait."},
		{path: "retry.statuses", doc: "HTTP statuses that are worth another try."},
		{path: "retry.fatal_if", doc: "Conditions on the answer's JSON that no other try heals: a list of {path, in}."},
		{path: "timeout.connect", within: between(0, day), doc: "To reach the server."},
		{path: "timeout.idle", within: between(0, day), doc: "Between two reads."},
		{path: "timeout.base", within: between(0, day), doc: "Of one attempt."},
		{path: "timeout.per_1k_chars", within: between(0, day), doc: "On top of base, for every thousand characters."},
		{path: "check.most_bytes", unit: "bytes", within: between(0, 1<<40), doc: "Longest answer."},
		{path: "check.chars_per_sec", unit: "characters/s", doc: "Slowest and fastest believable speech."},
		{path: "price.per_1m_chars", unit: "in price.currency", within: between(0, 1e9), doc: "For a million characters."},
		{path: "price.models.*", unit: "in price.currency", within: between(0, 1e9), doc: "For a million characters of one model."},
		{path: "price.free", doc: "It costs nothing."},
		{path: "price.currency", doc: "ISO 4217 code."},
		{path: "price.date", doc: "When the price was seen."},
		{path: "voices.names", doc: "Known voices, best first."},
		{path: "voices.path", doc: "Where to ask for voices, below the address."},
		{path: "voices.argv", doc: "Command that prints the voices."},
		{path: "voices.pattern", doc: "Regular expression for the lines that the command prints; its first group is a voice."},
		{path: "params", doc: "Defaults under each voice's `params`."},
	}
	for i := range all {
		all[i].path = "endpoints.*." + all[i].path
	}
	return all
}
