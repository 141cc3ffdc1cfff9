"""Puts every call of `bindings/parity`, whose README says what they are, to the package."""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import cog_auth
from cog_auth import (
    Accepted,
    Allowed,
    CogAuthError,
    EdgeKeys,
    FactsNeeded,
    Gate,
    Peppers,
    Policy,
    RecordNeeded,
    Refused,
    Resource,
    RootKeys,
    Token,
)

from .inputs import parity

_MEMBERS = (
    "code", "message", "offset", "document", "pointer", "line", "column", "length", "suggestion",
)  # fmt: skip
_Give = Callable[[Any], Any]


def spelled(value: Any) -> bytes:
    """The bytes that an argument spells."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return b"".join(map(spelled, value))
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    part, times = value["repeat"]
    return spelled(part) * int(times)


def as_text(value: Any) -> str | bytes:
    """What an argument spells, as text if it is."""
    data = spelled(value)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def canonical(value: Any) -> str:
    """JSON with sorted members, so that two of the same meaning are one text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def described(error: CogAuthError) -> dict[str, Any]:
    """The members of an error that are known."""
    known = {name: getattr(error, name) for name in _MEMBERS if getattr(error, name) is not None}
    return {"codeName": error.code_name, **known}


def present(**members: Any) -> dict[str, Any]:
    """An object without what is absent."""
    return {name: value for name, value in members.items() if value is not None}


def token(value: Token) -> dict[str, Any]:
    """A token as the answers have it."""
    return present(
        handle=value.handle, kind=value.kind, keyId=value.key_id, id=value.id,
        hardExpiry=value.hard_expiry,
    )  # fmt: skip


def accepted(value: Accepted) -> dict[str, Any]:
    """What was accepted as the answers have it."""
    return present(
        handle=value.handle, kind=value.kind, id=value.id, principal=value.principal,
        validUntil=value.valid_until, record=value.record,
    )  # fmt: skip


def resource(value: Resource | None) -> dict[str, Any] | None:
    """A resource as the answers have it."""
    return None if value is None else value._asdict()


def step(value: Any) -> dict[str, Any]:
    """A step as the answers have it."""
    told = {"step": value.step}
    if isinstance(value, RecordNeeded):
        return {**told, "id": value.id}
    if isinstance(value, FactsNeeded):
        place = present(organization=value.organization, resource=resource(value.resource))
        who = {"principal": value.principal, "principalType": value.principal_type}
        return {**told, **who, **place}
    if isinstance(value, Allowed):
        return {
            **told,
            "principal": value.principal._asdict(),
            "credential": value.credential._asdict(),
            "action": value.action,
            **present(
                organization=value.organization,
                resource=resource(value.resource),
                validUntil=value.valid_until,
            ),
            "parameters": value.parameters,
            "undecided": value.undecided,
            "advice": value.advice,
            "audit": value.audit,
        }
    if isinstance(value, Refused):
        return {name: member for name, member in value._asdict().items() if name != "number"}
    return told


