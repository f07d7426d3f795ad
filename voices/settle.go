package voices

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// besideKey is the key of the n-th answer that waits for its take's verdict.
func besideKey(key string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "answer %d to %s", n, key))
	return hex.EncodeToString(sum[:])
}

// recordKey is the key of a voice's record: that of the take of nothing. So a
// voice has another record where anything but its text is asked for otherwise.
func (e *openEndpoint) recordKey(ctx context.Context, req Request) (string, error) {
	req.Text, req.Phonemes, req.Previous, req.Next, req.Take = "-", nil, "", "", 0
	form, err := e.render.render(e.render.values(req))
	if err != nil {
		return "", err
	}
	identity, err := e.transport.identity(ctx)
	if err != nil {
		return "", err
	}
	return takeKey("record of "+identity, form, 0)
}

// recordMeta is how the store describes what is known of voices and of answers,
// and is no take.
const recordMeta = `{"name":"record.json"}`

// enough takes make a record that has a say in episodes to come.
const enough = 50

// record is what the store knows of a voice: a page for every episode that
// knew too little of it, until there are enough takes.
func (s *Studio) record(voice string) ([]pace, error) {
	var all []pace
	for n := 0; len(all) < enough; n++ {
		page, err := s.page(besideKey(voice, n))
		if err != nil {
			return nil, err
		}
		if page == nil {
			break
		}
		all = append(all, page...)
	}
	return all, nil
}

// page of a record; nil if there is none.
func (s *Studio) page(key string) ([]pace, error) {
	r, _, err := s.store.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	page := []pace{}
	if err := json.NewDecoder(r).Decode(&page); err != nil {
		return nil, fmt.Errorf("read the record of a voice: %w", err)
	}
	return page, nil
}

// remember adds a page to a voice's record, unless that has enough.
func (s *Studio) remember(voice string, takes []pace) error {
	b, err := plainJSON(takes)
	if err != nil {
		return err
	}
	known := 0
	for n := 0; known < enough; n++ {
		page, err := s.page(besideKey(voice, n))
		if err != nil {
			return err
		}
		if page == nil {
			if stored, err := s.store.Put(besideKey(voice, n), []byte(recordMeta), bytes.NewReader(b)); stored || err != nil {
				return err
			}
		}
		known += len(page)
	}
	return nil
}

// adopter is a store that keeps what it has under another key, too, without
// writing it again.
type adopter interface {
	Adopt(key, from string, meta []byte) (stored bool, err error)
}

// settle makes the answer that waits the take, with its verdict, unless there
// is a take by now: then that is the one. kept says whether it is this one.
func (s *Studio) settle(c *call, h *heard) (kept bool, err error) {
	r, b, err := s.store.Open(c.beside)
	if errors.Is(err, fs.ErrNotExist) && s.store.Has(c.key) {
		return false, nil // another episode, or process, has settled the same
	}
	if err != nil {
		return false, err
	}
	defer r.Close()
	var m takeMeta
	if err := json.Unmarshal(b, &m); err != nil {
		return false, fmt.Errorf("read what is known of an answer: %w", err)
	}
	m.Checked, m.Heard = true, h
	m.Refused += c.tried
	if b, err = plainJSON(m); err != nil {
		return false, err
	}
	a, adopts := s.store.(adopter)
	if adopts {
		kept, err = a.Adopt(c.key, c.beside, b)
	}
	if !adopts || errors.Is(err, fs.ErrNotExist) { // who settled the same meanwhile has taken it away; it is open here
		kept, err = s.store.Put(c.key, b, io.Reader(r))
	}
	if err != nil {
		return false, err
	}
	if forgets, ok := s.store.(interface{ Remove(key string) error }); ok {
		for n := range c.tried + 1 {
			if err := forgets.Remove(besideKey(c.key, n)); err != nil {
				return false, err
			}
		}
	}
	return kept, nil
}
