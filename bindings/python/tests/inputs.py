"""What tests are made with: files of the repository, and those that the environment names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from cog_auth import EdgeKeys, Gate, Policy, RootKeys

REPOSITORY: Final = Path(__file__).resolve().parents[3]


def _read(variable: str, otherwise: Path) -> str:
    return Path(os.environ.get(variable) or otherwise).read_text("utf-8")


INPUTS: Final[dict[str, Any]] = json.loads(
    _read("COGAUTH_BENCH_INPUTS", REPOSITORY / "bindings/bench/inputs.json")
)
NOW: Final[int] = INPUTS["now"]
TOKEN: Final[str] = INPUTS["token"]
AUTHORIZATION: Final[str] = INPUTS["authorization"]
RECORD: Final[str] = INPUTS["record"]
FACTS: Final[str] = INPUTS["facts"]
TARGET: Final[str] = INPUTS["target"]
REQUEST: Final[str] = INPUTS["policy_request"]
ROOTS: Final = '{"v":1,"use":"root","keys":{"01":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}'


def parity() -> dict[str, Any]:
    """The calls of `bindings/parity`."""
    path = os.environ.get("COGAUTH_PARITY")
    if not path:
        raise RuntimeError("COGAUTH_PARITY must be the path of parity.json")
    data: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return data


def edge_keys() -> EdgeKeys:
    """The edge keys of the inputs."""
    return EdgeKeys(INPUTS["edge_keys"])


def gate(**options: Any) -> Gate:
    """A gate at an edge."""
    with edge_keys() as keys, Policy.builtin() as policy:
        return Gate(policy=policy, keys=keys, **options)


def roots() -> RootKeys:
    """Root keys, of which the edge keys of the inputs have one."""
    return RootKeys(ROOTS)
