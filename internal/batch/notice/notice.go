package notice

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/voices"
)

const (
	// attempts at a notice; what is temporary is tried again after firstWait, and
	// then after twice that.
	attempts  = 3
	firstWait = 2 * time.Second
	// timeout of one attempt: a notice is small, and nobody waits for more.
	timeout = 10 * time.Second
	// mostTold is how many posts a text names; the report has the others.
	mostTold = 10
)

// Options of notices.
type Options struct {
	Fetch fetch.Options // of the requests; its AllowPrivate is not used
	Wait  time.Duration // before the second attempt; 0 is 2 s
}

// Caps are limits of cost that are nearly reached, a line each.
type Caps []string

// Send tells of a run. The findings are notices that could not be delivered, one
// line each. It takes as long as its slowest address.
func Send(ctx context.Context, notices []config.Notice, rep *batch.Report, caps Caps, o Options) (findings []string) {
	told := make([]string, len(notices))
	done := make(chan struct{})
	for i, n := range notices {
		go func() {
			defer func() { done <- struct{}{} }()
			what := reasons(n, rep, caps)
			if len(what) == 0 {
				return
			}
			if err := deliver(ctx, n, message{rep, caps, what}, o); err != nil {
				told[i] = fmt.Sprintf("notify[%d], at %s, was not told: %s", i, host(n.URL), veiled(err, n.URL))
			}
		}()
	}
	for range notices {
		<-done
	}
	return slices.DeleteFunc(told, func(s string) bool { return s == "" })
}

// Events are what there is to tell of a run.
func Events(rep *batch.Report, caps Caps) []string {
	var out []string
	t := &rep.Totals
	bad := t.Problems+t.States[batch.StateFailed] > 0
	if !bad && t.States[batch.StateMade] > 0 {
		out = append(out, config.OnDone)
	}
	if bad {
		out = append(out, config.OnFailed)
	}
	if t.States[batch.StateHeld] > 0 {
		out = append(out, config.OnHeld)
	}
	if len(caps) > 0 {
		out = append(out, config.OnCaps)
	}
	return out
}

// reasons are those of the events that a notice is for.
func reasons(n config.Notice, rep *batch.Report, caps Caps) []string {
	return slices.DeleteFunc(Events(rep, caps), func(e string) bool { return len(n.On) > 0 && !slices.Contains(n.On, e) })
}

// message is what is told, and why.
type message struct {
	report *batch.Report
	caps   Caps
	on     []string
}

// deliver posts a notice, a few times where the trouble may pass.
func deliver(ctx context.Context, n config.Notice, m message, o Options) error {
	header, body, err := m.shape(cmp.Or(n.Kind, config.NoticeWebhook))
	if err != nil {
		return err
	}
	// The operator's own address: a private host is meant where it is named, and
	// only that one.
	named := host(n.URL)
	o.Fetch.AllowPrivate = func(h string) bool { return strings.EqualFold(h, named) }
	o.Fetch.Timeout = cmp.Or(o.Fetch.Timeout, timeout)
	client := fetch.New(o.Fetch)
	wait := cmp.Or(o.Wait, firstWait)
	for n, address := 1, n.URL.Reveal(); ; n++ {
		err := client.Post(ctx, address, header, body)
		if err == nil || n == attempts || !passes(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// passes says whether the next attempt may do better: the server is not there, or
// has too much to do.
func passes(err error) bool {
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok {
		return false
	}
	return e.Temporary() || e.Status == 0 && !errors.As(e.Err, new(*fetch.PrivateError))
}

// shape is a message as a kind of notice has it.
func (m message) shape(kind string) (http.Header, []byte, error) {
	h := http.Header{}
	switch kind {
	case config.NoticeSlack:
		h.Set("Content-Type", "application/json; charset=utf-8")
		body, err := json.Marshal(map[string]string{"text": slackText.Replace(m.title() + "\n" + m.text())})
		return h, body, err
	case config.NoticeNtfy:
		// https://docs.ntfy.sh/publish/: headers Title, encoded after RFC 2047, and
		// Priority (3 is default, 4 high).
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Title", mime.QEncoding.Encode("utf-8", m.title()))
		h.Set("Priority", "3")
		if !slices.Equal(m.on, []string{config.OnDone}) {
			h.Set("Priority", "4")
		}
		return h, []byte(m.text()), nil
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	body, err := json.Marshal(struct {
		Version int           `json:"version"` // of this document's shape
		On      []string      `json:"on"`      // what there is to tell
		Text    string        `json:"text"`    // for a person
		Caps    []string      `json:"caps,omitempty"`
		Report  *batch.Report `json:"report"`
	}{1, m.on, m.title() + "\n" + m.text(), m.caps, m.report})
	return h, body, err
}

// slackText keeps a title from being taken for a link or a call of everybody
// (Slack, "Formatting text for app surfaces": escape &, < and >).
var slackText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// title is the run in a line.
func (m message) title() string { return m.report.Show + ": " + m.report.Headline() }

// text tells what needs a person, and what was made.
func (m message) text() string {
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " "))
	}
	for _, c := range m.caps {
		add("%s", c)
	}
	for _, state := range []batch.State{batch.StateFailed, batch.StateHeld, batch.StateWaiting, batch.StateMade} {
		for _, o := range m.report.Items {
			if o.State != state {
				continue
			}
			reason := cmp.Or(o.Reason, strings.Join(o.Reasons, "; "))
			if reason != "" {
				reason = ": " + reason
			}
			add("%s: %s%s", o.State, cmp.Or(o.Title, o.Location), reason)
		}
	}
	for _, p := range m.report.Problems {
		add("%s: %s: %s", p.Reason, cmp.Or(p.Item, p.Source), p.Message)
	}
	if over := len(lines) - mostTold; over > 0 {
		lines = append(lines[:mostTold], fmt.Sprintf("and %d more", over))
	}
	add("run %s", m.report.Run)
	return strings.Join(lines, "\n")
}

// host is all that is ever said of an address.
func host(address voices.Secret) string {
	u, err := url.Parse(address.Reveal())
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// veiled is an error without the address in it.
func veiled(err error, address voices.Secret) string {
	text := err.Error()
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		text = e.Reason
	}
	hidden := []string{address.Reveal()}
	if u, err := url.Parse(address.Reveal()); err == nil {
		password, _ := u.User.Password()
		hidden = append(hidden, u.String(), u.Redacted(), u.RequestURI(), u.Path, u.RawQuery, password)
	}
	for _, h := range hidden {
		if len(h) > 1 {
			text = strings.ReplaceAll(text, h, "…")
		}
	}
	return text
}
