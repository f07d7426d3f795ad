package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/voices"
)

// programs checks ffmpeg, which decodes and encodes, and the local engines.
func (x *examination) programs(ctx context.Context) {
	const remedy = "install it (apt install ffmpeg, brew install ffmpeg)"
	version, err := ffmpegVersion(ctx)
	if err != nil {
		x.say(check{Name: "ffmpeg", Status: checkFail, Detail: err.Error(), Remedy: remedy})
		return
	}
	encoders, err := ask(ctx, "ffmpeg", "-hide_banner", "-encoders")
	switch {
	case err != nil:
		x.say(check{Name: "ffmpeg", Status: checkFail, Detail: err.Error(), Remedy: remedy})
	case !strings.Contains(encoders, " libmp3lame "):
		x.say(check{
			Name: "ffmpeg", Status: checkFail, Detail: version + " has no MP3 encoder (libmp3lame)",
			Remedy: "install a build that has it",
		})
	default:
		x.ok("ffmpeg", "%s, with libmp3lame", version)
	}
	how, err := master.Encoder()
	if err != nil {
		x.say(check{Name: "mp3", Status: checkWarn, Detail: "encoded by ffmpeg, which is slower: " + err.Error()})
		return
	}
	x.ok("mp3", "encoded in this process by %s", how)
}

// cast is who would speak: the show's voices, or those of a local engine.
func (x *examination) cast(ctx context.Context, cfg *config.Config) (map[string]voices.Endpoint, map[string]voices.Voice) {
	preset, names, ok := voices.Local(ctx, cfg.Show.Language)
	if ok {
		x.ok("local engine", "%s: %s", preset, strings.Join(names, ", "))
	}
	if len(cfg.Endpoints) > 0 || len(cfg.Voices) > 0 {
		return cfg.Endpoints, cfg.Voices
	}
	if !ok {
		x.say(check{
			Name: "local engine", Status: checkFail, Detail: "the show names no voices, and no speech engine is installed",
			Remedy: "install one (apt install flite), or write endpoints and voices into " + showFile,
		})
		return nil, nil
	}
	speakers := map[string]voices.Voice{}
	for _, name := range names[:min(len(names), 2)] {
		speakers[name] = voices.Voice{Endpoint: preset, Voice: name}
	}
	return map[string]voices.Endpoint{preset: {Preset: preset}}, speakers
}

// speakers asks every endpoint whether it is there and has the voices.
func (x *examination) speakers(ctx context.Context, cfg *config.Config) {
	endpoints, speakers := x.cast(ctx, cfg)
	if len(speakers) == 0 {
		return
	}
	endpoints, err := voices.Resolve(endpoints)
	if err != nil {
		x.found("endpoints", err, "")
		return
	}
	studio, err := voices.Open(endpoints, voices.OpenOptions{Log: x.opts.logger(x.streams), Listen: cfg.Listen})
	if err != nil {
		x.found("endpoints", err, "")
		return
	}
	var usable []voices.Voice
	for _, name := range sortedKeys(speakers) {
		v := speakers[name]
		v.Name = name
		err := studio.Check(ctx, v)
		x.found("voice "+name, placed(cfg, name, err), fmt.Sprintf("%s at %s", v.Voice, v.Endpoint))
		if err == nil {
			usable = append(usable, v)
		}
	}
	if who := studio.Listener(); who != "" {
		x.found("listener", studio.ListenerReady(ctx), who)
	}
	if x.opts.Live {
		press, err := pipeline.New(ctx, cfg, pipeline.Options{})
		if err != nil {
			x.found("live", err, "")
			return
		}
		x.live(ctx, cfg, studio.Metered(press.Meter("doctor")), usable)
	}
}

// placed is an error about a voice's name with its place in the show's file,
// where it stands there.
func placed(cfg *config.Config, name string, err error) error {
	var refused *voices.Error
	if at := cfg.Origin("voices." + name + ".voice"); at.Place != "" && errors.As(err, &refused) && strings.Contains(refused.Reason, "voice") {
		return fmt.Errorf("%s: %w", at.Place, err)
	}
	return err
}

