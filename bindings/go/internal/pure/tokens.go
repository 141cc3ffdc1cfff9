package pure

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Parse parses a token.
func (Engine) Parse(token string) (result abi.Token, failure *abi.Failure) {
	i := anyInstance()
	failure = i.do(func() *abi.Failure {
		at, length := i.putString(token)
		out := i.readyResult(sizeofToken)
		failure := i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_token_parse(at, length, int32(out), err)
		})
		if failure == nil {
			i.readToken(out, &result)
		}
		return failure
	})
	return result, failure
}

// Verify verifies a token.
func (Engine) Verify(
	keys *Handle, token string, now uint64,
) (result abi.Token, failure *abi.Failure) {
	i := anyInstance()
	failure = i.do(func() *abi.Failure {
		handle, failure := keys.in(i)
		if failure != nil {
			return failure
		}
		at, length := i.putString(token)
		out := i.readyResult(sizeofToken)
		failure = i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_token_verify(handle, at, length, int64(now), int32(out), err)
		})
		if failure == nil {
			i.readToken(out, &result)
		}
		return failure
	})
	return result, failure
}

// readyResult prepares a struct that the call writes to.
func (i *instance) readyResult(size uint32) uint32 {
	at := i.block + atResult
	i.set32(at, size)
	return at
}

func (i *instance) readToken(at uint32, token *abi.Token) {
	token.Kind = i.get32(at + tokenKind)
	token.HardExpiry = i.get32(at + tokenHardExpiry)
	memory := *i.memory
	copy(token.KeyID[:], memory[at+tokenKeyID:])
	copy(token.ID[:], memory[at+tokenID:])
	copy(token.Handle[:], memory[at+tokenHandle:])
}

// Decide decides a request without an explanation.
func (Engine) Decide(
	policy *Handle, request string,
) (decision, denial uint32, failure *abi.Failure) {
	i := anyInstance()
	failure = i.do(func() *abi.Failure {
		handle, failure := policy.in(i)
		if failure != nil {
			return failure
		}
		at, length := i.putString(request)
		out := i.readyResult(sizeofDecision)
		failure = i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_policy_decide(handle, at, length, int32(out), err)
		})
		if failure == nil {
			decision, denial = i.get32(out+decisionDecision), i.get32(out+decisionDenial)
		}
		return failure
	})
	return decision, denial, failure
}

// Authorization reads the lines of the header.
func (Engine) Authorization(
	values []string,
) (scheme int32, credential []byte, failure *abi.Failure) {
	failure = somewhere(func(i *instance) *abi.Failure {
		array := i.putStrings(values)
		out := i.block + atResult
		failure := i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_authorization_read(array, int32(len(values)), int32(out),
				int32(out+4), err)
		})
		if failure == nil {
			scheme = int32(i.get32(out))
			if scheme == abi.SchemeBearer {
				credential = i.bytes(i.get32(out+4), i.get32(out+4+sliceLength))
			}
		}
		return failure
	})
	return scheme, credential, failure
}

// Scan finds the next credential in a text.
func (Engine) Scan(
	text string, from uint64,
) (found bool, finding abi.Finding, failure *abi.Failure) {
	failure = somewhere(func(i *instance) *abi.Failure {
		// size_t has 32 bits there.
		if from > uint64(len(text)) {
			from = uint64(len(text)) + 1
		}
		at, length := i.putString(text)
		out := i.zeroed(sizeofFinding)
		flag := i.block + atResult
		failure := i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_text_scan(at, length, int32(from), int32(flag), int32(out), err)
		})
		if failure == nil && i.get32(flag) == 1 {
			found = true
			finding.IsToken = i.get32(out+findingIsToken) == 1
			finding.Start, finding.End = i.get64(out+findingStart), i.get64(out+findingEnd)
			copy(finding.Handle[:], (*i.memory)[out+findingHandle:])
		}
		return failure
	})
	return found, finding, failure
}

// Inactive says why the credential of a record is not active.
func (Engine) Inactive(record []byte, now uint64) (code int32, failure *abi.Failure) {
	failure = somewhere(func(i *instance) *abi.Failure {
		at, length := i.put(record)
		result := i.block + atResult
		failure := i.attempt(func(err int32) int32 {
			return i.module.Xcogauth_record_inactive(at, length, int64(now), int32(result), err)
		})
		if failure == nil {
			code = int32(i.get32(result))
		}
		return failure
	})
	return code, failure
}

func (i *instance) putStrings(texts []string) int32 {
	array := i.room(len(texts) * sizeofSlice)
	for index, text := range texts {
		at, length := i.putString(text)
		i.setSlice(array+uint32(index)*sizeofSlice, at, length)
	}
	return int32(array)
}
