package cogauth_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

// What bindings/bench/inputs.json has.
type inputs struct {
	Now           int64  `json:"now"`
	Token         string `json:"token"`
	EdgeKeys      string `json:"edge_keys"`
	Method        string `json:"method"`
	Target        string `json:"target"`
	Authorization string `json:"authorization"`
	Record        string `json:"record"`
	Facts         string `json:"facts"`
	PolicyRequest string `json:"policy_request"`
}

func readInputs(t testing.TB) *inputs {
	t.Helper()
	path := os.Getenv("COGAUTH_BENCH_INPUTS")
	if path == "" {
		path = "../bench/inputs.json"
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := new(inputs)
	if err := json.Unmarshal(text, in); err != nil {
		t.Fatal(err)
	}
	return in
}

func (in *inputs) now() time.Time { return time.Unix(in.Now, 0) }

func (in *inputs) request() cogauth.Request {
	return cogauth.Request{
		Method: in.Method, Target: in.Target, Authorization: []string{in.Authorization},
	}
}

// gate makes one of the inputs' keys and the built-in policy.
func (in *inputs) gate(t testing.TB, options cogauth.GateOptions) *cogauth.Gate {
	t.Helper()
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	defer keys.Close()
	policy := must(cogauth.BuiltinPolicy())(t)
	defer policy.Close()
	options.Keys, options.Policy = keys, policy
	return must(cogauth.NewGate(options))(t)
}

// pass takes the inputs' request through a gate.
func (in *inputs) pass(t testing.TB, gate *cogauth.Gate) (principal, action, audit string) {
	exchange, err := gate.Begin(in.request(), in.now())
	if err != nil {
		t.Fatal(err)
	}
	defer exchange.Close()
	if err := exchange.AnswerRecord(cogauth.Found([]byte(in.Record))); err != nil {
		t.Fatal(err)
	}
	if err := exchange.AnswerFacts(cogauth.Found([]byte(in.Facts))); err != nil {
		t.Fatal(err)
	}
	if exchange.Step() != cogauth.StepAllowed {
		t.Fatal(exchange.Step())
	}
	return exchange.Principal(), exchange.Action(), exchange.Audit()
}

// must fails a test where a call fails: must(call(…))(t).
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// code is the number of an error of the package, or 0.
func code(err error) int {
	var e *cogauth.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
