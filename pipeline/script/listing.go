package script

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// mostKeywords are taken of a document's tags.
const mostKeywords = 50

// listing writes what the feed says of the episode.
func (w writer) listing(l podcast.Listing) {
	for _, f := range []struct {
		key   string
		value int
	}{{"season", l.Season}, {"episode", l.Number}} {
		if f.value != 0 {
			w.line(0, f.key, strconv.Itoa(f.value))
		}
	}
	w.field(0, "episode_type", l.Type)
	if l.Explicit != nil {
		w.line(0, "explicit", strconv.FormatBool(*l.Explicit))
	}
	if len(l.Keywords) > 0 {
		_, _ = w.WriteString("keywords:\n")
		for _, k := range l.Keywords {
			fmt.Fprintf(w, "  - %s\n", scalar(k))
		}
	}
	if len(l.Persons) > 0 {
		_, _ = w.WriteString("persons:\n")
	}
	for _, p := range l.Persons {
		w.line(2, "- name", scalar(p.Name))
		w.field(4, "role", p.Role)
		w.field(4, "group", p.Group)
		w.field(4, "img", p.Image)
		w.field(4, "href", p.Link)
	}
}

// listing reads what listing wrote, or a person.
func (d *decoder) listing(l *podcast.Listing) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"season": d.number(&l.Season), "episode": d.number(&l.Number),
		"episode_type": func(n *yaml.Node) {
			d.text(&l.Type)(n)
			switch l.Type {
			case "", "full", "trailer", "bonus": // podcast.EpisodeTypes
			default:
				d.fault(n, "episode_type %q is not known: write full, trailer or bonus", l.Type)
			}
		},
		"explicit": func(n *yaml.Node) {
			var explicit bool
			d.flag(&explicit)(n)
			l.Explicit = &explicit
		},
		"keywords": func(n *yaml.Node) {
			d.items(n, "keywords", func(n *yaml.Node) {
				var k string
				d.text(&k)(n)
				l.Keywords = append(l.Keywords, k)
			})
		},
		"persons": func(n *yaml.Node) {
			d.items(n, "persons", func(n *yaml.Node) { l.Persons = append(l.Persons, d.person(n)) })
		},
	}
}

func (d *decoder) person(n *yaml.Node) (p podcast.Person) {
	seen := d.keys(n, "a person", map[string]func(*yaml.Node){
		"name": d.text(&p.Name), "role": d.text(&p.Role), "group": d.text(&p.Group), "img": d.text(&p.Image), "href": d.text(&p.Link),
	})
	if d.err == nil && (!seen["name"] || p.Name == "") {
		d.fault(n, "this person has no name")
	}
	return p
}
