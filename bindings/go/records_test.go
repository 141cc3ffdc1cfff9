// Records over their life.

package cogauth_test

import (
	"bytes"
	"testing"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

func TestFromAKeyToARecord(t *testing.T) {
	now := time.Unix(1795000000, 0)
	roots := must(cogauth.GenerateRootKeys("01"))(t)
	defer roots.Close()
	again := must(cogauth.NewRootKeys(must(roots.Expose())(t)))(t)
	defer again.Close()
	keys, peppers := must(again.EdgeKeys())(t), must(again.Peppers())(t)
	defer keys.Close()
	defer peppers.Close()
	token := must(roots.Mint(cogauth.MintOptions{KeyID: "01", Kind: cogauth.PersonalAccessToken}))(t)
	verified := must(keys.Verify(token, now))(t)
	if verified.Kind() != cogauth.PersonalAccessToken || verified.KeyID() != "01" ||
		!bytes.HasPrefix(token, []byte(verified.Handle())) || verified.HardExpiry() != 0 {
		t.Errorf("%v", verified)
	}
	name := "mine"
	record := must(cogauth.IssueRecord(token, cogauth.RecordDraft{
		Principal: "user_01", Scopes: []string{"ViewOrgSessions"}, Organizations: []string{},
		Peppers: peppers, ForEdges: true, Name: &name, Metadata: []byte(`{"a":1}`), CreatedAt: now,
		ExpiresAt: now.Add(time.Hour),
	}))(t)
	for _, digest := range []string{
		must(peppers.Digest(token, "user_01"))(t), must(cogauth.EdgeDigest(token, "user_01"))(t),
	} {
		if !bytes.Contains(record, []byte(digest)) {
			t.Errorf("%s has no %s", record, digest)
		}
	}
	accepted := must(keys.AcceptAtOrigin(peppers, token, now, record, now))(t)
	if accepted.Principal != "user_01" || !accepted.ValidUntil.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v", accepted)
	}
	shown := must(cogauth.DisplayRecord(record))(t)
	if bytes.Contains(shown, []byte("digest")) || bytes.Contains(shown, []byte("metadata")) {
		t.Errorf("%s", shown)
	}
	_, err := keys.AcceptAtEdge(token, now, must(cogauth.RevokeRecord(record, now))(t), now)
	if code(err) != 125 {
		t.Error(err)
	}
	if _, err := keys.AcceptAtEdge(token, now, nil, now); code(err) != 121 {
		t.Error(err)
	}
}

func TestARotationHasItsLimits(t *testing.T) {
	now := time.Unix(1795000000, 0)
	roots := must(cogauth.GenerateRootKeys("01"))(t)
	defer roots.Close()
	issued := func(expires time.Time) []byte {
		token := must(roots.Mint(cogauth.MintOptions{
			KeyID: "01", Kind: cogauth.PersonalAccessToken,
		}))(t)
		return must(cogauth.IssueRecord(token, cogauth.RecordDraft{
			Principal: "user_01", Scopes: []string{"*"}, ForEdges: true, CreatedAt: now,
			ExpiresAt: expires,
		}))(t)
	}
	const day = 24 * time.Hour
	atMost := func(grace time.Duration) cogauth.RotationLimits {
		return cogauth.RotationLimits{MaxGrace: &grace}
	}
	record, later := issued(now.Add(90*day)), issued(now.Add(91*day))
	same := issued(now.Add(90 * day))
	for name, call := range map[string]struct {
		successor []byte
		grace     time.Duration
		limits    cogauth.RotationLimits
		code      int
	}{
		"the default":       {same, 30 * day, cogauth.RotationLimits{}, 0},
		"too much grace":    {same, 31 * day, cogauth.RotationLimits{}, 138},
		"more grace":        {same, 31 * day, atMost(31 * day), 0},
		"less grace":        {same, 2 * day, atMost(day), 138},
		"none at all":       {same, 0, atMost(0), 0},
		"more than none":    {same, day, atMost(0), 138},
		"a later expiry":    {later, day, cogauth.RotationLimits{}, 139},
		"that is permitted": {later, day, cogauth.RotationLimits{LaterExpiry: true}, 0},
		"negative grace":    {same, 0, atMost(-day), invalidArgument},
		"half a second":     {same, 0, atMost(time.Second / 2), invalidArgument},
	} {
		rotated, err := cogauth.RotateRecordWithin(record, call.successor, now.Add(call.grace), now,
			call.limits)
		if code(err) != call.code || (err == nil) != bytes.Contains(rotated, []byte("rotated")) {
			t.Errorf("%s: %s, %v", name, rotated, err)
		}
		if call.limits != (cogauth.RotationLimits{}) {
			continue
		}
		again, err := cogauth.RotateRecord(record, call.successor, now.Add(call.grace), now)
		if code(err) != call.code || !bytes.Equal(again, rotated) {
			t.Errorf("%s: %s, %v", name, again, err)
		}
	}
}

func TestWhyACredentialIsNotActive(t *testing.T) {
	in := readInputs(t)
	now := in.now()
	used := must(cogauth.UseRecord([]byte(in.Record), now))(t)
	if name := must(cogauth.InactiveBecause(used, now))(t); name != "" {
		t.Error(name)
	}
	revoked := must(cogauth.RevokeRecord([]byte(in.Record), now))(t)
	// What the store has is not lost, in whatever order.
	for _, records := range [][2][]byte{{used, revoked}, {revoked, used}} {
		merged := must(cogauth.MergeRecords(records[0], records[1]))(t)
		if !bytes.Contains(merged, []byte("last_used_at")) {
			t.Errorf("%s", merged)
		}
		if name := must(cogauth.InactiveBecause(merged, now))(t); name != "revoked" {
			t.Error(name)
		}
	}
	if _, err := cogauth.InactiveBecause(nil, now); code(err) != 122 {
		t.Error(err)
	}
	if _, err := cogauth.InactiveBecause(used, time.Time{}); code(err) != timeOutOfRange {
		t.Error(err)
	}
}
