package config

import (
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
	"github.com/narrapress/narrapress/voices"
)

// version of the show's file that this program reads.
const version = 1

// setting is what is known of a key beyond its Go type. A * in its path stands
// for a name that the show gives.
type setting struct {
	path    string
	doc     string   // what it means, one or two short sentences
	unit    string   // of a plain number
	within  *bounds  // of a number, or of a length of time in seconds
	oneOf   []string // the texts it may be
	numbers []int    // the whole numbers it may be
	is      meaning
}

// bounds are both inclusive. 0 may be allowed beside them, where it means
// "not set".
type bounds struct {
	least, most float64
	orZero      bool
}

// meaning of a text that is more than words.
type meaning int

const (
	words       meaning = iota
	inputFile           // a file that must be there
	folder              // a folder that may be made
	languageTag         // BCP 47
	place               // a path, a pattern of paths, or an address
	date                // 2006-01-02
	pattern             // a regular expression
	cronTime            // five fields, as crontab has them
	zone                // of the IANA time zone database
)

func between(least, most float64) *bounds { return &bounds{least: least, most: most} }
func orZero(least, most float64) *bounds  { return &bounds{least: least, most: most, orZero: true} }

const day = 24 * 60 * 60 // seconds

// settings is every key of a show's file, in the order of the file. Validation,
// schema and documentation are made from it and from the Go types.
func settings() []setting {
	return slices.Concat(
		showSettings(),
		feedSettings(),
		endpointSettings(),
		voiceSettings(),
		scriptSettings(),
		lexiconSettings(),
		trackSettings(),
		audioSettings(),
		outputSettings(),
		transcriptSettings(),
		listenSettings(),
		gateSettings(),
		publishSettings(),
		sourceSettings(),
		serverSettings(),
	)
}

func showSettings() []setting {
	return []setting{
		{path: "version", within: between(1, version), doc: "Version of the file's format. May be left out."},
		{path: "include", doc: "Files whose maps are merged into this one, relative to the file that includes them."},
		{path: "show.id", doc: "Lasting name of the show, such as a UUID. Never change it."},
		{path: "show.title", doc: "Title of the show."},
		{path: "show.author", doc: "Who makes the show."},
		{path: "show.language", is: languageTag, doc: "Language of the show, a BCP 47 tag such as en-US."},
		{path: "show.link", doc: "Web page of the show."},
		{path: "show.description", doc: "What the show is about."},
		{path: "show.cover", is: inputFile, doc: "Cover picture, a JPEG or PNG file."},
		{path: "show.credits", doc: "Text spoken at the end of every episode."},
	}
}

func voiceSettings() []setting {
	return []setting{
		{path: "voices.*.endpoint", doc: "Name of the endpoint where the voice lives."},
		{path: "voices.*.voice", doc: "The provider's name or ID of the voice."},
		{path: "voices.*.model", doc: "Model; else the endpoint's."},
		{path: "voices.*.language", is: languageTag, doc: "Language the voice speaks, a BCP 47 tag; else the text's."},
		{path: "voices.*.speed", within: orZero(0.25, 4), doc: "1 is the voice's own speed; 0 leaves it to the endpoint."},
		{path: "voices.*.pitch", doc: "In the provider's own unit."},
		{path: "voices.*.style", doc: "How to speak, where the provider takes it."},
		{path: "voices.*.gain", within: between(-60, 60), doc: "Louder (positive) or quieter, applied in the mix."},
		{path: "voices.*.understudy", doc: "Name of the voice that speaks in its place, the whole of an episode, where its endpoint is down before the episode begins."},
		{path: "voices.*.lexicon", is: inputFile, doc: "Lexicons for what the voice speaks, over the show's. docs/text.md tells what is in one."},
		{path: "voices.*.normalize", oneOf: modes(), doc: "Over `script.normalize`, for what the voice speaks."},
		{path: "voices.*.context", oneOf: voices.Contexts(), doc: "What the endpoint is told of the text before and after, where its request names {{previous}} and {{next}}: `none`, the `sentence` on either side, or the `paragraph`: the segments on either side. Only of the same chapter and role. It is a part of the take's key: an edit then costs its neighbours too. Without a word, `none`."},
		{path: "voices.*.params", doc: "Further values for the request, over the endpoint's `params`."},
		{path: "roles.*", doc: "Name of the voice that speaks the role: title, body, heading, quote, note, credits or speaker:NAME. body needs one; speaker falls back to quote, and any other to body."},
	}
}

