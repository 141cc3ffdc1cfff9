package cogauth_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

// How each operation is called. What is not listed is not known, and fails.
var operations = map[string]func(*runner, *arguments) (any, error){
	"parse":            parse,
	"verify":           verify,
	"load_edge_keys":   loadEdgeKeys,
	"load_peppers":     loadPeppers,
	"load_root_keys":   loadRootKeys,
	"derive_keys":      deriveKeys,
	"mint":             mint,
	"digest":           digest,
	"edge_digest":      edgeDigest,
	"accept_at_edge":   acceptAtEdge,
	"accept_at_origin": acceptAtOrigin,
	"issue_record":     issueRecord,
	"read_record":      readRecord,
	"edge_record":      recordText(cogauth.EdgeRecord),
	"display_record":   recordText(cogauth.DisplayRecord),
	"revoke_record":    revokeRecord,
	"use_record":       useRecord,
	"merge_records":    mergeRecords,
	"inactive_because": inactiveBecause,
	"rotate_record":    rotateRecord,
	"authorization":    authorization,
	"scan":             scan,
	"redact":           redact,
	"describe":         describe,
	"image_digest":     imageDigest,
	"load_image":       loadImage,
	"decide":           ask((*cogauth.Policy).Explain),
	"evaluate":         ask((*cogauth.Policy).Evaluate),
	"search_actions":   ask((*cogauth.Policy).SearchActions),
	"route":            route,
	"compile":          compile,
	"check":            check,
	"bundle":           bundle,
	"gate":             throughGate,
}

// TestParity makes every call of the file that COGAUTH_PARITY names, and compares what comes of it
// byte for byte.
func TestParity(t *testing.T) {
	path := os.Getenv("COGAUTH_PARITY")
	if path == "" {
		t.Skip("COGAUTH_PARITY names no file; `cargo run --package parity` makes one")
	}
	file := readParity(t, path)
	run := &runner{t: t, images: map[string][]byte{}, policies: map[string]*cogauth.Policy{}}
	for name, image := range file.Images {
		run.images[name] = must(hex.DecodeString(image.Hex))(t)
		run.policies[name] = must(cogauth.NewPolicy(run.images[name]))(t)
		defer run.policies[name].Close()
	}
	counts, differences := map[string]int{}, 0
	for _, call := range file.Calls {
		operation, known := operations[call.Operation]
		if !known {
			t.Fatalf("the operation %q is not known", call.Operation)
		}
		got, want := run.answer(operation, call), canonical(t, call.expected())
		counts[call.Operation]++
		if got != want {
			differences++
			if differences <= 20 {
				t.Errorf("%s, %s:\n got %s\nwant %s", call.Operation, call.Name, cut(got), cut(want))
			}
		}
	}
	for operation := range operations {
		if counts[operation] == 0 {
			t.Errorf("nothing was compared of %s", operation)
		}
	}
	t.Logf("%d calls: %v; %d differences", len(file.Calls), counts, differences)
	writeTable(t, counts, differences)
}

type parityFile struct {
	Images map[string]struct{ Hex string }
	Calls  []parityCall
}

type parityCall struct {
	Name, Operation string
	Arguments       arguments
	Answer, Error   json.RawMessage
}

// A call has either an answer or an error.
func (c *parityCall) expected() json.RawMessage {
	if c.Error != nil {
		return append(append([]byte(`{"error":`), c.Error...), '}')
	}
	return append(append([]byte(`{"answer":`), c.Answer...), '}')
}

func readParity(t *testing.T, path string) *parityFile {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file := new(parityFile)
	if err := json.Unmarshal(text, file); err != nil {
		t.Fatal(err)
	}
	return file
}

type runner struct {
	t        *testing.T
	images   map[string][]byte
	policies map[string]*cogauth.Policy
}

func (r *runner) answer(
	operation func(*runner, *arguments) (any, error), call parityCall,
) string {
	answer, err := operation(r, &call.Arguments)
	var text []byte
	if err != nil {
		text = must(json.Marshal(map[string]any{"error": err}))(r.t)
	} else {
		text = must(json.Marshal(map[string]any{"answer": answer}))(r.t)
	}
	return canonical(r.t, text)
}

// canonical is JSON with the members of every object sorted by name.
func canonical(t *testing.T, text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, cut(string(text)))
	}
	return string(must(json.Marshal(value))(t))
}

func cut(text string) string {
	if len(text) > 1000 {
		return text[:1000] + "…"
	}
	return text
}

