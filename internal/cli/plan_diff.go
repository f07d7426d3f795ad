package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/narrapress/narrapress/pipeline/script"
)

// changeJSON is a segment that was added or removed, as --json writes it.
type changeJSON struct {
	Change  string `json:"change"`  // added or removed
	Ordinal int    `json:"ordinal"` // in the script that has it
	Role    string `json:"role"`
	Text    string `json:"text"`
}

// diffDocument is what changed between two scripts.
type diffDocument struct {
	Version int          `json:"version"` // of this document's shape
	Source  string       `json:"source"`
	Kept    int          `json:"kept"` // segments that are in both
	Changes []changeJSON `json:"changes"`
}

// scriptIn reads the script in the file that a flag names.
func scriptIn(flag, file string) (*script.Script, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	defer f.Close()
	return script.Decode(file, f)
}

// writeDiff shows what changed between two scripts.
func writeDiff(o planOptions, source string, before, now *script.Script, s Streams) error {
	d := diffDocument{Version: 1, Source: source, Changes: []changeJSON{}}
	for _, c := range script.Diff(before, now) {
		change := map[script.Change]string{script.Added: "added", script.Removed: "removed"}[c.Change]
		if change == "" {
			d.Kept++
			continue
		}
		d.Changes = append(d.Changes, changeJSON{change, c.Ordinal, c.Segment.Role, c.Segment.Text})
	}
	if o.JSON {
		return writeJSON(s.Out, d)
	}
	_, err := io.WriteString(s.Out, d.text(s.columns(), paint(s.colours(s.OutTerminal))))
	return err
}

func (d *diffDocument) text(columns int, paint paint) string {
	var b strings.Builder
	added, removed := 0, 0
	for _, c := range d.Changes {
		mark, colour := "+", paint.green
		if c.Change == "removed" {
			mark, colour = "-", paint.yellow
			removed++
		} else {
			added++
		}
		fmt.Fprintf(&b, "%s\n", colour(fmt.Sprintf("%s %4d  %s", mark, c.Ordinal, c.Role)))
		b.WriteString(wrap(c.Text, "        ", columns))
	}
	fmt.Fprintf(&b, "%s kept, %d added, %d removed\n", count(d.Kept, "segment"), added, removed)
	return b.String()
}
