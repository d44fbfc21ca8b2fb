"""Deadlines as a calendar that other programs subscribe to (RFC 5545).

By hand: its few properties are less than a library for all of them would bring along.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from beanjar import __version__
from beanjar.web.language import Speaker

LINE = 75
"""The bytes of a line; a longer one goes on in the next, which then begins with a space."""
GOES_ON = 0b10
"""The two first bits of a byte that, in UTF-8, does not begin a character."""
ESCAPES = str.maketrans({each: f"\\{each}" for each in "\\;,"} | {"\n": r"\n"})
NO_TEXT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no text may hold, or some program takes for the end of a line."""
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Deadline(Struct, frozen=True):
    """Until when a question takes answers; `urn` names it for good. Moments are in UTC."""

    urn: str
    title: str
    address: str
    asked: datetime
    closes: datetime


def write_calendar(name: str, note: str, deadlines: Iterable[Deadline], speaker: Speaker) -> bytes:
    """Return a calendar of this name, with a note on it, and an event for each deadline."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Beanjar//{__version__}//EN"),
        # The property for the name that was agreed on, and the one that all programs read.
        *(f"NAME:{_escape(name)}", f"X-WR-CALNAME:{_escape(name)}"),
        f"DESCRIPTION:{_escape(note)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for each in deadlines:
        title = speaker.say("Closes: %(title)s", title=each.title)
        lines += _write_event(each, title)
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line.encode()) for line in lines)


def _write_event(deadline: Deadline, title: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{deadline.urn}"
    yield f"DTSTAMP:{_write_moment(deadline.asked)}"  # nothing in it has changed since
    yield f"DTSTART:{_write_moment(deadline.closes)}"
    yield f"SUMMARY:{_escape(title)}"
    yield f"URL:{deadline.address}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy because something closes
    yield "END:VEVENT"


def _write_moment(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    """Return a text that somebody wrote so that no part of it can be a line of its own."""
    return NO_TEXT.sub(UNKNOWN, text).translate(ESCAPES)


def _fold(line: bytes) -> bytes:
    """Return a line in as many as it needs, none cut within a character."""
    parts = []
    while len(line) > LINE:
        end = LINE
        while line[end] >> 6 == GOES_ON:
            end -= 1
        parts.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*parts, line, b""])
