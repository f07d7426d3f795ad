package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// editsOf is a plan's edits in a line; empty without any.
func editsOf(p *pipeline.Plan) string {
	if p.Overlay == nil || p.Overlay.Empty() {
		return ""
	}
	n := number(len(p.Overlay.Edits))
	if words := len(p.Overlay.Lexicon); words > 0 {
		n += " and " + count(words, "word")
	}
	return fmt.Sprintf("%s, of %s", n, filepath.Base(p.Overlay.File()))
}

// editCount counts the edits of an overlay, and the words of its lexicon.
func editCount(o *overlay.Overlay) string {
	out := count(len(o.Edits), "edit")
	if n := len(o.Lexicon); n > 0 {
		out += " and " + count(n, "word")
	}
	return out
}

// planEdits are a plan's edits, as --json writes them.
type planEdits struct {
	File  string `json:"file"`
	Edits int    `json:"edits"`
	Words int    `json:"words"` // of its lexicon
}

func newPlanEdits(p *pipeline.Plan) *planEdits {
	if editsOf(p) == "" {
		return nil
	}
	return &planEdits{filepath.Base(p.Overlay.File()), len(p.Overlay.Edits), len(p.Overlay.Lexicon)}
}

// saveEdits turns the edited plan in a file into the overlay of an order's
// document, which it writes beside it.
func saveEdits(o planOptions, order pipeline.Order, p *pipeline.Plan, s Streams) error {
	file := order.OverlayFile()
	if file == "" {
		return misuse("--save writes edits beside a document: %s is none in a file", order.Source)
	}
	edited, err := scriptIn("--save", o.Save)
	if err != nil {
		return err
	}
	edits, err := p.Between(edited)
	if e := new(overlay.BetweenError); errors.As(err, &e) {
		return fmt.Errorf("%s cannot be saved as edits of %s: %w", o.Save, order.Name(), e)
	} else if err != nil {
		return err
	}
	if edits.Empty() {
		there := p.Overlay.SHA256() != ""
		if err := edits.Write(file); err != nil || o.Quiet || o.JSON {
			return err
		}
		if there {
			fmt.Fprintf(s.Out, "%s says what the document does: %s is removed\n", o.Save, file)
		} else {
			fmt.Fprintf(s.Out, "%s says what the document does: there is nothing to save\n", o.Save)
		}
		return nil
	}
	if err := edits.Write(file); err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(s.Out, struct {
			Version int `json:"version"`
			planEdits
		}{1, planEdits{file, len(edits.Edits), len(edits.Lexicon)}})
	}
	if !o.Quiet {
		fmt.Fprintf(s.Out, "%s: %s\nmake it with: narrapress produce %s\n", file, editCount(edits), quoteArg(order.Source))
	}
	return nil
}
