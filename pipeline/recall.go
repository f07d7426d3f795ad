package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// recall keeps in memory what a press read of its sources, and the scripts that it
// made of them: whoever looks at one text for an hour, edit by edit, has it read
// and scripted once.
//
// Nothing in it can be out of date. What is kept has the hash of the source's bytes
// for a name, and under that the words of the overlay; all else that a script rests
// on (show, lexicons, what is spoken by whom) a press has for its life. Whether a
// take is stored, and whether a picture is there, is looked at each time.
type recall struct {
	most int64 // bytes of sources, all together

	mu   sync.Mutex
	kept []*recalled // what was used last is last
}

// recalled is a source that was read.
type recalled struct {
	as      sourceName
	bytes   int64 // of the source
	content *content
}

// sourceName is what a document is made of: the same name, the same document.
type sourceName struct{ path, kind, title, sha256 string }

// read is what read gives for an order, from memory where the file's bytes were
// read before.
func (r *recall) read(ctx context.Context, o Order) (*content, error) {
	if r == nil || o.Reader != nil || o.Source == Stdin || IsURL(o.Source) {
		return read(ctx, o)
	}
	if info, err := os.Stat(o.Source); err != nil || !info.Mode().IsRegular() || info.Size() > r.most {
		return read(ctx, o) // which says what is wrong, if anything
	}
	sum, size, err := sumOfFile(o.Source)
	if err != nil {
		return nil, named(o.Source, err)
	}
	as := sourceName{o.Source, o.Type, o.Title, sum}
	if c := r.find(as); c != nil {
		return c, nil
	}
	c, err := read(ctx, o)
	if err != nil || c.doc == nil {
		return c, err
	}
	as.sha256 = c.sha256 // of the bytes that were read, should they be others by now
	c.drafts = &drafts{}
	r.keep(&recalled{as, size, c})
	return c, nil
}

func sumOfFile(path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

func (r *recall) find(as sourceName) *content {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.kept, func(k *recalled) bool { return k.as == as })
	if i < 0 {
		return nil
	}
	k := r.kept[i]
	r.kept = append(slices.Delete(r.kept, i, i+1), k)
	return k.content
}

// keep keeps a source, and lets go of those that were not used for longest, until
// all of them together are no larger than allowed.
func (r *recall) keep(k *recalled) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = slices.DeleteFunc(r.kept, func(was *recalled) bool {
		return was.as.path == k.as.path && was.as.kind == k.as.kind && was.as.title == k.as.title
	}) // of older bytes
	r.kept = append(r.kept, k)
	sum := int64(0)
	for i, k := range slices.Backward(r.kept) {
		if sum += k.bytes; sum > r.most {
			r.kept = slices.Clone(r.kept[i+1:])
			return
		}
	}
}

// drafts are the scripts that were made of one content. A nil one keeps nothing.
type drafts struct {
	mu    sync.Mutex
	kept  []*draft   // what was used last is last
	parts []*content // where it is divided
}

// draft is a script with some words, as nobody has edited it.
type draft struct {
	title, words string // of the order; of the overlay
	script       *script.Script
	findings     []document.Finding

	mu     sync.Mutex
	edited string // overlay that asked rests on
	asked  []sought
}

// mostDrafts is how many scripts of one content are kept: as it is, and with a word
// that is being tried out, before and after it was spoken.
const mostDrafts = 3

// script is what make makes of an order with the words of an overlay. The script is
// the caller's to change, down to its chapters; their segments are not.
func (d *drafts) script(o Order, words []lexicon.Entry, make func() (*script.Script, []document.Finding, error)) (*script.Script, []document.Finding, *draft, error) {
	if d == nil || len(o.instead) > 0 { // who speaks instead of whom is of one run
		sc, findings, err := make()
		return sc, findings, nil, err
	}
	name, err := json.Marshal(words)
	if err != nil {
		return nil, nil, nil, err
	}
	it := &draft{title: o.Title, words: string(name)}
	if was := d.find(it); was != nil {
		it = was
	} else if it.script, it.findings, err = make(); err != nil {
		return nil, nil, nil, err
	} else {
		d.mu.Lock()
		d.kept = append(d.kept, it)
		d.kept = d.kept[max(0, len(d.kept)-mostDrafts):]
		d.mu.Unlock()
	}
	sc := *it.script
	sc.Chapters = slices.Clone(sc.Chapters)
	return &sc, slices.Clip(it.findings), it, nil
}

func (d *drafts) find(as *draft) *draft {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.kept, func(k *draft) bool { return k.title == as.title && k.words == as.words })
	if i < 0 {
		return nil
	}
	it := d.kept[i]
	d.kept = append(slices.Delete(d.kept, i, i+1), it)
	return it
}

// requests are those that a plan's segments ask for, with their keys; make makes
// them. They rest on the draft and the overlay.
func (d *draft) requests(o *overlay.Overlay, make func() ([]sought, error)) ([]sought, error) {
	if d == nil {
		return make()
	}
	sum := sha256.New()
	if o != nil {
		if err := o.Encode(sum); err != nil {
			return nil, err
		}
	}
	edited := hex.EncodeToString(sum.Sum(nil))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked == nil || d.edited != edited {
		asked, err := make()
		if err != nil {
			return nil, err
		}
		d.asked, d.edited = asked, edited
	}
	return slices.Clone(d.asked), nil
}

// divided are the parts of a document that is made into several episodes, or the
// whole.
func (c *content) divided() []*content {
	if c.drafts != nil {
		c.drafts.mu.Lock()
		defer c.drafts.mu.Unlock()
		if c.drafts.parts != nil {
			return c.drafts.parts
		}
	}
	parts := document.Split(c.doc)
	if len(parts) == 1 {
		return []*content{c}
	}
	out := make([]*content, len(parts))
	for i, part := range parts {
		out[i] = &content{doc: part, sha256: c.sha256}
		if c.drafts != nil {
			out[i].drafts = &drafts{}
		}
	}
	if c.drafts != nil {
		c.drafts.parts = out
	}
	return out
}
