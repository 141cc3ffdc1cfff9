package cogauth

import (
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// seconds is a time in seconds since the epoch. What is before it is a number that the library
// refuses with 135.
func seconds(t time.Time) uint64 {
	if t.Unix() == -1 {
		// Not what stands for a time that is not known.
		return abi.None - 1
	}
	return uint64(t.Unix())
}

// secondsOr is the number for no time where it is the zero time.
func secondsOr(t time.Time, none uint64) uint64 {
	if t.IsZero() {
		return none
	}
	return seconds(t)
}

func timeOf(seconds uint64) time.Time {
	if seconds == abi.None {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}
