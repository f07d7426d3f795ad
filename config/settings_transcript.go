package config

import "github.com/narrapress/narrapress/pipeline/publish/transcript"

// transcriptSettings are the keys of the files in which an episode can be read.
func transcriptSettings() []setting {
	return []setting{
		{path: "output.transcripts.formats", oneOf: transcript.Formats(), doc: "Files in which an episode can be read; without a word, all of them. An empty list writes none."},
		{path: "output.transcripts.announcements", oneOf: []string{transcript.Keep, transcript.Drop}, doc: "Of words that the script adds, such as \"Footnote:\": `keep` has transcripts show them as they are heard, `drop` leaves them out."},
	}
}
