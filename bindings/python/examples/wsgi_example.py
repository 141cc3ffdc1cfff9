"""A WSGI application that lets in whom the gate allows: `python wsgi_example.py`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from store import Store, gate, inputs

from cog_auth.wsgi import CogAuthMiddleware


def sessions(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What only members of the organization may see."""
    body = json.dumps({"sessions": [], "seen_by": environ["cog_auth"].principal.id})
    start_response("200 OK", [("content-type", "application/json")])
    return [body.encode()]


def application(store: Store) -> CogAuthMiddleware:
    """The application behind its gate."""
    told = inputs()
    return CogAuthMiddleware(
        sessions,
        gate=gate(told),
        record=store.record,
        facts=store.facts,
        # The token and the record are of a time in the past. Leave `now` out in earnest.
        now=lambda: told["now"],
    )


if __name__ == "__main__":
    waitress.serve(application(Store(inputs())), listen="127.0.0.1:8001")
