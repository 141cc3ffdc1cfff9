// What makes internal/twin. It is a module of its own, so that the package depends on nothing.
module github.com/cog-auth/cog-auth/bindings/go/generate

go 1.26.0

tool github.com/ncruces/wasm2go

require (
	github.com/ncruces/wasm2go v0.4.22 // indirect
	golang.org/x/tools v0.52.0 // indirect
)
