package pure

import (
	"bytes"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// ABIVersion is that of the module.
func (Engine) ABIVersion() (version uint32) {
	somewhere(func(i *instance) *abi.Failure {
		version = uint32(i.module.Xcogauth_abi_version())
		return nil
	})
	return version
}

// Version is that of the module.
func (Engine) Version() (version string) {
	somewhere(func(i *instance) *abi.Failure {
		text := (*i.memory)[i.module.Xcogauth_version():]
		version = string(text[:bytes.IndexByte(text, 0)])
		return nil
	})
	return version
}

// Features are those of the module.
func (Engine) Features() (features uint32) {
	somewhere(func(i *instance) *abi.Failure {
		features = uint32(i.module.Xcogauth_features())
		return nil
	})
	return features
}

// CodeName is the name of a code.
func (Engine) CodeName(code int32) (name string) {
	somewhere(func(i *instance) *abi.Failure {
		length := i.block + atResult
		name = i.text(uint32(i.module.Xcogauth_code_name(code, int32(length))), i.get32(length))
		return nil
	})
	return name
}

// CodeSentence is the sentence of a code.
func (Engine) CodeSentence(code int32) (sentence string) {
	somewhere(func(i *instance) *abi.Failure {
		length := i.block + atResult
		at := uint32(i.module.Xcogauth_code_sentence(code, int32(length)))
		sentence = i.text(at, i.get32(length))
		return nil
	})
	return sentence
}
