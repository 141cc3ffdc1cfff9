//go:build !cogauth_cgo

package cogauth

import "github.com/cog-auth/cog-auth/bindings/go/internal/pure"

const backendName = "pure"

type (
	engineType     = pure.Engine
	engineHandle   = *pure.Handle
	engineExchange = *pure.Exchange
)
