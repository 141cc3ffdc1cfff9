// Policies, and their documents.

package cogauth_test

import (
	"bytes"
	"encoding/hex"
	"sort"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

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

func policyWarnings(_ *runner, a *arguments) (any, error) {
	return cogauth.PolicyWarnings(a.documents())
}

func bundle(_ *runner, a *arguments) (any, error) {
	text, err := cogauth.BundlePolicy(a.documents())
	return string(text), err
}
