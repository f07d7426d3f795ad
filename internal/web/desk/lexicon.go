package desk

import (
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// lexiconPage lists the words that the show says otherwise than they are written.
type lexiconPage struct {
	base
	Query      string
	Words      []entryRow
	Found, All int
	File       string // that words are written to
	Patterns   int    // that are not listed
	Voices     []string
	Told       string

	// Where Word was said: asked for one word, as each episode is looked through.
	Word     string
	Episodes []mention
	Segments int
	Cost     string // of speaking them anew
}

// entryRow is an entry of a lexicon.
type entryRow struct {
	Words, Say, IPA string
	For             string // whom it holds for alone: languages, documents, voices
	At              string // file:line, from the show's folder
	Note            string
	Own             bool // it can be forgotten here
}

// mention is an episode that the word was said in.
type mention struct {
	Title, Href, Example, Cost string
	Segments                   int
}

// mostWords is how many entries a page lists; others are found by their letters.
const mostWords = 500

// lexicon shows them, and where one of them was said.
func (m *room) lexicon(w http.ResponseWriter, r *http.Request) error {
	cfg := m.show()
	p := &lexiconPage{
		base: m.base("Words"), Query: plain(r.FormValue("q")), Word: plain(r.FormValue("word")), Told: r.FormValue("told"),
		File: filepath.Base(lexiconFile(cfg)),
	}
	p.Here = "Words"
	for name := range cfg.Voices {
		p.Voices = append(p.Voices, name)
	}
	slices.Sort(p.Voices)
	if body := cfg.Roles[script.RoleBody]; slices.Contains(p.Voices, body) { // she is heard unless another is chosen
		p.Voices = slices.Insert(slices.DeleteFunc(p.Voices, func(name string) bool { return name == body }), 0, body)
	}
	if err := p.gather(r, cfg); err != nil {
		return err
	}
	if p.Word != "" {
		if err := m.mentions(r, p); err != nil {
			return err
		}
	}
	render(w, http.StatusOK, "lexicon", p)
	return nil
}

// gather reads the lexicons of a show and of its voices.
func (p *lexiconPage) gather(r *http.Request, cfg *config.Config) error {
	voices := map[string][]string{} // by the lexicon that is theirs alone
	for name, v := range cfg.Voices {
		for _, file := range v.Lexicon {
			voices[file] = append(voices[file], name)
		}
	}
	var rows []entryRow
	for _, file := range slices.Compact(lexiconsOf(cfg)) {
		all, err := lexicon.Load(r.Context(), file)
		if err != nil {
			return err
		}
		entries := all.Entries()
		p.Patterns += all.Len() - len(entries)
		var alone []string
		if !slices.Contains(cfg.Lexicon, file) {
			alone = slices.Sorted(slices.Values(voices[file]))
		}
		for _, e := range entries {
			row := entryRow{Words: e.Words, Say: e.Say, IPA: e.IPA, Note: e.Note, Own: file == lexiconFile(cfg)}
			row.For = strings.Join(slices.Concat(alone, e.Languages, e.Voices, e.Documents), ", ")
			row.At = filepath.Base(e.Place.File)
			if rel, err := filepath.Rel(cfg.Dir, e.Place.File); err == nil {
				row.At = filepath.ToSlash(rel)
			}
			row.At += ":" + strconv.Itoa(e.Place.Line)
			rows = append(rows, row)
		}
	}
	p.All = len(rows)
	query := strings.ToLower(p.Query)
	rows = slices.DeleteFunc(rows, func(e entryRow) bool { return !strings.Contains(strings.ToLower(e.Words+" "+e.Say+" "+e.At), query) })
	slices.SortStableFunc(rows, func(a, b entryRow) int { return strings.Compare(strings.ToLower(a.Words), strings.ToLower(b.Words)) })
	p.Found = len(rows)
	p.Words = rows[:min(len(rows), mostWords)]
	return nil
}

// mentions finds where a word was said, and what speaking it anew would cost.
func (m *room) mentions(r *http.Request, p *lexiconPage) error {
	found, cost, err := m.mentioned(r.Context(), p.Word)
	if err != nil {
		return err
	}
	for _, f := range found {
		p.Segments += f.Segments
		p.Episodes = append(p.Episodes, mention{f.Title, m.address("release/" + f.Slug), f.Example, costOf(f.Cost), f.Segments})
	}
	p.Cost = costOf(cost)
	return nil
}

func costOf(c pipeline.Cost) string { return money(c.Amount, c.Currency, c.Priced) }

// forgetWord takes a word out of the show's lexicon.
func (m *room) forgetWord(w http.ResponseWriter, r *http.Request) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	word := plain(r.FormValue("word"))
	if err := m.unlearn(word, "nowhere"); err != nil {
		return err
	}
	http.Redirect(w, r, m.address("lexicon", "told", "“"+word+"” is said as it is written from now on."), http.StatusSeeOther)
	return nil
}
