"""What the examples have in place of a database: one credential, and what is known of its owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cog_auth import EdgeKeys, Found, Gate, Policy, Resource

_INPUTS = Path(__file__).resolve().parents[2] / "bench" / "inputs.json"


class Store:
    """Records by the id of their credential, facts by principal and organization."""

    def __init__(self, inputs: dict[str, Any]) -> None:
        self._record = json.loads(inputs["record"])
        self._facts = json.loads(inputs["facts"])
        self._now: int = inputs["now"]
        #: Whether the database does not answer.
        self.down = False

    def record(self, id: str) -> Found | None:
        """The record of a credential."""
        if self.down:
            raise ConnectionError("the database does not answer")
        return Found(self._record, self._now) if id == self._record["id"] else None

    def facts(
        self, principal: str, organization: str | None, resource: Resource | None = None
    ) -> dict[str, Any] | None:
        """What is known of a principal and of an organization; nothing is of any resource."""
        if self.down:
            raise ConnectionError("the database does not answer")
        if principal != self._facts["principal"]["id"]:
            return None
        known: dict[str, Any] = {"principal": self._facts["principal"]}
        if organization == self._facts["organization"]["id"]:
            known["organization"] = self._facts["organization"]
        return known


def inputs() -> dict[str, Any]:
    """A token, its keys and its record, which the tests of this repository share."""
    read: dict[str, Any] = json.loads(_INPUTS.read_text("utf-8"))
    return read


def gate(told: dict[str, Any]) -> Gate:
    """A gate at an edge, with the policy that comes with the library."""
    with EdgeKeys(told["edge_keys"]) as keys, Policy.builtin() as policy:
        return Gate(policy=policy, keys=keys, max_record_age=60)
