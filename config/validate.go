package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// validate judges what was decoded, adds its faults to the decoder's, and
// returns warnings. What was given wrongly is not judged again.
func validate(c *Config, d *decoder, sys system) (warnings []string) {
	rules := rulesByPath()
	leaves(reflect.ValueOf(c).Elem(), func(l leaf) {
		rule := rules[l.pattern]
		if rule.is == words && rule.oneOf == nil { // a list of other texts is judged as a whole
			d.judge(rule, l)
			return
		}
		for item := range l.items() {
			d.judge(rule, item)
		}
	})
	d.options("script", c.Script.Validate())
	d.options("audio.pauses", c.Audio.Pauses.Validate())
	d.tracks()
	d.bed(c)
	d.cast(c)
	d.endpoints(c, sys)
	d.listen(c)
	d.sources(c)
	d.schedules(c)
	d.publish(c)
	d.output(c)
	d.server(c)
	return append(d.roles(c), d.keys(c)...)
}

// options adds what a stage finds wrong in its own options: relations between
// them, and names that it alone knows.
func (d *decoder) options(section string, err error) {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return
	}
	for _, err := range all.Unwrap() {
		var fault *script.OptionError
		if !errors.As(err, &fault) {
			continue
		}
		path := join(section, fault.Setting)
		if s, said := d.from.values[path]; said && !d.bad[path] {
			d.fault(path, s.at, "%s: %s %s", word(last(path)), word(fault.Value), fault.Reason)
		}
	}
}

// judge adds what is wrong with a value to the faults.
func (d *decoder) judge(rule setting, l leaf) {
	if s, said := d.from.values[l.path]; said && !d.bad[l.path] {
		if reason := rule.judge(l.value, s); reason != "" {
			d.fault(l.path, s.at, "%s: %s", word(last(l.path)), reason)
		}
	}
}

// judge says what is wrong with a value that the user gave. It never shows
// what a variable held.
func (s setting) judge(v reflect.Value, from source) string {
	shown := func(value string) string {
		if from.vars {
			return "the value of " + references(from.written)
		}
		return word(value)
	}
	switch {
	case s.within != nil:
		return s.within.judge(v, shown)
	case s.oneOf != nil && !slices.Contains(s.oneOf, v.String()):
		hint := ""
		if !from.vars {
			if best, ok := nearest(v.String(), s.oneOf); ok {
				hint = "; did you mean " + best + "?"
			}
		}
		return fmt.Sprintf("%s is none of %s%s", shown(v.String()), strings.Join(s.oneOf, ", "), hint)
	case s.numbers != nil && !slices.Contains(s.numbers, int(v.Int())):
		all := make([]string, len(s.numbers))
		for i, n := range s.numbers {
			all[i] = strconv.Itoa(n)
		}
		return fmt.Sprintf("%s is none of %s", shown(strconv.FormatInt(v.Int(), 10)), strings.Join(all, ", "))
	case s.is == words || v.String() == "":
	case s.is == inputFile:
		if info, err := os.Stat(v.String()); err == nil && !info.Mode().IsRegular() {
			return shown(v.String()) + " is no file"
		} else if err != nil && from.vars {
			return "no such file: " + shown("")
		} else if err != nil {
			return missing("file "+word(filepath.Base(v.String())), v.String())
		}
	case s.is == languageTag:
		if _, err := language.Parse(v.String()); err != nil || strings.Contains(v.String(), "_") {
			return shown(v.String()) + " is no language tag (BCP 47), such as en or en-US"
		}
	default:
		if reason := judgeText(s.is, v.String()); reason != "" && from.vars {
			return "the value of " + references(from.written) + " cannot be used" // the reason may show it
		} else if reason != "" {
			return reason
		}
	}
	return ""
}

// judge a number, or a length of time in seconds.
func (b bounds) judge(v reflect.Value, shown func(string) string) string {
	var f float64
	unit := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case isLength(v.Type()):
		f = time.Duration(v.Int()).Seconds()
		unit = func(f float64) string { return time.Duration(f * float64(time.Second)).String() }
	case v.CanInt():
		f = float64(v.Int())
	default:
		f = v.Float()
		if isText(v.Type()) {
			suffix := strings.TrimPrefix(example(v), "-1")
			unit = func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) + suffix }
		}
	}
	switch {
	case f >= b.least && f <= b.most, b.orZero && f == 0:
		return ""
	case b.least == b.most:
		return fmt.Sprintf("%s must be %s", shown(unit(f)), unit(b.least))
	}
	return fmt.Sprintf("%s is out of range: from %s to %s", shown(unit(f)), unit(b.least), unit(b.most))
}

// tracks with settings need a file.
func (d *decoder) tracks() {
	for _, name := range []string{mix.IntroName, mix.CreditsName, mix.StingName, mix.BedName} {
		path := join("tracks", name)
		s, said := d.from.values[path]
		if _, file := d.from.values[path+".file"]; said && !file && !d.bad[path] && d.below(path) {
			d.fault(path, s.key, "%s: the track has settings but no file", name)
		}
	}
}

// bed says what it is under.
func (d *decoder) bed(c *Config) {
	const path = "tracks.bed.under"
	if s, said := d.from.values[path]; said && !d.bad[path] && c.Tracks.Bed.Under == "" {
		d.fault(path, s.at, "under: it is empty: write %s, %s, %s or the title of a chapter", mix.UnderBody, mix.UnderOpening, mix.UnderAll)
	}
}

// below says whether the file says anything below the setting.
func (d *decoder) below(path string) bool {
	for p := range d.from.values {
		if strings.HasPrefix(p, path+".") {
			return true
		}
	}
	return false
}

