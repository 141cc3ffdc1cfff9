// Handles: closed, not made, in use, and what is no allow.

package cogauth_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

func TestWhatIsClosedAnswersWith702(t *testing.T) {
	in := readInputs(t)
	roots := must(cogauth.GenerateRootKeys("A1"))(t)
	keys, peppers := must(roots.EdgeKeys())(t), must(roots.Peppers())(t)
	policy := must(cogauth.BuiltinPolicy())(t)
	gate := must(cogauth.NewGate(cogauth.GateOptions{Policy: policy, Keys: keys}))(t)
	exchange := must(gate.Begin(in.request(), in.now()))(t)
	for _, closer := range []interface{ Close() error }{
		exchange, gate, roots, keys, peppers, policy, exchange, gate, roots, keys, peppers, policy,
	} {
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	calls := map[string]func() error{
		"verify": func() error { _, err := keys.VerifyString(in.Token, in.now()); return err },
		"expose": func() error { _, err := keys.Expose(); return err },
		"derive": func() error { _, err := roots.EdgeKeys(); return err },
		"mint":   func() error { _, err := roots.Mint(cogauth.MintOptions{KeyID: "A1"}); return err },
		"digest": func() error { _, err := peppers.Digest([]byte(in.Token), "su"); return err },
		"decide": func() error { _, err := policy.Decide([]byte(in.PolicyRequest)); return err },
		"image":  func() error { _, err := policy.Image(); return err },
		"begin":  func() error { _, err := gate.Begin(in.request(), in.now()); return err },
		"answer": func() error { return exchange.AnswerRecord(cogauth.Absent()) },
		"json":   func() error { _, err := exchange.JSON(); return err },
		"record": func() error { _, err := exchange.Record(); return err },
		"gate of": func() error {
			_, err := cogauth.NewGate(cogauth.GateOptions{Policy: policy, Keys: keys})
			return err
		},
		"accept": func() error {
			_, err := keys.AcceptAtEdge([]byte(in.Token), in.now(), nil, in.now())
			return err
		},
		"issue": func() error {
			_, err := cogauth.IssueRecord([]byte(in.Token), cogauth.RecordDraft{Peppers: peppers})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); code(err) != freed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if exchange.Step() != cogauth.StepRefused || exchange.Principal() != "" {
		t.Errorf("a closed exchange is at %s", exchange.Step())
	}
	refused, ok := exchange.Refused()
	if !ok || refused.Status != 503 || refused.Number != freed || refused.Code != "freed" {
		t.Errorf("%+v", refused)
	}
}

func TestWhatWasNotMadeAnswersWith701(t *testing.T) {
	var keys cogauth.EdgeKeys
	if _, err := keys.VerifyString("cog_", time.Now()); code(err) != invalidArgument {
		t.Error(err)
	}
	var policy cogauth.Policy
	if decision, err := policy.Decide(nil); code(err) != invalidArgument || decision.Allowed {
		t.Error(decision, err)
	}
	if _, err := cogauth.NewGate(cogauth.GateOptions{}); code(err) != invalidArgument {
		t.Error(err)
	}
	if _, _, err := cogauth.Scan("", -1); code(err) != invalidArgument {
		t.Error(err)
	}
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
}

func TestZeroValuesAllowNothing(t *testing.T) {
	var exchange cogauth.Exchange
	if exchange.Step() != cogauth.StepRefused || exchange.Principal() != "" ||
		exchange.CredentialID() != "" || exchange.Audit() != "" {
		t.Error("a zero exchange is at a step")
	}
	refused, ok := exchange.Refused()
	if !ok || refused.Status != 503 || refused.Number != invalidArgument {
		t.Errorf("%+v", refused)
	}
	if allowed, ok := exchange.Allowed(); ok || allowed != nil {
		t.Errorf("%+v", allowed)
	}
	zero := cogauth.GateOptions{Policy: new(cogauth.Policy), Keys: new(cogauth.EdgeKeys)}
	var edge cogauth.EdgeKeys
	var roots cogauth.RootKeys
	var peppers cogauth.Peppers
	var policy cogauth.Policy
	for name, call := range map[string]func() error{
		"record":   func() error { return exchange.AnswerRecord(cogauth.Answer{}) },
		"facts":    func() error { return exchange.AnswerFacts(cogauth.Found(nil)) },
		"json":     func() error { _, err := exchange.JSON(); return err },
		"seen":     func() error { _, err := exchange.Record(); return err },
		"begin":    func() error { _, err := new(cogauth.Gate).Begin(cogauth.Request{}, time.Now()); return err },
		"gate":     func() error { _, err := cogauth.NewGate(zero); return err },
		"edge":     func() error { _, err := edge.Expose(); return err },
		"derive":   func() error { _, err := roots.EdgeKeys(); return err },
		"mint":     func() error { _, err := roots.Mint(cogauth.MintOptions{}); return err },
		"digest":   func() error { _, err := peppers.Digest(nil, ""); return err },
		"image":    func() error { _, err := policy.Image(); return err },
		"evaluate": func() error { _, err := policy.Evaluate(nil); return err },
		"origin": func() error {
			_, err := edge.AcceptAtOrigin(&peppers, nil, time.Now(), nil, time.Now())
			return err
		},
		"issue": func() error {
			_, err := cogauth.IssueRecord(nil, cogauth.RecordDraft{Peppers: &peppers})
			return err
		},
	} {
		if err := call(); code(err) != invalidArgument {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, closer := range []interface{ Close() error }{
		&exchange, new(cogauth.Gate), &edge, &roots, &peppers, &policy, &exchange,
	} {
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	response := httptest.NewRecorder()
	new(cogauth.Refused).WriteTo(response)
	if response.Code != 503 {
		t.Errorf("a zero refusal is answered with %d", response.Code)
	}
	response = httptest.NewRecorder()
	new(cogauth.Guard).Handler(http.NotFoundHandler()).ServeHTTP(
		response, httptest.NewRequest("GET", "/", nil))
	if response.Code != 503 {
		t.Errorf("a zero guard answers %d", response.Code)
	}
	texts := fmt.Sprint(
		cogauth.Token{}, cogauth.Kind(0), cogauth.Scheme(0), cogauth.Step(0), cogauth.Denial(0),
		cogauth.Answer{}, cogauth.Accepted{}, cogauth.MintOptions{}, cogauth.Request{},
		(&cogauth.Error{}).Error(), cogauth.Decision{}, cogauth.Route{}, cogauth.Finding{},
	)
	if strings.Contains(texts, "PANIC") {
		t.Error(texts)
	}
}

func TestAGateKeepsWhatItIsMadeOf(t *testing.T) {
	in := readInputs(t)
	// in.gate closes keys and policy.
	gate := in.gate(t, cogauth.GateOptions{})
	exchange := must(gate.Begin(in.request(), in.now()))(t)
	gate.Close()
	if err := exchange.AnswerRecord(cogauth.Found([]byte(in.Record))); err != nil {
		t.Fatal(err)
	}
	if err := exchange.AnswerFacts(cogauth.Found([]byte(in.Facts))); err != nil {
		t.Fatal(err)
	}
	allowed, ok := exchange.Allowed()
	if !ok || allowed.Principal != "su_ci" || allowed.Action != "ViewOrgSessions" {
		t.Errorf("%+v", allowed)
	}
	if record := must(exchange.Record())(t); bytes.Contains(record, []byte("digest")) {
		t.Errorf("%s", record)
	}
	exchange.Close()
}

func TestManyGoroutinesAndAClose(t *testing.T) {
	in := readInputs(t)
	policy := must(cogauth.BuiltinPolicy())(t)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	gate := in.gate(t, cogauth.GateOptions{})
	var work sync.WaitGroup
	for range 16 {
		work.Add(1)
		go func() {
			defer work.Done()
			for {
				_, err := keys.VerifyString(in.Token, in.now())
				decision, decideErr := policy.Decide([]byte(in.PolicyRequest))
				exchange, beginErr := gate.Begin(in.request(), in.now())
				for _, err := range []error{err, decideErr, beginErr} {
					if err != nil && code(err) != freed {
						t.Error(err)
						return
					}
				}
				if decideErr != nil && decision.Allowed {
					t.Error("an error allows")
				}
				if beginErr != nil {
					return
				}
				finish(t, in, exchange)
			}
		}()
	}
	time.Sleep(50 * time.Millisecond)
	keys.Close()
	policy.Close()
	time.Sleep(10 * time.Millisecond)
	gate.Close()
	work.Wait()
}

// finish takes an exchange to its end, which another goroutine looks at meanwhile.
func finish(t *testing.T, in *inputs, exchange *cogauth.Exchange) {
	defer exchange.Close()
	other := make(chan struct{})
	go func() { defer close(other); exchange.Step(); exchange.Principal() }()
	if err := exchange.AnswerRecord(cogauth.Found([]byte(in.Record))); err != nil {
		t.Error(err)
	}
	runtime.Gosched()
	if err := exchange.AnswerFacts(cogauth.Found([]byte(in.Facts))); err != nil {
		t.Error(err)
	}
	if allowed, ok := exchange.Allowed(); !ok || allowed.Principal != "su_ci" {
		t.Errorf("%+v", allowed)
	}
	<-other
}

func TestVerifyAndDecideAllocateNothing(t *testing.T) {
	in := readInputs(t)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	defer keys.Close()
	policy := must(cogauth.BuiltinPolicy())(t)
	defer policy.Close()
	request, now := []byte(in.PolicyRequest), in.now()
	count := testing.AllocsPerRun(100, func() {
		if _, err := keys.VerifyString(in.Token, now); err != nil {
			t.Error(err)
		}
		if _, err := policy.Decide(request); err != nil {
			t.Error(err)
		}
	})
	if count != 0 {
		t.Errorf("%v allocations", count)
	}
}
