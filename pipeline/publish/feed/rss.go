package feed

import "encoding/xml"

// The shapes of the file. Names carry their prefixes: the encoder's own
// namespaces would be declared on every element, and Apple reads prefixes.

type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	ITunes  string   `xml:"xmlns:itunes,attr"`
	Podcast string   `xml:"xmlns:podcast,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	History string   `xml:"xmlns:fh,attr,omitempty"`
	Channel channel  `xml:"channel"`
}

// The namespaces. Apple's is compared letter by letter.
const (
	nsITunes  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsPodcast = "https://podcastindex.org/namespace/1.0"
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsHistory = "http://purl.org/syndication/history/1.0" // RFC 5005, section 1.2
)

type channel struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language"`
	Copyright   string     `xml:"copyright,omitempty"`
	PubDate     string     `xml:"pubDate,omitempty"`
	Generator   string     `xml:"generator"`
	Links       []atomLink `xml:"atom:link"`
	Archive     *struct{}  `xml:"fh:archive"`
	Author      string     `xml:"itunes:author,omitempty"`
	Owner       *owner     `xml:"itunes:owner"`
	Image       href       `xml:"itunes:image"`
	Categories  []category `xml:"itunes:category"`
	Explicit    bool       `xml:"itunes:explicit"`
	Type        string     `xml:"itunes:type"`
	GUID        string     `xml:"podcast:guid"`
	Medium      string     `xml:"podcast:medium"`
	Locked      *locked    `xml:"podcast:locked"`
	Texts       []txt      `xml:"podcast:txt"`
	Persons     []person   `xml:"podcast:person"`
	Items       []item     `xml:"item"`
}

type item struct {
	Title       string       `xml:"title"`
	Link        string       `xml:"link,omitempty"`
	GUID        guid         `xml:"guid"`
	PubDate     string       `xml:"pubDate,omitempty"`
	Description cdata        `xml:"description"`
	Content     cdata        `xml:"content:encoded"`
	Categories  []string     `xml:"category"`
	Enclosure   enclosure    `xml:"enclosure"`
	Author      string       `xml:"itunes:author,omitempty"`
	Duration    int64        `xml:"itunes:duration"`
	Explicit    bool         `xml:"itunes:explicit"`
	Image       *href        `xml:"itunes:image"`
	Season      int          `xml:"itunes:season,omitempty"`
	Episode     int          `xml:"itunes:episode,omitempty"`
	EpisodeType string       `xml:"itunes:episodeType"`
	PodSeason   int          `xml:"podcast:season,omitempty"`
	PodEpisode  int          `xml:"podcast:episode,omitempty"`
	Chapters    *chapters    `xml:"podcast:chapters"`
	Transcripts []transcript `xml:"podcast:transcript"`
	Persons     []person     `xml:"podcast:person"`
	Alternates  []alternate  `xml:"podcast:alternateEnclosure"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type cdata struct {
	Text string `xml:",cdata"`
}

type href struct {
	Href string `xml:"href,attr"`
}

type owner struct {
	Name  string `xml:"itunes:name,omitempty"`
	Email string `xml:"itunes:email"`
}

type category struct {
	Text string    `xml:"text,attr"`
	Sub  *category `xml:"itunes:category"`
}

type locked struct {
	Owner string `xml:"owner,attr"`
	Yes   string `xml:",chardata"` // yes or no
}

type txt struct {
	Purpose string `xml:"purpose,attr"`
	Text    string `xml:",chardata"`
}

type person struct {
	Role  string `xml:"role,attr,omitempty"`
	Group string `xml:"group,attr,omitempty"`
	Img   string `xml:"img,attr,omitempty"`
	Href  string `xml:"href,attr,omitempty"`
	Name  string `xml:",chardata"`
}

type guid struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type enclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

type chapters struct {
	URL  string `xml:"url,attr"`
	Type string `xml:"type,attr"`
}

type transcript struct {
	URL      string `xml:"url,attr"`
	Type     string `xml:"type,attr"`
	Language string `xml:"language,attr,omitempty"`
	Rel      string `xml:"rel,attr,omitempty"`
}

type alternate struct {
	Type      string    `xml:"type,attr"`
	Length    int64     `xml:"length,attr"`
	Default   bool      `xml:"default,attr,omitempty"`
	Source    source    `xml:"podcast:source"`
	Integrity integrity `xml:"podcast:integrity"`
}

type source struct {
	URI string `xml:"uri,attr"`
}

type integrity struct {
	Type  string `xml:"type,attr"`
	Value string `xml:"value,attr"`
}
