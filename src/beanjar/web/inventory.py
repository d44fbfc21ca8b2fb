"""Every file that pages load, with its SHA-256, and whose work is in those that others wrote."""

from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path

import msgspec
from msgspec import Struct

from beanjar import __version__
from beanjar.web.sheets import ADDRESS, STATIC

VENDOR = STATIC / "vendor"
LICENCES = VENDOR / "licences.json"
"""Written when the package is built; no page loads it."""


class SourceFile(Struct, frozen=True):
    """A file by its name among the files: where it is served, its bytes, their SHA-256 (hex).

    `vendor` says that others wrote it.
    """

    name: str
    address: str
    size: int
    sha256: str
    vendor: bool


class Work(Struct, frozen=True):
    """A package of others, and the vendor files that it is in."""

    name: str
    version: str
    license: str
    files: list[str]


class Licence(Work, frozen=True):
    """The same with the text of its licence."""

    text: str


class Source(Struct, frozen=True):
    """The files that pages of this version load, by name, and the packages in those of others."""

    version: str
    files: list[SourceFile]
    packages: list[Work]


class Licences(Struct, frozen=True):
    """The text of this program's own licence, and those of what others wrote."""

    own: str
    packages: list[Licence]


def list_source() -> Source:
    """Return what the files say that lie on this disk now."""
    files = sorted(each for each in STATIC.rglob("*") if each.is_file() and each != LICENCES)
    packages = [
        Work(each.name, each.version, each.license, [_name(VENDOR / file) for file in each.files])
        for each in _read_licences()
    ]
    return Source(__version__, [_describe(each) for each in files], packages)


def list_licences() -> Licences:
    """Return the licences' texts."""
    own = distribution("beanjar").read_text("licenses/LICENSE")
    assert own is not None, "the package names it among its licence files"
    return Licences(own, _read_licences())


def _read_licences() -> list[Licence]:
    return msgspec.json.decode(LICENCES.read_bytes(), type=list[Licence])


def _describe(file: Path) -> SourceFile:
    name, content = _name(file), file.read_bytes()
    return SourceFile(
        name=name,
        address=f"{ADDRESS}/{name}",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        vendor=VENDOR in file.parents,
    )


def _name(file: Path) -> str:
    return file.relative_to(STATIC).as_posix()