// writeTable appends a line to the file that COGAUTH_PARITY_TABLE names.
func writeTable(t *testing.T, counts map[string]int, differences int) {
	path := os.Getenv("COGAUTH_PARITY_TABLE")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	language := "go"
	if cogauth.Backend() == "cgo" {
		language = "go, cgo"
	}
	line := must(json.Marshal(map[string]any{
		"language": language, "operations": counts, "differences": differences,
	}))(t)
	if _, err := file.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
}

// arguments are those of all operations.
type arguments struct {
	Token, Record, Text, Random, Request json.RawMessage
	Keys, Roots, Peppers, Principal      *string
	KeyID                                string `json:"keyId"`
	Kind, Method, Target, Policy, Place  json.RawMessage
	HardExpiry                           *uint32
	Now, At, VerifiedAt, CreatedAt       int64
	NotBefore, ExpiresAt                 *int64
	Scopes, Organizations, Addresses     []string
	Name, Metadata                       *string
	Edges                                bool
	Successor, Stored                    string
	Values                               []json.RawMessage
	Times                                int
	Cut, Change                          *int
	Documents                            [][2]json.RawMessage
	Digest                               *string
	Options                              map[string]json.RawMessage
	Facts                                json.RawMessage
}

// spell is what a spelled argument means.
func spell(raw json.RawMessage) []byte {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []byte(text)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var all []byte
		for _, item := range list {
			all = append(all, spell(item)...)
		}
		return all
	}
	var object struct {
		Hex    *string
		Repeat []json.RawMessage
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		panic(err)
	}
	if object.Hex != nil {
		bytes, err := hex.DecodeString(*object.Hex)
		if err != nil {
			panic(err)
		}
		return bytes
	}
	var times int
	if err := json.Unmarshal(object.Repeat[1], &times); err != nil {
		panic(err)
	}
	return bytes.Repeat(spell(object.Repeat[0]), times)
}

