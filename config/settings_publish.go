package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Publish says where the show is on the web.
type Publish struct {
	BaseURL string `yaml:"base_url" json:"base_url"` // where the output folder is on the web
	To      string `yaml:"to" json:"to"`             // where upload copies it: file:///… or s3://…
	Feed    Feed   `yaml:"feed" json:"feed"`
}

// Feed is what a show says of its feed's shape.
type Feed struct {
	ItemsPerPage int `yaml:"items_per_page" json:"items_per_page"` // of an archive page; 0 writes one file
}

// defaultPublish is that of a show that says nothing: its feed is one file up
// to 1,999 episodes.
func defaultPublish() Publish { return Publish{Feed: Feed{ItemsPerPage: 1000}} }

// feedSettings are what only a feed says of the show, and pages.
func feedSettings() []setting {
	return []setting{
		{path: "show.copyright", doc: "Whose the show is, such as \"© 2026 A. Author\"."},
		{path: "show.notice", doc: "What readers and listeners are told of the voices. Without one an episode's page says, in English or German, that they are synthetic."},
		{path: "show.category", doc: "What directories sort the show by, of Apple's list, such as `Technology` or `Society & Culture/Philosophy`. The first one counts."},
		{path: "show.explicit", doc: "Whether the show is for adults only. The feed has to say it."},
		{path: "show.type", oneOf: podcast.ShowTypes(), doc: "`episodic` is heard in any order, the newest first; `serial` from the first episode, and its episodes need numbers."},
		{path: "show.owner.name", doc: "Who answers for the feed."},
		{path: "show.owner.email", doc: "Their address, by which directories verify whose the show is. It is public."},
		{path: "show.locked", doc: "Whether other hosts are told not to take the feed over. Needs `show.owner.email`."},
	}
}

func publishSettings() []setting {
	return []setting{
		{path: "publish.base_url", doc: "Address on the web of what is in `output.dir`, such as https://example.org/podcast. docs/publish-feed.md tells more."},
		{path: "publish.to", doc: "Where `narrapress upload` copies it: a folder as file:///srv/www/podcast, or a bucket as s3://NAME/FOLDER?region=eu-central-1. Keys are read from the environment, as the AWS tools do."},
		{path: "publish.feed.items_per_page", unit: "episodes", within: between(0, 100_000), doc: "Where the feed has twice as many, the oldest go to archive pages of so many each. 0 writes one file, whatever its size."},
	}
}

// publish judges what only the feed and the upload ask of a show.
func (d *decoder) publish(c *Config) {
	said := func(path string) (source, bool) {
		s, ok := d.from.values[path]
		return s, ok && !d.bad[path]
	}
	for i, name := range c.Show.Category {
		path := fmt.Sprintf("show.category[%d]", i)
		if _, known := podcast.ParseCategory(name); known {
			continue
		}
		if s, ok := said(path); ok {
			d.fault(path, s.at, "category: %s is none of Apple's%s", word(name), meant(name, podcast.Categories()))
		}
	}
	if s, ok := said("show.owner.email"); ok && c.Show.Owner.Email != "" {
		if a, err := mail.ParseAddress(c.Show.Owner.Email); err != nil || a.Address != c.Show.Owner.Email {
			d.fault("show.owner.email", s.at, "email: %s is no e-mail address", d.shown(s, c.Show.Owner.Email))
		}
	}
	if s, ok := said("publish.base_url"); ok && c.Publish.BaseURL != "" {
		u, err := url.Parse(c.Publish.BaseURL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			d.fault("publish.base_url", s.at, "base_url: %s is no address of a folder on the web: write it as https://example.org/podcast", d.shown(s, c.Publish.BaseURL))
		}
	}
	if s, ok := said("publish.to"); ok {
		d.bucket("publish.to", "to", s, c.Publish.To)
	}
}

// output judges where takes and blocks are kept for other machines.
func (d *decoder) output(c *Config) {
	if s, ok := d.from.values["output.bucket"]; ok && !d.bad["output.bucket"] {
		d.bucket("output.bucket", "bucket", s, c.Output.Bucket)
	}
	if s, ok := d.from.values["output.store"]; ok && strings.Contains(filepath.ToSlash(c.Output.Store), "/s3:/") {
		d.fault("output.store", s.at, "store: takes are in a folder of this machine: the bucket behind it is named by output.bucket")
	}
}

// bucket judges the address of one, or of a folder; nothing is none.
func (d *decoder) bucket(path, key string, s source, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "file" && u.Scheme != "s3":
		d.fault(path, s.at, "%s: %s is neither file:///FOLDER nor s3://BUCKET/FOLDER", key, d.shown(s, value))
	case u.User != nil:
		d.fault(path, s.at, "%s: a name or a key stands in the address: put them into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)", key)
	}
}

// shown is a value as a fault may show it: never what a variable held.
func (*decoder) shown(s source, value string) string {
	if s.vars {
		return "the value of " + references(s.written)
	}
	return word(value)
}
