package cogauth_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

// What is verified also parses to the same, and is one of the two tokens that were minted.
func FuzzVerify(f *testing.F) {
	in := readInputs(f)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(f)
	f.Add([]byte(in.Token), in.Now)
	f.Add([]byte(in.Token[:80]), int64(-1))
	f.Add([]byte("cog_1"), int64(1)<<53)
	f.Add([]byte{}, int64(0))
	f.Fuzz(func(t *testing.T, token []byte, now int64) {
		verified, err := keys.Verify(token, time.Unix(now, 0))
		parsed, parseErr := cogauth.ParseToken(token)
		if err == nil && (parseErr != nil || verified != parsed || string(token) != in.Token) {
			t.Errorf("%q is verified, and parses to %v, %v", token, parsed, parseErr)
		}
		if err != nil && (code(err) < 101 || code(err) > 199 || verified != cogauth.Token{}) {
			t.Errorf("%q: %v, %v", token, verified, err)
		}
		again, againErr := keys.VerifyString(string(token), time.Unix(now, 0))
		if again != verified || code(againErr) != code(err) {
			t.Errorf("%q as a string: %v, %v", token, again, againErr)
		}
	})
}

// A credential lies in one of the values, after its scheme.
func FuzzAuthorization(f *testing.F) {
	in := readInputs(f)
	f.Add(in.Authorization, "", 1)
	f.Add("Bearer", "bearer  x", 2)
	f.Add("Basic \xff", "\x00", 2)
	f.Fuzz(func(t *testing.T, first, second string, count int) {
		values := []string{first, second}[:max(0, min(2, count))]
		scheme, credential, err := cogauth.Authorization(values)
		switch {
		case err != nil:
			if (code(err) != 141 && code(err) != 142) || credential != nil {
				t.Errorf("%q: %v", values, err)
			}
		case scheme == cogauth.SchemeBearer:
			if !strings.Contains(strings.Join(values, "\n"), string(credential)) {
				t.Errorf("%q has no %q", values, credential)
			}
		case credential != nil:
			t.Errorf("%q: %s has %q", values, scheme, credential)
		}
	})
}

// A request is allowed only with the credential, a record and facts that are given, and what is
// written of an outcome has no secret in it.
func FuzzGate(f *testing.F) {
	in := readInputs(f)
	gate := in.gate(f, cogauth.GateOptions{PassOn: true, Preflight: true})
	f.Add(in.Method, in.Target, in.Authorization, []byte(in.Record), []byte(in.Facts), in.Now)
	f.Add("OPTIONS", "/", "", []byte("{}"), []byte(nil), int64(0))
	f.Add("GET", in.Target, in.Authorization, []byte(nil), []byte(in.Facts), in.Now)
	f.Fuzz(func(t *testing.T, method, target, value string, record, facts []byte, now int64) {
		request := cogauth.Request{Method: method, Target: target, Authorization: []string{value}}
		exchange, err := gate.Begin(request, time.Unix(now, 0))
		if err != nil {
			if code(err) != 135 && code(err) != 202 {
				t.Errorf("%v", err)
			}
			return
		}
		defer exchange.Close()
		steps := 0
		for ; exchange.Step() == cogauth.StepRecord || exchange.Step() == cogauth.StepFacts; steps++ {
			if exchange.Step() == cogauth.StepRecord {
				err = exchange.AnswerRecord(cogauth.Found(record))
			} else {
				err = exchange.AnswerFacts(cogauth.Found(facts))
			}
			if err != nil || steps > 2 {
				t.Fatalf("step %d: %v", steps, err)
			}
		}
		text := must(exchange.JSON())(t)
		if bytes.Contains(text, []byte(in.Token[23:])) {
			t.Errorf("%s has a token in it", text)
		}
		if allowed, ok := exchange.Allowed(); ok {
			if steps != 2 || !strings.Contains(value, in.Token) || allowed.Principal == "" {
				t.Errorf("%+v is allowed after %d steps", allowed, steps)
			}
		} else if exchange.Step() == cogauth.StepAllowed {
			t.Error("what is allowed cannot be read")
		}
	})
}
