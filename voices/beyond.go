package voices

import "context"

// Gate keeps the limits of endpoints that hold beyond this process: over all
// workers, over days and months. Implementations are safe for concurrent use.
type Gate interface {
	// Acquire waits until a request may be made, and takes what it needs: its
	// characters and its money are gone whatever comes of it. release, which
	// may be called more than once, says that it is over.
	Acquire(ctx context.Context, endpoint, show string, characters int, money float64) (release func(), err error)
}

// beyond is how the gate is asked for each attempt, once the endpoint's own
// limits let it go: what waits here holds a place of this process, and none of
// the others'. It is nil without a gate.
func beyond(spec Endpoint, o OpenOptions) func(context.Context, *call) (func(), error) {
	if o.Gate == nil {
		return nil
	}
	return func(ctx context.Context, c *call) (func(), error) {
		price := charge(spec, c)
		return o.Gate.Acquire(ctx, spec.Name, o.Show, price.Characters, price.Cost)
	}
}
