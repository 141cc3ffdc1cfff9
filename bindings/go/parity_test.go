package cogauth_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

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
	"rotate_within":    rotateWithin,
	"authorization":    authorization,
	"scan":             scan,
	"scan_decoding":    scanDecoding,
	"redact":           redact(cogauth.Redact),
	"redact_decoding":  redact(cogauth.RedactDecoding),
	"describe":         describe,
	"image_digest":     imageDigest,
	"load_image":       loadImage,
	"decide":           ask((*cogauth.Policy).Explain),
	"evaluate":         ask((*cogauth.Policy).Evaluate),
	"search_actions":   ask((*cogauth.Policy).SearchActions),
	"route":            route,
	"compile":          compile,
	"check":            check,
	"policy_warnings":  policyWarnings,
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
	Until                                int64
	LaterExpiry                          bool
	MaxGrace                             *int64
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
