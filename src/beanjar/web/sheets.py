"""The templates that pages are made of: the door's own, and each tool's under the tool's name."""

from collections.abc import Sequence
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
from beanjar.web.filters import make_filters
from beanjar.web.language import ENGLISH, LANGUAGES, NATIVE, Speaker
from beanjar.web.pages import Pages

STATIC = Path(__file__).parent / "static"


def _digest_files() -> str:
    """Return a name that changes with any of the files, since scripts name one another."""
    files = sorted(each for each in STATIC.rglob("*") if each.is_file())
    digests = (sha256(each.read_bytes()).digest() for each in files)
    return sha256(b"".join(digests)).hexdigest()[:16]


ADDRESS = f"/static/{_digest_files()}"
"""Where the files are served: for good, so that browsers need not ask again."""


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
        loader = ChoiceLoader(loaders)
        others = [each for each in LANGUAGES.values() if each is not NATIVE]
        self.speakers = {NATIVE.code: ENGLISH} | {each.code: Speaker(each) for each in others}
        self._environments = {
            code: _make_environment(loader, speaker) for code, speaker in self.speakers.items()
        }

    def render(self, template: str, speaker: Speaker = ENGLISH, /, **shown: Any) -> bytes:  # noqa: ANN401 - templates take anything
        """Return the page as UTF-8, in the speaker's language."""
        environment = self._environments[speaker.language.code]
        return environment.get_template(template).render({"query": "", **shown}).encode()


def _make_environment(loader: BaseLoader, speaker: Speaker) -> Environment:
    """Return what renders pages in one language: a filter writes numbers in no other."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters.update(make_filters(speaker))
    environment.globals |= {"static": ADDRESS, "language": speaker.language}
    environment.globals["languages"] = list(LANGUAGES.values())
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(speaker.catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment
