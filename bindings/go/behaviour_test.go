package cogauth_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

const (
	wrongLength     = 103
	timeOutOfRange  = 135
	invalidUnicode  = 202
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

func TestTokensInEncodingsAreFound(t *testing.T) {
	in := readInputs(t)
	token := in.Token
	text := "é=cog%5F" + token[4:] + " " + hex.EncodeToString([]byte(token)) +
		" cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"
	keys := must(cogauth.NewEdgeKeys([]byte(in.EdgeKeys)))(t)
	defer keys.Close()
	for _, with := range []*cogauth.EdgeKeys{nil, keys} {
		found := must(cogauth.ScanDecoding(text, with))(t)
		if len(found) != 3 {
			t.Fatalf("%+v", found)
		}
		for index, want := range [][]string{{"percent"}, {"hex"}} {
			one := found[index]
			if !slices.Equal(one.Encodings, want) || one.Handle != token[:23] ||
				one.Certainty != cogauth.Parsed {
				t.Errorf("%+v", one)
			}
			if (one.Genuine != nil) != (with != nil) || one.Genuine != nil && !*one.Genuine {
				t.Errorf("genuine is %v", one.Genuine)
			}
		}
		if found[0].Start != 3 || found[0].End != 3+len(token)+2 {
			t.Errorf("%+v", found[0])
		}
		if last := found[2]; last.Certainty != cogauth.LooksLikeOne || last.Handle != "" ||
			len(last.Encodings) != 0 || last.Genuine != nil {
			t.Errorf("%+v", last)
		}
	}
	if found := must(cogauth.ScanDecoding("", keys))(t); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	keys.Close()
	if _, err := cogauth.ScanDecoding(text, keys); !errors.Is(err, &cogauth.Error{Code: freed}) {
		t.Error(err)
	}
}

func TestTokensInEncodingsAreCut(t *testing.T) {
	text := "t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy&"
	if cut := must(cogauth.RedactDecoding(text))(t); cut != "t=cog_1s015PnAAAABBBBCCCC…&" {
		t.Errorf("%q", cut)
	}
	half := text[:40]
	for _, kept := range []string{"", half} {
		if cut := must(cogauth.RedactDecoding(kept))(t); cut != kept {
			t.Errorf("%q", cut)
		}
	}
	if _, err := cogauth.RedactDecoding("\xff"); code(err) != invalidUnicode {
		t.Error(err)
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
