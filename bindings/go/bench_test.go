package cogauth_test

import (
	"testing"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

func BenchmarkVerify(b *testing.B) {
	in := readInputs(b)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(b)
	defer keys.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.VerifyString(in.Token, in.now()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyInParallel(b *testing.B) {
	in := readInputs(b)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(b)
	defer keys.Close()
	now := in.now()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := keys.VerifyString(in.Token, now); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	in := readInputs(b)
	policy := must(cogauth.BuiltinPolicy())(b)
	defer policy.Close()
	request := []byte(in.PolicyRequest)
	b.ReportAllocs()
	for b.Loop() {
		if decision, err := policy.Decide(request); err != nil || !decision.Allowed {
			b.Fatal(decision, err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	in := readInputs(b)
	policy := must(cogauth.BuiltinPolicy())(b)
	defer policy.Close()
	request := []byte(in.PolicyRequest)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Evaluate(request); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGate(b *testing.B) {
	in := readInputs(b)
	gate := in.gate(b, cogauth.GateOptions{})
	defer gate.Close()
	b.ReportAllocs()
	for b.Loop() {
		if principal, action, audit := in.pass(b, gate); principal == "" || action == "" || audit == "" {
			b.Fatal("not allowed")
		}
	}
}
