"""Where requests come from."""

from litestar import Litestar
from litestar.types import Receive, Scope, Send


def place(app: Litestar, address: str) -> Litestar:
    """Let all requests to an application come from a network address."""
    handle = app.asgi_handler

    async def move(scope: Scope, receive: Receive, send: Send) -> None:
        if "client" in scope:
            scope["client"] = (address, 1)
        await handle(scope, receive, send)

    app.asgi_handler = move
    return app