class Calls:
    """The operations, each a method."""

    def __init__(self, images: dict[str, bytes], give: _Give) -> None:
        self.images = images
        self.give = give
        self.edge_keys = functools.lru_cache(None)(EdgeKeys)
        self.peppers = functools.lru_cache(None)(Peppers)
        self.roots = functools.lru_cache(None)(RootKeys)
        self.policy = functools.lru_cache(None)(lambda name: Policy(images[name]))

    def documents(self, documents: Any) -> list[tuple[str, Any]]:
        return [(name, self.give(text)) for name, text in documents]

    def parse(self, a: Any) -> Any:
        return token(cog_auth.parse_token(self.give(a["token"])))

    def verify(self, a: Any) -> Any:
        return token(self.edge_keys(a["keys"]).verify(self.give(a["token"]), a["now"]))

    def load_edge_keys(self, a: Any) -> Any:
        EdgeKeys(self.give(a["keys"])).close()
        return True

    def load_peppers(self, a: Any) -> Any:
        Peppers(self.give(a["keys"])).close()
        return True

    def load_root_keys(self, a: Any) -> Any:
        RootKeys(self.give(a["keys"])).close()
        return True

    def derive_keys(self, a: Any) -> Any:
        keys = self.roots(a["roots"])
        return [keys.edge_keys().expose().decode(), keys.peppers().expose().decode()]

    def mint(self, a: Any) -> Any:
        minted = self.roots(a["roots"]).mint(
            a["keyId"], a["kind"], hard_expiry=a["hardExpiry"], random=spelled(a["random"])
        )
        return minted.decode()

    def digest(self, a: Any) -> Any:
        return cog_auth.digest(self.give(a["token"]), a["principal"], self.peppers(a["peppers"]))

    def edge_digest(self, a: Any) -> Any:
        return cog_auth.edge_digest(self.give(a["token"]), a["principal"])

    def accept_at_edge(self, a: Any) -> Any:
        record = None if a["record"] is None else self.give(a["record"])
        return accepted(
            cog_auth.accept_at_edge(
                self.edge_keys(a["keys"]), self.give(a["token"]), record, a["now"],
                verified_at=a["verifiedAt"],
            )
        )  # fmt: skip

    def accept_at_origin(self, a: Any) -> Any:
        record = None if a["record"] is None else self.give(a["record"])
        return accepted(
            cog_auth.accept_at_origin(
                self.edge_keys(a["keys"]), self.peppers(a["peppers"]), self.give(a["token"]),
                record, a["now"], verified_at=a["verifiedAt"],
            )
        )  # fmt: skip

    def issue_record(self, a: Any) -> Any:
        names = {"organizations": "organizations", "addresses": "addresses", "name": "name",
                 "notBefore": "not_before", "expiresAt": "expires_at",
                 "metadata": "metadata"}  # fmt: skip
        return cog_auth.issue_record(
            self.give(a["token"]), principal=a["principal"], scopes=a["scopes"],
            created_at=a["createdAt"], edges=a["edges"],
            peppers=None if a["peppers"] is None else self.peppers(a["peppers"]),
            **{ours: a[name] for name, ours in names.items() if name in a},
        )  # fmt: skip

    def read_record(self, a: Any) -> Any:
        return cog_auth.read_record(self.give(a["record"]))

    def edge_record(self, a: Any) -> Any:
        return cog_auth.edge_record(self.give(a["record"]))

    def display_record(self, a: Any) -> Any:
        return cog_auth.display_record(self.give(a["record"]))

    def revoke_record(self, a: Any) -> Any:
        return cog_auth.revoke_record(self.give(a["record"]), a["at"])

    def use_record(self, a: Any) -> Any:
        return cog_auth.use_record(self.give(a["record"]), a["at"])

    def merge_records(self, a: Any) -> Any:
        return cog_auth.merge_records(self.give(a["record"]), self.give(a["stored"]))

    def inactive_because(self, a: Any) -> Any:
        return cog_auth.inactive_because(self.give(a["record"]), a["at"]) or ""

    def rotate_record(self, a: Any) -> Any:
        record, successor = self.give(a["record"]), self.give(a["successor"])
        return cog_auth.rotate_record(record, successor, a["at"] + 100, a["at"])

    def rotate_within(self, a: Any) -> Any:
        record, successor = self.give(a["record"]), self.give(a["successor"])
        limits = {"later_expiry": a["laterExpiry"], "max_grace": a["maxGrace"]}
        return cog_auth.rotate_record(record, successor, a["until"], a["at"], **limits)

    def authorization(self, a: Any) -> Any:
        read = cog_auth.authorization([self.give(value) for value in a["values"]] * a["times"])
        if read.credential is None:
            return {"scheme": read.scheme}
        return {"scheme": read.scheme, "credential": read.credential.decode("utf-8", "replace")}

    def scan(self, a: Any) -> Any:
        return [finding._asdict() for finding in cog_auth.scan(self.give(a["text"]))]

    def scan_decoding(self, a: Any) -> Any:
        keys = None if a["keys"] is None else self.edge_keys(a["keys"])
        found = cog_auth.scan_decoding(self.give(a["text"]), keys)
        told = [finding._asdict() for finding in found]
        return [{name: it for name, it in each.items() if it is not None} for each in told]

    def redact(self, a: Any) -> Any:
        return cog_auth.redact(self.give(a["text"]))

    def redact_decoding(self, a: Any) -> Any:
        return cog_auth.redact_decoding(self.give(a["text"]))

    def describe(self, a: Any) -> Any:
        policy = self.policy(a["policy"])
        return {"digest": policy.digest, "actions": policy.actions}

    def image_digest(self, a: Any) -> Any:
        policy = self.policy(a["policy"])
        assert policy.image == self.images[a["policy"]]
        Policy(policy.image, sha256=policy.image_digest).close()
        return policy.image_digest

    def load_image(self, a: Any) -> Any:
        image = bytearray(self.images[a["policy"]][: a.get("cut")])
        if "change" in a:
            image[a["change"]] ^= 0x41
        with Policy(bytes(image)) as policy:
            return policy.digest

    def decide(self, a: Any) -> Any:
        policy, request = self.policy(a["policy"]), self.give(a["request"])
        answer = policy.explain(request)
        # The decision without words is the same.
        told, decision = json.loads(answer), policy.decide(request)
        assert decision.allowed == bool(decision) == told["decision"]
        assert decision.value == told["context"].get("class", "allow")
        return answer

    def evaluate(self, a: Any) -> Any:
        return self.policy(a["policy"]).evaluate(self.give(a["request"]))

    def search_actions(self, a: Any) -> Any:
        return self.policy(a["policy"]).search_actions(self.give(a["request"]))

    def route(self, a: Any) -> Any:
        route = self.policy(a["policy"]).route(a["method"], a["target"])
        if route.found:
            told = present(
                found=True, action=route.action, organization=route.organization,
                resource=resource(route.resource), parameters=route.parameters,
            )  # fmt: skip
            return {**told, "undecided": route.undecided}
        return present(found=False, reason=route.reason, methods=route.methods or None)

    def compile(self, a: Any) -> Any:
        documents = self.documents(a["documents"])
        return {"hex": cog_auth.compile_policy(documents, digest=a.get("digest")).hex()}

    def check(self, a: Any) -> Any:
        return [described(error) for error in cog_auth.check_policy(self.documents(a["documents"]))]

    def policy_warnings(self, a: Any) -> Any:
        warned = cog_auth.policy_warnings(self.documents(a["documents"]))
        return [described(warning) for warning in warned]

    def bundle(self, a: Any) -> Any:
        return cog_auth.bundle_policy(self.documents(a["documents"]))

    def gate(self, a: Any) -> Any:
        made: dict[str, Any] = {}
        if a["place"] == "origin":
            made["peppers"] = self.peppers(a["peppers"])
        policy, keys = self.policy(a["policy"]), self.edge_keys(a["keys"])
        asked = a["request"]
        with (
            Gate(policy=policy, keys=keys, **made, **a["options"]) as gate,
            gate.begin(
                spelled(asked["method"]),
                self.give(asked["target"]),
                [self.give(value) for value in asked["values"]] * asked["times"],
                a["now"],
                context=None if asked.get("context") is None else self.give(asked["context"]),
                client_address=asked.get("clientAddress"),
            ) as exchange,
        ):
            steps: list[Any] = [exchange.step]
            while steps[-1].step in ("record", "facts"):
                stored = a[steps[-1].step]
                if isinstance(stored, str):
                    steps.append(getattr(steps[-1], stored)())
                elif steps[-1].step == "record":
                    text = self.give(stored["text"])
                    steps.append(steps[-1].found(text, stored.get("fetchedAt")))
                else:
                    steps.append(steps[-1].found(self.give(stored["text"])))
            return [step(each) for each in steps]


