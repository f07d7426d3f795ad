package podcast

// Listing is what an episode's author says of its place in the feed. None of
// it is heard. Zero values say nothing.
type Listing struct {
	Season   int      `yaml:"season,omitempty" json:"season,omitempty"`
	Number   int      `yaml:"episode,omitempty" json:"episode,omitempty"`           // in its season
	Type     string   `yaml:"episode_type,omitempty" json:"episode_type,omitempty"` // one of EpisodeTypes
	Explicit *bool    `yaml:"explicit,omitempty" json:"explicit,omitempty"`         // nil: as the show
	Keywords []string `yaml:"keywords,omitempty" json:"keywords,omitempty"`
	Persons  []Person `yaml:"persons,omitempty" json:"persons,omitempty"`
}

// Person is somebody who made an episode or is heard in it (podcast:person).
type Person struct {
	Name  string `yaml:"name" json:"name"`
	Role  string `yaml:"role,omitempty" json:"role,omitempty"`   // of the Podcast Taxonomy, such as guest; empty is host
	Group string `yaml:"group,omitempty" json:"group,omitempty"` // of the Podcast Taxonomy, such as writing; empty is cast
	Image string `yaml:"img,omitempty" json:"img,omitempty"`     // address
	Link  string `yaml:"href,omitempty" json:"href,omitempty"`   // address
}

// Link is an address that an episode's text names.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"` // http or https
}

// Owner is who answers for a feed. Directories write to them; listeners are
// not shown who they are.
type Owner struct {
	Name  string `yaml:"name,omitempty" json:"name,omitempty"`
	Email string `yaml:"email,omitempty" json:"email,omitempty"`
}

// EpisodeTypes are the types of episodes (itunes:episodeType).
func EpisodeTypes() []string { return []string{"full", "trailer", "bonus"} }

// ShowTypes are the types of shows (itunes:type): the newest episode first, or
// the first one.
func ShowTypes() []string { return []string{"episodic", "serial"} }

// Unlisted is the show without what only its feed says of it: what an
// episode's files depend on.
func (s Show) Unlisted() Show {
	s.Category, s.Explicit, s.Owner, s.Type, s.Locked = nil, nil, Owner{}, "", false
	return s
}