// live lets every voice speak a sentence, after saying what it costs.
func (x *examination) live(ctx context.Context, cfg *config.Config, studio *voices.Studio, speakers []voices.Voice) {
	sum, characters, priced, currency := 0.0, 0, true, ""
	requests := make([]voices.Request, len(speakers))
	for i, v := range speakers {
		requests[i] = voices.Request{Voice: v, Text: "This is how I sound."}
		price := studio.Price(v)
		characters += requests[i].Characters()
		sum += float64(requests[i].Characters()) * price.PerMChars / 1e6
		priced = priced && price.Known()
		if currency == "" {
			currency = price.Currency
		}
	}
	x.ok("live", "%s, %s to send, %s", count(len(requests), "request"), count(characters, "character"), cost(sum, currency, priced))
	for _, req := range requests {
		speech, err := studio.Synthesize(ctx, req)
		name := "live " + req.Voice.Name
		if err != nil {
			x.found(name, placed(cfg, req.Voice.Name, err), "")
			continue
		}
		sound, err := record.Listen(ctx, speech.Audio)
		switch {
		case err != nil:
			x.found(name, fmt.Errorf("what it answered cannot be decoded: %w", err), "")
		case sound.Silent():
			x.found(name, errors.New("what it answered is silent"), "")
		default:
			x.ok(name, "%.1f s of %s, %d Hz", sound.Seconds(), sound.MediaType, sound.Rate)
		}
	}
}

// tracks checks that the show's music can be decoded.
func (x *examination) tracks(ctx context.Context, cfg *config.Config) {
	for _, t := range cfg.Tracks.Named() {
		name := "track " + t.Name
		sound, err := record.ListenFile(ctx, t.File)
		if err == nil {
			err = t.Fits(&sound)
		}
		if err != nil {
			x.found(name, err, "")
			continue
		}
		x.ok(name, "%s, %.1f s, %d Hz, %s", t.File, sound.Seconds(), sound.Rate, count(sound.Channels, "channel"))
	}
}

// formats checks that ffmpeg has an encoder for each format beside MP3.
func (x *examination) formats(ctx context.Context, cfg *config.Config) {
	formats := cfg.Audio.Formats.Others()
	if len(formats) == 0 {
		return
	}
	if faults := pipeline.CheckFormats(ctx, cfg); len(faults) > 0 {
		for _, fault := range faults {
			x.found("formats", fault, "")
		}
		return
	}
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = fmt.Sprintf("%s (%s)", f.Name, f.Encoder)
	}
	x.ok("formats", "mp3, %s", strings.Join(names, ", "))
}

// lexicons reads the show's lexicons, each file once, and says what in them is
// of no use.
func (x *examination) lexicons(ctx context.Context, cfg *config.Config) {
	files := slices.Clone(cfg.Lexicon)
	for _, name := range sortedKeys(cfg.Voices) {
		files = append(files, cfg.Voices[name].Lexicon...)
	}
	seen := map[string]bool{}
	for _, file := range files {
		if seen[file] {
			continue
		}
		seen[file] = true
		l, err := lexicon.Load(ctx, file)
		if err != nil {
			x.found("lexicon", err, "")
			continue
		}
		x.ok("lexicon", "%s, words and patterns: %s", file, number(l.Len()))
		for _, f := range l.Findings() {
			x.say(check{Name: "lexicon", Status: checkWarn, Detail: f.String()})
		}
	}
}

// folders checks that the output and the store can be written.
func (x *examination) folders(cfg *config.Config) {
	for _, f := range foldersOf(cfg) {
		if err := f.writable(); err != nil {
			x.say(check{Name: f.name, Status: checkFail, Detail: err.Error(), Remedy: f.remedy})
			continue
		}
		x.ok(f.name, "%s can be written", f.path)
	}
}

// faults are an error's lines.
func faults(err error) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
