// The benchmark is a module of its own, so that the package depends on nothing.
module github.com/cog-auth/cog-auth/bindings/go/bench

go 1.26.0

require (
	github.com/casbin/casbin/v2 v2.135.0
	github.com/cedar-policy/cedar-go v1.9.2
	github.com/cog-auth/cog-auth/bindings/go v0.0.0
	github.com/golang-jwt/jwt/v5 v5.3.1
)

require (
	github.com/bmatcuk/doublestar/v4 v4.6.1 // indirect
	github.com/casbin/govaluate v1.3.0 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/exp v0.0.0-20220921023135-46d9e7742f1e // indirect
)

replace github.com/cog-auth/cog-auth/bindings/go => ../