// modes are those of the normaliser, as texts.
func modes() []string {
	var out []string
	for _, m := range normalize.Modes() {
		out = append(out, string(m))
	}
	return out
}

func scriptSettings() []setting {
	return []setting{
		{path: "script.opening", doc: "Spoken first, in the role title. {title}, {author}, {date}, {site} and {show} stand for the episode's and its show's; and {book}, of a chapter, for the book; a sentence with a name that is empty is left out. Empty speaks none, `auto` that of the text's language: in English \"{title}. By {author}.\""},
		{path: "script.closing", doc: "Spoken after the last of the text, in the role title."},
		{path: "script.normalize", oneOf: modes(), doc: "How much of what is written in signs is put into words: `full` all of it, for engines that read plain words only; `light` what no engine reads well, such as web addresses, ranges and damaged characters; `off` nothing. docs/text.md tells more."},
		{path: "script.elements.heading", oneOf: script.ElementModes("heading"), doc: "`title` speaks the heading's words, `announce` says \"Heading.\" first, `skip` leaves them unspoken (the chapter stays)."},
		{path: "script.elements.quote", oneOf: script.ElementModes("quote"), doc: "`voice` relies on the second voice and pauses, `announce` says \"Quote.\" and \"End quote.\", `auto` announces only where the quote has the voice of the text around it, and the end of quotes of more than 120 words."},
		{path: "script.elements.inline_quote", oneOf: script.ElementModes("inline_quote"), doc: "Of words in quotation marks: `marks` leaves them to the voice, `announce` says \"quote\" before."},
		{path: "script.elements.dialogue", oneOf: script.ElementModes("dialogue"), doc: "Of turns such as \"Ann: Hello.\": `auto` gives them to the role speaker:Ann and reads a name once where it has a voice of its own, else each time; `names` reads every name; `text` leaves them as paragraphs."},
		{path: "script.elements.link", oneOf: script.ElementModes("link"), doc: "Of an address without a text of its own: `host` says \"link to\" and its host, `skip` leaves it out."},
		{path: "script.elements.image", oneOf: script.ElementModes("image"), doc: "`alt` speaks \"Image:\", the caption, and the alternative text where it says more; `caption` the caption alone; `skip` nothing."},
		{path: "script.elements.footnote", oneOf: script.ElementModes("footnote"), doc: "`sentence` speaks a footnote of up to 40 words after the sentence that refers to it and a longer one after the paragraph, `paragraph` all of them there, `end` all at the end, `none` leaves them out. Footnotes that only name sources are left out but with `end`."},
		{path: "script.elements.list", oneOf: script.ElementModes("list"), doc: "`auto` says how many items a list of six or more has, `announce` of every list, `plain` of none."},
		{path: "script.elements.table", oneOf: script.ElementModes("table"), doc: "`auto` reads the rows of a table of up to 6 rows and 4 columns and tells the shape of a larger one, `rows` reads all, `shape` none, `skip` leaves tables out."},
		{path: "script.elements.code", oneOf: script.ElementModes("code"), doc: "`announce` says that code was left out, and reads a single line of up to 80 characters; `read` speaks it, `skip` nothing."},
		{path: "script.elements.inline_code", oneOf: script.ElementModes("inline_code"), doc: "`words` divides names such as maxRetries and max_retries into their words, `verbatim` leaves code as it is written."},
		{path: "script.elements.math", oneOf: script.ElementModes("math"), doc: "Of formulas that are set apart: `speak` reads those of up to 25 words and announces the others, `announce` says of each that it is in the text, `skip` nothing. Mathematics inside a sentence is spoken."},
		{path: "script.elements.emoji", oneOf: script.ElementModes("emoji"), doc: "`auto` names those that carry a meaning and drops the others, `name` names all, `drop` none."},
		{path: "script.elements.details", oneOf: script.ElementModes("details"), doc: "Of what is folded away: `read` reads it between announcements, `summary` only what is shown, `skip` nothing."},
		{path: "script.elements.callout", oneOf: script.ElementModes("callout"), doc: "`announce` says \"Note:\", \"Warning:\" before a box, `plain` reads it as paragraphs, `skip` nothing."},
		{path: "script.elements.embed", oneOf: script.ElementModes("embed"), doc: "`announce` names videos and recordings and reads posts as quotes, `skip` nothing."},
		{path: "script.elements.verse", oneOf: script.ElementModes("verse"), doc: "`lines` pauses after every line of a poem, `prose` reads on."},
		{path: "script.elements.left_out", oneOf: script.ElementModes("left_out"), doc: "`count` says at the end how many images without descriptions, footnotes with sources and inserts were left out, `silent` does not."},
		{path: "script.announcements.*", doc: "Words that the script adds, over those of the text's language; an empty text announces nothing. docs/text.md has their names."},
		{path: "script.chapters.intro", doc: "Title of the intro's chapter. Empty hides it."},
		{path: "script.chapters.credits", doc: "Title of the credits' chapter. Empty hides it."},
		{path: "script.chapters.depth", within: between(0, 6), doc: "Deepest heading level that starts a chapter; 0 makes none."},
		{path: "script.chapters.least", within: between(0, 3600), doc: "Shortest chapter of the text: a shorter one is joined with the one before, if that is of the text as well; intro and credits keep theirs. 0 joins none."},
		{path: "script.chapters.images", oneOf: script.ChapterImages(), doc: "`first` gives a chapter the first image of its section that is a JPEG or PNG file beside the document, `none` gives it none."},
		{path: "script.segment.least", unit: "characters", within: between(0, 100_000), doc: "Sentences are joined until a segment is this long."},
		{path: "script.segment.most", unit: "characters", within: between(0, 100_000), doc: "Longest segment, beside the endpoint's own limit; 0 is no bound of the show's."},
	}
}

