package voices

import "context"

// PriceOf is what a take costs that was kept under an endpoint's identity, by
// the price of the endpoint that has it now. ok is false where none has.
func (s *Studio) PriceOf(ctx context.Context, identity, model string) (price Price, ok bool) {
	for _, name := range sorted(s.endpoints) {
		e := s.endpoints[name]
		if own, err := e.transport.identity(ctx); err == nil && own == identity {
			return e.spec.Price.of(model), true
		}
	}
	return Price{}, false
}