func spellAll(values []json.RawMessage, times int) []string {
	var all []string
	for range times {
		for _, value := range values {
			all = append(all, string(spell(value)))
		}
	}
	return all
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func at(seconds int64) time.Time { return time.Unix(seconds, 0) }

func value(text *string) []byte {
	if text == nil {
		return nil
	}
	return []byte(*text)
}

func tokenMembers(token cogauth.Token) map[string]any {
	members := map[string]any{
		"handle": token.Handle(), "kind": token.Kind().String(), "keyId": token.KeyID(),
		"id": token.ID(),
	}
	if token.HardExpiry() != 0 {
		members["hardExpiry"] = token.HardExpiry()
	}
	return members
}

func parse(_ *runner, a *arguments) (any, error) {
	token, err := cogauth.ParseToken(spell(a.Token))
	return tokenMembers(token), err
}

func verify(_ *runner, a *arguments) (any, error) {
	keys, err := cogauth.NewEdgeKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	token, err := keys.Verify(spell(a.Token), at(a.Now))
	return tokenMembers(token), err
}

func loadEdgeKeys(_ *runner, a *arguments) (any, error) {
	keys, err := cogauth.NewEdgeKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	return true, keys.Close()
}

func loadPeppers(_ *runner, a *arguments) (any, error) {
	peppers, err := cogauth.NewPeppers(value(a.Keys))
	if err != nil {
		return nil, err
	}
	return true, peppers.Close()
}

func loadRootKeys(_ *runner, a *arguments) (any, error) {
	roots, err := cogauth.NewRootKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	return true, roots.Close()
}

func deriveKeys(r *runner, a *arguments) (any, error) {
	roots, err := cogauth.NewRootKeys(value(a.Roots))
	if err != nil {
		return nil, err
	}
	defer roots.Close()
	keys := must(roots.EdgeKeys())(r.t)
	defer keys.Close()
	peppers := must(roots.Peppers())(r.t)
	defer peppers.Close()
	return []string{string(must(keys.Expose())(r.t)), string(must(peppers.Expose())(r.t))}, nil
}

func mint(_ *runner, a *arguments) (any, error) {
	roots, err := cogauth.NewRootKeys(value(a.Roots))
	if err != nil {
		return nil, err
	}
	defer roots.Close()
	options := cogauth.MintOptions{KeyID: a.KeyID, Random: spell(a.Random)}
	for _, kind := range []cogauth.Kind{
		cogauth.ServiceUserKey, cogauth.PersonalAccessToken, cogauth.Sample,
	} {
		if kind.String() == string(spell(a.Kind)) {
			options.Kind = kind
		}
	}
	options.HardExpiry = a.HardExpiry
	token, err := roots.Mint(options)
	return string(token), err
}

func digest(_ *runner, a *arguments) (any, error) {
	peppers, err := cogauth.NewPeppers(value(a.Peppers))
	if err != nil {
		return nil, err
	}
	defer peppers.Close()
	return peppers.Digest(spell(a.Token), *a.Principal)
}

func edgeDigest(_ *runner, a *arguments) (any, error) {
	return cogauth.EdgeDigest(spell(a.Token), *a.Principal)
}

func acceptAtEdge(_ *runner, a *arguments) (any, error) {
	keys, err := cogauth.NewEdgeKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	accepted, err := keys.AcceptAtEdge(spell(a.Token), at(a.VerifiedAt), a.record(), at(a.Now))
	return acceptedMembers(accepted), err
}

func acceptAtOrigin(_ *runner, a *arguments) (any, error) {
	keys, err := cogauth.NewEdgeKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	peppers, err := cogauth.NewPeppers(value(a.Peppers))
	if err != nil {
		return nil, err
	}
	defer peppers.Close()
	accepted, err := keys.AcceptAtOrigin(peppers, spell(a.Token), at(a.VerifiedAt), a.record(), at(a.Now))
	return acceptedMembers(accepted), err
}

func (a *arguments) record() []byte {
	if isNull(a.Record) {
		return nil
	}
	return spell(a.Record)
}

func acceptedMembers(accepted cogauth.Accepted) map[string]any {
	members := map[string]any{
		"handle": accepted.Token.Handle(), "kind": accepted.Token.Kind().String(),
		"id": accepted.Token.ID(), "principal": accepted.Principal,
		"record": json.RawMessage(accepted.Record),
	}
	if !accepted.ValidUntil.IsZero() {
		members["validUntil"] = accepted.ValidUntil.Unix()
	}
	return members
}

func issueRecord(_ *runner, a *arguments) (any, error) {
	draft := cogauth.RecordDraft{
		Principal: *a.Principal, Scopes: a.Scopes, Organizations: a.Organizations,
		Addresses: a.Addresses,
		ForEdges:  a.Edges, Name: a.Name, Metadata: value(a.Metadata), CreatedAt: at(a.CreatedAt),
	}
	if a.NotBefore != nil {
		draft.NotBefore = at(*a.NotBefore)
	}
	if a.ExpiresAt != nil {
		draft.ExpiresAt = at(*a.ExpiresAt)
	}
	if a.Peppers != nil {
		peppers, err := cogauth.NewPeppers(value(a.Peppers))
		if err != nil {
			return nil, err
		}
		defer peppers.Close()
		draft.Peppers = peppers
	}
	record, err := cogauth.IssueRecord(spell(a.Token), draft)
	return string(record), err
}

func readRecord(_ *runner, a *arguments) (any, error) {
	record, err := cogauth.ReadRecord(spell(a.Record))
	return json.RawMessage(record), err
}

func recordText(make func([]byte) ([]byte, error)) func(*runner, *arguments) (any, error) {
	return func(_ *runner, a *arguments) (any, error) {
		record, err := make(spell(a.Record))
		return string(record), err
	}
}

func revokeRecord(_ *runner, a *arguments) (any, error) {
	record, err := cogauth.RevokeRecord(spell(a.Record), at(a.At))
	return string(record), err
}

func useRecord(_ *runner, a *arguments) (any, error) {
	record, err := cogauth.UseRecord(spell(a.Record), at(a.At))
	return string(record), err
}

func mergeRecords(_ *runner, a *arguments) (any, error) {
	record, err := cogauth.MergeRecords(spell(a.Record), []byte(a.Stored))
	return string(record), err
}

func inactiveBecause(_ *runner, a *arguments) (any, error) {
	name, err := cogauth.InactiveBecause(spell(a.Record), at(a.At))
	return name, err
}

func rotateRecord(_ *runner, a *arguments) (any, error) {
	record, err := cogauth.RotateRecord(spell(a.Record), []byte(a.Successor), at(a.At+100), at(a.At))
	return string(record), err
}

func authorization(_ *runner, a *arguments) (any, error) {
	scheme, credential, err := cogauth.Authorization(spellAll(a.Values, a.Times))
	members := map[string]any{"scheme": scheme.String()}
	if scheme == cogauth.SchemeBearer {
		members["credential"] = replaced(credential)
	}
	return members, err
}

// replaced has a U+FFFD for each maximal part that is no UTF-8, as the crate's tests do.
func replaced(text []byte) string {
	var out strings.Builder
	for len(text) > 0 {
		character, size := utf8.DecodeRune(text)
		if character == utf8.RuneError && size == 1 {
			size = badPart(text)
		}
		out.WriteRune(character)
		text = text[size:]
	}
	return out.String()
}

// badPart is how many bytes from here on begin a character, and do not go on as one.
func badPart(text []byte) int {
	for size := min(3, len(text)); size > 1; size-- {
		if !utf8.FullRune(text[:size]) {
			return size
		}
	}
	return 1
}

func scan(_ *runner, a *arguments) (any, error) {
	text := string(spell(a.Text))
	found := []map[string]any{}
	for from := 0; ; {
		finding, ok, err := cogauth.Scan(text, from)
		if err != nil || !ok {
			return found, err
		}
		members := map[string]any{"start": finding.Start, "end": finding.End, "handle": nil}
		if finding.Handle != "" {
			members["handle"] = finding.Handle
		}
		found = append(found, members)
		from = finding.End
	}
}

func redact(_ *runner, a *arguments) (any, error) { return cogauth.Redact(string(spell(a.Text))) }

func (r *runner) policy(a *arguments) *cogauth.Policy {
	policy := r.policies[string(spell(a.Policy))]
	if policy == nil {
		r.t.Fatalf("no policy %s", a.Policy)
	}
	return policy
}

func describe(r *runner, a *arguments) (any, error) {
	policy := r.policy(a)
	actions := must(policy.Actions())(r.t)
	sort.Strings(actions)
	return map[string]any{"digest": must(policy.Digest())(r.t), "actions": actions}, nil
}

func imageDigest(r *runner, a *arguments) (any, error) { return r.policy(a).ImageDigest() }

func loadImage(r *runner, a *arguments) (any, error) {
	image := bytes.Clone(r.images[string(spell(a.Policy))])
	if a.Cut != nil {
		image = image[:*a.Cut]
	}
	if a.Change != nil {
		image[*a.Change] ^= 0x41
	}
	policy, err := cogauth.NewPolicy(image)
	if err != nil {
		return nil, err
	}
	defer policy.Close()
	return policy.Digest()
}

func ask(
	method func(*cogauth.Policy, []byte) ([]byte, error),
) func(*runner, *arguments) (any, error) {
	return func(r *runner, a *arguments) (any, error) {
		answer, err := method(r.policy(a), spell(a.Request))
		return string(answer), err
	}
}

func route(r *runner, a *arguments) (any, error) {
	route, err := r.policy(a).Route(string(spell(a.Method)), string(spell(a.Target)))
	members := map[string]any{"found": route.Found}
	switch {
	case route.Found:
		members["action"], members["undecided"] = route.Action, route.Undecided
		if route.Organization != "" {
			members["organization"] = route.Organization
		}
		if route.Resource != nil {
			members["resource"] = route.Resource
		}
		members["parameters"] = route.Parameters
	default:
		members["reason"] = route.Reason
		if route.Methods != nil {
			members["methods"] = route.Methods
		}
	}
	return members, err
}

func (a *arguments) documents() []cogauth.Document {
	var documents []cogauth.Document
	for _, document := range a.Documents {
		documents = append(documents, cogauth.Document{
			Name: string(spell(document[0])), Text: spell(document[1]),
		})
	}
	return documents
}

func compile(_ *runner, a *arguments) (any, error) {
	policy, err := cogauth.CompilePolicy(a.documents())
	if a.Digest != nil {
		policy, err = cogauth.CompilePinnedPolicy(a.documents(), *a.Digest)
	}
	if err != nil {
		return nil, err
	}
	defer policy.Close()
	image, err := policy.Image()
	return map[string]any{"hex": hex.EncodeToString(image)}, err
}

func check(_ *runner, a *arguments) (any, error) {
	found, err := cogauth.CheckPolicy(a.documents())
	if found == nil {
		found = []*cogauth.Error{}
	}
	return found, err
}

func bundle(_ *runner, a *arguments) (any, error) {
	text, err := cogauth.BundlePolicy(a.documents())
	return string(text), err
}

// throughGate takes a request through a gate, and lists each step both as the library writes it and
// as the package's own types tell it: they must say the same.
func throughGate(r *runner, a *arguments) (any, error) {
	gate, err := r.gateOf(a)
	if err != nil {
		return nil, err
	}
	defer gate.Close()
	exchange, err := gate.Begin(a.httpRequest(), at(a.Now))
	if err != nil {
		return nil, err
	}
	defer exchange.Close()
	steps := []json.RawMessage{}
	for {
		step := must(exchange.JSON())(r.t)
		told := canonical(r.t, must(json.Marshal(stepMembers(exchange)))(r.t))
		if written := canonical(r.t, step); told != written {
			return nil, fmt.Errorf("the types say %s, and the library %s", told, written)
		}
		steps = append(steps, step)
		switch exchange.Step() {
		case cogauth.StepRecord:
			err = exchange.AnswerRecord(answerOf(a.Record))
		case cogauth.StepFacts:
			err = exchange.AnswerFacts(answerOf(a.Facts))
		default:
			return steps, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *runner) gateOf(a *arguments) (*cogauth.Gate, error) {
	keys, err := cogauth.NewEdgeKeys(value(a.Keys))
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	options := cogauth.GateOptions{Policy: r.policy(a), Keys: keys}
	if string(spell(a.Place)) == "origin" {
		peppers, err := cogauth.NewPeppers(value(a.Peppers))
		if err != nil {
			return nil, err
		}
		defer peppers.Close()
		options.Peppers = peppers
	}
	for name, raw := range a.Options {
		var number int64
		switch name {
		case "realm":
			err = json.Unmarshal(raw, &options.Realm)
		case "retry_after":
			err = json.Unmarshal(raw, &number)
			duration := time.Duration(number) * time.Second
			options.RetryAfter = &duration
		case "max_record_age":
			err = json.Unmarshal(raw, &number)
			duration := time.Duration(number) * time.Second
			options.MaxRecordAge = &duration
		case "pass_on":
			err = json.Unmarshal(raw, &options.PassOn)
		case "preflight":
			err = json.Unmarshal(raw, &options.Preflight)
		default:
			err = fmt.Errorf("the option %s is not known", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return cogauth.NewGate(options)
}

func (a *arguments) httpRequest() cogauth.Request {
	var request struct {
		Method, Target json.RawMessage
		Values         []json.RawMessage
		Times          int
		Context        *string
		ClientAddress  string
	}
	if err := json.Unmarshal(a.Request, &request); err != nil {
		panic(err)
	}
	return cogauth.Request{
		Method:        string(spell(request.Method)),
		Target:        string(spell(request.Target)),
		Authorization: spellAll(request.Values, request.Times),
		Context:       value(request.Context),
		ClientAddress: request.ClientAddress,
	}
}

func answerOf(raw json.RawMessage) cogauth.Answer {
	var word string
	if json.Unmarshal(raw, &word) == nil && word == "absent" {
		return cogauth.Absent()
	}
	var found struct {
		Text      json.RawMessage
		FetchedAt *int64
	}
	if json.Unmarshal(raw, &found) != nil || found.Text == nil {
		return cogauth.Unavailable()
	}
	if found.FetchedAt != nil {
		return cogauth.FoundAt(spell(found.Text), at(*found.FetchedAt))
	}
	return cogauth.Found(spell(found.Text))
}

func stepMembers(exchange *cogauth.Exchange) map[string]any {
	members := map[string]any{"step": exchange.Step().String()}
	if exchange.Step() == cogauth.StepRecord {
		members["id"] = exchange.CredentialID()
	}
	if exchange.Step() == cogauth.StepFacts {
		members["principal"] = exchange.Principal()
		if exchange.Organization() != "" {
			members["organization"] = exchange.Organization()
		}
		if resource := exchange.Resource(); resource != nil {
			members["resource"] = resource
		}
	}
	if allowed, ok := exchange.Allowed(); ok {
		members["principal"] = map[string]any{
			"type": allowed.PrincipalType, "id": allowed.Principal,
		}
		members["credential"] = map[string]any{
			"kind": allowed.CredentialKind, "id": allowed.CredentialID,
			"handle": allowed.CredentialHandle,
		}
		members["action"], members["audit"] = allowed.Action, allowed.Audit
		members["undecided"], members["advice"] = allowed.Undecided, allowed.Advice
		if allowed.Organization != "" {
			members["organization"] = allowed.Organization
		}
		if allowed.Resource != nil {
			members["resource"] = allowed.Resource
		}
		members["parameters"] = allowed.Parameters
		if !allowed.ValidUntil.IsZero() {
			members["validUntil"] = allowed.ValidUntil.Unix()
		}
	}
	if refused, ok := exchange.Refused(); ok {
		headers := map[string]string{}
		for name := range refused.Header {
			headers[strings.ToLower(name)] = refused.Header.Get(name)
		}
		members["status"], members["code"] = refused.Status, refused.Code
		members["headers"], members["body"] = headers, refused.Body
		members["audit"] = refused.Audit
	}
	return members
}
