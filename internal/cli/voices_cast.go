package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// castLine is a voice of the show.
type castLine struct {
	Name     string   `json:"name"`
	Endpoint string   `json:"endpoint"`
	Voice    string   `json:"voice,omitempty"` // the provider's name
	Model    string   `json:"model,omitempty"`
	Speed    float64  `json:"speed,omitempty"`
	Roles    []string `json:"roles"`        // that it speaks, by the fallbacks too
	Price    float64  `json:"per_1m_chars"` // 0 where it is free or not known
	Currency string   `json:"currency,omitempty"`
	Priced   bool     `json:"priced"`
}

// runVoicesCast lists the show's voices, and asks nobody.
func runVoicesCast(ctx context.Context, cfg *config.Config, o voicesOptions, s Streams) error {
	endpoints, speakers, roles := cfg.Endpoints, cfg.Voices, cfg.Roles
	engine := ""
	if len(endpoints) == 0 && len(speakers) == 0 {
		preset, names, ok := voices.Local(ctx, cfg.Show.Language)
		if !ok {
			return noEngine()
		}
		endpoints, speakers, roles = localCast(preset, names)
		engine = preset
	}
	lines, err := castLines(endpoints, speakers, roles)
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(s.Out, struct {
			Version int        `json:"version"` // of this document's shape
			Engine  string     `json:"engine,omitempty"`
			Voices  []castLine `json:"voices"`
		}{1, engine, lines})
	}
	if engine != "" {
		fmt.Fprintf(s.Out, "the show names no voices: %s, found on this machine, speaks\n", engine)
	}
	p := paint(s.colours(s.OutTerminal))
	for _, l := range lines {
		io.WriteString(s.Out, l.text(p))
	}
	return nil
}

func noEngine() error {
	return fmt.Errorf("the show names no endpoint, and no speech engine is installed: install one (apt install flite), or write endpoints into %s", showFile)
}

// localCast is who speaks in a show that names nobody.
func localCast(preset string, names []string) (map[string]voices.Endpoint, map[string]voices.Voice, map[string]string) {
	speakers := map[string]voices.Voice{"narrator": {Endpoint: preset, Voice: names[0]}}
	roles := map[string]string{script.RoleBody: "narrator"}
	if len(names) > 1 {
		speakers["second"] = voices.Voice{Endpoint: preset, Voice: names[1]}
		roles[script.RoleQuote] = "second"
	}
	return map[string]voices.Endpoint{preset: {Preset: preset}}, speakers, roles
}

func castLines(endpoints map[string]voices.Endpoint, speakers map[string]voices.Voice, roles map[string]string) ([]castLine, error) {
	resolved, err := voices.Resolve(endpoints)
	if err != nil {
		return nil, err
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{})
	if err != nil {
		return nil, err
	}
	cast, err := voices.NewCast(roles, speakers)
	if err != nil {
		return nil, err
	}
	speaks := map[string][]string{}
	all := script.Roles()
	for _, role := range sortedKeys(roles) {
		if strings.HasPrefix(role, "speaker:") {
			all = append(all, role)
		}
	}
	for _, role := range all {
		name := cast.Voice(role).Name
		speaks[name] = append(speaks[name], role)
	}
	lines := []castLine{}
	for _, name := range sortedKeys(speakers) {
		v := speakers[name]
		price := studio.Price(v)
		l := castLine{
			Name: name, Endpoint: v.Endpoint, Voice: v.Voice, Model: cmp.Or(v.Model, resolved[v.Endpoint].Model), Speed: v.Speed,
			Roles: speaks[name], Price: price.PerMChars, Currency: price.Currency, Priced: price.Known(),
		}
		if l.Roles == nil {
			l.Roles = []string{}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (l *castLine) text(p paint) string {
	s := p.bold(l.Name) + "  " + cmp.Or(l.Voice, "(its first)") + " at " + l.Endpoint
	if l.Model != "" {
		s += ", " + l.Model
	}
	if l.Speed != 0 {
		s += fmt.Sprintf(", speed %g", l.Speed)
	}
	switch {
	case !l.Priced:
		s += ", no price known"
	case l.Price == 0:
		s += ", free"
	default:
		s += fmt.Sprintf(", %s for a million characters", money(l.Price, l.Currency))
	}
	roles := "speaks no role of its own"
	if len(l.Roles) > 0 {
		roles = "speaks " + strings.Join(l.Roles, ", ")
	}
	return s + "\n  " + p.faint(roles) + "\n"
}
