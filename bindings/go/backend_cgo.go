//go:build cogauth_cgo

package cogauth

import (
	"fmt"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
	"github.com/cog-auth/cog-auth/bindings/go/internal/native"
)

const backendName = "cgo"

type (
	engineType     = native.Engine
	engineHandle   = *native.Handle
	engineExchange = *native.Exchange
)

// The archive may be of another version than this package. The pure backend cannot.
func init() {
	version := engine.ABIVersion()
	if version>>16 != abi.ABIMajor || version&0xffff < abi.ABIMinor {
		panic(fmt.Sprintf(
			"cogauth: the linked libcogauth.a has the ABI %d.%d, and this package needs %d.%d",
			version>>16, version&0xffff, abi.ABIMajor, abi.ABIMinor))
	}
}