func lexiconSettings() []setting {
	return []setting{
		{path: "lexicon", is: inputFile, doc: "Files that say how words are said, in YAML or W3C PLS; later ones stand above earlier ones. docs/text.md tells what is in one."},
	}
}

func trackSettings() []setting {
	var all []setting
	for _, t := range []struct{ name, what string }{
		{mix.IntroName, "Music before the episode."},
		{mix.CreditsName, "Music under and after the spoken credits. It starts, goes down under them, comes up again and fades; a track that is too short for that sounds after them."},
		{mix.StingName, "Music between chapters, in place of the pause: not before the first, not before one that is hidden, not where the intro is."},
		{mix.BedName, "Music under the voices. It is repeated for as long as they speak, and ends before a sting."},
	} {
		p := "tracks." + t.name
		all = append(all,
			setting{path: p + ".file", is: inputFile, doc: t.what + " `" + t.name + ": FILE` is short for it."},
			setting{path: p + ".gain", within: between(-60, 60), doc: "On top of bringing the track to the voices' loudness."},
			setting{path: p + ".fade_in", within: between(0, 60), doc: "From silence."},
			setting{path: p + ".fade_out", within: between(0, 60), doc: "To silence."})
		switch t.name {
		case mix.IntroName:
			all = append(all,
				setting{path: p + ".overlap", within: between(0, 60), doc: "How long voice and track sound together."},
				setting{path: p + ".after", oneOf: []string{mix.AfterNothing, mix.AfterOpening}, doc: "`start` plays it first, `opening` after the opening. `<!-- narrapress: intro -->` in a text plays it there."})
		case mix.CreditsName:
			all = append(all,
				setting{path: p + ".overlap", within: between(0, 60), doc: "How long it sounds with the voice before it."},
				setting{path: p + ".duck", within: between(-60, 0), doc: "On top of `gain`, under the spoken credits."})
		case mix.BedName:
			all = append(all,
				setting{path: p + ".duck", within: between(-60, 0), doc: "On top of `gain`, under the voices and in pauses of less than 2 s; 0dB lets it stay as it is."},
				setting{path: p + ".under", doc: "`body` is under the chapters of the text, `opening` under the opening, `all` under all that is spoken up to the music of the credits; else the title of a chapter."})
		}
	}
	return all
}

