package page

import (
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// wording is what a page itself says.
type wording struct {
	language string

	Notice                                          string
	Player, Play, Pause, Back, On, Position, Of     string
	Speed, Follow, CopyLink, Copied, InAddress      string
	Chapters, Credits, Files, Source, Feed          string
	Keys, UseKeys                                   string
	Transcript, ChaptersFile, Audio, minute, second string
	KeyList                                         []key
	months                                          string
}

type key struct {
	Keys []string
	Does string
}

// wordingOf is the wording of a language; English where it has none.
func wordingOf(tag language.Tag) wording {
	if base, _ := tag.Base(); base.String() == "de" {
		return german()
	}
	return english()
}

func english() wording {
	return wording{
		language: "en",
		Notice:   "The voices in this episode are synthetic: a computer reads the text.",
		Player:   "Player", Play: "Play", Pause: "Pause", Back: "Back 15 seconds", On: "Forward 15 seconds", Position: "Position", Of: "{now} of {all}",
		Speed: "Speed", Follow: "Follow", CopyLink: "Link", Copied: "A link to this moment is copied.", InAddress: "The page’s address leads to this moment now.",
		Chapters: "Chapters", Credits: "Credits", Files: "This episode elsewhere", Source: "The text where it was published", Feed: "The show’s feed",
		Keys: "Keys", UseKeys: "Use these keys",
		Transcript: "Transcript", ChaptersFile: "Chapters", Audio: "Audio", minute: "min", second: "s",
		KeyList: []key{
			{[]string{"Space"}, "Play or pause"},
			{[]string{"←", "→"}, "Back or forward 15 seconds"},
			{[]string{"j", "k"}, "Next or previous passage"},
			{[]string{"Enter"}, "Hear the sentence that has the focus"},
			{[]string{"f"}, "Follow what is spoken, or not"},
		},
		months: "January February March April May June July August September October November December",
	}
}

func german() wording {
	return wording{
		language: "de",
		Notice:   "Die Stimmen dieser Folge sind künstlich: Ein Computer liest den Text.",
		Player:   "Wiedergabe", Play: "Abspielen", Pause: "Anhalten", Back: "15 Sekunden zurück", On: "15 Sekunden vor", Position: "Stelle", Of: "{now} von {all}",
		Speed: "Tempo", Follow: "Mitlesen", CopyLink: "Link", Copied: "Ein Link zu dieser Stelle ist kopiert.", InAddress: "Die Adresse der Seite führt jetzt zu dieser Stelle.",
		Chapters: "Kapitel", Credits: "Mitwirkende", Files: "Diese Folge andernorts", Source: "Der Text, wo er erschienen ist", Feed: "Der Feed der Sendung",
		Keys: "Tasten", UseKeys: "Diese Tasten verwenden",
		Transcript: "Transkript", ChaptersFile: "Kapitel", Audio: "Ton", minute: "Min.", second: "Sek.",
		KeyList: []key{
			{[]string{"Leertaste"}, "Abspielen oder anhalten"},
			{[]string{"←", "→"}, "15 Sekunden zurück oder vor"},
			{[]string{"j", "k"}, "Nächste oder vorige Stelle"},
			{[]string{"Eingabe"}, "Den Satz hören, der den Fokus hat"},
			{[]string{"f"}, "Mitlesen oder nicht"},
		},
		months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
	}
}

// date is a day, written out.
func (w wording) date(t time.Time) string {
	month := strings.Fields(w.months)[t.Month()-1]
	if w.language == "de" {
		return fmt.Sprintf("%d. %s %d", t.Day(), month, t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
}

// length is how long an episode takes, in minutes where it is one or more.
func (w wording) length(s podcast.Seconds) string {
	if s < 60 {
		return fmt.Sprintf("%d %s", int(math.Round(float64(s))), w.second)
	}
	return fmt.Sprintf("%d %s", int(math.Round(float64(s)/60)), w.minute)
}

// label is what a file is called in a list.
func (w wording) label(kind publish.Kind, ending string) string {
	name := strings.ToUpper(ending[strings.LastIndexByte(ending, '.')+1:])
	switch kind {
	case publish.KindTranscript:
		return w.Transcript + " (" + name + ")"
	case publish.KindChapters:
		return w.ChaptersFile + " (" + name + ")"
	}
	return w.Audio + " (" + name + ")"
}
