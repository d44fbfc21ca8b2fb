"""What a door serves, file by file, beside this program's own copy."""

import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urljoin

import msgspec

from beanjar import __version__
from beanjar.client.client import Client
from beanjar.client.line import NodeRambles, NodeRefuses
from beanjar.main.findings import Finding
from beanjar.main.markup import Markup
from beanjar.web.inventory import Source, SourceFile, list_source

PLACE = re.compile("/static/[0-9a-f]{16}/")
"""Where a door's files lie. They name one another from there, so they have to lie together."""
BEWARE = (
    "Do nothing on pages of this door that you would not tell whoever keeps it: use another door, "
    "your own node, or the terminal."
)
OTHER_VERSION = (
    "A file may differ for that reason alone. Compare with a program of the door's version to be "
    "sure."
)


class Comparison:
    """One door beside this program: `own` are this program's files by name, `alike` the same.

    `version` is the door's; it is empty until the door has said it.
    """

    def __init__(self, client: Client) -> None:
        """Compare the door that a client speaks to."""
        self._client = client
        self.own = {each.name: each for each in list_source().files}
        self.alike: dict[str, SourceFile] = {}
        self.version = ""

    def find(self, path: str) -> Iterator[Finding]:
        """Yield what differs in the files and in the page at `path`.

        Raises `NodeAway` if nobody answers, and `NodeRefuses` if there is no such page.
        """
        page = self._client.page(path)
        try:
            listed = self._read_source()
        except (NodeRefuses, NodeRambles) as error:
            yield Finding(f"This door does not say what its pages load: {error}", BEWARE)
            return
        findings = [*self._compare_files(listed), *self._compare_page(path, page, listed)]
        if findings and self.version != __version__:
            yield Finding(
                f"The door says that it is of version {self.version}; this program is of version "
                f"{__version__}.",
                OTHER_VERSION,
            )
        yield from findings

    def _read_source(self) -> Source:
        data = self._client.page("/source.json")
        try:
            listed = msgspec.json.decode(data, type=Source)
        except msgspec.MsgspecError:
            raise NodeRambles("its list of files is no such list.") from None
        self.version = listed.version
        return listed

    def _compare_files(self, listed: Source) -> Iterator[Finding]:
        there = {each.name: each for each in listed.files}
        for name in sorted(self.own.keys() - there.keys()):
            yield Finding(f"“{name}” of this program is not among the door's files.", BEWARE)
        for each in listed.files:
            yield from self._compare_file(each)
        places = {each.address.removesuffix(each.name) for each in listed.files}
        if len(places) > 1:
            yield Finding("The door's files lie in several places.", BEWARE)

    def _compare_file(self, listed: SourceFile) -> Iterator[Finding]:
        name, own = listed.name, self.own.get(listed.name)
        if not PLACE.fullmatch(listed.address.removesuffix(name)):
            yield Finding(f"The door says that “{name}” lies where no file does.", BEWARE)
            return
        try:
            digest = sha256(self._client.page(listed.address)).hexdigest()
        except NodeRefuses as error:
            yield Finding(f"The door lists “{name}” and does not hand it out: {error}", BEWARE)
            return
        if digest != listed.sha256:
            yield Finding(f"“{name}” is not the file that the door says it is.", BEWARE)
        if own is None:
            yield Finding(f"“{name}” is a file that this program does not have.", BEWARE)
        elif digest != own.sha256:
            yield Finding(f"“{name}” is not the same as in this program.", BEWARE)
        else:
            self.alike[name] = listed

    def _compare_page(self, path: str, page: bytes, listed: Source) -> Iterator[Finding]:
        """Yield what a page runs that is none of the files of its door."""
        try:
            markup = Markup(page.decode())
        except UnicodeDecodeError:
            yield Finding("The page is not in UTF-8, so it cannot be read here.", BEWARE)
            return
        known = {each.address for each in listed.files}
        for address in markup.addresses:
            if urljoin(path, address) not in known:
                yield Finding(f"The page loads {address}, which the door does not list.", BEWARE)
        for oddity in markup.oddities:
            yield Finding(f"The page has {oddity}; Beanjar's own pages do not.", BEWARE)
