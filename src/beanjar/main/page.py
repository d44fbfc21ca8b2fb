"""`beanjar doctor page`: whether the pages of a door run what this program's own pages would."""

from contextlib import closing
from urllib.parse import urlsplit

import click
from msgspec import Struct

from beanjar import __version__
from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.main.command import Command
from beanjar.main.comparing import Comparison
from beanjar.main.findings import Finding
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told

ALIKE = "All is as in this program: what pages of this door load, and what this page runs."
ONLY_NOW = "That is what the door gave to this program now. It can give others something else."


class NoPage(BeanjarError):
    """Something that is no address of a page."""


class Compared(Struct, frozen=True):
    """A door's page beside what this program has.

    `versions` are this program's and the door's, which is empty if the door does not say it.
    `files` are those that this program has, of which `alike` are the same at the door.
    """

    url: str
    version: str
    door_version: str
    files: int
    alike: int
    findings: list[Finding]


@click.command(cls=Command, example="doctor page https://beans.example/")
@click.argument("url")
def page(session: Session, url: str) -> Told:
    """Compare what the page at URL runs, and all files of its door, with this program's own copy.

    Ends with 1 if something differs. A door can give others something else than it gives you now:
    only your own node and the terminal need trust nobody.
    """
    del session  # what is asked is the door at URL, whatever node one speaks to
    door, path = split_address(url)
    with closing(Client(door)) as client:
        comparison = Comparison(client)
        findings = list(comparison.find(path))
    compared = Compared(
        url=url,
        version=__version__,
        door_version=comparison.version,
        files=len(comparison.own),
        alike=len(comparison.alike),
        findings=findings,
    )
    return Told(compared, _put_in_words(compared), failed=bool(findings))


def split_address(url: str) -> tuple[str, str]:
    """Return the door of a page and the page's address at that door, or raise `NoPage`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise NoPage(
            f"“{url}” is no address of a page. Copy the whole of it from your browser: it begins "
            "with http:// or https://."
        )
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}", f"{parts.path or '/'}{query}"


def _put_in_words(compared: Compared) -> list[str | Rows]:
    rows = [
        ("page", compared.url),
        ("its door", f"version {compared.door_version}" if compared.door_version else "unknown"),
        ("this program", f"version {compared.version}"),
        ("files", f"{compared.alike} of {compared.files} are the same"),
    ]
    told = [f"{each.finding} {each.advice}" for each in compared.findings]
    return [Rows(rows), *(told or [ALIKE]), ONLY_NOW]
