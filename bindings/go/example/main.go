// An API behind a guard: `go run ./example` in bindings/go, with the requests of the README. It
// keeps one record and one set of facts, which a service fetches from its stores.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

func main() {
	fixture, err := readFixture("../bench/inputs.json")
	if err != nil {
		log.Fatal(err)
	}
	handler, err := newServer(fixture)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr: "127.0.0.1:8080", Handler: handler, ReadHeaderTimeout: 5 * time.Second,
	}
	log.Print("http://", server.Addr)
	log.Fatal(server.ListenAndServe())
}

// What the example knows: the keys of the issuer, and what its stores have.
type fixture struct {
	EdgeKeys string `json:"edge_keys"`
	Record   string `json:"record"`
	Facts    string `json:"facts"`
}

func readFixture(path string) (*fixture, error) {
	read := new(fixture)
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, read)
	}
	return read, err
}

// factsAbout are the facts, with those of the organization if one is asked for.
func (f *fixture) factsAbout(organization string) (cogauth.Answer, error) {
	var facts map[string]json.RawMessage
	if err := json.Unmarshal([]byte(f.Facts), &facts); err != nil {
		return cogauth.Unavailable(), err
	}
	if organization == "" {
		delete(facts, "organization")
	}
	text, err := json.Marshal(facts)
	return cogauth.Found(text), err
}

var errNoStore = errors.New("the store is down")

// newServer makes the guarded API. The store of facts is down for the organization `down`.
func newServer(fixture *fixture) (http.Handler, error) {
	gate, err := newGate([]byte(fixture.EdgeKeys))
	if err != nil {
		return nil, err
	}
	guard := &cogauth.Guard{
		Gate: gate,
		Record: func(_ context.Context, id string) (cogauth.Answer, error) {
			if id != "AAAABBBBCCCC" {
				return cogauth.Absent(), nil
			}
			return cogauth.FoundAt([]byte(fixture.Record), time.Now()), nil
		},
		Facts: func(_ context.Context, principal, organization string) (cogauth.Answer, error) {
			if organization == "down" {
				return cogauth.Unavailable(), errNoStore
			}
			return fixture.factsAbout(organization)
		},
		Audit:   func(_ *http.Request, audit string) { log.Print(audit) },
		OnError: func(_ *http.Request, err error) { log.Print(err) },
	}
	return guard.Handler(http.HandlerFunc(sessions)), nil
}

// newGate makes a gate of the built-in policy.
func newGate(edgeKeys []byte) (*cogauth.Gate, error) {
	keys, err := cogauth.NewEdgeKeys(edgeKeys)
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	policy, err := cogauth.BuiltinPolicy()
	if err != nil {
		return nil, err
	}
	defer policy.Close()
	return cogauth.NewGate(cogauth.GateOptions{Policy: policy, Keys: keys})
}

func sessions(w http.ResponseWriter, r *http.Request) {
	allowed, ok := cogauth.AllowedFrom(r.Context())
	if !ok {
		http.Error(w, "not guarded", http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "%s may %s in %s\n", allowed.Principal, allowed.Action, allowed.Organization)
}