def test_every_call_has_the_answer_of_the_crate() -> None:
    data = parity()
    images = {name: spelled(image) for name, image in data["images"].items()}
    compared: Counter[str] = Counter()
    differences = []
    for give in (as_text, spelled):
        calls = Calls(images, give)
        for call in data["calls"]:
            operation = getattr(calls, call["operation"])
            found: dict[str, Any] = {}
            try:
                found["answer"] = operation(call["arguments"])
            except CogAuthError as error:
                found["error"] = described(error)
            expected = {name: call[name] for name in ("answer", "error") if name in call}
            compared[call["operation"]] += give is spelled
            if canonical(found) != canonical(expected):
                where = f"{call['operation']}: {call['name']}"
                differences.append((where, canonical(found)[:600], canonical(expected)[:600]))
    assert differences[:3] == []
    operations = {name for name in vars(Calls) if not name.startswith("_") and name != "documents"}
    assert set(compared) == operations
    assert min(compared.values()) > 0
    assert sum(compared.values()) == len(data["calls"])
    _write(dict(sorted(compared.items())))


def _write(operations: dict[str, int]) -> None:
    path = os.environ.get("COGAUTH_PARITY_TABLE")
    if path:
        language = "python" if cog_auth.backend == "native" else f"python ({cog_auth.backend})"
        line = {"language": language, "operations": operations, "differences": 0}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
