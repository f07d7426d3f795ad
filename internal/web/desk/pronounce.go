package desk

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/yamledit"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Where a word holds.
const (
	inEpisode = "episode"
	inShow    = "show"
)

// phonetic are signs of the IPA that no spelling has.
const phonetic = "ˈˌːɐɑɒɓɔɕɖɗəɛɜɟɡɢɣɤɥɦɧɨɪɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʈʉʊʋʌʍʎʏʐʑʒʔʲʰʷ"

// entryOf is what a form says about a word of a segment, which its voice can say.
func (k *work) entryOf(r *http.Request, ordinal int, seg *script.Segment) (lexicon.Entry, error) {
	e := lexicon.Entry{Words: plain(r.FormValue("word")), Say: plain(r.FormValue("say")), IPA: plain(r.FormValue("ipa"))}
	if e.IPA == "" && (strings.ContainsAny(e.Say, phonetic) || len(e.Say) > 2 && strings.HasPrefix(e.Say, "/") && strings.HasSuffix(e.Say, "/")) {
		e.Say, e.IPA = "", e.Say // in the wrong box
	}
	e.IPA = strings.Trim(e.IPA, "/[]")
	voice := k.plan.Segments[ordinal-1].Voice
	switch {
	case e.Words == "":
		return e, faultf(http.StatusUnprocessableEntity, "which word is it? Write it as the text has it")
	case e.Say == "" && e.IPA == "":
		return e, faultf(http.StatusUnprocessableEntity, "how does %q sound? Write it as a stranger would have to read it, such as SILL-ard", e.Words)
	case e.IPA != "" && e.Say == "" && !k.press.Phonemes(k.room.show().Voices[voice]):
		return e, faultf(http.StatusUnprocessableEntity, "the endpoint of %s takes no phonetic signs: write the word as a stranger would have to read it, such as SILL-ard", voice)
	}
	alone, err := lexicon.New([]lexicon.Entry{e})
	if err != nil {
		return e, err
	}
	if found, unsaid := alone.Apply(seg.Original(), lexicon.For{Language: k.plan.Script.Language, Takes: func(string) bool { return true }}); len(found)+len(unsaid) == 0 {
		return e, faultf(http.StatusUnprocessableEntity, "%q is not in this segment: write it as the text has it", e.Words)
	}
	return e, nil
}

// pronounce lets a word be heard as it is to sound, in the sentence that it
// stands in; with keep, it is written down: for the episode into its overlay,
// for the show into its lexicon. The take that was heard is the one that the
// episode is made of.
func (m *room) pronounce(w http.ResponseWriter, r *http.Request) error {
	keep := r.FormValue("keep") != "" || r.FormValue("forget") != ""
	if keep { // what is only tried out may wait for its endpoint
		m.writing.Lock()
		defer m.writing.Unlock()
	}
	k, ordinal, seg, err := m.chosen(r)
	if err != nil {
		return err
	}
	if r.FormValue("forget") != "" {
		return m.forget(w, r, k, ordinal)
	}
	e, err := k.entryOf(r, ordinal, seg)
	if err != nil {
		return err
	}
	o := *k.plan.Overlay
	o.Lexicon = append(slices.DeleteFunc(slices.Clone(o.Lexicon), func(was lexicon.Entry) bool { return was.Words == e.Words }), e)
	trial, err := m.planned(r.Context(), k.source, k.part, &o)
	if err != nil {
		return err
	}
	at := same(k, trial, ordinal)
	if !keep {
		if _, err := trial.press.Speak(r.Context(), trial.order, trial.plan, at); err != nil {
			return err
		}
		if trial, err = m.planned(r.Context(), k.source, k.part, &o); err != nil {
			return err
		}
		return trial.hear(w, r, at)
	}
	switch scope := r.FormValue("scope"); scope {
	case inEpisode:
		err = o.Write(k.plan.Overlay.File())
	case inShow:
		if err = m.learn(r.Context(), e); err == nil && len(o.Lexicon) == len(k.plan.Overlay.Lexicon) {
			// It was kept for the episode before, which would stand above the show's.
			o.Lexicon = o.Lexicon[:len(o.Lexicon)-1]
			err = o.Write(k.plan.Overlay.File())
		}
	default:
		err = faultf(http.StatusBadRequest, "scope is %s or %s, not %q", inEpisode, inShow, scope)
	}
	if err != nil {
		return err
	}
	next, err := m.planned(r.Context(), k.source, k.part, nil)
	if err != nil {
		return err
	}
	if there := same(trial, next, at); next.plan.Segments[there-1].Key != trial.plan.Segments[at-1].Key {
		return faultf(http.StatusConflict, "%q is kept, and still said otherwise: a lexicon of the voice %s, or the text's own front matter, stands above it", e.Words, next.plan.Segments[there-1].Voice)
	}
	return m.done(w, r, next, at)
}

