// Keys, tokens, and accepting them.

package cogauth_test

import (
	"encoding/json"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

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
