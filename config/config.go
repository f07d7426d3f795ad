// Package config answers what a show wants: it reads the show's file, strictly
// and with the place of every value, lets flags and the environment override
// its scalar settings (flag over environment over file over default), and
// hands each stage the options that the stage itself defines.
//
// The way of a value: a file is parsed into a tree whose scalars and keys know
// their places, variables are put into its scalars, included files are merged
// into it, and the tree is decoded strictly into the stages' own structs over
// their defaults. Then viper decides, for every scalar setting of the fixed
// schema, whether a flag or the environment stands above the file. One table
// (settings) holds the meaning and the bounds of every key: validation, the
// JSON Schema and docs/configuration.md are made from it.
package config

import (
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
	"github.com/narrapress/narrapress/pipeline/publish/transcript"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// Config is a show's file, with defaults filled in and paths made absolute.
type Config struct {
	Version   int                        `yaml:"version" json:"version"`
	Include   []string                   `yaml:"include,omitempty" json:"include,omitempty"`
	Show      podcast.Show               `yaml:"show" json:"show"`
	Endpoints map[string]voices.Endpoint `yaml:"endpoints,omitempty" json:"endpoints,omitempty"`
	Voices    map[string]voices.Voice    `yaml:"voices,omitempty" json:"voices,omitempty"`
	Roles     map[string]string          `yaml:"roles,omitempty" json:"roles,omitempty"`
	Script    script.Options             `yaml:"script" json:"script"`
	Lexicon   []string                   `yaml:"lexicon,omitempty" json:"lexicon,omitempty"` // files, later ones above earlier ones
	Tracks    mix.Tracks                 `yaml:"tracks" json:"tracks"`
	Audio     Audio                      `yaml:"audio" json:"audio"`
	Output    Output                     `yaml:"output" json:"output"`
	Limits    Limits                     `yaml:"limits" json:"limits"`
	Listen    voices.Listen              `yaml:"listen" json:"listen"`
	Sources   []Source                   `yaml:"sources,omitempty" json:"sources,omitempty"`
	Schedules map[string]Schedule        `yaml:"schedules,omitempty" json:"schedules,omitempty"`
	Server    Server                     `yaml:"server" json:"server"`
	Notify    []Notice                   `yaml:"notify,omitempty" json:"notify,omitempty"`
	Gate      gate.Rules                 `yaml:"gate" json:"gate"`
	Publish   Publish                    `yaml:"publish" json:"publish"`

	File     string   `yaml:"-" json:"-"` // the show's file; empty without one
	Dir      string   `yaml:"-" json:"-"` // folder that relative paths and episode IDs are relative to
	Files    []string `yaml:"-" json:"-"` // the show's file and all that it includes, by full path
	Warnings []string `yaml:"-" json:"-"` // one line each: what is allowed and hardly meant

	from *provenance // where each value came from; nil before Load
}

// Audio is the sound of the show.
type Audio struct {
	Loudness level.LUFS     `yaml:"loudness" json:"loudness"` // integrated, of the finished file
	Peak     level.DBTP     `yaml:"peak" json:"peak"`         // highest true peak
	Pauses   script.Pauses  `yaml:"pauses" json:"pauses"`
	Formats  master.Formats `yaml:"formats" json:"formats"`
}

// Output says where things go.
type Output struct {
	Dir   string `yaml:"dir" json:"dir"`     // folder of the episodes' folders
	Store string `yaml:"store" json:"store"` // folder of the takes
	Cache string `yaml:"cache" json:"cache"` // folder of blocks and decoded tracks, which cost only time

	// Bucket is behind Store and Cache: takes and blocks that other machines have
	// made come from it. file:///… or s3://…; empty is none.
	Bucket string `yaml:"bucket" json:"bucket"`

	Page  bool   `yaml:"page" json:"page"`   // whether an episode has a page
	Split string `yaml:"split" json:"split"` // SplitNone or SplitChapter

	Transcripts transcript.Options `yaml:"transcripts" json:"transcripts"`
	Report      bool               `yaml:"report" json:"report"` // whether a report stands beside every episode
}

// How a source is divided into episodes.
const (
	SplitNone    = "none"
	SplitChapter = "chapter"
)

// Limits bound what is spent.
type Limits struct {
	Cost Cost `yaml:"cost" json:"cost"`
}

// Cost is in the currency of the endpoints' prices, of each currency by
// itself; 0 is no limit.
type Cost struct {
	Call    float64 `yaml:"call" json:"call"`       // one request
	Episode float64 `yaml:"episode" json:"episode"` // one making of an episode
	Run     float64 `yaml:"run" json:"run"`         // one run of the program over the show
	Day     float64 `yaml:"day" json:"day"`         // UTC, all shows with the same store
	Month   float64 `yaml:"month" json:"month"`
}

// Defaults is the configuration of a show that says nothing.
func Defaults() Config {
	return Config{
		Version: 1,
		Show:    podcast.Show{Type: podcast.ShowTypes()[0]},
		Script:  script.Defaults(),
		Tracks:  mix.DefaultTracks(),
		Audio: Audio{
			Loudness: -16, Peak: -1, Pauses: script.DefaultPauses(),
			Formats: master.Formats{MP3: master.DefaultMP3()},
		},
		Output:  Output{Dir: "out", Split: SplitNone, Transcripts: transcript.Defaults(), Page: true, Report: true},
		Listen:  voices.DefaultListen(),
		Gate:    gate.Defaults(),
		Publish: defaultPublish(),
		Server:  DefaultServer(),
	}
}
