// The gate, step by step.

package cogauth_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

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
		members["principalType"] = exchange.PrincipalType()
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
