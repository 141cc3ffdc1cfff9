"""The benchmark of `bindings/bench/README.md`, beside what a user would take instead.

With `--own` it measures this package alone: that is how the module is measured, in a process of
its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import cog_auth
from cog_auth import FactsNeeded, RecordNeeded

# Short samples, so that most of them are over before other programs get their turn.
_SAMPLES: Final = 101
_SAMPLE_NS: Final = 2_000_000
_INPUTS: Final = Path(
    os.environ.get("COGAUTH_BENCH_INPUTS")
    or Path(__file__).resolve().parents[2] / "bench" / "inputs.json"
)


def measure(call: Callable[[], object]) -> float:
    """The median time of one call, in nanoseconds."""
    times = 1
    while True:
        begun = time.perf_counter_ns()
        for _ in range(times):
            call()
        took = time.perf_counter_ns() - begun
        if took > _SAMPLE_NS / 4:
            break
        times *= 2
    times = max(1, times * _SAMPLE_NS // took)
    samples = []
    for _ in range(_SAMPLES):
        begun = time.perf_counter_ns()
        for _ in range(times):
            call()
        samples.append((time.perf_counter_ns() - begun) / times)
    return statistics.median(samples)


def row(name: str, work: str, call: Callable[[], object]) -> None:
    """Measures, and prints a row."""
    told = {"language": "python", "with": name, "work": work}
    print(json.dumps({**told, "ns": round(measure(call), 1), "allocations": None}), flush=True)


def own(inputs: dict[str, Any]) -> None:
    """This package."""
    name = "cog-auth" if cog_auth.backend == "native" else "cog-auth (module)"
    keys = cog_auth.EdgeKeys(inputs["edge_keys"])
    policy = cog_auth.Policy.builtin()
    gate = cog_auth.Gate(policy=policy, keys=keys)
    token, request = inputs["token"].encode(), inputs["policy_request"].encode()
    method, target = inputs["method"].encode(), inputs["target"].encode()
    authorization = [inputs["authorization"].encode()]
    record, facts, now = inputs["record"].encode(), inputs["facts"].encode(), inputs["now"]

    def whole_gate() -> object:
        with gate.begin(method, target, authorization, now) as exchange:
            step = exchange.step
            assert isinstance(step, RecordNeeded)
            step = step.found(record, now)
            assert isinstance(step, FactsNeeded)
            step = step.found(facts)
            assert isinstance(step, cog_auth.Allowed)
            return step.principal, step.action, step.audit

    assert policy.decide(request)
    row(name, "verify", lambda: keys.verify(token, now))
    row(name, "decide", lambda: policy.decide(request))
    row(name, "evaluate", lambda: policy.evaluate(request))
    row(name, "gate", whole_gate)


def with_hmac(inputs: dict[str, Any]) -> None:
    """The standard library: one HMAC-SHA-256 over the token, and nothing parsed."""
    key, token = b"k" * 32, inputs["token"].encode()
    tag = hmac.new(key, token, hashlib.sha256).digest()
    row(
        "hmac",
        "verify",
        lambda: hmac.compare_digest(hmac.new(key, token, hashlib.sha256).digest(), tag),
    )


def with_pyjwt(inputs: dict[str, Any]) -> None:
    """A JWT with the claims that a token of ours has."""
    import jwt

    key = "k" * 32
    claims = {"sub": "su_ci", "jti": "AAAABBBBCCCC", "exp": int(time.time()) + 86_400}
    token = jwt.encode(claims, key, algorithm="HS256")
    row("PyJWT", "verify", lambda: jwt.decode(token, key, algorithms=["HS256"]))


def with_casbin(inputs: dict[str, Any]) -> None:
    """Roles in domains: may this user do this in this account?"""
    import casbin

    model = casbin.Model()
    model.load_model_from_text(
        """
        [request_definition]
        r = sub, dom, obj, act
        [policy_definition]
        p = sub, dom, obj, act
        [role_definition]
        g = _, _, _
        [policy_effect]
        e = some(where (p.eft == allow))
        [matchers]
        m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
        """
    )
    enforcer = casbin.Enforcer(model)
    for action in ("Create", "List", "Rotate", "Revoke"):
        enforcer.add_policy("member", "acct_7", "credential", f"{action}PersonalAccessToken")
    enforcer.add_grouping_policy("user_01", "member", "acct_7")
    asked = ("user_01", "acct_7", "credential", "CreatePersonalAccessToken")
    assert enforcer.enforce(*asked)
    row("casbin", "decide", lambda: enforcer.enforce(*asked))


def with_cedar(inputs: dict[str, Any]) -> None:
    """One policy that permits what the built-in policy permits here, parsed before."""
    import cedarpy

    policies = cedarpy.PolicySet.from_str(
        """
        permit(principal, action == Action::"CreatePersonalAccessToken", resource)
        when { resource.owner == principal && principal.plan == "team" };
        """
    )
    request = {
        "principal": 'User::"user_01"',
        "action": 'Action::"CreatePersonalAccessToken"',
        "resource": 'Credential::"DDDDEEEEFFFF"',
        "context": {},
    }
    user = {"type": "User", "id": "user_01"}
    entities = json.dumps(
        [
            {"uid": user, "attrs": {"plan": "team"}, "parents": []},
            {
                "uid": {"type": "Credential", "id": "DDDDEEEEFFFF"},
                "attrs": {"owner": {"__entity": user}},
                "parents": [],
            },
        ]
    )
    assert cedarpy.is_authorized(request, policies, entities).allowed
    row("cedarpy", "decide", lambda: cedarpy.is_authorized(request, policies, entities).allowed)


def main() -> None:
    """Prints all rows."""
    inputs = json.loads(_INPUTS.read_text("utf-8"))
    own(inputs)
    if "--own" in sys.argv:
        return
    for others in (with_hmac, with_pyjwt, with_casbin, with_cedar):
        try:
            others(inputs)
        except ImportError as error:
            print(f"left out: {error}", file=sys.stderr)
    subprocess.run(
        [sys.executable, __file__, "--own"],
        env={**os.environ, "COGAUTH_BACKEND": "wasm"},
        check=True,
    )


if __name__ == "__main__":
    main()