// forget takes a word out of where it was kept.
func (m *room) forget(w http.ResponseWriter, r *http.Request, k *work, ordinal int) error {
	word := plain(r.FormValue("word"))
	o := *k.plan.Overlay
	o.Lexicon = slices.DeleteFunc(slices.Clone(o.Lexicon), func(e lexicon.Entry) bool { return e.Words == word })
	if len(o.Lexicon) < len(k.plan.Overlay.Lexicon) {
		if err := o.Write(k.plan.Overlay.File()); err != nil {
			return err
		}
	} else {
		if err := m.unlearn(word, "neither for the episode nor"); err != nil {
			return err
		}
	}
	next, err := m.planned(r.Context(), k.source, k.part, nil)
	if err != nil {
		return err
	}
	return m.done(w, r, next, min(ordinal, len(next.plan.Segments)))
}

// unlearn takes a word out of the show's lexicon.
func (m *room) unlearn(word, not string) error {
	file := lexiconFile(m.show())
	b, err := os.ReadFile(file)
	if err != nil || yamledit.Find(b, []string{"words", word}) == nil {
		return faultf(http.StatusUnprocessableEntity, "%q is kept %s in %s", word, not, filepath.Base(file))
	}
	if b, err = yamledit.Remove(b, []string{"words", word}); err != nil {
		return faultf(http.StatusConflict, "%s: %v", filepath.Base(file), err)
	}
	if _, err := lexicon.Read(file, strings.NewReader(string(b))); err != nil {
		return err // what could not be read again is not written
	}
	_, err = publish.WriteFile(file, b)
	return err
}

// keptWord is how a word is said that was kept.
type keptWord struct {
	Say   string `json:"say"`
	IPA   string `json:"ipa"`
	Scope string `json:"scope"` // empty where it was not
}

// word answers with how a word is said, where it was kept.
func (m *room) word(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	word := plain(r.FormValue("word"))
	for _, e := range k.plan.Overlay.Lexicon {
		if e.Words == word {
			return writeJSON(w, keptWord{e.Say, e.IPA, inEpisode})
		}
	}
	var out keptWord
	if b, err := os.ReadFile(lexiconFile(m.show())); err == nil {
		if n := yamledit.Find(b, []string{"words", word}); n != nil {
			out = keptWord{n["say"], n["ipa"], inShow}
			if out.Say == "" {
				out.Say = n[""]
			}
		}
	}
	return writeJSON(w, out)
}

// lexiconFile is the lexicon that the words of the show are written into: the
// last of its YAML files, which stands above the others.
func lexiconFile(cfg *config.Config) string {
	for _, file := range slices.Backward(cfg.Lexicon) {
		if ext := strings.ToLower(filepath.Ext(file)); ext == ".yaml" || ext == ".yml" {
			return file
		}
	}
	return filepath.Join(cfg.Dir, "lexicon.yaml")
}

// learn writes a word into the show's lexicon, and names that in the show's file
// where it had none. What else is in the files stays as people wrote it.
func (m *room) learn(ctx context.Context, e lexicon.Entry) error {
	cfg := m.show()
	file := lexiconFile(cfg)
	b, err := os.ReadFile(file)
	switch {
	case os.IsNotExist(err):
		b = []byte("# How words are said that engines say wrong.\nversion: 1\nwords:\n")
	case err != nil:
		return err
	}
	if b, err = withWord(b, e); err != nil {
		return faultf(http.StatusConflict, "%s: %v", filepath.Base(file), err)
	}
	if _, err := lexicon.Read(file, strings.NewReader(string(b))); err != nil {
		return err // what could not be read again is not written
	}
	named := slices.Contains(cfg.Lexicon, file)
	switch {
	case !named && cfg.File == "":
		return faultf(http.StatusConflict, "there is no show's file to name a lexicon in: keep the word for this episode")
	case !named && len(cfg.Lexicon) > 0:
		return faultf(http.StatusConflict, "the show's lexicons are not files that words can be written into: add one in YAML to lexicon in %s", filepath.Base(cfg.File))
	}
	if _, err := publish.WriteFile(file, b); err != nil || named {
		return err
	}
	name, err := filepath.Rel(filepath.Dir(cfg.File), file)
	if err != nil {
		return err
	}
	return m.rewrite(ctx, func(b []byte) ([]byte, error) { // the lexicon is there by now: the show can be read
		return yamledit.Set(b, []string{"lexicon"}, []string{filepath.ToSlash(name)})
	})
}

