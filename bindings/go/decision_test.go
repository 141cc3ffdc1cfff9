package cogauth

import (
	"testing"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

func TestNumbersThatAreNotKnownAreDenials(t *testing.T) {
	const unknown = 99
	for _, numbers := range [][2]uint32{
		{abi.Deny, unknown}, {abi.Allow, unknown}, {abi.Allow, abi.DenialForbidden},
		{unknown, abi.DenialNone}, {unknown, unknown}, {abi.Deny, abi.DenialNone},
	} {
		if decision := decided(numbers[0], Denial(numbers[1])); decision.Allowed {
			t.Errorf("%v is %+v", numbers, decision)
		}
	}
	if decided(abi.Deny, unknown).Denial != DenialIndeterminate {
		t.Error("what is not known is not indeterminate")
	}
	if Denial(unknown).String() != "indeterminate" {
		t.Error(Denial(unknown))
	}
	if !decided(abi.Allow, DenialNone).Allowed {
		t.Error("an allow is none")
	}
}
