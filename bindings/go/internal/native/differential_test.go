//go:build cogauth_cgo

package native

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
	"github.com/cog-auth/cog-auth/bindings/go/internal/pure"
)

type inputs struct {
	Now           uint64 `json:"now"`
	Token         string `json:"token"`
	EdgeKeys      string `json:"edge_keys"`
	Method        string `json:"method"`
	Target        string `json:"target"`
	Authorization string `json:"authorization"`
	Record        string `json:"record"`
	Facts         string `json:"facts"`
}

func read(t testing.TB) (in inputs) {
	text, err := os.ReadFile("../../../bench/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// made makes the same handle in a backend.
func made[H, X any](
	t testing.TB, engine abi.Backend[H, X], op abi.Op, texts ...[]byte,
) H {
	handle, failure := engine.Make(&abi.Call[H]{Op: op, Texts: texts})
	if failure != nil {
		t.Fatal(failure.Code)
	}
	return handle
}

func same(t *testing.T, what string, first, second *abi.Failure) {
	t.Helper()
	if (first == nil) != (second == nil) {
		t.Fatalf("%s: pure says %+v, and native %+v", what, first, second)
	}
	if first != nil && (first.Code != second.Code || !bytes.Equal(first.JSON, second.JSON)) {
		t.Fatalf("%s: pure says %d %s, and native %d %s", what, first.Code, first.JSON, second.Code,
			second.JSON)
	}
}

func FuzzVerifyInBoth(f *testing.F) {
	in := read(f)
	pureKeys := made(f, pure.Engine{}, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	nativeKeys := made(f, Engine{}, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	f.Add(in.Token, in.Now)
	f.Add(in.Token[:80]+"0", ^uint64(0))
	f.Add("", uint64(0))
	f.Fuzz(func(t *testing.T, token string, now uint64) {
		a, aFailure := pure.Engine{}.Verify(pureKeys, token, now)
		b, bFailure := Engine{}.Verify(nativeKeys, token, now)
		same(t, "verify", aFailure, bFailure)
		if a != b {
			t.Errorf("pure says %v, and native %v", a, b)
		}
		a, aFailure = pure.Engine{}.Parse(token)
		b, bFailure = Engine{}.Parse(token)
		same(t, "parse", aFailure, bFailure)
		if a != b {
			t.Errorf("pure says %v, and native %v", a, b)
		}
	})
}

func FuzzAuthorizationInBoth(f *testing.F) {
	in := read(f)
	f.Add(in.Authorization, "", 2, uint64(0))
	f.Add("Basic", "bearer x", 1, uint64(4))
	f.Fuzz(func(t *testing.T, first, second string, count int, from uint64) {
		values := []string{first, second}[:max(0, min(2, count))]
		aScheme, aCredential, aFailure := pure.Engine{}.Authorization(values)
		bScheme, bCredential, bFailure := Engine{}.Authorization(values)
		same(t, "authorization", aFailure, bFailure)
		if aScheme != bScheme || !bytes.Equal(aCredential, bCredential) {
			t.Errorf("pure says %d %q, and native %d %q", aScheme, aCredential, bScheme, bCredential)
		}
		aFound, a, aFailure := pure.Engine{}.Scan(first, from)
		bFound, b, bFailure := Engine{}.Scan(first, from)
		same(t, "scan", aFailure, bFailure)
		if aFound != bFound || a != b {
			t.Errorf("pure says %t %v, and native %t %v", aFound, a, bFound, b)
		}
	})
}

func FuzzGateInBoth(f *testing.F) {
	in := read(f)
	pureGate := gateOf(f, pure.Engine{}, in)
	nativeGate := gateOf(f, Engine{}, in)
	f.Add(in.Method, in.Target, in.Authorization, "", []byte(in.Record), []byte(in.Facts), in.Now)
	f.Add("OPTIONS", "/", "", "::1", []byte("{}"), []byte(nil), uint64(0))
	f.Add("GET", in.Target, in.Authorization, "192.0.2.1", []byte(nil), []byte(in.Facts), in.Now)
	f.Fuzz(func(
		t *testing.T, method, target, value, address string, record, facts []byte, now uint64,
	) {
		request := &abi.Request{
			Method: method, Target: target, Authorization: []string{value}, ClientAddress: address,
		}
		a, aFailure := outcome(pure.Engine{}, pureGate, request, record, facts, now)
		b, bFailure := outcome(Engine{}, nativeGate, request, record, facts, now)
		same(t, "gate", aFailure, bFailure)
		if !bytes.Equal(a, b) {
			t.Errorf("pure says %s, and native %s", a, b)
		}
	})
}

func gateOf[H, X any](t testing.TB, engine abi.Backend[H, X], in inputs) H {
	keys := made(t, engine, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	policy := made(t, engine, abi.PolicyBuiltin)
	var none H
	gate, failure := engine.MakeGate(policy, keys, none, &abi.GateOptions{Flags: abi.GatePassOn})
	if failure != nil {
		t.Fatal(failure.Code)
	}
	return gate
}

func outcome[H, X any](
	engine abi.Backend[H, X], gate H, request *abi.Request, record, facts []byte, now uint64,
) ([]byte, *abi.Failure) {
	exchange, failure := engine.Begin(gate, request, now)
	if failure != nil {
		return nil, failure
	}
	defer engine.Release(exchange)
	if engine.State(exchange).Step == abi.StepRecord {
		failure = engine.Answer(exchange, abi.Found, abi.StepRecord, record, abi.None)
	}
	if failure == nil && engine.State(exchange).Step == abi.StepFacts {
		failure = engine.Answer(exchange, abi.Found, abi.StepFacts, facts, abi.None)
	}
	if failure != nil {
		return nil, failure
	}
	return engine.JSON(exchange)
}