// withWord is a lexicon with a word in it. Of an entry that says more than how the
// word sounds all else stays.
func withWord(b []byte, e lexicon.Entry) ([]byte, error) {
	at := []string{"words", e.Words}
	was := yamledit.Find(b, at)
	_, scalar := was[""]
	switch {
	case was == nil || scalar:
		if e.IPA == "" {
			return yamledit.Set(b, at, e.Say)
		}
		forms := []yamledit.Pair{}
		if e.Say != "" {
			forms = append(forms, yamledit.Pair{Key: "say", Value: e.Say})
		}
		return yamledit.Set(b, at, append(forms, yamledit.Pair{Key: "ipa", Value: e.IPA}))
	case len(was) == 0 || was["language"] != "" || was["voice"] != "" || was["document"] != "":
		return nil, fmt.Errorf("%q has entries for languages, voices or documents of their own: %w", e.Words, yamledit.ErrShape)
	}
	var err error
	for key, value := range map[string]string{"say": e.Say, "ipa": e.IPA} {
		if value != "" && err == nil {
			b, err = yamledit.Set(b, append(at[:2:2], key), value)
		}
	}
	return b, err
}

// wordLine is a word that may be said wrong.
type wordLine struct {
	Word     string `json:"word"`
	Count    int    `json:"count"`
	Reason   string `json:"reason"`
	Segments []int  `json:"segments"`
}

// unknown lists the words of a document that may be said wrong.
func (m *room) unknown(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	out, err := k.plan.Unknown()
	if err != nil {
		return err
	}
	lines := make([]wordLine, 0, len(out))
	for _, u := range out {
		lines = append(lines, wordLine{u.Word, u.Count, string(u.Reason), u.Segments})
	}
	return writeJSON(w, lines)
}

// mentionLine is an episode that a word was said in.
type mentionLine struct {
	Title    string `json:"title"`
	Slug     string `json:"slug"`
	Segments int    `json:"segments"`
	Example  string `json:"example"`
	Cost     string `json:"cost"`
}

// mentioned finds where in the episodes of the show a word was said, and what
// saying it otherwise would cost.
func (m *room) mentioned(ctx context.Context, word string) ([]pipeline.Mention, pipeline.Cost, error) {
	sum := pipeline.Cost{Priced: true}
	if word == "" {
		return nil, sum, faultf(http.StatusBadRequest, "which word?")
	}
	press, err := m.open(ctx)
	if err != nil {
		return nil, sum, err
	}
	found, err := press.Mentions(ctx, lexicon.Entry{Words: word, Say: "-"})
	for _, f := range found {
		sum = sum.Plus(f.Cost)
	}
	return found, sum, err
}

// said answers with the episodes that a word was said in.
func (m *room) said(w http.ResponseWriter, r *http.Request) error {
	word := plain(r.FormValue("word"))
	found, cost, err := m.mentioned(r.Context(), word)
	if err != nil {
		return err
	}
	out := struct {
		Word     string        `json:"word"`
		Episodes []mentionLine `json:"episodes"`
		Segments int           `json:"segments"`
		Cost     string        `json:"cost"`
	}{Word: word, Episodes: []mentionLine{}, Cost: costOf(cost)}
	for _, f := range found {
		out.Episodes = append(out.Episodes, mentionLine{Title: f.Title, Slug: f.Slug, Segments: f.Segments, Example: f.Example, Cost: costOf(f.Cost)})
		out.Segments += f.Segments
	}
	return writeJSON(w, out)
}
