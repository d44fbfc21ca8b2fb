"""Times as people say them: “in 10 minutes”, “tonight”, “2027-01-20 18:00”."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from beanjar.base.clock import DAY, HOUR, MINUTE, SECOND
from beanjar.base.errors import BeanjarError

END_OF_DAY = time(23, 59)
UNITS = {
    "second": SECOND,
    "minute": MINUTE,
    "min": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": 7 * DAY,
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXAMPLES = "in 10 minutes, tonight, tomorrow 18:00, sunday 18:00, 2027-01-20 18:00"

_SPAN = re.compile(rf"in (\d{{1,6}}|an?) ?({'|'.join(UNITS)})s?")
_CLOCK = re.compile(r"(?:(?P<day>.*?)(?: at)? )?(?P<hour>\d{1,2}):(?P<minute>\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = int((datetime.max.replace(tzinfo=UTC) - _EPOCH) / timedelta(milliseconds=1)) - 2 * DAY


class WrongTime(BeanjarError):
    """A time that cannot be read, or that lies in the past."""


def read_moment(text: str, now: int, zone: tzinfo | None = None) -> int:
    """Return the time to come that `text` says, in ms since the epoch.

    `now` is ms too. Days and hours are those of `zone`, by default the machine's; a day without
    an hour means its end, 23:59. Raises `WrongTime` with how to say it.
    """
    said = " ".join(text.lower().split())
    moment = _read_span(said, now)
    if moment is None:
        moment = _read_date(said, text, _local(now, zone).date(), zone)
    if moment <= now:
        over = write_moment(moment, zone)
        raise WrongTime(f"“{text}” is over already: {over}. Say a later time.")
    return moment


def write_moment(moment: int, zone: tzinfo | None = None) -> str:
    """Return a time (ms since the epoch) to the minute, in `zone` or else the machine's."""
    local = _local(min(moment, _LAST), zone)
    return f"{local:%A} {local.day} {local:%B} {local.year}, {local:%H:%M}"


def _read_span(said: str, now: int) -> int | None:
    span = _SPAN.fullmatch(said)
    if span is None:
        return None
    count, unit = span.groups()
    return now + (int(count) if count.isdigit() else 1) * UNITS[unit]


def _read_date(said: str, text: str, today: date, zone: tzinfo | None) -> int:
    try:
        wall = _read_wall(said, today)
        zoned = wall if wall.tzinfo else wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongTime(
            f"“{text}” cannot be read as a time. Say it like one of these: {EXAMPLES}."
        ) from None
    return round((zoned - _EPOCH) / timedelta(milliseconds=1))


def _read_wall(said: str, today: date) -> datetime:
    """Return the time that the words say, without its zone unless they name it."""
    if re.match(r"\d{4}-\d\d-\d\dt", said):
        return datetime.fromisoformat(said.upper())
    clock = _CLOCK.fullmatch(said)
    if clock is None:
        return datetime.combine(_read_day(said, today), END_OF_DAY)
    hour = time(int(clock["hour"]), int(clock["minute"]))
    return datetime.combine(_read_day(clock["day"] or "today", today), hour)


def _read_day(said: str, today: date) -> date:
    match said.removeprefix("on "):
        case "today" | "tonight":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
        case weekday if weekday in WEEKDAYS:
            return today + timedelta(days=(WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7)
        case day:
            return date.fromisoformat(day)


def _local(moment: int, zone: tzinfo | None) -> datetime:
    return (_EPOCH + timedelta(milliseconds=moment)).astimezone(zone)
