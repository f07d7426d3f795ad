package config

import (
	"time"

	"github.com/narrapress/narrapress/voices"
)

// Server is how `narrapress serve` and batches work.
type Server struct {
	Listen   string        `yaml:"listen" json:"listen"`               // host and port
	Database voices.Secret `yaml:"database" json:"database,omitempty"` // address of a PostgreSQL; empty is a file beside the reports
	Token    voices.Secret `yaml:"token" json:"token,omitempty"`       // that whoever is not of this machine must know
	Jobs     int           `yaml:"jobs" json:"jobs"`                   // episodes that a process makes at a time; 0 is two a core
	Grace    time.Duration `yaml:"grace" json:"grace"`                 // for episodes under way to end when the process is to stop
}

// DefaultServer is the server of a show that says nothing of it.
func DefaultServer() Server { return Server{Listen: "127.0.0.1:8470", Grace: 30 * time.Second} }

// Notice is who is told of runs. In a show's file it may be a text, which is URL.
type Notice struct {
	URL  voices.Secret `yaml:"url" json:"url"`         // whoever knows it may post there
	Kind string        `yaml:"kind" json:"kind"`       // one of NoticeKinds; empty is webhook
	On   []string      `yaml:"on" json:"on,omitempty"` // of NoticeEvents; none is all
}

// UnmarshalText reads a notice that is only an address.
func (n *Notice) UnmarshalText(b []byte) error { return n.URL.UnmarshalText(b) }

// The shapes of notices.
const (
	NoticeWebhook = "webhook" // the run's report, as JSON
	NoticeSlack   = "slack"   // {"text": …}
	NoticeNtfy    = "ntfy"    // a text, with a title and a priority in its headers
)

// NoticeKinds are the shapes of notices.
func NoticeKinds() []string { return []string{NoticeWebhook, NoticeSlack, NoticeNtfy} }

// What is told.
const (
	OnDone   = "done"   // a run that made something, and nothing went wrong
	OnFailed = "failed" // a run in which posts or sources were set aside
	OnHeld   = "held"   // episodes that the gate keeps back
	OnCaps   = "caps"   // most of what may be spent in a day or a month is spent
)

// NoticeEvents are what can be told.
func NoticeEvents() []string { return []string{OnDone, OnFailed, OnHeld, OnCaps} }