func audioSettings() []setting {
	pauses := []setting{
		{path: "sentence", doc: "Between sentences of a paragraph."},
		{path: "paragraph", doc: "Between paragraphs."},
		{path: "heading_before", doc: "Before a heading of level 1 or 2."},
		{path: "heading_after", doc: "After it."},
		{path: "subheading_before", doc: "Before a heading of level 3 to 6."},
		{path: "subheading_after", doc: "After it."},
		{path: "item", doc: "Between items of a list."},
		{path: "line", doc: "Between lines of a poem."},
		{path: "note", doc: "Before and after a footnote in the text."},
		{path: "quote", doc: "Before and after a quote."},
		{path: "rule", doc: "At a thematic break."},
		{path: "opening", doc: "After the opening."},
		{path: "closing", doc: "Before closing and credits."},
	}
	for i := range pauses {
		pauses[i].path, pauses[i].within = "audio.pauses."+pauses[i].path, between(0, 30)
	}
	pauses = append(pauses, setting{path: "audio.pauses.between.*", within: between(0, 3600), doc: "Pause between what ends and what begins, such as `quote/quote: 1s`, over the larger of what the two want; `table/*` is what a table wants after it, `*/chapter` what a chapter wants before it. docs/text.md has their names."})
	return slices.Concat([]setting{
		{path: "audio.loudness", within: between(-40, -5), doc: "Integrated loudness of the finished file (ITU-R BS.1770-4)."},
		{path: "audio.peak", within: between(-20, 0), doc: "Highest true peak of the finished file."},
	}, pauses, []setting{
		// The constant bitrates and rates of MPEG-1 layer III: ISO/IEC 11172-3, section 2.4.2.3.
		{
			path: "audio.formats.mp3.bitrate", unit: "kb/s", numbers: []int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
			doc: "Constant bitrate; 0 is 96 for mono and 128 for stereo.",
		},
		{path: "audio.formats.mp3.channels", oneOf: master.ChannelModes(), doc: "`auto` is stereo where a track is. The whole episode is mixed in these channels."},
		{path: "audio.formats.mp3.rate", unit: "Hz", numbers: []int{32000, 44100, 48000}, doc: "Samples a second."},
	}, formatSettings())
}

// formatSettings are of the files beside the MP3.
func formatSettings() []setting {
	channels := func(name string) setting {
		return setting{
			path: "audio.formats." + name + ".channels", oneOf: master.ChannelModes(),
			doc: "`auto`, without a word, is as the MP3.",
		}
	}
	rate := func(name string) setting {
		return setting{
			path: "audio.formats." + name + ".rate", unit: "Hz", numbers: []int{0, 32000, 44100, 48000},
			doc: "Samples a second; 0 is as the MP3.",
		}
	}
	var all []setting
	for _, f := range []struct{ name, what string }{{"m4a", "An M4A (AAC-LC)"}, {"m4b", "An M4B, an audiobook (AAC-LC)"}} {
		all = append(all, setting{
			path: "audio.formats." + f.name + ".bitrate", unit: "kb/s", within: orZero(24, 320),
			doc: f.what + " is made where it is named. 0 is 64 for mono and 96 for stereo; AAC holds at most 192 a channel at 32000 Hz, 264 at 44100, 288 at 48000.",
		}, channels(f.name), rate(f.name))
	}
	all = append(all, setting{
		path: "audio.formats.opus.bitrate", unit: "kb/s", within: orZero(16, 256),
		doc: "An Opus file, of 48000 Hz as all are, is made where it is named. The average bitrate; 0 is 32 for mono and 48 for stereo.",
	}, channels("opus"))
	for _, f := range []struct{ name, what string }{{"flac", "A FLAC file"}, {"wav", "A WAV file"}} {
		all = append(all, setting{
			path: "audio.formats." + f.name + ".bits", unit: "bits", numbers: []int{0, 16, 24},
			doc: f.what + " is made where it is named. Bits of a sample; 0 is 16.",
		}, channels(f.name), rate(f.name))
	}
	return all
}

