// Package twin is the library as Go code: twin.go and twin.dat are made of the WebAssembly module that
// COGAUTH_WASM names. They are committed, since `go get` runs nothing.
package twin

//go:generate go -C ../../generate tool wasm2go -unsafe -embed -pkg twin -o ../internal/twin/twin.go $COGAUTH_WASM
