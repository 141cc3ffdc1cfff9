"""The guard: three answers of two stores, and everything else is no allow."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from cog_auth import (
    Allowed,
    CogAuthError,
    Found,
    Guard,
    Outcome,
    Policy,
    Refused,
    Resource,
    issue_record,
)
from cog_auth._backend import library

from .inputs import AUTHORIZATION, FACTS, NOW, RECORD, TARGET, gate, roots


def _now() -> int:
    return NOW


def _check(record: Any, facts: Any, now: Any = _now, **options: Any) -> Outcome:
    """The outcome, which is the same with coroutines."""
    guard = Guard(gate(**options), record=record, facts=facts, now=now)
    outcome = guard.check("GET", TARGET, [AUTHORIZATION])

    async def async_record(id: str) -> Any:
        return record(id)

    async def async_facts(principal: str, organization: str | None) -> Any:
        return facts(principal, organization)

    both = Guard(gate(**options), record=async_record, facts=async_facts, now=now)
    for each in (guard, both):
        again = asyncio.run(each.check_async("GET", TARGET, [AUTHORIZATION]))
        assert again == outcome
    return outcome


def _record(id: str) -> Any:
    assert id == "AAAABBBBCCCC"
    return RECORD


def _facts(principal: str, organization: str | None) -> Any:
    assert (principal, organization) == ("su_ci", "org-a")
    return FACTS


def test_what_is_found_is_allowed() -> None:
    outcome = _check(_record, _facts)
    assert isinstance(outcome, Allowed)
    assert outcome.principal == ("service_user", "su_ci")
    assert (outcome.action, outcome.organization) == ("ViewOrgSessions", "org-a")
    assert outcome.credential.handle == "cog_1s01000AAAABBBBCCCC"
    for given in (RECORD.encode(), bytearray(RECORD.encode()), json.loads(RECORD), Found(RECORD)):
        assert _check(lambda id: given, _facts) == outcome
    for given in (FACTS.encode(), memoryview(FACTS.encode()), json.loads(FACTS)):
        assert _check(_record, lambda *_: given) == outcome


def test_the_address_of_the_client_is_in_the_audit_record() -> None:
    guard = Guard(gate(), record=_record, facts=_facts, now=_now)
    asked = "GET", TARGET, [AUTHORIZATION]
    for outcome in (
        guard.check(*asked, client_address="192.0.2.1"),
        asyncio.run(guard.check_async(*asked, client_address=b"192.0.2.1")),
    ):
        assert isinstance(outcome, Allowed)
        assert json.loads(outcome.audit)["client_address"] == "192.0.2.1"
    outcome = guard.check(*asked)
    assert isinstance(outcome, Allowed)
    assert "client_address" not in json.loads(outcome.audit)


def test_a_record_is_good_only_from_its_addresses() -> None:
    narrow = json.dumps({**json.loads(RECORD), "addresses": ["192.0.2.0/24"]})
    guard = Guard(gate(), record=lambda id: narrow, facts=_facts, now=_now)
    for address, allowed in (("192.0.2.1", True), ("198.51.100.1", False), (None, False)):
        outcome = guard.check("GET", TARGET, [AUTHORIZATION], client_address=address)
        assert bool(outcome) == allowed, address


def test_the_resource_of_a_path_is_asked_for() -> None:
    asked: list[Any] = []

    def facts(*place: Any) -> Any:
        asked.append(place)
        return FACTS

    guard = Guard(gate(), record=_record, facts=facts, now=_now)
    target = "/v3/enterprise/members/users/user_02"
    guard.check("PATCH", target, [AUTHORIZATION])
    asyncio.run(guard.check_async("PATCH", target, [AUTHORIZATION]))
    guard.check("GET", TARGET, [AUTHORIZATION])
    resource = Resource("user", "user_02")
    assert asked == [("su_ci", None, resource)] * 2 + [("su_ci", "org-a")]
    with Policy.builtin() as policy:
        route = policy.route("PATCH", target)
    assert (route.resource, route.parameters) == (resource, {"user_id": "user_02"})


def test_a_function_of_two_arguments_is_asked_without_the_resource() -> None:
    asked: list[Any] = []

    def facts(principal: str, organization: str | None) -> Any:
        asked.append((principal, organization))
        if organization is not None:
            return FACTS
        return {"principal": json.loads(FACTS)["principal"]}

    class Store:
        def facts(self, principal: str, organization: str | None = None) -> Any:
            return facts(principal, organization)

    target = "/v3/enterprise/members/users/user_02"
    asked_of: list[Callable[..., Any]] = [
        facts,
        lambda principal, organization: facts(principal, organization),
        Store().facts,
        functools.partial(facts),
    ]
    for each in asked_of:
        guard = Guard(gate(), record=_record, facts=each, now=_now)
        for method, path in (("PATCH", target), ("GET", TARGET)):
            outcome = guard.check(method, path, [AUTHORIZATION])
            # The credential may not change members, and is refused for that alone.
            assert isinstance(outcome, Allowed if path == TARGET else Refused)
            assert isinstance(outcome, Allowed) or outcome.status == 403
    assert asked == [("su_ci", None), ("su_ci", "org-a")] * 4


def test_a_function_that_needs_three_arguments_is_given_three() -> None:
    asked: list[Any] = []

    def facts(principal: str, organization: str | None, resource: Resource | None) -> Any:
        asked.append((principal, organization, resource))
        return FACTS

    guard = Guard(gate(), record=_record, facts=facts, now=_now)
    guard.check("PATCH", "/v3/enterprise/members/users/user_02", [AUTHORIZATION])
    guard.check("GET", TARGET, [AUTHORIZATION])
    assert asked == [("su_ci", None, Resource("user", "user_02")), ("su_ci", "org-a", None)]


def test_a_function_of_four_arguments_is_told_the_type_of_the_principal() -> None:
    asked: list[Any] = []

    def facts(id: str, organization: str | None, resource: Resource | None, type: str) -> Any:
        asked.append((id, organization, resource, type))
        return None

    token = bytes(roots().mint("01", "personal_access_token"))
    owned = issue_record(token, principal="user_01", scopes=["*"], created_at=NOW, edges=True)
    for record, line in ((RECORD, AUTHORIZATION), (owned, b"Bearer " + token)):
        guard = Guard(gate(), record=lambda id: record, facts=facts, now=_now)
        guard.check("GET", TARGET, [line])
    assert asked == [("su_ci", "org-a", None, "service_user"), ("user_01", "org-a", None, "user")]


def test_a_third_argument_that_may_be_left_out_is_given_a_resource_alone() -> None:
    asked: list[Any] = []

    def facts(principal: str, organization: str | None, resource: object = "none") -> Any:
        asked.append(resource)
        return FACTS

    guard = Guard(gate(), record=_record, facts=facts, now=_now)
    guard.check("PATCH", "/v3/enterprise/members/users/user_02", [AUTHORIZATION])
    guard.check("GET", TARGET, [AUTHORIZATION])
    assert asked == [Resource("user", "user_02"), "none"]


@pytest.mark.parametrize(
    "facts", [lambda: None, lambda a: None, lambda a, b, c, d, e: None, lambda a, *, b: None]
)
def test_a_function_that_facts_cannot_be_asked_of_is_refused(facts: Any) -> None:
    with pytest.raises(CogAuthError) as raised:
        Guard(gate(), record=_record, facts=facts)
    assert raised.value.code == 701
    assert "perhaps a resource" in raised.value.message


def test_what_is_absent_is_refused() -> None:
    outcome = _check(lambda id: None, _facts)
    assert isinstance(outcome, Refused)
    assert (outcome.status, outcome.code) == (401, "unknown_credential")
    outcome = _check(_record, lambda *_: None)
    assert isinstance(outcome, Refused)
    assert (outcome.status, outcome.code) == (401, "unknown_principal")


@pytest.mark.parametrize(
    "error", [OSError("no"), KeyError(1), CogAuthError(1, "a", "b"), MemoryError()]
)
def test_what_a_store_raises_is_503(error: Exception) -> None:
    def broken(*_: Any) -> Any:
        raise error

    for outcome in (_check(broken, _facts), _check(_record, broken)):
        assert isinstance(outcome, Refused)
        assert (outcome.status, outcome.code) == (503, "unavailable")
        assert outcome.headers["retry-after"] == "5"


@pytest.mark.parametrize("answer", [True, False, 0, 1, [], object(), {"v": {1}}, "\ud800"])
def test_what_is_no_json_at_all_is_503(answer: Any) -> None:
    for outcome in (_check(lambda id: answer, _facts), _check(_record, lambda *_: answer)):
        assert isinstance(outcome, Refused)
        assert (outcome.status, outcome.code) == (503, "unavailable")


@pytest.mark.parametrize("answer", ["", "{}", "null", "true", b"\xff", {}, {"v": 1}])
def test_what_is_no_record_and_no_facts_is_refused(answer: Any) -> None:
    for outcome in (_check(lambda id: answer, _facts), _check(_record, lambda *_: answer)):
        assert isinstance(outcome, Refused)
        assert outcome.status == 503


def test_the_age_of_a_record_counts() -> None:
    def at(fetched_at: Any) -> Outcome:
        return _check(lambda id: Found(RECORD, fetched_at), _facts, max_record_age=60)

    assert at(NOW - 60)
    for fetched_at in (NOW - 61, None, -1, "now", 1.5):
        outcome = at(fetched_at)
        assert isinstance(outcome, Refused)
        assert outcome.status == 503


def test_a_coroutine_in_a_guard_that_does_not_wait_is_503() -> None:
    async def record(id: str) -> str:
        return RECORD

    guard = Guard(gate(), record=record, facts=_facts, now=_now)
    outcome = guard.check("GET", TARGET, [AUTHORIZATION])
    assert isinstance(outcome, Refused)
    assert outcome.status == 503


def test_a_wait_that_is_cancelled_is_no_outcome() -> None:
    async def record(id: str) -> str:
        raise asyncio.CancelledError

    guard = Guard(gate(), record=record, facts=_facts, now=_now)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(guard.check_async("GET", TARGET, [AUTHORIZATION]))


def test_what_is_wrong_with_the_guard_is_an_error() -> None:
    opened: Any = gate()
    store: Any = None
    calls: list[Callable[[], object]] = [
        lambda: Guard(store, record=_record, facts=_facts),
        lambda: Guard(opened, record=store, facts=_facts),
        lambda: Guard(opened, record=_record, facts=store),
    ]
    for call in calls:
        with pytest.raises(CogAuthError) as caught:
            call()
        assert caught.value.code == 701
    guard = Guard(opened, record=_record, facts=_facts, now=_now)
    with pytest.raises(CogAuthError) as caught:
        guard.check("GET", TARGET, [AUTHORIZATION], context={"time": 1})
    assert caught.value.code == 602
    opened.close()
    with pytest.raises(CogAuthError) as caught:
        guard.check("GET", TARGET, [AUTHORIZATION])
    assert caught.value.code == 702


def test_the_time_is_that_of_the_machine_unless_told() -> None:
    outcome = Guard(gate(), record=_record, facts=_facts).check("GET", TARGET, [AUTHORIZATION])
    told = json.loads(outcome.audit) if isinstance(outcome, (Allowed, Refused)) else {}
    assert told["time"] > 1_700_000_000


def test_members_that_a_later_library_adds_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = library.step

    def more(exchange: Any) -> dict[str, Any]:
        told = tell(exchange)
        for inner in (told, told.get("principal"), told.get("credential")):
            if isinstance(inner, dict):
                inner["added"] = 1
        return told

    outcome = _check(_record, _facts)
    monkeypatch.setattr(library, "step", more)
    assert _check(_record, _facts) == outcome
    assert isinstance(_check(lambda id: None, _facts), Refused)
