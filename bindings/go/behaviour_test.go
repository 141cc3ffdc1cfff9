package cogauth_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

const (
	wrongLength     = 103
	timeOutOfRange  = 135
	invalidArgument = 701
	freed           = 702
	wrongStep       = 706
)

func TestTheVersionIsTheWorkspaces(t *testing.T) {
	manifest, err := os.ReadFile("../../Cargo.toml")
	if err != nil {
		t.Fatal(err)
	}
	section := manifest[bytes.Index(manifest, []byte("[workspace.package]")):]
	version := regexp.MustCompile(`version = "(.*)"`).FindSubmatch(section)[1]
	if cogauth.Version() != string(version) {
		t.Errorf("the library is %s and the workspace %s", cogauth.Version(), version)
	}
	if cogauth.Backend() != "pure" && cogauth.Backend() != "cgo" {
		t.Errorf("the backend is %s", cogauth.Backend())
	}
}

func TestErrorsHaveAllThatIsKnown(t *testing.T) {
	_, err := cogauth.ParseToken("cog_1s01")
	var e *cogauth.Error
	if !errors.As(err, &e) || e.Code != wrongLength || e.Name != "wrong_length" || e.Offset != -1 {
		t.Fatalf("%#v", err)
	}
	if e.Error() != "cogauth: "+e.Message+" (103 wrong_length)" {
		t.Error(e)
	}
	if !errors.Is(err, &cogauth.Error{Code: wrongLength}) || errors.Is(err, &cogauth.Error{Code: 1}) {
		t.Error("errors.Is does not go by the code")
	}
	found := must(cogauth.CheckPolicy([]cogauth.Document{
		{Name: "a.json", Text: []byte("{\n  \"v\": 1,\n  \"rols\": []\n}")},
	}))(t)
	if len(found) != 2 {
		t.Fatalf("%v", found)
	}
	// The first is that there is no schema.
	e = found[1]
	if e.Document != "a.json" || e.Line != 3 || e.Column == 0 || e.Length == 0 || e.Offset < 0 ||
		e.Pointer == "" || e.Suggestion != "roles" {
		t.Errorf("%+v", e)
	}
	if !strings.HasPrefix(e.Error(), "cogauth: a.json:3:") {
		t.Error(e)
	}
	var again cogauth.Error
	if err := json.Unmarshal(must(json.Marshal(e))(t), &again); err != nil || again != *e {
		t.Errorf("%+v became %+v, %v", e, again, err)
	}
}

func TestAWarningSaysThePlaceAndRefusesNothing(t *testing.T) {
	documents := []cogauth.Document{{Name: "a.json", Text: []byte(`{"v": 1,
		"schema": {"actions": {"Read": {}}, "attributes": {
			"subject.id": {"type": "id", "domain": "user"},
			"resource.owner": {"type": "id", "domain": "user"}}},
		"rules": [{"id": "owner", "effect": "permit", "actions": ["Read"],
			"when": {"resource.owner": "subject.id"}}]}`)}}
	if found := must(cogauth.CheckPolicy(documents))(t); len(found) != 0 {
		t.Errorf("%v", found)
	}
	warnings := must(cogauth.PolicyWarnings(documents))(t)
	if len(warnings) != 2 || warnings[0].Code != 805 || warnings[0].Line != 3 ||
		warnings[1].Code != 804 || warnings[1].Document != "a.json" || warnings[1].Line != 6 ||
		warnings[1].Suggestion != `{"attribute": "subject.id"}` {
		t.Errorf("%v", warnings)
	}
	documents[0].Text = []byte("{\"v\": 1,\n \"rulez\": []}")
	var e *cogauth.Error
	_, err := cogauth.PolicyWarnings(documents)
	if !errors.As(err, &e) || *e != *must(cogauth.CheckPolicy(documents))(t)[0] {
		t.Errorf("%v", err)
	}
}

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

