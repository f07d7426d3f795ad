package config

import "github.com/narrapress/narrapress/pipeline/publish/gate"

// gateSettings are the rules that an episode has to pass before it goes out.
func gateSettings() []setting {
	var all []setting
	rule := func(name, what string, bounds ...setting) {
		all = append(all, setting{
			path: "gate." + name + ".then", oneOf: gate.Thens(),
			doc: what + " `hold` keeps an episode that breaks the rule out of the feed, `warn` only says so in its report, `off` does not ask.",
		})
		for _, b := range bounds {
			b.path = "gate." + name + "." + b.path
			all = append(all, b)
		}
	}
	rule("length", "Of how long the voices speak.",
		setting{path: "least", within: between(0, 100), doc: "As a multiple of what the text makes expect."},
		setting{path: "most", within: between(0, 100), doc: "The same, at most."})
	rule("segments", "Of segments of which nothing is heard.")
	rule("retakes", "Of takes whose first answer a check refused (docs/takes.md).",
		setting{path: "most", within: between(0, 1), doc: "Share of the segments."})
	rule("silence", "Of the longest silence: a stretch under −60 LUFS between the first and the last sound.",
		setting{path: "beyond", within: between(0, 3600), doc: "How much longer than the longest planned pause it may be."})
	rule("loudness", "Of the integrated loudness.",
		setting{path: "within", unit: "LU", within: between(0, 30), doc: "How far it may be from `audio.loudness`."})
	rule("peak", "Of the true peak.",
		setting{path: "over", within: between(0, 20), doc: "How far it may be over `audio.peak`."})
	rule("clipping", "Of takes that reach full scale.",
		setting{path: "most", within: between(0, 1), doc: "Share of the segments."})
	rule("chapters", "Of chapters: too few, without a title, or a first one that does not begin the episode.",
		setting{path: "least", within: between(0, 10_000), doc: "How many an episode has that is longer than `over`."},
		setting{path: "over", within: between(0, 10*day), doc: "Shorter episodes need none."})
	rule("artwork", "Of the cover: it is there, and square.",
		setting{path: "least", unit: "pixels", within: between(0, 10_000), doc: "Least length of its sides."},
		setting{path: "drawn", doc: "Whether, where there is none, one of words will do, which `narrapress feed` draws."})
	rule("unknown", "Of words that are in no word list and in no lexicon (`narrapress plan --unknown`), in languages whose words are known.",
		setting{path: "most", within: between(0, 1), doc: "Share of the words; one that is there twice counts twice."})
	rule("cost", "Of what the episode's takes cost, recorded now or before.",
		setting{path: "most", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "An episode that costs more breaks the rule; 0 is no bound. `limits.cost` keeps it from being recorded at all."})
	rule("understudy", "Of voices in whose place an understudy speaks.")
	return all
}
