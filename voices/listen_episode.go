package voices

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
)

// listeners is what an episode knows of the listening to its takes.
type listeners struct {
	mu      sync.Mutex
	one     map[string]*sync.Mutex // by the key of the take: one listens at a time
	kept    map[string][]string    // keys of what was heard of it, this answer and those before
	unheard map[string]bool        // by the key of the take
	gone    bool                   // it is away for the rest of the episode
	why     error                  // of the first that was not heard
}

func newListeners() *listeners {
	return &listeners{one: map[string]*sync.Mutex{}, kept: map[string][]string{}, unheard: map[string]bool{}}
}

// Unheard is how many answers of the episode could not be listened to, and why
// the first could not.
func (e *Episode) Unheard() (n int, why error) {
	e.ears.mu.Lock()
	defer e.ears.mu.Unlock()
	return len(e.ears.unheard), e.ears.why
}

// hear has the answer to c listened to, which is kept and waits: what was paid
// for is not lost where the listener fails, or is killed in between. What it
// heard is kept as well, so it is asked once. why says what speaks against the
// answer; h is nil where nobody listened.
func (e *Episode) hear(ctx context.Context, c *call, s *Speech, length sound) (h *heard, why string, err error) {
	ear := e.studio.ear
	if words, _ := wordsOf(c.req.Text); ear == nil || len(words) == 0 {
		return nil, "", nil
	}
	one := e.ears.of(c.key)
	one.Lock()
	defer one.Unlock()
	words, err := e.words(ctx, ear, c, s, length)
	if err != nil {
		return nil, "", e.ears.missed(ear, c.key, err)
	}
	if words == nil {
		return nil, "", nil
	}
	judged := ear.judge(c, *words)
	return &judged, ear.against(judged.likeness), nil
}

// of is the lock of a take.
func (l *listeners) of(key string) *sync.Mutex {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.one[key] == nil {
		l.one[key] = &sync.Mutex{}
	}
	return l.one[key]
}

// missed says whether an episode goes on without having heard a take, as it
// does where nothing else is said: then err is nil. A listener that is away, or
// refuses whoever asks, is asked no more in this episode.
func (l *listeners) missed(ear *ear, key string, err error) error {
	fault, ok := errors.AsType[*Error](err)
	if !ok || ear.Required {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unheard[key] = true
	if l.why == nil {
		l.why = err
	}
	switch fault.Status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
		l.gone = true
	default:
		l.gone = l.gone || Down(err)
	}
	return nil
}

func (l *listeners) away(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		l.unheard[key] = true
	}
	return l.gone
}

func (l *listeners) keeps(take, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[take] = append(l.kept[take], key)
}

// records of what was heard of a take and of the answers before it.
func (l *listeners) records(take string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept[take]
}

// heardRecord is what is kept of an answer that was listened to.
type heardRecord struct {
	Words string `json:"words"`
}

// words that are heard in an answer: from the store, where it was listened to
// before, else from the listener; nil where that is away.
func (e *Episode) words(ctx context.Context, ear *ear, c *call, s *Speech, length sound) (*string, error) {
	store := e.studio.store
	sum := sha256.Sum256(s.Audio)
	key := besideKey(fmt.Sprintf("what %s hears in %s in the language %s", ear.Model, hex.EncodeToString(sum[:]), c.values.language), 0)
	e.ears.keeps(c.key, key)
	r, _, err := store.Open(key)
	if err == nil {
		defer r.Close()
		var known heardRecord
		if err := json.NewDecoder(r).Decode(&known); err != nil {
			return nil, fmt.Errorf("read what was heard: %w", err)
		}
		return &known.Words, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if e.ears.away(c.key) {
		return nil, nil
	}
	answer, err := ear.ask(ctx, ear.listens(c, s, length))
	if err != nil {
		return nil, err
	}
	b, err := plainJSON(heardRecord{answer.words})
	if err != nil {
		return nil, err
	}
	if _, err := store.Put(key, []byte(recordMeta), bytes.NewReader(b)); err != nil {
		return nil, fmt.Errorf("keep what was heard: %w", err)
	}
	return &answer.words, nil
}

// misheard is the error of a text whose answers say other words, however often
// it was asked for.
func (e *Episode) misheard(o *openEndpoint, why string, t tally) *Error {
	red := newRedactor(o.spec)
	return &Error{
		Endpoint: o.spec.Name, Advice: GiveUp, Attempts: t.attempts, Billed: t.billed,
		Reason: red.line("the answer says other words: " + why),
		Remedy: red.line("listen to what it says to this text; if it is right, raise listen.rate or listen.in_a_row, or write the text in other words"),
	}
}

// forget what was heard of a take that is settled: its verdict is kept with it.
func (e *Episode) forget(take string) error {
	forgets, ok := e.studio.store.(interface{ Remove(key string) error })
	if !ok {
		return nil
	}
	for _, key := range e.ears.records(take) {
		if err := forgets.Remove(key); err != nil {
			return err
		}
	}
	return nil
}
