package document

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Most of what a listing takes from a document.
const (
	mostPersons = 50
	mostNumber  = 1_000_000 // of a season or an episode
)

// listing takes what front matter says of the episode's place in a feed. What
// is not understood is a finding: these keys may be another tool's.
func (s *source) listing(doc *Document, m *yaml.Node) {
	l := &doc.Meta.Listing
	odd := func(n *yaml.Node, format string, args ...any) {
		doc.Findings = append(doc.Findings, Finding{Pos{s.name, n.Line + 1, n.Column}, fmt.Sprintf(format, args...)})
	}
	given := func(keys ...string) *yaml.Node {
		for _, key := range keys {
			if n := field(m, key); n != nil && n.Tag != "!!null" {
				return n
			}
		}
		return nil
	}
	number := func(to *int, key string) {
		n := given(key)
		if n == nil {
			return
		}
		if i, err := strconv.Atoi(n.Value); n.Kind == yaml.ScalarNode && err == nil && i >= 1 && i <= mostNumber {
			*to = i
			return
		}
		odd(n, "%s: %s is no number from 1 and is left out", key, inQuotes(words(n)))
	}
	number(&l.Season, "season")
	number(&l.Number, "episode")
	if n := given("episode_type", "episodeType"); n != nil {
		if kind := strings.ToLower(words(n)); slices.Contains(podcast.EpisodeTypes(), kind) {
			l.Type = kind
		} else {
			odd(n, "episode_type: %s is left out: write %s", inQuotes(words(n)), strings.Join(podcast.EpisodeTypes(), ", "))
		}
	}
	if n := given("explicit"); n != nil {
		yes := map[string]bool{"true": true, "yes": true, "false": false, "no": false, "clean": false}
		if value, ok := yes[strings.ToLower(words(n))]; ok {
			l.Explicit = &value
		} else {
			odd(n, "explicit: %s is left out: write true or false", inQuotes(words(n)))
		}
	}
	if n := given("persons"); n != nil {
		l.Persons = persons(n, func(reason string) { odd(n, "persons: %s", reason) })
	}
}

func inQuotes(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

// persons reads a list of names, or of maps with the attributes of podcast:person.
func persons(n *yaml.Node, odd func(string)) []podcast.Person {
	all := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		all = n.Content
	}
	var out []podcast.Person
	for _, c := range all {
		if len(out) == mostPersons {
			odd(fmt.Sprintf("only the first %d are taken", mostPersons))
			break
		}
		p := podcast.Person{Name: words(c)}
		if c.Kind == yaml.MappingNode {
			p = podcast.Person{Name: words(field(c, "name")), Role: words(field(c, "role")), Group: words(field(c, "group"))}
			for _, at := range []struct {
				key string
				to  *string
			}{{"img", &p.Image}, {"href", &p.Link}} {
				switch address := words(field(c, at.key)); {
				case address == "":
				case IsWeb(address):
					*at.to = address
				default:
					odd(fmt.Sprintf("%s of %s is no address on the web and is left out", at.key, inQuotes(p.Name)))
				}
			}
		}
		if p.Name == "" {
			odd("somebody without a name is left out")
			continue
		}
		out = append(out, p)
	}
	return out
}

// IsWeb says whether an address is one of the web, http or https with a host.
func IsWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (strings.EqualFold(u.Scheme, "https") || strings.EqualFold(u.Scheme, "http")) && u.Host != ""
}
