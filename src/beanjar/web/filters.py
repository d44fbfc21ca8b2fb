"""What templates do with plain values in a language: times, numbers, and people's names."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from beanjar.web.language import NATIVE, Speaker
from beanjar.web.prose import write_prose

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


def format_time(milliseconds: int, speaker: Speaker) -> Markup:
    """Return a time (ms since the epoch) to the minute, in UTC, also for machines."""
    moment = read_time(milliseconds)
    return _mark(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), speaker.time(moment))


def format_day(milliseconds: int, speaker: Speaker) -> Markup:
    """Return the day of a time (ms since the epoch), in UTC, also for machines."""
    moment = read_time(milliseconds)
    return _mark(f"{moment:%Y-%m-%d}", speaker.day(moment))


def shorten(identity: str) -> str:
    """Return enough of an id or a key in hex to tell it from others by eye."""
    return identity[:8]


def make_filters(speaker: Speaker) -> Mapping[str, Callable[..., Any]]:
    """Return the filters of templates in the speaker's language.

    `name` is what a person (hex) is called in the space that the page is about, `series` are the
    names of several, who are called what its argument says, and `told` is a sentence that another
    room made in English.
    """

    @pass_context
    def name(context: Context, person: str) -> Markup:
        called: Callable[[str], str] = context["called"]
        return _set_apart(called(person), speaker)

    def series(keys: Iterable[str], called: Callable[[str], str]) -> Markup:
        names = [str(_set_apart(called(each), speaker)) for each in keys]
        return Markup(speaker.join(names))  # noqa: S704 - each is escaped, and nobody wrote the rest

    return {
        "time": lambda milliseconds: format_time(milliseconds, speaker),
        "day": lambda milliseconds: format_day(milliseconds, speaker),
        "number": speaker.number,
        "short": shorten,
        "name": name,
        "series": series,
        "data": write_data,
        "prose": write_prose,
        "told": lambda sentence: _tell(sentence, speaker),
    }


def write_data(value: object) -> str:
    """Return a view, or a part of one, as JSON for the page's scripts."""
    return msgspec.json.encode(value).decode()


def _set_apart(name: str, speaker: Speaker) -> Markup:
    """Return a name so that one that runs from right to left does not turn what stands beside."""
    return Markup("<bdi>{}</bdi>").format(speaker.retell(name) or name)


def _tell(sentence: str, speaker: Speaker) -> Markup:
    told = speaker.retell(sentence)
    if told is None:
        return Markup('<span lang="{}">{}</span>').format(NATIVE.code, sentence)
    return Markup("{}").format(told)


def read_time(milliseconds: int) -> datetime:
    """Return a time in UTC. A claimed one may lie beyond all calendars: then the last of theirs."""
    return EPOCH + timedelta(milliseconds=min(milliseconds, LAST))


def _mark(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
