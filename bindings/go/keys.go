package cogauth

import (
	"crypto/rand"
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// EdgeKeys is a key set of the use `edge-tag`, which verifies tokens. It mints as well as it
// verifies: it is a secret.
type EdgeKeys struct{ resource }

// NewEdgeKeys reads a key set from its JSON text. The errors are 131, 132, 133, 107 and 2xx.
func NewEdgeKeys(keySet []byte) (*EdgeKeys, error) {
	native, err := made(abi.EdgeKeysRead, present(keySet))
	if err != nil {
		return nil, err
	}
	return newEdgeKeys(native), nil
}

func newEdgeKeys(native engineHandle) *EdgeKeys {
	keys := new(EdgeKeys)
	return newResource(native, keys, &keys.resource)
}

// Verify verifies that a token was minted with a root key of these edge keys, and is not past its
// hard expiry. Whether the credential is still active, its record tells. It allocates nothing
// unless it fails.
//
// The errors are those of [ParseToken], 111, 112, 113, 114 and 135.
func (k *EdgeKeys) Verify(token []byte, now time.Time) (Token, error) {
	return k.verify(stringOf(token), seconds(now))
}

// VerifyString is Verify for a token in a string.
func (k *EdgeKeys) VerifyString(token string, now time.Time) (Token, error) {
	return k.verify(token, seconds(now))
}

func (k *EdgeKeys) verify(token string, now uint64) (Token, error) {
	var result Token
	if err := k.handle.use(); err != nil {
		return result, err
	}
	verified, failure := engine.Verify(k.handle.native, token, now)
	k.handle.done()
	if failure != nil {
		return result, errorOf(failure)
	}
	result.token = verified
	return result, nil
}

// Expose writes the key set as JSON text, which is a secret.
func (k *EdgeKeys) Expose() ([]byte, error) {
	return k.handle.writeWith(&engineCall{Op: abi.EdgeKeysExpose})
}

// Peppers is a key set of the use `digest-pepper`, with which an origin compares stored digests.
type Peppers struct{ resource }

// NewPeppers reads a key set from its JSON text. The errors are those of [NewEdgeKeys].
func NewPeppers(keySet []byte) (*Peppers, error) {
	native, err := made(abi.PeppersRead, present(keySet))
	if err != nil {
		return nil, err
	}
	return newPeppers(native), nil
}

func newPeppers(native engineHandle) *Peppers {
	peppers := new(Peppers)
	return newResource(native, peppers, &peppers.resource)
}

// Digest is the digest of a token that origins store, for the principal that it is made for. The
// errors are those of [ParseToken], 112 and 134.
func (p *Peppers) Digest(token []byte, principal string) (string, error) {
	digest, err := p.handle.writeWith(&engineCall{
		Op: abi.TokenDigest, Texts: [][]byte{present(token), bytesOf(principal)},
	})
	return string(digest), err
}

// Expose writes the key set as JSON text, which is a secret.
func (p *Peppers) Expose() ([]byte, error) {
	return p.handle.writeWith(&engineCall{Op: abi.PeppersExpose})
}

// RootKeys is a key set of the use `root`, which mints tokens, and which the other two are derived
// from. It is the issuer's secret.
type RootKeys struct{ resource }

// NewRootKeys reads a key set from its JSON text. The errors are those of [NewEdgeKeys].
func NewRootKeys(keySet []byte) (*RootKeys, error) {
	native, err := made(abi.RootKeysRead, present(keySet))
	if err != nil {
		return nil, err
	}
	return newRootKeys(native), nil
}

// GenerateRootKeys makes a key set of one new key of random bytes. A key id is two characters of
// 0-9A-Za-z, and not `00`. The errors are 133 and 107.
func GenerateRootKeys(keyID string) (*RootKeys, error) {
	var random [32]byte
	rand.Read(random[:])
	native, err := made(abi.RootKeysNew, bytesOf(keyID), random[:])
	clear(random[:])
	if err != nil {
		return nil, err
	}
	return newRootKeys(native), nil
}

func newRootKeys(native engineHandle) *RootKeys {
	roots := new(RootKeys)
	return newResource(native, roots, &roots.resource)
}

// EdgeKeys derives the edges' part, to be closed by itself.
func (r *RootKeys) EdgeKeys() (*EdgeKeys, error) {
	native, err := r.handle.derive(abi.RootKeysEdgeKeys)
	if err != nil {
		return nil, err
	}
	return newEdgeKeys(native), nil
}

// Peppers derives the origins' part, to be closed by itself.
func (r *RootKeys) Peppers() (*Peppers, error) {
	native, err := r.handle.derive(abi.RootKeysPeppers)
	if err != nil {
		return nil, err
	}
	return newPeppers(native), nil
}

// Expose writes the key set as JSON text, which is a secret.
func (r *RootKeys) Expose() ([]byte, error) {
	return r.handle.writeWith(&engineCall{Op: abi.RootKeysExpose})
}

// MintOptions says what token to mint.
type MintOptions struct {
	KeyID string
	Kind  Kind
	// The last day on which it is good, in days since the epoch: 1 to 238,327; nil for no end.
	HardExpiry *uint32
	// At least 64 bytes from the operating system's random source, which crypto/rand gives if this
	// is nil. Tests set it.
	Random []byte
}

// String leaves out the random bytes, which are a secret.
func (o MintOptions) String() string { return "MintOptions(" + o.KeyID + ", " + o.Kind.String() + ")" }

// GoString is String.
func (o MintOptions) GoString() string { return o.String() }

// Mint makes a token. It is a secret: show it once, store a record with its digest, and wipe it.
// The errors are 112, 104, 135, and 136 if the random bytes were used up.
func (r *RootKeys) Mint(options MintOptions) ([]byte, error) {
	hardExpiry := uint64(abi.NoHardExpiry)
	if options.HardExpiry != nil {
		// What stands for none in the library is no day here.
		if hardExpiry = uint64(*options.HardExpiry); hardExpiry == abi.NoHardExpiry {
			return nil, errorOfCode(abi.ETimeOutOfRange)
		}
	}
	random := options.Random
	if random == nil {
		// Some bytes are passed over, so twice what is needed at least.
		random = make([]byte, 2*abi.MintRandomLength)
		rand.Read(random)
		defer clear(random)
	}
	return r.handle.writeWith(&engineCall{
		Op:      abi.TokenMint,
		Texts:   [][]byte{bytesOf(options.KeyID), random},
		Numbers: [6]uint64{uint64(options.Kind), hardExpiry},
	})
}
