package main

import (
	"errors"
	"iter"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

var errDenied = errors.New("what should be allowed is denied")

// ours are the four works with this package.
func ours(in inputs) iter.Seq2[string, call] {
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))
	policy := must(cogauth.BuiltinPolicy())
	gate := must(cogauth.NewGate(cogauth.GateOptions{Policy: policy, Keys: keys}))
	now, token, request := time.Unix(in.Now, 0), []byte(in.Token), []byte(in.PolicyRequest)
	record, facts := []byte(in.Record), []byte(in.Facts)
	return func(yield func(string, call) bool) {
		_ = yield("verify", func() error {
			_, err := keys.Verify(token, now)
			return err
		}) && yield("decide", func() error {
			decision, err := policy.Decide(request)
			if err == nil && !decision.Allowed {
				err = errDenied
			}
			return err
		}) && yield("evaluate", func() error {
			_, err := policy.Evaluate(request)
			return err
		}) && yield("gate", func() error {
			return throughGate(gate, in, record, facts, now)
		})
	}
}

func throughGate(gate *cogauth.Gate, in inputs, record, facts []byte, now time.Time) error {
	exchange, err := gate.Begin(cogauth.Request{
		Method: in.Method, Target: in.Target, Authorization: []string{in.Authorization},
	}, now)
	if err != nil {
		return err
	}
	defer exchange.Close()
	if err := exchange.AnswerRecord(cogauth.Found(record)); err != nil {
		return err
	}
	if err := exchange.AnswerFacts(cogauth.Found(facts)); err != nil {
		return err
	}
	if exchange.Principal() == "" || exchange.Action() == "" || exchange.Audit() == "" {
		return errDenied
	}
	return nil
}
