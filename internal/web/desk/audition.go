package desk

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/yamledit"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// auditionPage lets voices be heard side by side, and cast.
type auditionPage struct {
	base
	Text   string
	Voices []candidate
	Roles  []string
	Kept   string // what was written
}

type candidate struct {
	Name     string
	Endpoint string
	Voice    string // as its endpoint calls it
	Speaks   string // roles that it is cast in
	Cost     string // of hearing the text; "nothing" where it is stored
}

// mostLines bounds the text of an audition, in bytes: it is spoken by every voice.
const mostLines = 4 << 10

func linesOf(r *http.Request) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"))
	if len(text) > mostLines {
		return "", faultf(http.StatusUnprocessableEntity, "the lines have %d bytes, and %d are spoken", len(text), mostLines)
	}
	if text == "" {
		text = strings.TrimSpace(pipeline.AuditionText)
	}
	return text, nil
}

func (m *room) audition(w http.ResponseWriter, r *http.Request) error {
	text, err := linesOf(r)
	if err != nil {
		return err
	}
	press, err := m.open(r.Context())
	if err != nil {
		return err
	}
	cfg := m.show()
	p := auditionPage{base: m.base("Audition"), Text: text, Roles: rolesOf(cfg), Kept: r.FormValue("kept")}
	p.Here = "Audition"
	names := make([]string, 0, len(cfg.Voices))
	for name := range cfg.Voices {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		plan, err := press.Lines(r.Context(), text, name)
		if err != nil {
			return err
		}
		var cast []string
		for role, voice := range cfg.Roles {
			if voice == name {
				cast = append(cast, role)
			}
		}
		slices.Sort(cast)
		v := cfg.Voices[name]
		p.Voices = append(p.Voices, candidate{
			Name: name, Endpoint: v.Endpoint, Voice: v.Voice, Speaks: strings.Join(cast, ", "),
			Cost: money(plan.Totals.Cost, plan.Totals.Currency, plan.Totals.Priced || plan.Totals.New == 0),
		})
	}
	render(w, http.StatusOK, "audition", p)
	return nil
}

// rolesOf are the roles that a voice of the show may be cast in.
func rolesOf(cfg *config.Config) []string {
	out := script.Roles()
	for role := range cfg.Roles {
		if !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	slices.Sort(out)
	return out
}

// voiceHeard answers with the lines as one voice speaks them.
func (m *room) voiceHeard(w http.ResponseWriter, r *http.Request) error {
	text, err := linesOf(r)
	if err != nil {
		return err
	}
	name := r.FormValue("voice")
	if _, ok := m.show().Voices[name]; !ok {
		return faultf(http.StatusNotFound, "the show has no voice %q", name)
	}
	press, err := m.open(r.Context())
	if err != nil {
		return err
	}
	plan, err := press.Lines(r.Context(), text, name)
	if err != nil {
		return err
	}
	all := make([]int, plan.Script.Len())
	for i := range all {
		all[i] = i + 1
	}
	o := pipeline.Order{Source: pipeline.Stdin, Fresh: true}
	if _, err := press.Speak(r.Context(), o, plan, all...); err != nil {
		return err
	}
	x, err := press.Excerpt(r.Context(), o, plan, 1, len(all))
	if err != nil {
		return err
	}
	return sendMP3(w, x.MP3)
}

func sendMP3(w http.ResponseWriter, b []byte) error {
	w.Header().Set("Content-Type", "audio/mpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, err := io.Copy(w, bytes.NewReader(b))
	return err
}

// cast writes into the show's file that a voice speaks a role.
func (m *room) cast(w http.ResponseWriter, r *http.Request) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	role, voice := plain(r.FormValue("role")), r.FormValue("voice")
	cfg := m.show()
	if _, ok := cfg.Voices[voice]; !ok {
		return faultf(http.StatusUnprocessableEntity, "the show has no voice %q", voice)
	}
	if !slices.Contains(rolesOf(cfg), role) {
		return faultf(http.StatusUnprocessableEntity, "the show has no role %q", role)
	}
	err := m.rewrite(r.Context(), func(b []byte) ([]byte, error) {
		return yamledit.Set(b, []string{"roles", role}, voice)
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, m.address("audition", "kept", voice+" speaks "+role+" from now on."), http.StatusSeeOther)
	return nil
}

// rewrite changes the show's file. One that cannot be read afterwards is put back.
func (m *room) rewrite(ctx context.Context, change func([]byte) ([]byte, error)) error {
	ctx = context.WithoutCancel(ctx) // who leaves does not leave a file half changed
	cfg := m.show()
	if cfg.File == "" {
		return faultf(http.StatusConflict, "the show has no file to write that into: narrapress init makes one")
	}
	was, err := os.ReadFile(cfg.File)
	if err != nil {
		return err
	}
	now, err := change(was)
	if err != nil {
		return faultf(http.StatusConflict, "%s: %v", filepath.Base(cfg.File), err)
	}
	if _, err := publish.WriteFile(cfg.File, now); err != nil {
		return err
	}
	if err := m.reload(ctx); err != nil {
		if _, back := publish.WriteFile(cfg.File, was); back != nil {
			return back
		}
		return err
	}
	return nil
}
