// Records.

package cogauth_test

import (
	"encoding/json"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

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

func rotateWithin(_ *runner, a *arguments) (any, error) {
	limits := cogauth.RotationLimits{LaterExpiry: a.LaterExpiry}
	if a.MaxGrace != nil {
		most := time.Duration(*a.MaxGrace) * time.Second
		limits.MaxGrace = &most
	}
	record, err := cogauth.RotateRecordWithin(
		spell(a.Record), []byte(a.Successor), at(a.Until), at(a.At), limits)
	return string(record), err
}
