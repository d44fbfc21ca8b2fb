"""What templates do with plain values: times, numbers, and people's names."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


def format_time(milliseconds: int) -> Markup:
    """Return a time (ms since the epoch) to the minute, in UTC, also for machines."""
    moment = _read_time(milliseconds)
    words = f"{moment.day} {moment:%B} {moment.year}, {moment:%H:%M} UTC"
    return _mark(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), words)


def format_day(milliseconds: int) -> Markup:
    """Return the day of a time (ms since the epoch), in UTC, also for machines."""
    moment = _read_time(milliseconds)
    return _mark(f"{moment:%Y-%m-%d}", f"{moment.day} {moment:%B} {moment.year}")


def format_number(number: int | str | Decimal) -> str:
    """Return a number, or a decimal as text, with its thousands set apart."""
    return f"{Decimal(number):,f}".replace("-", "\N{MINUS SIGN}")


def shorten(identity: str) -> str:
    """Return enough of an id or a key in hex to tell it from others by eye."""
    return identity[:8]


@pass_context
def name_person(context: Context, person: str) -> str:
    """Return what a person (hex) is called in the space that the page is about."""
    called: Callable[[str], str] = context["called"]
    return called(person)


def write_data(value: object) -> str:
    """Return a view, or a part of one, as JSON for the page's scripts."""
    return msgspec.json.encode(value).decode()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "time": format_time,
    "day": format_day,
    "number": format_number,
    "short": shorten,
    "name": name_person,
    "data": write_data,
}


def _read_time(milliseconds: int) -> datetime:
    """A claimed time may lie beyond all calendars; it is shown as the last day of theirs."""
    return EPOCH + timedelta(milliseconds=min(milliseconds, LAST))


def _mark(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
