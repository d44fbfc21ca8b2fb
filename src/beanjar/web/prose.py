"""What people write at length: the part of Markdown that can do nothing but be read.

Paragraphs, emphasis, lists, quotations, code, and links to the web, each with the place that it
leads to. No pictures, no HTML. A heading is a bold line, so that a page's outline stays its own.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from beanjar.base.limits import PROSE_CHARACTERS, PROSE_NESTING

RULES = [
    *("backticks", "blockquote", "emphasis", "entity", "escape", "fence", "heading"),
    *("autolink", "link", "list", "newline"),
]
TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "ol": {"dir", "start"},
    "p": {"class", "dir"},
    "ul": {"dir"},
}
SCHEMES = {"http", "https"}
ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?'’)\]}*_]", re.IGNORECASE)
"""An address within a sentence, without the signs that end the sentence."""
HOST = re.compile(r"[a-z0-9._:-]+")


class Reader(MarkdownIt):
    """Reads Markdown; only what leads to the web is a link."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Say whether this leads to some host by http or https."""
        return bool(_host_of(url))


@lru_cache(maxsize=256)
def write_prose(text: str, *, lead: bool = True) -> Markup:
    """Return a text as HTML, its first paragraph with the class `lead` unless it is none."""
    if len(text) > PROSE_CHARACTERS:
        parts = (Markup('<p dir="auto">{}</p>').format(each) for each in text.split("\n\n"))
        return Markup("\n").join(parts)
    tokens = _READER.parse(text)
    if lead and tokens and tokens[0].type == "paragraph_open":
        tokens[0].attrs = {"class": "lead", **tokens[0].attrs}
    html = _READER.renderer.render(tokens, _READER.options, {})
    # Whatever the reader may have let through: nothing but these goes out.
    return Markup(  # noqa: S704 - it was cleaned
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="nofollow noopener noreferrer",
        )
    )


def _make_reader() -> Reader:
    reader = Reader("zero", {"breaks": True, "maxNesting": PROSE_NESTING})
    reader.enable(RULES)
    reader.core.ruler.push("shape", _shape)
    return reader


def _shape(state: StateCore) -> None:
    """Give paragraphs and lists their own direction, make headings bold, say where links lead."""
    for token in state.tokens:
        match token.type:
            case "paragraph_open" | "bullet_list_open" | "ordered_list_open":
                token.attrSet("dir", "auto")
            case "heading_open" | "heading_close":
                token.tag = "p"
            case "inline":
                token.children = list(_link(token.children or []))
    for before, token in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type == "heading_open":
            _embolden(before, token)


def _embolden(heading: Token, words: Token) -> None:
    heading.attrSet("dir", "auto")
    opened, closed = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
    words.children = [opened, *(words.children or []), closed]


def _link(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the parts of a paragraph, plain addresses as links too, and no link to nowhere."""
    target, words = "", ""
    for token in tokens:
        if token.type == "link_open":
            target, words = str(token.attrGet("href")), ""
        words += token.content
        if token.type == "text" and not target:
            yield from _split(token.content)
        elif target or token.type not in {"link_open", "link_close"}:
            yield token
        if token.type == "link_close" and target:
            yield from _tell_target(target, words)
            target = ""


def _split(words: str) -> Iterator[Token]:
    """Yield a plain text with its addresses as links."""
    start = 0
    for found in ADDRESS.finditer(words):
        address = _READER.normalizeLink(found[0])
        if _READER.validateLink(address):
            yield Token("text", "", 0, content=words[start : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield Token("text", "", 0, content=found[0])
            yield Token("link_close", "a", -1)
            yield from _tell_target(address, found[0])
            start = found.end()
    yield Token("text", "", 0, content=words[start:])


def _tell_target(address: str, words: str) -> Iterator[Token]:
    """Yield to which host a link leads, unless its words are that very address."""
    host = _host_of(address)
    if not re.match(rf"https?://{re.escape(host)}(?![^/?#:])(?!:[^/?#]*@)", words, re.IGNORECASE):
        yield Token("text", "", 0, content=f" ({host})")


def _host_of(address: str) -> str:
    """Return the host that a link of the web leads to, or nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.hostname or ""
    return host if parts.scheme in SCHEMES and HOST.fullmatch(host) else ""


_READER = _make_reader()
