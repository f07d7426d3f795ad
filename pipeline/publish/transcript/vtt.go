package transcript

import (
	"bytes"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish/cue"
)

// writeVTT writes WebVTT (W3C webvtt1, sections 4.1 and 4.2): a row a cue, with
// who speaks.
func writeVTT(b *bytes.Buffer, t *transcript) error {
	// < and > are escaped, so that there is no arrow either.
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	b.WriteString("WEBVTT\n")
	for _, l := range t.lines(cue.Shape{Width: 65, Rows: 1}) { // width: Podcasting 2.0
		b.WriteString("\n" + l.id + "\n")
		b.Write(stamp(l.start, '.'))
		b.WriteString(" --> ")
		b.Write(stamp(l.end, '.'))
		b.WriteByte('\n')
		if l.part.speaker != "" {
			b.WriteString("<v " + escape.Replace(l.part.speaker) + ">")
		}
		for _, row := range l.rows {
			b.WriteString(escape.Replace(row) + "\n")
		}
	}
	return nil
}
