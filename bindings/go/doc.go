// Package cogauth answers who is behind an `Authorization: Bearer cog_…` header, whether the
// credential is real, whether they may do this, and if not, why not. It gives the same answers as
// the Rust crate, and does no I/O: the caller fetches what it asks for.
//
// [Guard] guards an http.Handler. [Gate] and [Exchange] are the same without HTTP. [EdgeKeys],
// [Peppers], [RootKeys] and [Policy] are what they are made from, and can be asked directly.
//
// A denial or a refusal is a value. Every error that the package makes is an [*Error], with the
// shared numeric code. Where an error is returned, nothing is allowed.
//
// Keys, policies and gates can be used by any number of goroutines, also while another one closes
// them. What is closed is freed, and its secrets wiped, when the last call that uses it ends.
//
// The package is pure Go, or with the build tag cogauth_cgo uses the library's static archive.
package cogauth
