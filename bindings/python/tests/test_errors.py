"""Errors have all members, and hold no secret."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import cog_auth
from cog_auth import CogAuthError, EdgeKeys, Peppers, Policy, Refused, RootKeys
from cog_auth._errors import described

from .inputs import (
    FACTS,
    INPUTS,
    NOW,
    RECORD,
    REQUEST,
    ROOTS,
    TARGET,
    TOKEN,
    edge_keys,
    gate,
    roots,
)

UNICODE = "\ud800"


def raised(call: Callable[[], object]) -> CogAuthError:
    """What a call raises."""
    with pytest.raises(CogAuthError) as caught:
        call()
    return caught.value


def test_an_error_says_number_name_and_sentence() -> None:
    error = raised(lambda: cog_auth.parse_token("cog_1s01"))
    assert (error.code, error.code_name) == (103, "wrong_length")
    assert error.message == "a token has exactly 81 bytes; copy all of it and nothing else"
    assert (error.offset, error.document, error.suggestion) == (None, None, None)
    assert str(error) == f"{error.message} (103 wrong_length)"


def test_an_error_of_a_document_says_the_place() -> None:
    documents = {"a.json": '{"v": 1,\n "rulez": []}'}
    errors = cog_auth.check_policy(documents)
    first = raised(lambda: cog_auth.compile_policy(documents))
    assert vars(first) == vars(errors[0])
    error = next(error for error in errors if error.pointer == "/rulez")
    assert (error.code_name, error.document, error.line, error.column, error.length) == (
        "unknown_member", "a.json", 2, 2, 7,
    )  # fmt: skip
    assert error.offset == 10
    assert error.suggestion == "rules"
    assert str(error).startswith("a.json:2:2: ")


def test_a_warning_says_the_place_and_refuses_nothing() -> None:
    documents = {"a.json": """{"v": 1, "schema": {"actions": {"Read": {}}, "attributes": {
        "subject.id": {"type": "id", "domain": "user"},
        "resource.owner": {"type": "id", "domain": "user"}}},
    "rules": [{"id": "owner", "effect": "permit", "actions": ["Read"],
        "when": {"resource.owner": "subject.id"}}]}"""}
    assert cog_auth.check_policy(documents) == []
    unused, literal = cog_auth.policy_warnings(documents)
    assert (unused.code, unused.code_name, unused.line) == (805, "unused", 2)
    assert (literal.code, literal.document, literal.line) == (804, "a.json", 5)
    assert literal.suggestion == '{"attribute": "subject.id"}'
    wrong = {"a.json": '{"v": 1,\n "rulez": []}'}
    error = raised(lambda: cog_auth.policy_warnings(wrong))
    assert vars(error) == vars(cog_auth.check_policy(wrong)[0])


def test_errors_can_be_copied_and_sent() -> None:
    error = cog_auth.check_policy({"a.json": '{"v": 1,\n "rulez": []}'})[0]
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert vars(other) == vars(error)


def test_a_long_error_is_told_whole() -> None:
    name = "x" * 5000
    error = cog_auth.check_policy({name: "{"})[0]
    assert error.document == name
    assert raised(lambda: cog_auth.compile_policy({name: "{"})).document == name


@pytest.mark.parametrize("value", [None, 1, True, [], {}, object(), 1.5])
def test_wrong_types_are_refused(value: Any) -> None:
    keys, policy, root = edge_keys(), Policy.builtin(), roots()
    pepper, opened = root.peppers(), gate()
    other: Any = value or 1
    number: Any = value if value is not True else 1
    some: Any = value if value is not None else "1"
    calls: list[Callable[[], object]] = [
        lambda: cog_auth.parse_token(value),
        lambda: cog_auth.redact(value),
        lambda: cog_auth.redact_decoding(value),
        lambda: cog_auth.scan(value),
        lambda: cog_auth.scan_decoding(value),
        lambda: cog_auth.scan_decoding("", other),
        lambda: EdgeKeys(value),
        lambda: Peppers(value),
        lambda: RootKeys(value),
        lambda: RootKeys.generate(value),
        lambda: Policy(value),
        lambda: Policy(policy.image, sha256=other),
        lambda: keys.verify(value, NOW),
        lambda: pepper.digest(value, "su_ci"),
        lambda: pepper.digest(TOKEN, value),
        lambda: cog_auth.digest(TOKEN, "su_ci", value),
        lambda: cog_auth.edge_digest(TOKEN, value),
        lambda: cog_auth.authorization([value]),
        lambda: root.mint(value, "sample"),
        lambda: root.mint("01", value),
        lambda: policy.route(value, TARGET),
        lambda: policy.route("GET", value),
        lambda: opened.begin(value, TARGET, [], NOW),
        lambda: opened.begin("GET", value, [], NOW),
        lambda: opened.begin("GET", TARGET, [value], NOW),
        lambda: opened.begin("GET", TARGET, [], NOW, client_address=other),
        lambda: cog_auth.issue_record(
            TOKEN, principal="su_ci", scopes=["*"], created_at=NOW, addresses=[value]
        ),
        lambda: cog_auth.rotate_record(RECORD, RECORD, NOW, NOW, later_expiry=number),
        lambda: gate(pass_on=value if value is not True else 1),
        lambda: gate(preflight=value if value is not True else 1),
        lambda: gate(realm=other),
        lambda: cog_auth.Gate(policy=value, keys=keys),
        lambda: cog_auth.Gate(policy=policy, keys=value),
        lambda: cog_auth.Gate(policy=policy, keys=keys, peppers=other),
        lambda: cog_auth.accept_at_edge(value, TOKEN, RECORD, NOW),
        lambda: cog_auth.accept_at_origin(keys, value, TOKEN, RECORD, NOW),
    ]
    if not isinstance(value, dict):
        calls += [
            lambda: policy.decide(value),
            lambda: policy.explain(value),
            lambda: cog_auth.read_record(value),
            lambda: cog_auth.merge_records(value, RECORD),
            lambda: cog_auth.merge_records(RECORD, value),
            lambda: cog_auth.compile_policy({"a.json": value}),
            lambda: cog_auth.policy_warnings({"a.json": value}),
        ]
    if type(value) is not int:
        calls += [
            lambda: keys.verify(TOKEN, value),
            lambda: opened.begin("GET", TARGET, [], value),
            lambda: cog_auth.revoke_record(RECORD, value),
            lambda: cog_auth.use_record(RECORD, value),
            lambda: cog_auth.inactive_because(RECORD, value),
            lambda: cog_auth.rotate_record(RECORD, RECORD, NOW, NOW, max_grace=some),
            lambda: gate(max_record_age=value if value is not None else "1"),
        ]
    for index, call in enumerate(calls):
        assert raised(call).code == 701, index


def test_handles_of_another_kind_are_refused() -> None:
    keys, policy = edge_keys(), Policy.builtin()
    pepper: Any = roots().peppers()
    wrong: Any = keys
    assert raised(lambda: cog_auth.Gate(policy=wrong, keys=keys)).code == 701
    assert raised(lambda: cog_auth.Gate(policy=policy, keys=pepper)).code == 701
    assert raised(lambda: cog_auth.digest(TOKEN, "su_ci", wrong)).code == 701


def test_one_text_is_no_list_of_characters() -> None:
    for text in (TOKEN, TOKEN.encode()):
        values: Any = text
        assert raised(lambda: cog_auth.authorization(values)).code == 701
        assert raised(lambda: gate().begin("GET", TARGET, values, NOW)).code == 701
    assert raised(lambda: cog_auth.issue_record(
        TOKEN, principal="su_ci", scopes="*", created_at=NOW)).code == 701  # fmt: skip


@pytest.mark.parametrize("now", [-1, 1 << 53, (1 << 64) - 1, 1 << 64, (1 << 64) + NOW, 1 << 200])
def test_times_outside_of_the_range_are_refused(now: int) -> None:
    keys = edge_keys()
    assert keys.verify(TOKEN, NOW)
    assert raised(lambda: keys.verify(TOKEN, now)).code == 135
    assert raised(lambda: gate().begin("GET", TARGET, [], now)).code == 135
    assert raised(lambda: cog_auth.revoke_record(RECORD, now)).code == 135
    assert raised(lambda: cog_auth.use_record(RECORD, now)).code == 135
    assert raised(lambda: cog_auth.inactive_because(RECORD, now)).code == 135
    assert raised(lambda: cog_auth.accept_at_edge(keys, TOKEN, RECORD, now)).code == 135
    assert raised(lambda: roots().mint("01", "sample", hard_expiry=now)).code == 135
    assert raised(lambda: gate(max_record_age=now)).code == 701
    assert raised(lambda: gate(retry_after=now)).code == 701
    with gate().begin("GET", TARGET, [INPUTS["authorization"]], NOW) as exchange:
        step = exchange.step
        assert isinstance(step, cog_auth.RecordNeeded)
        needed = step
        assert raised(lambda: needed.found(RECORD, now)).code == 135
        # The question is still open.
        assert needed.found(RECORD, NOW).step == "facts"


@pytest.mark.parametrize("now", [-1, -(1 << 64), 1 << 53, 1 << 64])
def test_a_time_outside_of_the_range_is_refused_whatever_was_asked_before(now: int) -> None:
    # In a process of its own, so that nothing was verified before.
    program = (
        "import sys, cog_auth\n"
        "keys = cog_auth.EdgeKeys(sys.argv[1])\n"
        "token, now = sys.argv[2], int(sys.argv[3])\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        print(keys.verify(token, now))\n"
        "    except cog_auth.CogAuthError as error:\n"
        "        print(error.code)\n"
        "    keys.verify(token, int(sys.argv[4]))\n"
    )
    arguments = [INPUTS["edge_keys"], TOKEN, str(now), str(NOW)]
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["135", "135"]


def test_a_day_of_0_is_no_day() -> None:
    assert raised(lambda: roots().mint("01", "sample", hard_expiry=0)).code == 135


def test_text_that_is_no_unicode_is_refused() -> None:
    keys, policy = edge_keys(), Policy.builtin()
    for call in (
        lambda: keys.verify(UNICODE, NOW),
        lambda: policy.decide(UNICODE),
        lambda: policy.decide({"subject": UNICODE}),
        lambda: cog_auth.redact(UNICODE),
        lambda: cog_auth.redact(b"\xff"),
        lambda: cog_auth.redact_decoding(UNICODE),
        lambda: cog_auth.redact_decoding(b"\xff"),
        lambda: EdgeKeys(UNICODE),
    ):
        assert raised(call).code == 202
    # What a client sends leads to an outcome.
    with gate().begin(b"\xff", TARGET, [], NOW) as exchange:
        assert isinstance(exchange.step, Refused) and exchange.step.status == 401


def test_what_json_does_not_have_is_refused() -> None:
    policy = Policy.builtin()
    circle: dict[str, Any] = {}
    circle["self"] = circle
    for value in (float("nan"), float("inf"), object(), {1, 2}, b"x", circle):
        assert raised(lambda: policy.decide({"context": value})).code == 701
        assert raised(lambda: cog_auth.read_record({"metadata": value})).code == 701


@pytest.mark.parametrize("name", [1, None, True, 1.5])
def test_names_that_are_no_texts_are_refused(name: Any) -> None:
    policy, now = Policy.builtin(), NOW
    for value in ({name: 1}, {"a": {name: 1}}, {"a": [({"b": {name: 1}},)]}):
        assert raised(lambda: policy.decide(value)).code == 701
        assert raised(lambda: policy.explain(value)).code == 701
        assert raised(lambda: cog_auth.read_record(value)).code == 701
        assert raised(lambda: gate().begin("GET", TARGET, [], now, context=value)).code == 701


def test_members_that_a_later_library_adds_are_left_out() -> None:
    told = {"code": 114, "codeName": "expired", "message": "it is", "line": 3, "added": {"a": 1}}
    error = described(told)
    assert (error.code, error.code_name, error.message) == (114, "expired", "it is")
    assert (error.line, error.offset) == (3, None)


def test_nothing_shows_a_secret() -> None:
    key_set = INPUTS["edge_keys"]
    secret = key_set.split('"01":"')[1][:43]
    token = bytes(roots().mint("01", "service_user_key")).decode()
    random_part = token[25:]
    objects: list[object] = [
        edge_keys(),
        roots(),
        roots().peppers(),
        gate(),
        edge_keys().verify(TOKEN, NOW),
        cog_auth.authorization([f"Bearer {token}"]),
        raised(lambda: EdgeKeys(key_set[:-1])),
        raised(lambda: EdgeKeys(key_set.replace("edge-tag", "root"))),
        raised(lambda: RootKeys(key_set.replace(secret, secret + "!"))),
        raised(lambda: RootKeys(ROOTS.replace("root", "edge-tag"))),
        raised(lambda: edge_keys().verify(token[:-1] + "!", NOW)),
        raised(lambda: cog_auth.parse_token(token + "x")),
    ]
    with gate().begin("GET", TARGET, [INPUTS["authorization"]], NOW) as exchange:
        objects += [exchange, exchange.step]
    accepted = cog_auth.accept_at_edge(edge_keys(), TOKEN, RECORD, NOW)
    objects += [accepted, cog_auth.Found(RECORD, NOW), cog_auth.Found(accepted.record)]
    digests = [value for name, value in accepted.record.items() if "igest" in name]
    assert digests
    for each in objects:
        for text in (repr(each), str(each), str(getattr(each, "args", ""))):
            assert secret not in text
            assert random_part not in text
            assert TOKEN[25:] not in text
            assert not any(str(digest) in text for digest in digests)


def test_secrets_can_be_wiped() -> None:
    secrets = [roots().expose(), edge_keys().expose(), roots().mint("01", "sample")]
    for secret in secrets:
        assert type(secret) is bytearray and any(secret)
        cog_auth.wipe(secret)
        assert not any(secret)


def test_empty_inputs() -> None:
    assert raised(lambda: cog_auth.parse_token("")).code == 101
    assert raised(lambda: EdgeKeys("")).code == 131
    assert raised(lambda: Policy(b"")).code == 501
    assert raised(lambda: Policy.builtin().decide("")).code == 401
    assert raised(lambda: cog_auth.compile_policy({})).code == 308
    assert cog_auth.scan("") == []
    assert cog_auth.scan_decoding("") == []
    assert cog_auth.redact("") == cog_auth.redact_decoding("") == ""
    assert cog_auth.authorization([]).scheme == "nothing"
    with gate().begin("", "", [], NOW) as exchange:
        assert not exchange.step and exchange.step.step == "refused"


def test_big_inputs() -> None:
    big = "x" * (1 << 21)
    assert raised(lambda: cog_auth.parse_token(big)).code == 101
    assert cog_auth.redact(big) == cog_auth.redact_decoding(big) == big
    found = cog_auth.scan(f"{TOKEN} " * 10_000)
    assert len(found) == 10_000
    assert found[-1].end == 10_000 * 82 - 1
    assert [one.end for one in cog_auth.scan_decoding(f"{TOKEN} " * 10_000)] == [
        one.end for one in found
    ]
    with gate().begin("GET", "/" + big, [f"Bearer {big}"] * 3, NOW) as exchange:
        assert exchange.step.step == "refused"
    with gate().begin("GET", TARGET, [INPUTS["authorization"]], NOW) as exchange:
        step = exchange.step
        assert isinstance(step, cog_auth.RecordNeeded)
        assert step.found(big).step == "refused"
    assert raised(lambda: Policy.builtin().decide(big)).code == 401
    batch = '{"evaluations":[' + ",".join(["{}"] * 50) + "]," + REQUEST[1:]
    policy = Policy.builtin()
    assert len(cog_auth.Policy.builtin().evaluate(batch)) > 1024
    assert policy.evaluate(batch) == policy.evaluate(batch.encode())


def test_tokens_in_encodings_are_found_and_are_genuine_or_not() -> None:
    like = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"
    text = f"é={TOKEN.replace('_', '%5F')} {TOKEN.encode().hex()} {like}"
    percent, digits, looks = cog_auth.scan_decoding(text)
    assert percent == (3, 3 + 83, "parsed", TOKEN[:23], ("percent",), None)
    assert digits[2:] == ("parsed", TOKEN[:23], ("hex",), None)
    assert looks[2:] == ("looks_like", None, (), None)
    judged = cog_auth.scan_decoding(text, edge_keys())
    assert [finding.genuine for finding in judged] == [True, True, None]
    with EdgeKeys(cog_auth.RootKeys.generate("A1").edge_keys().expose()) as others:
        judged = cog_auth.scan_decoding(text, others)
    assert [finding.genuine for finding in judged] == [False, False, None]
    assert raised(lambda: cog_auth.scan_decoding(text, others)).code == 702


def test_tokens_in_encodings_are_cut() -> None:
    secret = "1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy"
    encoded, cut = f"t=cog%5F{secret}&", "t=cog_1s015PnAAAABBBBCCCC…&"
    assert cog_auth.redact_decoding(encoded) == cut
    assert cog_auth.redact_decoding(f"t=cog_{secret}&") == cut
    # The half of an encoded token stays.
    assert cog_auth.redact_decoding(encoded[:40]) == encoded[:40]


def test_what_is_given_as_an_object_is_answered_with_one() -> None:
    import json

    policy, request = Policy.builtin(), json.loads(REQUEST)
    for ask in (policy.explain, policy.evaluate, policy.search_actions):
        assert ask(request) == json.loads(ask(REQUEST))
    assert policy.decide(request) is policy.decide(REQUEST) is cog_auth.Decision.ALLOW
    with gate().begin("GET", TARGET, [INPUTS["authorization"]], NOW) as exchange:
        step = exchange.step
        assert isinstance(step, cog_auth.RecordNeeded)
        step = step.found(json.loads(RECORD))
        assert isinstance(step, cog_auth.FactsNeeded)
        assert step.found(json.loads(FACTS)).step == "allowed"
        assert json.loads(exchange.record())["name"] == "deploy"
