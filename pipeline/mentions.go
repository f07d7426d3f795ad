package pipeline

import (
	"context"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/voices"
)

// Cost is an amount of money that requests come to.
type Cost struct {
	Amount   float64
	Currency string
	Priced   bool // whether every endpoint has a price; else the amount is the least
}

// Plus is the sum of two costs, in the currency of the first that costs anything.
func (c Cost) Plus(other Cost) Cost {
	if c.Currency == "" {
		c.Currency = other.Currency
	}
	if c.Currency != other.Currency {
		c.Priced = false
		return c
	}
	return Cost{c.Amount + other.Amount, c.Currency, c.Priced && other.Priced}
}

// Mention is an episode of the show that words were said in.
type Mention struct {
	Slug, Title string
	Dir         string
	Segments    int    // that they stand in
	Example     string // a sentence of them, as its author wrote it
	Cost        Cost   // of saying those segments anew
}

// Mentions finds the episodes in the output folder of the show in which the
// words of an entry were said, by what their authors wrote, and what saying them
// otherwise would cost at the prices of now. They come in the order of their
// folders. Folders that cannot be read are left out.
func (p *Press) Mentions(ctx context.Context, e lexicon.Entry) ([]Mention, error) {
	words, err := lexicon.New([]lexicon.Entry{e})
	if err != nil {
		return nil, err
	}
	found, _, err := publish.ListHeads(p.cfg.Output.Dir)
	if err != nil {
		return nil, err
	}
	all := make([]*Mention, len(found))
	err = each(ctx, len(found), func(i int) error {
		all[i] = p.mention(found[i].Dir, words)
		return nil
	}, func(int) {})
	if err != nil {
		return nil, err
	}
	var out []Mention
	for _, m := range all {
		if m != nil {
			out = append(out, *m)
		}
	}
	return out, nil
}

// mention looks through one episode; nil where the words are not in it.
func (p *Press) mention(dir string, words *lexicon.Lexicon) *Mention {
	m, err := publish.ReadManifest(dir)
	if err != nil {
		return nil
	}
	sc, err := publish.ReadScript(dir, m)
	if err != nil {
		return nil
	}
	out := &Mention{Slug: m.Episode.Slug, Title: m.Episode.Title, Dir: dir, Cost: Cost{Priced: true}}
	asked := map[string]bool{}
	for place, seg := range sc.Segments() {
		edits, _ := words.Apply(seg.Original(), lexicon.For{Language: sc.Language})
		if len(edits) == 0 || place.Ordinal > len(m.Takes) {
			continue
		}
		out.Segments++
		if out.Example == "" {
			out.Example = sentenceAt(seg.Original(), edits[0].From)
		}
		take := m.Takes[place.Ordinal-1]
		if asked[take.Key] {
			continue
		}
		asked[take.Key] = true
		v, ok := p.cfg.Voices[take.Voice]
		if !ok {
			v = p.cast.Voice(take.Role)
		}
		price := p.studio.Price(v)
		cost := Cost{float64(take.Characters) * price.PerMChars / 1e6, currencyOf(price), price.Known()}
		out.Cost = out.Cost.Plus(cost)
	}
	if out.Segments == 0 {
		return nil
	}
	return out
}

// mostExample is how much is shown of the text around a word, in bytes.
const mostExample = 160

// sentenceAt is the text around an offset.
func sentenceAt(text string, off int) string {
	from := strings.LastIndexAny(text[:off], ".!?\n") + 1
	to := len(text)
	if i := strings.IndexAny(text[off:], ".!?\n"); i >= 0 {
		to = off + i + 1
	}
	text = strings.TrimSpace(text[from:to])
	if r := []rune(text); len(r) > mostExample {
		return string(r[:mostExample]) + "…"
	}
	return text
}

// Phonemes says whether the endpoint of a voice of the show takes IPA.
func (p *Press) Phonemes(v voices.Voice) bool { return p.studio.Phonemes(v) != nil }
