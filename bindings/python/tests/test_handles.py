"""Closing: at once, twice, while threads are in a call; and what is left to the collector."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import cog_auth
from cog_auth import (
    Allowed,
    CogAuthError,
    EdgeKeys,
    FactsNeeded,
    Gate,
    Policy,
    RecordNeeded,
    Refused,
)

from .inputs import (
    AUTHORIZATION,
    FACTS,
    NOW,
    RECORD,
    REQUEST,
    TARGET,
    TOKEN,
    edge_keys,
    gate,
    roots,
)


def code_of(call: Callable[[], object]) -> int:
    """The code that a call raises."""
    with pytest.raises(CogAuthError) as caught:
        call()
    return caught.value.code


def allowed(opened: Gate) -> Any:
    """The outcome of the request of the inputs."""
    with opened.begin("GET", TARGET, [AUTHORIZATION], NOW) as exchange:
        step = exchange.step
        assert isinstance(step, RecordNeeded)
        step = step.found(RECORD, NOW)
        assert isinstance(step, FactsNeeded)
        return step.found(FACTS)


def test_what_is_closed_is_an_error_and_closing_again_is_none() -> None:
    keys, policy, root = edge_keys(), Policy.builtin(), roots()
    pepper, opened = root.peppers(), gate()
    exchange = opened.begin("GET", TARGET, [AUTHORIZATION], NOW)
    step = exchange.step
    assert isinstance(step, RecordNeeded)
    needed = step
    for each in (keys, policy, root, pepper, opened, exchange):
        assert not each.closed
        each.close()
        each.close()
        assert each.closed
        assert "closed" in repr(each)
    for call in (
        lambda: keys.verify(TOKEN, NOW),
        lambda: keys.expose(),
        lambda: policy.decide(REQUEST),
        lambda: policy.evaluate(REQUEST),
        lambda: policy.image,
        lambda: policy.route("GET", TARGET),
        lambda: root.mint("01", "sample"),
        lambda: root.edge_keys(),
        lambda: pepper.digest(TOKEN, "su_ci"),
        lambda: opened.begin("GET", TARGET, [], NOW),
        lambda: needed.found(RECORD),
        lambda: needed.absent(),
        lambda: exchange.record(),
        lambda: Gate(policy=policy, keys=keys),
        lambda: Gate(policy=Policy.builtin(), keys=edge_keys(), peppers=pepper),
        lambda: cog_auth.accept_at_edge(keys, TOKEN, RECORD, NOW),
        lambda: cog_auth.accept_at_origin(edge_keys(), pepper, TOKEN, RECORD, NOW),
        lambda: keys.__enter__(),
    ):
        assert code_of(call) == 702


def test_what_failed_to_load_is_closed() -> None:
    keys = EdgeKeys.__new__(EdgeKeys)
    with pytest.raises(CogAuthError):
        keys.__init__("{}")  # type: ignore[misc]
    assert keys.closed
    assert "closed" in repr(keys)


def test_a_gate_keeps_what_it_is_made_of() -> None:
    opened = gate()
    gc.collect()
    assert isinstance(allowed(opened), Allowed)
    exchange = opened.begin("GET", TARGET, [AUTHORIZATION], NOW)
    opened.close()
    step = exchange.step
    assert isinstance(step, RecordNeeded)
    assert step.found(RECORD).step == "facts"


COUNTS = pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="the collector comes when it likes"
)


@COUNTS
def test_memory_goes_with_the_last_reference() -> None:
    released: list[str] = []

    def count(make: Callable[[], Any]) -> None:
        handle = make()._handle
        weakref.finalize(handle, released.append, type(handle).__name__)

    for make in (edge_keys, Policy.builtin, roots, gate):
        count(make)
    gc.collect()
    assert len(released) == 4


@COUNTS
def test_a_thousand_exchanges_leave_no_garbage() -> None:
    opened = gate()
    allowed(opened)
    gc.collect()
    gc.disable()
    try:
        for _ in range(1000):
            allowed(opened)
        assert gc.collect() < 100
    finally:
        gc.enable()


def test_handles_are_neither_sent_nor_copied() -> None:
    keys = edge_keys()
    for call in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            call(keys)
    assert keys.verify(TOKEN, NOW)


def _together(*calls: Callable[[], None]) -> None:
    errors: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_threads_share_keys_policies_and_gates() -> None:
    keys, policy, opened, root = edge_keys(), Policy.builtin(), gate(), roots()
    expected = keys.verify(TOKEN, NOW), policy.evaluate(REQUEST), allowed(opened)
    tokens = [bytes(root.mint("01", "service_user_key")) for _ in range(4)]

    def work(token: bytes) -> Callable[[], None]:
        def run() -> None:
            for _ in range(150):
                assert keys.verify(token, NOW).handle == token[:23].decode()
                with pytest.raises(CogAuthError):
                    keys.verify(token[:-1] + b"!", NOW)
                assert keys.verify(TOKEN, NOW) == expected[0]
                assert policy.decide(REQUEST)
                assert policy.evaluate(REQUEST) == expected[1]
                assert allowed(opened) == expected[2]

        return run

    _together(*map(work, tokens))


def test_closing_in_the_midst_of_calls_is_702_or_nothing() -> None:
    for _ in range(20):
        keys, policy = edge_keys(), Policy.builtin()
        started = threading.Barrier(4)

        def work() -> None:
            started.wait()
            try:
                while True:
                    keys.verify(TOKEN, NOW)
                    policy.evaluate(REQUEST)
            except CogAuthError as error:
                assert error.code == 702

        def close() -> None:
            started.wait()
            keys.close()
            policy.close()

        _together(work, work, work, close)


def test_a_question_is_answered_once() -> None:
    with gate().begin("GET", TARGET, [AUTHORIZATION], NOW) as exchange:
        record = exchange.step
        assert isinstance(record, RecordNeeded)
        assert code_of(exchange.record) == 706
        facts = record.found(RECORD, NOW)
        assert isinstance(facts, FactsNeeded)
        assert exchange.step is facts
        assert (facts.principal, facts.principal_type) == ("su_ci", "service_user")
        for again in (lambda: record.found(RECORD, NOW), record.absent, record.unavailable):
            assert code_of(again) == 706
        allowed = facts.found(FACTS)
        assert isinstance(allowed, Allowed)
        assert code_of(facts.absent) == 706
        last: object = exchange.step
        assert last == allowed


def test_only_an_allow_is_true() -> None:
    with gate().begin("GET", TARGET, [AUTHORIZATION], NOW) as exchange:
        record = exchange.step
        assert not record
        assert isinstance(record, RecordNeeded)
        facts = record.found(RECORD, NOW)
        assert not facts
        assert isinstance(facts, FactsNeeded)
        assert facts.found(FACTS)
    with gate().begin("GET", TARGET, [], NOW) as exchange:
        refused = exchange.step
        assert isinstance(refused, Refused)
        assert not refused
        assert (refused.number, refused.code, refused.status) == (605, "missing_credential", 401)
    foreign = ["Bearer cog_anOlderOpaqueCredentialOf37Characters"]
    with gate(pass_on=True).begin("GET", TARGET, foreign, NOW) as exchange:
        assert exchange.step.step == "pass_on" and not exchange.step
    with gate(preflight=True).begin("OPTIONS", TARGET, [], NOW) as exchange:
        assert exchange.step.step == "preflight" and not exchange.step
    policy = Policy.builtin()
    assert policy.route("GET", TARGET)
    assert not policy.route("GET", "/nowhere")
    decisions = [bool(decision) for decision in cog_auth.Decision]
    assert decisions == [True, False, False, False, False]


@pytest.mark.skipif(cog_auth.backend != "native", reason="the module has one lock")
def test_a_call_within_a_call_has_memory_of_its_own() -> None:
    keys = edge_keys()
    other = bytes(roots().mint("01", "personal_access_token"))
    told: list[str] = []

    class Text(bytes):
        def __len__(self) -> int:
            told.append(keys.verify(other, NOW).kind)
            return super().__len__()

    token: Any = Text(TOKEN.encode())
    assert keys.verify(token, NOW).kind == "service_user_key"
    assert set(told) == {"personal_access_token"}
