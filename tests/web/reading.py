"""How tests read pages."""

from collections import Counter
from html.parser import HTMLParser

from beanjar.web.sheets import ADDRESS

EMPTY = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Page(HTMLParser):
    """What a test looks at in a page; reading one that is not well nested fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self._inside: list[str] = []
        self._text: dict[str, str] = {}
        self._texts: list[tuple[str, str]] = []
        assert text.startswith("<!doctype html>\n")
        self.feed(text)
        self.close()
        assert not self._inside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += "svg" not in self._inside  # a picture has a title of its own
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self._inside.append(tag)
        if tag != "bdi":
            self._texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in [each for each in self._inside if each != "bdi"][-1:]:
            self._text[tag] = self._text.get(tag, "") + data
            if self._texts[-1][0] == tag:
                self._texts[-1] = (tag, self._texts[-1][1] + data)

    def values(self, tag: str, name: str) -> list[str]:
        return [value for each, key, value in self.attributes if (each, key) == (tag, name)]

    def texts(self, tag: str) -> list[str]:
        """The text of each element of this kind, up to the first other one in it."""
        return [" ".join(text.split()) for each, text in self._texts if each == tag]

    def text(self, tag: str) -> str:
        return " ".join(self._text.get(tag, "").split())


def check_page(text: str) -> Page:
    """Return a page that is as every page has to be."""
    page = Page(text)
    assert page.values("html", "lang") == ["en"]
    assert page.tags["h1"] == page.tags["main"] == page.tags["title"] == 1
    assert page.text("h1")
    assert page.text("title")
    assert page.tags["header"] == page.tags["footer"] == 1
    assert page.values("meta", "name") == ["viewport"]
    assert not page.tags["style"] + len(page.text("script"))
    programs = ("again.js", "page.js")
    assert page.values("script", "src") == [f"{ADDRESS}/page/{each}" for each in programs]
    names = [name for _, name, _ in page.attributes]
    assert not [name for name in names if name == "style" or name.startswith("on")]
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    labels = [value for _, name, value in page.attributes if name == "aria-labelledby"]
    assert {each for label in labels for each in label.split()} <= set(ids)
    assert "#main" in page.values("a", "href")
    return page
