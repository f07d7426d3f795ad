// Package overlay answers what a person changed about how one document is
// spoken: the words of a segment, its voice, the silence after it, where
// chapters begin. The edits stand in a small file beside the document, to be
// read, written and compared like it.
//
// An edit holds on to the words that the author wrote. So it survives changes of
// the document around it. Where the words themselves have changed, nothing is
// spoken that was meant for others: a finding says so, and what does not depend
// on words still holds.
package overlay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Version is the version of the file's format that this program writes.
const Version = 1

// MostBytes is the size of the largest file that is read.
const MostBytes = 16 << 20

// ending is that of every overlay's name.
const ending = ".narrapress.yaml"

// Overlay is the edits of one document, as its file has them.
type Overlay struct {
	Lexicon []lexicon.Entry // words as they are said in this episode; they stand above the show's lexicons and below the front matter's
	Edits   []Edit          // in the order of the document

	name     string // of its file, for messages
	sum      string // of the file's bytes, hex; empty where there is none
	comments comments
}

// Edit changes one segment of the automatic script.
type Edit struct {
	On  string // what the author wrote of it (script.Segment.Original; the text of an announcement), white space folded
	Nth int    // which of the segments that are alike, from 1; 0 is the first

	Say     string         // spoken instead; "" leaves it
	Role    string         // "" leaves it
	Voice   string         // of the show's, over the role's; "" leaves it
	Pause   *time.Duration // silence after it; nil leaves it
	Take    int            // which take is used; a retake is 1, 2 …; 0 leaves it
	Skip    bool           // it is not spoken
	Before  []Line         // segments put before it
	After   []Line         // and after it
	Chapter string         // a chapter of this title begins here; where one begins already, its title
	Join    bool           // the chapter that begins here is joined with the one before
	Note    string         // for people

	pos      document.Pos
	comments comments
}

// Line is a segment that is put into a script.
type Line struct {
	Say   string
	Role  string         // "" is body
	Voice string         // of the show's, over the role's
	Pause *time.Duration // silence after it; nil is that of paragraphs
	Take  int

	pos document.Pos
}

// Pos is the edit's place in its file; one that is of no file has none.
func (e *Edit) Pos() document.Pos { return e.pos }

// Words are those that are said otherwise in this episode; of no overlay, none.
func (o *Overlay) Words() []lexicon.Entry {
	if o == nil {
		return nil
	}
	return o.Lexicon
}

// Empty says whether the edit changes nothing and says nothing.
func (e *Edit) Empty() bool {
	return e.words() == nil && e.Role == "" && e.Voice == "" && e.Pause == nil && e.Chapter == "" && !e.Join && e.Note == ""
}

// words are the keys of what an edit has for certain words alone: it must not
// be used on others.
func (e *Edit) words() []string {
	var out []string
	for _, k := range []struct {
		key string
		has bool
	}{
		{"say", e.Say != ""},
		{"take", e.Take != 0},
		{"skip", e.Skip},
		{"before", len(e.Before) > 0},
		{"after", len(e.After) > 0},
	} {
		if k.has {
			out = append(out, k.key)
		}
	}
	return out
}

// manner is an edit without what it has for certain words alone.
func (e *Edit) manner() Edit {
	out := *e
	out.Say, out.Take, out.Skip, out.Before, out.After = "", 0, false, nil, nil
	return out
}

// Name is the overlay's file of a source; of a chapter of a divided book with
// the chapter's number, as --chapter has it, for its part.
func Name(source, part string) string {
	if part != "" {
		source += "." + part
	}
	return source + ending
}

// Is says whether a file is an overlay by its name.
func Is(name string) bool {
	return strings.HasSuffix(name, ending) && len(filepath.Base(name)) > len(ending)
}

// Sources are the documents that an overlay's file may be of: of a chapter's,
// the whole book as the second.
func Sources(name string) []string {
	source := strings.TrimSuffix(name, ending)
	out := []string{source}
	if i := strings.LastIndexByte(source, '.'); i > 0 && strings.Trim(source[i+1:], "0123456789") == "" {
		out = append(out, source[:i])
	}
	return out
}

// Load reads an overlay's file. Without one the overlay is empty. What a person
// can mend is a *document.Error with its place.
func Load(path string) (*Overlay, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Overlay{name: path}, nil
	case err != nil:
		return nil, fmt.Errorf("reading the edits: %w", err)
	case !info.Mode().IsRegular():
		return nil, &document.Error{Pos: document.Pos{File: path}, Reason: "is no file"} // a pipe could be waited on for ever
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the edits: %w", err)
	}
	defer f.Close()
	return Read(path, f)
}

// File is the path that the overlay was read from, be there a file or not, or
// the name that it was read by.
func (o *Overlay) File() string { return o.name }

// SHA256 is the hash of the file as it was read or written, hex; empty where
// there is none.
func (o *Overlay) SHA256() string { return o.sum }

// Empty says whether it changes nothing.
func (o *Overlay) Empty() bool {
	return len(o.Lexicon) == 0 && !slices.ContainsFunc(o.Edits, func(e Edit) bool { return !e.Empty() })
}

// Write puts the overlay at a path, whole or not at all. An empty one removes
// the file. The same overlay gives the same bytes; comments of the file that it
// was read from are kept, above what they are about.
func (o *Overlay) Write(path string) error {
	if o.Empty() {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the edits: %w", err)
		}
		o.name, o.sum = path, ""
		return nil
	}
	var b bytes.Buffer
	if err := o.Encode(&b); err != nil {
		return err
	}
	// What cannot be read back is not written over what can.
	if _, err := Read(path, bytes.NewReader(b.Bytes())); err != nil {
		return fmt.Errorf("the edits cannot be written: %w", err)
	}
	if err := replace(path, b.Bytes()); err != nil {
		return fmt.Errorf("writing the edits: %w", err)
	}
	o.name, o.sum = path, sumOf(b.Bytes())
	return nil
}

// replace writes a file beside and renames it.
func replace(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = io.Copy(f, bytes.NewReader(data)); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// fold makes every white space one space.
func fold(text string) string {
	space := true // what stands before is one, or nothing
	for _, r := range text {
		if !unicode.IsSpace(r) {
			space = false
			continue
		}
		if space || r != ' ' {
			return strings.Join(strings.Fields(text), " ")
		}
		space = true
	}
	if space {
		return strings.TrimSpace(text)
	}
	return text
}
