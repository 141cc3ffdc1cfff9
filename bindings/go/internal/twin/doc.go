// Package twin is the library as Go code: `cargo xtask bindings twin` makes twin.go and twin.dat of
// the WebAssembly module. They are committed, since `go get` runs nothing.
package twin
