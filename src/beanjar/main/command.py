"""How a command of this program runs: it is handed the session and returns what to tell."""

from typing import Any

import click

from beanjar.main.options import kept, make_options
from beanjar.main.session import Session
from beanjar.main.told import Told, tell


class Command(click.Command):
    """A command with the shared options and an example; its first argument is the session."""

    def __init__(self, *args: Any, example: str, **more: Any) -> None:  # noqa: ANN401 - click's own
        """Take what `click.Command` takes, and an example for its help."""
        super().__init__(*args, **more)
        self.epilog = f"Example: beanjar {example}"
        self.params += make_options(first=False)

    def invoke(self, ctx: click.Context) -> None:
        """Run it, and tell what it comes to."""
        session = ctx.find_object(Session) or Session()
        session.node, session.folder = kept(ctx, "node"), kept(ctx, "home")
        session.as_json = bool(kept(ctx, "json"))
        ctx.call_on_close(session.close)
        assert self.callback is not None
        told = ctx.invoke(self.callback, session, **ctx.params)
        assert isinstance(told, Told)
        tell(told, as_json=session.as_json)
        if told.failed:
            ctx.exit(1)
