package pipeline

import (
	"cmp"
	"maps"
	"slices"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
	"github.com/narrapress/narrapress/voices"
)

// terms are what holds for one episode: the show's configuration, with what
// the document says for itself over it.
type terms struct {
	cfg      *config.Config
	cast     *voices.Cast
	own      *lexicon.Lexicon            // the document's words
	lexicons map[string]*lexicon.Lexicon // by voice, the document's words in them; of all under ""
	document string                      // path of the source for the lexicon, with slashes
}

// terms are those of an order: of its document, with understudies for voices
// that are away.
func (p *Press) terms(doc *document.Document, edits *overlay.Overlay, o Order) (*terms, error) {
	t, err := p.own(doc, edits, o)
	if err == nil && len(o.instead) > 0 {
		t.cast = t.cast.Instead(o.instead)
	}
	return t, err
}

// own reads what a document says for itself, above what a person's edits of it
// say. A page from elsewhere has no say in a show.
func (p *Press) own(doc *document.Document, edits *overlay.Overlay, o Order) (*terms, error) {
	t := &terms{cfg: p.cfg, cast: p.cast, lexicons: p.lexicons}
	if o.Source != Stdin {
		t.document = p.relative(o.Source)
	}
	edited, err := words(edits)
	if err != nil {
		return nil, err
	}
	if edited != nil {
		t.above(edited)
	}
	if doc == nil || IsURL(o.Source) {
		return t, nil
	}
	cfg, words, err := p.cfg.ForDocument(o.Source, doc.Meta.Settings.Line, doc.Meta.Settings.YAML)
	if err != nil {
		return nil, err
	}
	if len(words) > 0 {
		if t.own, err = ownWords(o.Source, words); err != nil {
			return nil, err
		}
		t.above(t.own)
	}
	if t.cfg = cfg; cfg == p.cfg {
		return t, nil
	}
	t.cast, err = voices.NewCast(cfg.Roles, cfg.Voices)
	return t, err
}

// above puts a lexicon above those that hold so far.
func (t *terms) above(words *lexicon.Lexicon) {
	all := map[string]*lexicon.Lexicon{}
	for voice, l := range t.lexicons {
		all[voice] = lexicon.Merge(l, words)
	}
	t.lexicons = all
}

func ownWords(source string, words map[string]string) (*lexicon.Lexicon, error) {
	var entries []lexicon.Entry
	for _, word := range slices.Sorted(maps.Keys(words)) {
		entries = append(entries, lexicon.Entry{Words: word, Say: words[word], Place: lexicon.Place{File: source}})
	}
	return lexicon.New(entries)
}

// lexicon is what a voice is said with.
func (t *terms) lexicon(voice string) *lexicon.Lexicon {
	if l, ok := t.lexicons[voice]; ok {
		return l
	}
	return t.lexicons[""]
}

// Lexicon is what a part of the cast is said with in a plan, and for whom.
func (p *Plan) Lexicon(part string) (*lexicon.Lexicon, lexicon.For) {
	v := p.terms.cast.Voice(part)
	return p.terms.lexicon(v.Name), lexicon.For{Voice: v.Name, Document: p.terms.document, Language: p.Script.Language}
}

// brief is what the script stage is told.
func (p *Press) brief(t *terms) script.Brief {
	cfg, cast := t.cfg, t.cast
	return script.Brief{
		Options: cfg.Script, Pauses: cfg.Audio.Pauses,
		Show: cfg.Show.Title, Author: cfg.Show.Author, Language: cfg.Show.Language, Credits: cfg.Show.Credits,
		HasIntro: cfg.Tracks.Intro.File != "", HasCredits: cfg.Tracks.Credits.File != "",
		OpeningFirst: cfg.Tracks.Intro.After == mix.AfterOpening,
		Most: func(part string) (int, bool) {
			l := p.studio.Limits(cast.Voice(part))
			return l.Most, l.Unit == "bytes"
		},
		Likes: func(part string) int { return p.studio.Limits(cast.Voice(part)).Likes },
		Normalize: func(part string) normalize.Mode {
			return cmp.Or(normalize.Mode(cast.Voice(part).Normalize), cfg.Script.Normalize)
		},
		Lexicon: func(part string) (*lexicon.Lexicon, lexicon.For) {
			v := cast.Voice(part)
			return t.lexicon(v.Name), lexicon.For{Voice: v.Name, Document: t.document, Takes: p.studio.Phonemes(v)}
		},
		SameVoice: func(a, b string) bool { return cast.Voice(a).Name == cast.Voice(b).Name },
		Cast: func(name string) (voice, role bool) {
			_, voice = cfg.Voices[name]
			_, role = cfg.Roles[name]
			return voice, role
		},
	}
}
