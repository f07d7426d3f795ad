package desk

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/yamledit"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// Where a word holds.
const (
	inEpisode = "episode"
	inShow    = "show"
)

// entryOf is what a form says about a word.
func entryOf(r *http.Request) (lexicon.Entry, error) {
	e := lexicon.Entry{Words: plain(r.FormValue("word")), Say: plain(r.FormValue("say")), IPA: strings.Trim(plain(r.FormValue("ipa")), "/")}
	switch {
	case e.Words == "":
		return e, faultf(http.StatusUnprocessableEntity, "which word is it? Write it as the text has it")
	case e.Say == "" && e.IPA == "":
		return e, faultf(http.StatusUnprocessableEntity, "how does %q sound? Write it as it is to be read, or in phonetic signs", e.Words)
	}
	_, err := lexicon.New([]lexicon.Entry{e})
	return e, err
}

// pronounce lets a word be heard as it is to sound, in the sentence that it
// stands in; with keep, it is written down: for the episode into its overlay,
// for the show into its lexicon. The take that was heard is the one that the
// episode is made of.
func (m *room) pronounce(w http.ResponseWriter, r *http.Request) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	ordinal, _, err := k.at(r)
	if err != nil {
		return err
	}
	e, err := entryOf(r)
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
	if r.FormValue("keep") == "" {
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
		err = m.learn(r.Context(), e)
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
	return m.done(w, r, next, at)
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
	var value any = e.Say
	if e.IPA != "" {
		forms := []yamledit.Pair{}
		if e.Say != "" {
			forms = append(forms, yamledit.Pair{Key: "say", Value: e.Say})
		}
		value = append(forms, yamledit.Pair{Key: "ipa", Value: e.IPA})
	}
	b, err = yamledit.Set(b, []string{"words", e.Words}, value)
	if err != nil {
		return err
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
	if err := nameLexicon(cfg, file); err != nil { // it is there by now: the show can be read
		return err
	}
	return m.reload(ctx)
}

// nameLexicon writes into the show's file that it has a lexicon.
func nameLexicon(cfg *config.Config, file string) error {
	name, err := filepath.Rel(filepath.Dir(cfg.File), file)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(cfg.File)
	if err != nil {
		return err
	}
	if b, err = yamledit.Set(b, []string{"lexicon"}, []string{filepath.ToSlash(name)}); err != nil {
		return err
	}
	_, err = publish.WriteFile(cfg.File, b)
	return err
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

// said finds where in the episodes of the show a word was said, and what saying
// it otherwise would cost.
func (m *room) said(w http.ResponseWriter, r *http.Request) error {
	press, err := m.open(r.Context())
	if err != nil {
		return err
	}
	word := plain(r.FormValue("word"))
	if word == "" {
		return faultf(http.StatusBadRequest, "which word?")
	}
	found, err := press.Mentions(r.Context(), lexicon.Entry{Words: word, Say: "-"})
	if err != nil {
		return err
	}
	out := struct {
		Word     string        `json:"word"`
		Episodes []mentionLine `json:"episodes"`
		Segments int           `json:"segments"`
		Cost     string        `json:"cost"`
	}{Word: word, Episodes: []mentionLine{}}
	sum := pipeline.Cost{Priced: true}
	for _, f := range found {
		out.Episodes = append(out.Episodes, mentionLine{Title: f.Title, Slug: f.Slug, Segments: f.Segments, Example: f.Example, Cost: money(f.Cost.Amount, f.Cost.Currency, f.Cost.Priced)})
		out.Segments += f.Segments
		sum = sum.Plus(f.Cost)
	}
	out.Cost = money(sum.Amount, sum.Currency, sum.Priced)
	return writeJSON(w, out)
}
