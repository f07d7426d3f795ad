package pipeline

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// release is everything that an episode's files are written from.
type release struct {
	plan     *Plan
	takes    []record.Take
	timeline *mix.Timeline
	master   *master.Master
	in       *inputs
	place    *place
	formats  []master.Format // beside the MP3
	run      publish.Run
	sample   bool
	from     string // episode whose levels this one began with
	commit   func(context.Context, *Result, func() error) error
}

// publish writes the episode's files and puts them in place, the manifest last.
func (p *Press) publish(ctx context.Context, r release, res *Result, progress func(count, total, stored int)) error {
	ep := r.episode()
	work, name := r.place.work, r.place.slug
	mp3 := filepath.Join(work, name+".mp3")
	pictures, findings := r.in.art.ForTags(p.blocks.With(nil))
	res.Findings = append(res.Findings, findings...)
	r.in.art = r.in.art.Only(pictures)
	enclosure, err := publish.MP3(ctx, mp3, r.master, ep, p.cfg.Show, pictures)
	if err != nil {
		return err
	}
	ep.Enclosure = &enclosure
	res.Episode = ep
	if r.sample {
		to := r.place.dir + ".sample.mp3"
		res.Dir, res.Files = filepath.Dir(to), []string{to}
		return os.Rename(mp3, to)
	}
	sc, err := publish.WriteScript(work, r.plan.Script)
	if err != nil {
		return err
	}
	m := r.manifest(ep)
	formats, files, err := r.encode(ctx, p.cfg.Show, pictures, res, progress)
	if err != nil {
		return err
	}
	m.Script, m.Formats = &sc, formats
	if a := r.in.article; a != nil {
		article, err := publish.WriteArticle(work, a.HTML)
		if err != nil {
			return err
		}
		m.Article = &article
	}
	p.provenance(&r, &m)
	material := p.material(&r, &m)
	var chance []gate.Finding
	m.Gate, chance = p.judge(&r, &m, material)
	r.run.Findings = slices.Concat(r.run.Findings, publish.Sentences(chance))
	beside, err := publish.WriteAll(ctx, work, material, append(p.publishers(), p.report(&r, &m)...))
	if err != nil {
		return err
	}
	audio := publish.File{Name: enclosure.File, Bytes: enclosure.Bytes, SHA256: enclosure.SHA256}
	m.Files = slices.Concat([]publish.File{audio.As(publish.KindAudio, enclosure.MediaType)}, beside, files)
	if err := publish.WriteRun(work, r.run); err != nil {
		return err
	}
	if err := publish.WriteManifest(work, m); err != nil {
		return err
	}
	var held bool
	put := func() error {
		if held, err = r.place.deliver(m); err != nil {
			return unwritable(filepath.Dir(r.place.dir), err)
		}
		res.Dir = r.place.dir
		if held {
			res.Dir = r.place.aside()
		}
		for _, f := range m.Files {
			res.Files = append(res.Files, filepath.Join(res.Dir, f.Name))
		}
		res.Files = append(res.Files, filepath.Join(res.Dir, publish.ManifestName))
		res.judged(&m, chance...)
		passed, _ := publish.Passed(res.Dir, &m)
		res.Held = !passed
		return nil
	}
	if r.commit == nil {
		err = put()
	} else {
		err = r.commit(ctx, res, put)
	}
	if err != nil {
		return err
	}
	return p.heldIn(res.Dir, &m, held && r.place.listed())
}

func (r *release) episode() podcast.Episode {
	sc, tl := r.plan.Script, r.timeline
	return podcast.Episode{
		ID: sc.ID, Slug: r.place.slug, Title: sc.Title, Author: sc.Author, Language: sc.Language,
		Link: sc.Link, Description: sc.Summary, Date: sc.Date,
		Released: r.released(), Links: r.in.links, Listing: sc.Listing,
		Length: tl.Seconds(tl.Frames), Loudness: r.master.Loudness, Chapters: chaptersOf(tl),
	}
}

func (r *release) manifest(ep podcast.Episode) publish.Manifest {
	m := publish.Manifest{
		Episode: ep, Build: r.in.build,
		Source:   r.in.source,
		Revision: r.revision(),
		Timeline: publish.Timeline{Rate: r.timeline.Rate, Channels: r.timeline.Channels, Frames: r.timeline.Frames},
		Gains:    gainsOf(r.master, r.timeline, r.from),
		Tracks:   r.in.tracks,
		Settings: r.in.settings,

		Understudies: r.plan.Understudies,
		Lexicon:      r.in.lexicon,
		Voices:       map[string]publish.Speaker{},
	}
	var costs bills
	told := map[string]bool{}
	var segments []*script.Segment
	for _, seg := range r.plan.Script.Segments() {
		segments = append(segments, seg)
	}
	for i, t := range r.takes {
		if known := r.plan.Segments[i]; !told[t.Key] {
			told[t.Key] = true
			costs.add(known.charge)
		}
		cue := r.timeline.Cues[i]
		m.Takes = append(m.Takes, publish.Take{
			Ordinal: t.Ordinal, Role: t.Role, Voice: t.Voice, Key: t.Key, SHA256: t.SHA256, MediaType: t.MediaType,
			Start: cue.Start, Length: cue.End - cue.Start, Characters: t.Characters,
			From: r.timeline.Seconds(cue.Start), To: r.timeline.Seconds(cue.End),
			Pause: seconds(segments[i].Pause), Between: segments[i].Between.String(),
		})
	}
	m.Costs = costs.list()
	if r.plan.costs != nil {
		m.Costs = r.plan.costs
	}
	return m
}

// facts are what happened while the episode was made, for a person who asks why.
func (p *Press) facts(w *watch, takes []record.Take, res *Result) publish.Run {
	host, _ := os.Hostname()
	run := publish.Run{
		Program: p.o.Version, Host: host, System: runtime.GOOS + "/" + runtime.GOARCH,
		Started: w.start.UTC(), Elapsed: seconds(w.elapsed()), Stages: w.stages, Reused: res.Reused,
		Spent:   publish.Spent{Characters: res.Sent, Cost: res.Cost, Currency: res.Currency, Endpoints: res.Bills},
		Changes: res.Changes, Findings: res.Findings, Requests: []publish.Request{},
	}
	for _, t := range takes {
		if !t.Stored {
			run.Requests = append(run.Requests, publish.Request{
				Ordinal: t.Ordinal, Key: t.Key, Endpoint: t.Endpoint, RequestID: t.RequestID, Attempts: t.Attempts, Elapsed: seconds(t.Elapsed),
			})
		}
	}
	return run
}

func seconds(d time.Duration) podcast.Seconds {
	return podcast.Seconds(math.Round(d.Seconds()*1000) / 1000)
}

// unchanged says what an episode that was not made again holds.
func (res *Result) unchanged(pl *place) {
	res.Unchanged, res.Episode, res.Dir = true, pl.last.Episode, pl.dir
	res.Reused = len(pl.last.Takes)
	for _, f := range pl.last.Files {
		res.Files = append(res.Files, filepath.Join(pl.dir, f.Name))
	}
	res.Files = append(res.Files, filepath.Join(pl.dir, publish.ManifestName))
}
