"""What a tool gives the web: how its views become pages."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import Struct

from beanjar.web.language import Speaker


def want_nothing(view: object, person: str, speaker: Speaker) -> str:
    """Want nothing of anybody."""
    del view, person, speaker
    return ""


class Pages(Struct, frozen=True, kw_only=True):
    """The pages of one tool; its field `pages` holds one.

    `package` is the tool's package; its folder `templates` has `list.html` and `show.html`, and
    whatever these include, each found under the tool's name: `estimate/show.html`. `list` turns
    the tool's board into what `list.html` shows, `show` a subject's view into what `show.html`
    shows; templates call it `page`. `title` says in a line what a subject's view is about, `about`
    what its ask is. `tell` says in a sentence what somebody said: it is handed a body of the
    tool's, the ask that it is about (its own, if it is one), and what its author is called. `wants`
    says in a few words what a subject wants of a person (hex) beside an answer, "" if nothing. Who
    makes words is handed who speaks the language of the page.
    """

    package: str
    show: Callable[[Any, Speaker], Struct]
    list: Callable[[Any, Speaker], Struct]
    tell: Callable[[Any, Any, str, Speaker], str]
    title: Callable[[Any], str] = attrgetter("title")
    about: Callable[[Any], str] = attrgetter("title")
    wants: Callable[[Any, str, Speaker], str] = want_nothing
