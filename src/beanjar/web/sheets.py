"""The templates that pages are made of: the door's own, and each tool's under the tool's name."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)

from beanjar.space.tool import Tool
from beanjar.web.filters import FILTERS
from beanjar.web.pages import Pages

STATIC = Path(__file__).parent / "static"


class Sheets:
    """Renders pages. Whatever a person wrote is escaped."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        """Find the templates of these tools; each is read when it is first needed."""
        folders = {
            tool.name: PackageLoader(tool.pages.package)
            for tool in tools
            if isinstance(tool.pages, Pages)
        }
        loaders: list[BaseLoader] = [PackageLoader("beanjar.web"), PrefixLoader(folders)]
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)
        self._environment.globals["static"] = address_file

    def render(self, template: str, /, **shown: Any) -> bytes:  # noqa: ANN401 - templates take anything
        """Return the page as UTF-8."""
        return self._environment.get_template(template).render(shown).encode()


@cache
def address_file(name: str) -> str:
    """Return the address of one of the door's files, which changes with the file's content."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?{digest[:16]}"
