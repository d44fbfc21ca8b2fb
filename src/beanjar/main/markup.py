"""What a page loads and runs, by its HTML."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

Attributes = Sequence[tuple[str, str | None]]
LOADING = {"stylesheet", "modulepreload"}
FRAMES = {"iframe", "frame", "object", "embed", "portal"}
SCRIPT = "<script"


class Markup(HTMLParser):
    """A page: the `addresses` of the scripts and styles that it loads, as they are spelt in it.

    `oddities` are things of which Beanjar's own pages have none and that could run something,
    each as words that follow “has”.
    """

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.addresses: list[str] = []
        self.oddities: list[str] = []
        self._scripts = 0
        self.feed(text)
        self.close()
        # A browser may read a page in another way than this program does, and find one more.
        if text.lower().count(SCRIPT) != self._scripts or "\0" in text:
            self.oddities.append("something in it that may be a script or not")

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Note what a tag loads or runs."""
        found = {name: value or "" for name, value in reversed(attrs)}  # of two the first counts
        if tag == "script":
            self._scripts += 1
            self._note(found.get("src"), "a script of its own in it")
        elif tag == "style":
            self.oddities.append("a style of its own in it")
        elif tag == "link" and LOADING & set(found.get("rel", "").lower().split()):
            self._note(found.get("href"), "a link that leads nowhere")
        self.oddities += _find_odd(tag, attrs)

    def _note(self, address: str | None, otherwise: str) -> None:
        if address:
            self.addresses.append(address)
        else:
            self.oddities.append(otherwise)


def _find_odd(tag: str, attrs: Attributes) -> Iterator[str]:
    if tag == "base" or tag in FRAMES:
        yield f"a <{tag}> in it"
    for name, value in attrs:
        if name.startswith("on"):
            yield f"a script in an attribute, {name}"
        elif "".join((value or "").split()).lower().startswith("javascript:"):
            yield "a script in a link"
        elif name == "http-equiv" and (value or "").lower() == "refresh":
            yield "an order to go elsewhere"
