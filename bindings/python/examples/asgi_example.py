"""A Starlette application that lets in whom the gate allows: `python asgi_example.py`."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from store import Store, gate, inputs

from cog_auth import Allowed, Found
from cog_auth.asgi import CogAuthMiddleware


async def sessions(request: Request) -> JSONResponse:
    """What only members of the organization may see."""
    allowed: Allowed = request.scope["cog_auth"]
    return JSONResponse({"sessions": [], "seen_by": allowed.principal.id})


def application(store: Store) -> CogAuthMiddleware:
    """The application behind its gate."""
    told = inputs()

    async def record(id: str) -> Found | None:
        return store.record(id)

    app = Starlette(routes=[Route("/v3/organizations/{organization}/sessions", sessions)])
    return CogAuthMiddleware(
        app,
        gate=gate(told),
        record=record,
        facts=store.facts,
        # The token and the record are of a time in the past. Leave `now` out in earnest.
        now=lambda: told["now"],
    )


if __name__ == "__main__":
    uvicorn.run(application(Store(inputs())), port=8000)
