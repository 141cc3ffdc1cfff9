package main

import (
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"github.com/cedar-policy/cedar-go"
	"github.com/golang-jwt/jwt/v5"
)

// golangJWT verifies a token of HS256 with an expiry, an issuer and a subject.
func golangJWT(in inputs) call {
	key := []byte("a key of thirty-two random bytes")
	now := time.Unix(in.Now, 0)
	token := must(jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: "issuer", Subject: "su_ci", ExpiresAt: jwt.NewNumericDate(now.Add(time.Hour)),
	}).SignedString(key))
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer("issuer"),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return now }))
	return func() error {
		var claims jwt.RegisteredClaims
		_, err := parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key, nil })
		return err
	}
}

// casbinEnforcer asks for one of three grants of roles in a domain. The request comes parsed.
func casbinEnforcer(inputs) call {
	rules := must(model.NewModelFromString(`
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
`))
	enforcer := must(casbin.NewEnforcer(rules))
	must(enforcer.AddPolicies([][]string{
		{"org_admin", "org-a", "sessions", "ManageOrgSessions"},
		{"org_member", "org-a", "sessions", "ViewOrgSessions"},
		{"org_member", "org-a", "credential", "CreatePersonalAccessToken"},
	}))
	must(enforcer.AddGroupingPolicy("user_01", "org_member", "org-a"))
	return func() error {
		allowed, err := enforcer.Enforce("user_01", "org-a", "credential", "CreatePersonalAccessToken")
		if err == nil && !allowed {
			err = errDenied
		}
		return err
	}
}

// cedarPolicies asks three policies about the owner of a credential. The request comes parsed.
func cedarPolicies(in inputs) call {
	policies := must(cedar.NewPolicySetFromBytes("policies", []byte(`
permit (principal is User, action == Action::"CreatePersonalAccessToken", resource is Credential)
when { resource.owner == principal && context.credential == "session" };
permit (principal is User, action == Action::"ViewOrgSessions", resource is Organization)
when { principal.organizations.contains(resource) };
forbid (principal, action, resource) when { principal has disabled && principal.disabled };
`)))
	var entities cedar.EntityMap
	if err := entities.UnmarshalJSON([]byte(`[
{"uid": {"type": "User", "id": "user_01"}, "parents": [], "attrs": {"disabled": false,
 "organizations": [{"__entity": {"type": "Organization", "id": "org-a"}}]}},
{"uid": {"type": "Credential", "id": "DDDDEEEEFFFF"}, "parents": [],
 "attrs": {"owner": {"__entity": {"type": "User", "id": "user_01"}}}}]`)); err != nil {
		return func() error { return err }
	}
	request := cedar.Request{
		Principal: cedar.NewEntityUID("User", "user_01"),
		Action:    cedar.NewEntityUID("Action", "CreatePersonalAccessToken"),
		Resource:  cedar.NewEntityUID("Credential", "DDDDEEEEFFFF"),
		Context: cedar.NewRecord(cedar.RecordMap{
			"credential": cedar.String("session"), "time": cedar.Long(in.Now),
		}),
	}
	return func() error {
		if decision, _ := cedar.Authorize(policies, entities, request); decision != cedar.Allow {
			return errDenied
		}
		return nil
	}
}