func TestAPinnedPolicyIsOneAlone(t *testing.T) {
	const unexpectedDigest = 342
	builtin := must(cogauth.BuiltinPolicy())(t)
	defer builtin.Close()
	image := must(builtin.Image())(t)
	documents := []cogauth.Document{{Name: "a.json", Text: []byte(`{"v":1,"schema":{"actions":{"Look":{}}}}`)}}
	compiled, err := cogauth.CompilePolicy(documents)
	if err != nil {
		t.Fatal(err)
	}
	defer compiled.Close()
	for what, pinned := range map[string]struct {
		digest string
		load   func(digest string) (*cogauth.Policy, error)
	}{
		"an image": {must(builtin.ImageDigest())(t), func(digest string) (*cogauth.Policy, error) {
			return cogauth.NewPinnedPolicy(image, digest)
		}},
		"documents": {must(compiled.Digest())(t), func(digest string) (*cogauth.Policy, error) {
			return cogauth.CompilePinnedPolicy(documents, digest)
		}},
	} {
		for digest, want := range map[string]int{
			pinned.digest:            0,
			strings.Repeat("0", 64):  unexpectedDigest,
			"":                       invalidArgument,
			pinned.digest[:63]:       invalidArgument,
			pinned.digest[:63] + "g": invalidArgument,
		} {
			policy, err := pinned.load(digest)
			if code(err) != want || (policy != nil) != (err == nil) {
				t.Errorf("%s for %q: %v", what, digest, err)
			}
			if policy != nil {
				policy.Close()
			}
		}
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

func TestQuestionsAreAnsweredInTurn(t *testing.T) {
	in := readInputs(t)
	gate := in.gate(t, cogauth.GateOptions{})
	defer gate.Close()
	exchange := must(gate.Begin(in.request(), in.now()))(t)
	defer exchange.Close()
	if err := exchange.AnswerFacts(cogauth.Found([]byte(in.Facts))); code(err) != wrongStep {
		t.Error(err)
	}
	if exchange.Step() != cogauth.StepRecord {
		t.Error(exchange.Step())
	}
	if _, ok := exchange.Allowed(); ok {
		t.Error("a question is allowed")
	}
	if _, err := exchange.Record(); code(err) != wrongStep {
		t.Error(err)
	}
	if err := exchange.AnswerRecord(cogauth.Answer{}); err != nil {
		t.Error(err)
	}
	refused, ok := exchange.Refused()
	if !ok || refused.Status != 503 || refused.Header.Get("Retry-After") != "5" {
		t.Errorf("the zero answer is %+v", refused)
	}
	if err := exchange.AnswerRecord(cogauth.Found([]byte(in.Record))); code(err) != wrongStep {
		t.Error(err)
	}
	if exchange.Step() != cogauth.StepRefused {
		t.Error(exchange.Step())
	}
}

func TestTimesThatAreNone(t *testing.T) {
	in := readInputs(t)
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	defer keys.Close()
	for _, now := range []time.Time{{}, time.Unix(-1, 0), time.Unix(1<<53, 0)} {
		if _, err := keys.VerifyString(in.Token, now); code(err) != timeOutOfRange {
			t.Errorf("%v: %v", now, err)
		}
	}
	draft := cogauth.RecordDraft{
		Principal: "su_ci", Scopes: []string{"*"}, ForEdges: true, CreatedAt: in.now(),
		ExpiresAt: time.Unix(0, 0),
	}
	record := must(cogauth.IssueRecord([]byte(in.Token), draft))(t)
	_, err := keys.AcceptAtEdge([]byte(in.Token), in.now(), record, in.now())
	if code(err) != 127 {
		t.Errorf("what expired in 1970 is accepted: %v", err)
	}
	var day uint32
	roots := must(cogauth.GenerateRootKeys("01"))(t)
	defer roots.Close()
	options := cogauth.MintOptions{KeyID: "01", Kind: cogauth.ServiceUserKey, HardExpiry: &day}
	if _, err := roots.Mint(options); code(err) != timeOutOfRange {
		t.Errorf("what expired in 1970 is minted: %v", err)
	}
}

func TestFromAKeyToARecord(t *testing.T) {
	now := time.Unix(1795000000, 0)
	roots := must(cogauth.GenerateRootKeys("01"))(t)
	defer roots.Close()
	again := must(cogauth.NewRootKeys(must(roots.Expose())(t)))(t)
	defer again.Close()
	keys, peppers := must(again.EdgeKeys())(t), must(again.Peppers())(t)
	defer keys.Close()
	defer peppers.Close()
	token := must(roots.Mint(cogauth.MintOptions{KeyID: "01", Kind: cogauth.PersonalAccessToken}))(t)
	verified := must(keys.Verify(token, now))(t)
	if verified.Kind() != cogauth.PersonalAccessToken || verified.KeyID() != "01" ||
		!bytes.HasPrefix(token, []byte(verified.Handle())) || verified.HardExpiry() != 0 {
		t.Errorf("%v", verified)
	}
	name := "mine"
	record := must(cogauth.IssueRecord(token, cogauth.RecordDraft{
		Principal: "user_01", Scopes: []string{"ViewOrgSessions"}, Organizations: []string{},
		Peppers: peppers, ForEdges: true, Name: &name, Metadata: []byte(`{"a":1}`), CreatedAt: now,
		ExpiresAt: now.Add(time.Hour),
	}))(t)
	for _, digest := range []string{
		must(peppers.Digest(token, "user_01"))(t), must(cogauth.EdgeDigest(token, "user_01"))(t),
	} {
		if !bytes.Contains(record, []byte(digest)) {
			t.Errorf("%s has no %s", record, digest)
		}
	}
	accepted := must(keys.AcceptAtOrigin(peppers, token, now, record, now))(t)
	if accepted.Principal != "user_01" || !accepted.ValidUntil.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v", accepted)
	}
	shown := must(cogauth.DisplayRecord(record))(t)
	if bytes.Contains(shown, []byte("digest")) || bytes.Contains(shown, []byte("metadata")) {
		t.Errorf("%s", shown)
	}
	_, err := keys.AcceptAtEdge(token, now, must(cogauth.RevokeRecord(record, now))(t), now)
	if code(err) != 125 {
		t.Error(err)
	}
	if _, err := keys.AcceptAtEdge(token, now, nil, now); code(err) != 121 {
		t.Error(err)
	}
}

func TestARotationHasItsLimits(t *testing.T) {
	now := time.Unix(1795000000, 0)
	roots := must(cogauth.GenerateRootKeys("01"))(t)
	defer roots.Close()
	issued := func(expires time.Time) []byte {
		token := must(roots.Mint(cogauth.MintOptions{
			KeyID: "01", Kind: cogauth.PersonalAccessToken,
		}))(t)
		return must(cogauth.IssueRecord(token, cogauth.RecordDraft{
			Principal: "user_01", Scopes: []string{"*"}, ForEdges: true, CreatedAt: now,
			ExpiresAt: expires,
		}))(t)
	}
	const day = 24 * time.Hour
	record, later := issued(now.Add(90*day)), issued(now.Add(91*day))
	same := issued(now.Add(90 * day))
	for name, call := range map[string]struct {
		successor []byte
		grace     time.Duration
		limits    cogauth.RotationLimits
		code      int
	}{
		"the default":       {same, 30 * day, cogauth.RotationLimits{}, 0},
		"too much grace":    {same, 31 * day, cogauth.RotationLimits{}, 138},
		"more grace":        {same, 31 * day, cogauth.RotationLimits{MaxGrace: 31 * day}, 0},
		"less grace":        {same, 2 * day, cogauth.RotationLimits{MaxGrace: day}, 138},
		"a later expiry":    {later, day, cogauth.RotationLimits{}, 139},
		"that is permitted": {later, day, cogauth.RotationLimits{LaterExpiry: true}, 0},
		"negative grace":    {same, 0, cogauth.RotationLimits{MaxGrace: -day}, invalidArgument},
		"half a second":     {same, 0, cogauth.RotationLimits{MaxGrace: time.Second / 2}, invalidArgument},
	} {
		rotated, err := cogauth.RotateRecordWithin(record, call.successor, now.Add(call.grace), now,
			call.limits)
		if code(err) != call.code || (err == nil) != bytes.Contains(rotated, []byte("rotated")) {
			t.Errorf("%s: %s, %v", name, rotated, err)
		}
		if call.limits != (cogauth.RotationLimits{}) {
			continue
		}
		again, err := cogauth.RotateRecord(record, call.successor, now.Add(call.grace), now)
		if code(err) != call.code || !bytes.Equal(again, rotated) {
			t.Errorf("%s: %s, %v", name, again, err)
		}
	}
}

func TestWhyACredentialIsNotActive(t *testing.T) {
	in := readInputs(t)
	now := in.now()
	used := must(cogauth.UseRecord([]byte(in.Record), now))(t)
	if name := must(cogauth.InactiveBecause(used, now))(t); name != "" {
		t.Error(name)
	}
	revoked := must(cogauth.RevokeRecord([]byte(in.Record), now))(t)
	// What the store has is not lost, in whatever order.
	for _, records := range [][2][]byte{{used, revoked}, {revoked, used}} {
		merged := must(cogauth.MergeRecords(records[0], records[1]))(t)
		if !bytes.Contains(merged, []byte("last_used_at")) {
			t.Errorf("%s", merged)
		}
		if name := must(cogauth.InactiveBecause(merged, now))(t); name != "revoked" {
			t.Error(name)
		}
	}
	if _, err := cogauth.InactiveBecause(nil, now); code(err) != 122 {
		t.Error(err)
	}
	if _, err := cogauth.InactiveBecause(used, time.Time{}); code(err) != timeOutOfRange {
		t.Error(err)
	}
}

func TestEmptyAndBigInputs(t *testing.T) {
	in := readInputs(t)
	big := strings.Repeat("cog_", 1<<18)
	if _, err := cogauth.ParseToken(""); code(err) != 101 {
		t.Error(err)
	}
	if _, err := cogauth.ParseToken([]byte(nil)); code(err) != 101 {
		t.Error(err)
	}
	if _, err := cogauth.ParseToken(big); code(err) == 0 {
		t.Error("a mebibyte is a token")
	}
	if redacted := must(cogauth.Redact(big))(t); redacted != big {
		t.Error("what is no token was redacted")
	}
	if redacted := must(cogauth.Redact(""))(t); redacted != "" {
		t.Errorf("%q", redacted)
	}
	token := in.Token
	many := must(cogauth.Redact(strings.Repeat(token+" ", 10_000)))(t)
	if strings.Contains(many, token) || strings.Count(many, token[:23]) != 10_000 {
		t.Error("a token was left")
	}
	if scheme, credential, err := cogauth.Authorization(nil); scheme != cogauth.SchemeNothing ||
		credential != nil || err != nil {
		t.Error(scheme, credential, err)
	}
	for _, keySet := range [][]byte{nil, {}, []byte("null"), []byte(big)} {
		if keys, err := cogauth.NewEdgeKeys(keySet); err == nil || keys != nil {
			t.Errorf("%.10q is a key set", keySet)
		}
	}
	policy := must(cogauth.BuiltinPolicy())(t)
	defer policy.Close()
	for _, request := range [][]byte{nil, {}, []byte(big), []byte(strings.Repeat("[", 1<<16))} {
		if decision, err := policy.Decide(request); err == nil || decision.Allowed {
			t.Errorf("%.10q is decided: %v", request, decision)
		}
	}
	gate := in.gate(t, cogauth.GateOptions{})
	defer gate.Close()
	for _, request := range []cogauth.Request{
		{}, {Method: big}, {Method: "GET", Target: big},
		{Method: "GET", Target: in.Target, Authorization: []string{big}},
		{Method: "GET", Target: in.Target, Authorization: make([]string, 10_000)},
	} {
		exchange := must(gate.Begin(request, in.now()))(t)
		if exchange.Step() != cogauth.StepRefused {
			t.Errorf("a request of %d bytes is at %s", len(request.Target), exchange.Step())
		}
		exchange.Close()
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	in := readInputs(t)
	var set struct{ Keys map[string]string }
	if err := json.Unmarshal([]byte(in.EdgeKeys), &set); err != nil {
		t.Fatal(err)
	}
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	defer keys.Close()
	gate := in.gate(t, cogauth.GateOptions{})
	defer gate.Close()
	exchange := must(gate.Begin(in.request(), in.now()))(t)
	defer exchange.Close()
	_, broken := cogauth.NewEdgeKeys([]byte(in.EdgeKeys[:len(in.EdgeKeys)-1]))
	_, changed := keys.VerifyString(in.Token[:80]+"0", in.now())
	token := must(keys.VerifyString(in.Token, in.now()))(t)
	random := bytes.Repeat([]byte("secret"), 20)
	for _, shown := range []any{
		keys, gate, exchange, broken, changed, token, &token, in.request(),
		cogauth.MintOptions{KeyID: "01", Random: random},
		cogauth.Found(random), cogauth.FoundAt(random, in.now()),
		cogauth.Accepted{Token: token, Record: random},
	} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			text := fmt.Sprintf(format, shown)
			for _, secret := range []string{
				in.Token[23:], set.Keys["01"], set.Keys["zZ"], "secret", "115 101 99 114",
			} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T shows a secret", format, shown)
				}
			}
		}
	}
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
