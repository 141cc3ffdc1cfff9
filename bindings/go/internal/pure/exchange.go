package pure

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Exchange is one, and where it is.
type Exchange struct {
	instance   *instance
	generation uint64
	at         int32
}

// do makes a call in the exchange's instance. If that has trapped since, the exchange is gone.
func (x *Exchange) do(call func(i *instance) *abi.Failure) *abi.Failure {
	i := x.instance
	i.mu.Lock()
	if i.module == nil || i.generation != x.generation {
		i.mu.Unlock()
		return &abi.Failure{Code: abi.EFault}
	}
	return i.do(func() *abi.Failure { return call(i) })
}

// Begin begins with a request.
func (Engine) Begin(
	gate *Handle, request *abi.Request, now uint64,
) (exchange *Exchange, failure *abi.Failure) {
	failure = somewhere(func(i *instance) *abi.Failure {
		handle, failure := gate.in(i)
		if failure != nil {
			return failure
		}
		in := i.zeroed(sizeofRequest)
		at, length := i.putString(request.Method)
		i.setSlice(in+requestMethod, at, length)
		at, length = i.putString(request.Target)
		i.setSlice(in+requestTarget, at, length)
		i.set32(in+requestAuthorization, uint32(i.putStrings(request.Authorization)))
		i.set32(in+requestAuthorizationCount, uint32(len(request.Authorization)))
		at, length = i.put(request.Context)
		i.setSlice(in+requestContext, at, length)
		if request.ClientAddress != "" {
			at, length = i.putString(request.ClientAddress)
			i.setSlice(in+requestClientAddress, at, length)
		}
		at, failure = i.made(func(slot, err int32) int32 {
			return i.module.Xcogauth_exchange_begin(handle, int32(in), int64(now), slot, err)
		})
		if failure == nil {
			exchange = &Exchange{i, i.generation, at}
			i.exchanges++
		}
		return failure
	})
	return exchange, failure
}

// Answer answers a question.
func (Engine) Answer(
	x *Exchange, answer abi.Answer, step int32, text []byte, fetchedAt uint64,
) *abi.Failure {
	return x.do(func(i *instance) *abi.Failure {
		at, length := i.put(text)
		return i.attempt(func(err int32) int32 {
			switch answer {
			case abi.Found:
				return i.module.Xcogauth_exchange_found(x.at, step, at, length, int64(fetchedAt), err)
			case abi.Absent:
				return i.module.Xcogauth_exchange_absent(x.at, step, err)
			default:
				return i.module.Xcogauth_exchange_unavailable(x.at, step, err)
			}
		})
	})
}

// State says where an exchange stands. One that is gone is refused.
func (Engine) State(x *Exchange) (state abi.State) {
	failure := x.do(func(i *instance) *abi.Failure {
		state.Step = i.module.Xcogauth_exchange_step(x.at)
		state.Status = i.module.Xcogauth_exchange_status(x.at)
		state.Code = i.module.Xcogauth_exchange_code(x.at)
		state.ValidUntil = uint64(i.module.Xcogauth_exchange_valid_until(x.at))
		return nil
	})
	if failure != nil {
		return abi.State{Step: abi.StepRefused, Status: 503, Code: failure.Code, ValidUntil: abi.None}
	}
	return state
}

// Text copies a text out.
func (Engine) Text(x *Exchange, which int32) (text string) {
	x.do(func(i *instance) *abi.Failure {
		slice := i.block + atResult
		if i.module.Xcogauth_exchange_text(x.at, which, int32(slice)) == 0 {
			text = i.text(i.get32(slice), i.get32(slice+sliceLength))
		}
		return nil
	})
	return text
}

// List copies a list out.
func (Engine) List(x *Exchange, list int32) (entries []abi.Entry) {
	x.do(func(i *instance) *abi.Failure {
		name := i.block + atResult
		value := name + sizeofSlice
		count := i.module.Xcogauth_exchange_count(x.at, list)
		for index := range count {
			code := i.module.Xcogauth_exchange_entry(x.at, list, index, int32(name), int32(value))
			if code != 0 {
				return &abi.Failure{Code: code}
			}
			entries = append(entries, abi.Entry{
				Name:  i.text(i.get32(name), i.get32(name+sliceLength)),
				Value: i.text(i.get32(value), i.get32(value+sliceLength)),
			})
		}
		return nil
	})
	return entries
}

// JSON writes where an exchange stands.
func (Engine) JSON(x *Exchange) (json []byte, failure *abi.Failure) {
	failure = x.do(func(i *instance) *abi.Failure {
		var failure *abi.Failure
		json, failure = i.written(func(text, capacity, length, err int32) int32 {
			return i.module.Xcogauth_exchange_json(x.at, text, capacity, length, err)
		})
		return failure
	})
	return json, failure
}

// Record writes the record of what was allowed.
func (Engine) Record(x *Exchange) (record []byte, failure *abi.Failure) {
	failure = x.do(func(i *instance) *abi.Failure {
		var failure *abi.Failure
		record, failure = i.written(func(text, capacity, length, err int32) int32 {
			return i.module.Xcogauth_exchange_record(x.at, text, capacity, length, err)
		})
		return failure
	})
	return record, failure
}

// Release ends an exchange.
func (Engine) Release(x *Exchange) {
	x.do(func(i *instance) *abi.Failure {
		i.module.Xcogauth_exchange_release(x.at)
		i.exchanges--
		return nil
	})
}
