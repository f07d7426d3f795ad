package pipeline

import (
	"context"
	"fmt"
	"maps"

	"github.com/narrapress/narrapress/voices"
)

// rehearse makes sure that an episode can be made, before anything is paid
// for: what it is made of is there, it may cost what it costs, its endpoints
// answer. A voice whose endpoint is down is spoken by its understudy, in the
// whole of the episode, which is planned anew with it: another voice has
// other limits, words and prices. Without inputs there is nothing to make.
func (p *Press) rehearse(ctx context.Context, w *watch, plan *Plan, pl *place, o Order, acc *account, res *Result) (*Plan, *inputs, error) {
	var told []string
	for {
		res.Findings = nil
		for _, f := range plan.Findings {
			res.Findings = append(res.Findings, f.String())
		}
		res.Findings = append(res.Findings, told...)
		if o.Sample > 0 {
			if err := p.sample(plan, o.Sample); err != nil {
				return nil, nil, err
			}
		}
		in, err := p.inputs(plan, pl, o)
		if err != nil {
			return nil, nil, err
		}
		if o.Sample == 0 && !o.Fresh {
			if done, err := p.done(plan, pl, in, res); done || err != nil {
				return nil, nil, err
			}
		}
		if o.Offline {
			return plan, in, p.complete(plan)
		}
		if err := acc.affordable(plan); err != nil {
			return nil, nil, err
		}
		away, why, err := p.away(ctx, plan)
		if err != nil {
			return nil, nil, &StageError{Stage: Record, Err: err}
		}
		if len(away) == 0 {
			if err := p.listener(ctx, plan); err != nil {
				return nil, nil, &StageError{Stage: Record, Err: err}
			}
			return plan, in, nil
		}
		instead := maps.Clone(plan.Understudies)
		if instead == nil {
			instead = map[string]string{}
		}
		if err := p.replace(instead, away, why); err != nil {
			return nil, nil, &StageError{Stage: Record, Err: err}
		}
		for _, name := range away {
			found := fmt.Sprintf("%s speaks in place of %s, the whole episode: %v", instead[name], name, why[name])
			told = append(told, found)
			w.emit(Event{Stage: Record, Finding: found})
		}
		o.instead, o.content, o.Overlay = instead, plan.content, plan.Overlay
		if plan, err = p.plan(ctx, w, o); err != nil {
			return nil, nil, err
		}
	}
}

// done says whether the episode is there already, or is to be left alone.
func (p *Press) done(plan *Plan, pl *place, in *inputs, res *Result) (bool, error) {
	if done, err := p.finished(pl, in, res); done || err != nil {
		return done, err
	}
	if edited, err := pl.edited(); !plan.Edited && edited {
		if err != nil {
			return false, err
		}
		res.unchanged(pl)
		res.Kept = fmt.Sprintf("the episode was made from the edited plan %s and is left as it is: produce the plan, or this with --fresh to drop its edits",
			pl.last.Source.Plan)
		return true, nil
	}
	return false, nil
}

// away asks the endpoints that will be needed whether they are there and have
// the voices. It names the voices that have an understudy and whose endpoint
// is down, in the order they speak, and why; every other fault is an error.
func (p *Press) away(ctx context.Context, plan *Plan) (names []string, why map[string]error, err error) {
	why = map[string]error{}
	asked := map[string]bool{}
	down := map[string]error{} // by endpoint: it is not asked for every voice
	i := -1
	for _, seg := range plan.Script.Segments() {
		i++
		v := plan.terms.cast.Voice(seg.Part())
		if plan.Segments[i].Stored || asked[v.Name] {
			continue
		}
		asked[v.Name] = true
		err := down[v.Endpoint]
		if err == nil {
			err = p.studio.Ready(ctx, v)
		}
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil || !voices.Down(err) || v.Understudy == "":
			return nil, nil, err
		}
		down[v.Endpoint] = err
		names = append(names, v.Name)
		why[v.Name] = err
	}
	return names, why, nil
}

// replace puts the understudies of those who are away in their places, and in
// the places of those for whom they stood in. Who was found away before is
// not asked again; where that leaves nobody, the error is why the last is away.
func (p *Press) replace(instead map[string]string, away []string, why map[string]error) error {
	for _, name := range away {
		instead[name] = p.cfg.Voices[name].Understudy
	}
	for name := range instead {
		other := instead[name]
		for range len(p.cfg.Voices) {
			if _, gone := instead[other]; !gone {
				break
			}
			other = p.cfg.Voices[other].Understudy
		}
		if _, gone := instead[other]; gone || other == "" {
			return why[away[0]]
		}
		instead[name] = other
	}
	return nil
}