func outputSettings() []setting {
	return []setting{
		{path: "output.dir", is: folder, doc: "Folder of the episodes' folders."},
		{path: "output.store", is: folder, doc: "Folder of the takes. Else $NARRAPRESS_STORE, else the folder `takes` in the user's data folder."},
		{path: "output.cache", is: folder, doc: "Folder of encoded blocks and decoded tracks, which cost only time to make again. Else $NARRAPRESS_CACHE, else `narrapress/sound` in the user's cache folder."},
		{path: "output.bucket", doc: "What other machines share takes and blocks by, behind the folders `output.store` and `output.cache`: a bucket as s3://NAME/FOLDER?region=eu-central-1, or a folder that all of them see, as file:///mnt/takes. Keys are read from the environment, as the AWS tools do. docs/takes.md tells more."},
		{path: "output.page", doc: "Whether each episode has a page: its text, and a player that follows it."},
		{path: "output.split", oneOf: []string{SplitNone, SplitChapter}, doc: "`chapter` makes an episode of each chapter of a book or a long text, `none` one of the whole."},
		{path: "output.report", doc: "Whether a report of how it was made, with pictures, stands beside every episode. It is not published."},
		{path: "limits.cost.call", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "A request that would cost more is not made; 0 is no limit."},
		{path: "limits.cost.episode", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "An episode that would cost more is not begun, and one that comes to cost more is stopped; what was recorded is kept. 0 is no limit."},
		{path: "limits.cost.run", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "The same for all that one run of the program asks for."},
		{path: "limits.cost.day", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "The same for a day (UTC), over all runs and shows with the same store: its ledger counts them."},
		{path: "limits.cost.month", unit: "in the endpoints' currency", within: between(0, 1e9), doc: "The same for a month (UTC)."},
	}
}

// leaf is one value of the schema: no map of known keys is below it.
type leaf struct {
	path, pattern string // the pattern has * for the names that a show gives
	value         reflect.Value
	named         bool // below a name that a show gives: no flag or variable reaches it
}

// items are the values of a list, each with a path of its own; of anything
// else, it alone.
func (l leaf) items() iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		if l.value.Kind() != reflect.Slice {
			yield(l)
			return
		}
		for i := range l.value.Len() {
			if !yield(leaf{fmt.Sprintf("%s[%d]", l.path, i), l.pattern, l.value.Index(i), l.named}) {
				return
			}
		}
	}
}

// leaves goes through the values of a configuration, in the order of the
// structs, names sorted. Values in maps are copies.
func leaves(v reflect.Value, yield func(leaf)) { walk(leaf{value: v}, yield) }

func walk(l leaf, yield func(leaf)) {
	v := l.value
	switch t := v.Type(); {
	case v.Kind() == reflect.Pointer: // a section that may be left out
		if !v.IsNil() {
			l.value = v.Elem()
			walk(l, yield)
		}
	case v.Kind() == reflect.Struct && len(fields(t)) > 0:
		for _, f := range fields(t) {
			walk(leaf{join(l.path, f.name), join(l.pattern, f.name), v.Field(f.index), l.named}, yield)
		}
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() { // else nobody says it
			l.value = v.Elem()
			walk(l, yield)
		}
	case v.Kind() == reflect.Map && t.Elem().Kind() != reflect.Interface:
		for _, k := range sortedKeys(v) {
			walk(leaf{join(l.path, k), join(l.pattern, "*"), v.MapIndex(reflect.ValueOf(k)), true}, yield)
		}
	case isSections(t):
		for i := range v.Len() {
			walk(leaf{fmt.Sprintf("%s[%d]", l.path, i), l.pattern + "[]", v.Index(i), true}, yield)
		}
	default:
		yield(l)
	}
}

// isSections says whether the type is a list of sections, each of which may be
// written as one text.
func isSections(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && isText(t.Elem()) && t.Elem().Kind() == reflect.Struct && len(fields(t.Elem())) > 0
}

func sortedKeys(m reflect.Value) []string {
	keys := make([]string, 0, m.Len())
	for _, k := range m.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}