// cast checks that roles name voices and voices name endpoints.
func (d *decoder) cast(c *Config) {
	broken := d.bad["roles"] || d.bad["voices"]
	for _, role := range names(c.Roles) {
		path := join("roles", role)
		if _, ok := c.Voices[c.Roles[role]]; !ok && !d.bad[path] {
			d.absent(path, "voice", c.Roles[role], names(c.Voices))
		}
	}
	for _, voice := range names(c.Voices) {
		path := join("voices", voice)
		e := c.Voices[voice].Endpoint
		switch _, ok := c.Endpoints[e]; {
		case ok || d.bad[join(path, "endpoint")]:
		case e == "":
			d.fault(path, d.from.values[path].key, "voice %s names no endpoint%s", word(voice), meant("", names(c.Endpoints)))
		default:
			d.absent(join(path, "endpoint"), "endpoint", e, names(c.Endpoints))
		}
		d.understudy(c, voice)
	}
	if _, ok := c.Roles[script.RoleBody]; ok || broken {
		return
	}
	for _, section := range []string{"roles", "voices", "endpoints"} {
		if s, ok := d.from.values[section]; ok && (section != "endpoints" || len(c.Endpoints) > 0) && d.below(section) {
			d.fault("roles", s.key, "the role body has no voice%s", meant("", names(c.Voices)))
			return
		}
	}
}

// understudy judges who speaks in a voice's place: somebody else, who lives
// elsewhere, and whose own understudies do not lead back.
func (d *decoder) understudy(c *Config, voice string) {
	v := c.Voices[voice]
	path := join(join("voices", voice), "understudy")
	if v.Understudy == "" || d.bad[path] {
		return
	}
	at := d.from.values[path].at
	other, ok := c.Voices[v.Understudy]
	switch {
	case !ok:
		d.absent(path, "voice", v.Understudy, names(c.Voices))
		return
	case v.Understudy == voice:
		d.fault(path, at, "understudy: a voice cannot stand in for itself: name another")
		return
	case other.Endpoint == v.Endpoint:
		d.fault(path, at, "understudy: %s lives at the endpoint %s too, and is away when it is down: name a voice of another", word(v.Understudy), word(v.Endpoint))
		return
	}
	for next, n := v.Understudy, 0; next != "" && n <= len(c.Voices); n++ {
		if next = c.Voices[next].Understudy; next == voice {
			d.fault(path, at, "understudy: the understudies of %s lead back to it: let one of them have none", word(voice))
			return
		}
	}
}

// absent is a name that names nothing.
func (d *decoder) absent(path, what, name string, known []string) {
	s := d.from.values[path]
	if s.vars {
		d.fault(path, s.at, "%s: %s names no %s%s", word(last(path)), references(s.written), what, meant("", known))
		return
	}
	d.fault(path, s.at, "%s: no %s %s%s", word(last(path)), what, word(name), meant(name, known))
}

// endpoints lets package voices judge each endpoint over its preset.
func (d *decoder) endpoints(c *Config, sys system) {
	for _, name := range names(c.Endpoints) {
		path := join("endpoints", name)
		if d.bad[path] {
			continue
		}
		if _, err := sys.resolve(map[string]voices.Endpoint{name: c.Endpoints[name]}); err != nil {
			for _, err := range apart(err) {
				d.fault(path, d.from.values[path].key, "%s", d.scrub(err.Error(), c.Endpoints[name]))
			}
		}
	}
}

// apart are the errors that were joined.
func apart(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // a join itself: a wrapped one would lose its words
		return joined.Unwrap()
	}
	return []error{err}
}

// scrub takes out of an error's text what variables have put into the
// endpoint, and its secrets.
func (d *decoder) scrub(text string, e voices.Endpoint) string {
	const shortest = 4 // shorter ones are no secrets, and part of too many words
	hide := func(value, instead string) {
		if len(value) >= shortest {
			text = strings.ReplaceAll(text, value, instead)
			text = strings.ReplaceAll(text, strings.Trim(strconv.Quote(value), `"`), instead)
		}
	}
	hide(e.Key.Reveal(), e.Key.String())
	for _, headers := range []map[string]voices.Secret{e.Headers, e.Auth.Headers} {
		for _, h := range headers {
			hide(h.Reveal(), h.String())
		}
	}
	for _, value := range slices.SortedFunc(maps.Keys(d.held), func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) }) {
		hide(value, d.held[value])
	}
	return text
}

// roles warns of roles that look like the script's and are none of them.
func (d *decoder) roles(c *Config) (warnings []string) {
	known := []string{script.RoleTitle, script.RoleBody, script.RoleHeading, script.RoleQuote, script.RoleNote, script.RoleCredits}
	for _, role := range names(c.Roles) {
		if best, ok := nearest(role, known); ok && !slices.Contains(known, role) {
			warnings = append(warnings, fmt.Sprintf("%s: no script has the role %s; did you mean %s?", d.from.values[join("roles", role)].key, word(role), best))
		}
	}
	return warnings
}

// keys warns of provider's keys that stand in the file itself.
func (d *decoder) keys(c *Config) (warnings []string) {
	const shortest = 16 // a local server's "none" or "unused" is shorter; every provider's key is longer
	for _, name := range names(c.Endpoints) {
		path := join(join("endpoints", name), "key")
		if s := d.from.values[path]; !s.vars && len(c.Endpoints[name].Key.Reveal()) >= shortest {
			warnings = append(warnings, fmt.Sprintf("%s: the key stands in the file itself; write ${NAME} or ${file:PATH}", s.at))
		}
	}
	if s := d.from.values["listen.key"]; s.layer == layerFile && !s.vars && len(c.Listen.Key.Reveal()) >= shortest {
		warnings = append(warnings, fmt.Sprintf("%s: the key stands in the file itself; write ${NAME} or ${file:PATH}", s.at))
	}
	return warnings
}
