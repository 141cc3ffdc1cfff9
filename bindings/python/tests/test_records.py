"""Records over their life: what `test_parity` has no arguments for."""

from __future__ import annotations

import json
from typing import Any

import pytest

import cog_auth
from cog_auth import CogAuthError

from .inputs import NOW, RECORD

DAY = 86400


def _record(**members: Any) -> str:
    return json.dumps({**json.loads(RECORD), **members})


def _successor(**members: Any) -> str:
    return _record(id="DDDDEEEEFFFF", edge_digest="$cog1e$" + "A" * 43, **members)


def test_a_successor_may_expire_later_only_where_it_is_said() -> None:
    record, later = _record(expires_at=NOW + DAY), _successor(expires_at=NOW + 2 * DAY)
    with pytest.raises(CogAuthError) as caught:
        cog_auth.rotate_record(record, later, NOW + 100, NOW)
    assert caught.value.code == 139
    rotated = cog_auth.rotate_record(record, later, NOW + 100, NOW, later_expiry=True)
    assert json.loads(rotated)["rotated_to"] == "DDDDEEEEFFFF"


def test_the_time_beside_a_successor_is_limited() -> None:
    def rotate(seconds: int, limit: int | None = None) -> None:
        cog_auth.rotate_record(RECORD, _successor(), NOW + seconds, NOW, max_grace=limit)

    rotate(30 * DAY)
    rotate(31 * DAY, 31 * DAY)
    for seconds, limit in ((30 * DAY + 1, None), (101, 100)):
        with pytest.raises(CogAuthError) as caught:
            rotate(seconds, limit)
        assert caught.value.code == 138


def test_a_use_is_noted_and_a_later_one_stays() -> None:
    used = cog_auth.use_record(RECORD, NOW)
    assert json.loads(used)["last_used_at"] == NOW
    assert cog_auth.use_record(used, NOW - 1) == used


def test_merging_keeps_what_was_revoked() -> None:
    revoked, used = cog_auth.revoke_record(RECORD, NOW), cog_auth.use_record(RECORD, NOW)
    merged = cog_auth.merge_records(used, revoked)
    told = json.loads(merged)
    assert (told["revoked_at"], told["last_used_at"]) == (NOW, NOW)
    with pytest.raises(CogAuthError) as caught:
        cog_auth.merge_records(RECORD, _successor())
    assert (caught.value.code, caught.value.code_name) == (123, "record_mismatch")


def test_why_a_credential_is_not_active() -> None:
    assert cog_auth.inactive_because(RECORD, NOW) is None
    assert cog_auth.inactive_because(cog_auth.revoke_record(RECORD, NOW), NOW) == "revoked"
