package voices

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/narrapress/narrapress/internal/audio"
)

// takeMeta is kept beside a take: what it is, for whoever looks for one. No
// address, no secret, and nothing that differs between two runs.
type takeMeta struct {
	Name       string `json:"name"` // of the file in a store of files
	MediaType  string `json:"media_type"`
	Endpoint   string `json:"endpoint"` // identity
	Model      string `json:"model,omitempty"`
	Voice      string `json:"voice,omitempty"`
	Take       int    `json:"take,omitempty"`
	Characters int    `json:"characters"`
	Text       string `json:"text"`
	RequestID  string `json:"request_id,omitempty"`
	Format     sound  `json:"format"`
	Marks      []Mark `json:"marks,omitempty"`
	Refused    int    `json:"refused,omitempty"` // answers with sound that were of no use, before this one
	Checked    bool   `json:"checked,omitempty"` // by the other takes of its voice
	Heard      *heard `json:"heard,omitempty"`   // by a listener
}

// keeper is the outermost wrapper: a take that is stored is not asked for, and
// requests in flight with the same key are one.
type keeper struct {
	store    Store // may be nil
	identity func(context.Context) (string, error)
	next     speaker
	free     bool // a program of this machine speaks: to ask again costs nothing

	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a request that is being made. It ends early when nobody waits for
// it any more.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	told    bool // somebody has been told what it took
	speech  *Speech
	err     error
}

func (k *keeper) speak(ctx context.Context, c *call) (*Speech, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k.mu.Lock()
	f := k.flights[c.key+c.beside]
	if f == nil {
		// Detached from whoever asked first: if that one leaves, the others
		// still want it.
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{done: make(chan struct{}), cancel: cancel}
		k.flights[c.key+c.beside] = f
		go k.fly(own, c, f)
	}
	f.waiting++
	k.mu.Unlock()

	select {
	case <-f.done:
	case <-ctx.Done():
		k.leave(c.key+c.beside, f)
		return nil, ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.err != nil {
		err := f.err
		if f.told {
			err = unbilled(err)
		}
		f.told = true
		return nil, err
	}
	speech := *f.speech
	if f.told { // nothing was asked for this one
		speech.Stored, speech.Attempts, speech.Billed = true, 0, 0
	}
	f.told = true
	return &speech, nil
}

func (k *keeper) leave(key string, f *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		if k.flights[key] == f {
			delete(k.flights, key) // whoever comes now starts anew
		}
	}
}

func (k *keeper) fly(ctx context.Context, c *call, f *flight) {
	defer f.cancel()
	speech, err := k.take(ctx, c)
	k.mu.Lock()
	defer k.mu.Unlock()
	f.speech, f.err = speech, err
	if k.flights[c.key+c.beside] == f {
		delete(k.flights, c.key+c.beside)
	}
	close(f.done)
}

// take finds the take in the store, or has it spoken and stores it.
func (k *keeper) take(ctx context.Context, c *call) (*Speech, error) {
	if k.store != nil {
		speech, err := k.find(c)
		if err == nil {
			speech.Stored = true
		}
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return speech, err
		}
	}
	if k.store != nil && !k.free {
		c.held = &stand{}
		defer c.held.leave()
	}
	answer, err := k.next(ctx, c)
	if err != nil {
		return nil, err
	}
	if k.store == nil {
		return &Speech{Audio: answer.audio, MediaType: answer.mediaType, RequestID: answer.requestID, Attempts: answer.attempts, Billed: answer.billed, Marks: answer.marks}, nil
	}
	meta, err := k.describe(ctx, c, answer)
	if err != nil {
		return nil, err
	}
	to := cmp.Or(c.beside, c.key)
	if _, err := k.store.Put(to, meta, bytes.NewReader(answer.audio)); err != nil {
		return nil, &unkeptError{fmt.Errorf("keep a take of endpoint %s: %w", c.req.Voice.Endpoint, err), answer.billed}
	}
	// Read back: where another process was faster, its take is the one.
	speech, err := k.find(c)
	if err != nil {
		return nil, &unkeptError{fmt.Errorf("read a take back: %w", err), answer.billed}
	}
	speech.Attempts, speech.Billed = answer.attempts, answer.billed
	return speech, nil
}

// find looks for the take, and for an answer that waits to become it. While it
// looks at one, another process may make it the other: then it is the take, which
// is looked for once more.
func (k *keeper) find(c *call) (*Speech, error) {
	places := []string{c.key}
	if c.beside != "" {
		places = []string{c.key, c.beside, c.key}
	}
	var err error
	for _, key := range places {
		var speech *Speech
		if speech, err = k.open(key); err == nil {
			speech.Key, speech.Waiting = c.key, key == c.beside
			return speech, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return nil, err
}

func (k *keeper) open(key string) (*Speech, error) {
	r, b, err := k.store.Open(key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sound, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read take %s: %w", key, err)
	}
	var m takeMeta
	_ = json.Unmarshal(b, &m) // the bytes are what counts; without a description they tell their type themselves
	if m.MediaType == "" {
		m.MediaType = audio.Sniff(sound)
	}
	return &Speech{Key: key, Audio: sound, MediaType: m.MediaType, RequestID: m.RequestID, Marks: m.Marks, sound: m.Format}, nil
}

func (k *keeper) describe(ctx context.Context, c *call, answer *spoken) ([]byte, error) {
	identity, err := k.identity(ctx)
	if err != nil {
		return nil, err
	}
	b, err := plainJSON(takeMeta{
		Name: "take." + extension(answer.mediaType), MediaType: answer.mediaType,
		Endpoint: identity, Model: c.values.model, Voice: c.values.voice, Take: c.req.Take,
		Characters: c.req.Characters(), Text: c.req.Text, RequestID: answer.requestID, Format: answer.sound, Marks: answer.marks,
		Refused: max(0, answer.billed-1),
	})
	if err != nil {
		return nil, fmt.Errorf("describe the take: %w", err)
	}
	return b, nil
}

// extension of a file that players know by it.
func extension(mediaType string) string {
	switch kind := strings.TrimPrefix(mediaType, "audio/"); kind {
	case "mpeg":
		return "mp3"
	case "mp4":
		return "m4a"
	default: // wav, flac, ogg, webm, aiff, aac
		return kind
	}
}
