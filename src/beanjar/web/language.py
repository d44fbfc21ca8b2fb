"""The languages that pages are in, and whoever speaks one: in sentences, numbers, lists, times."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from gettext import NullTranslations, translation
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol
from msgspec import Struct

from beanjar.web.sentences import SENTENCES

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "beanjar"
PLACE = re.compile(r"%\\\((\w+)\\\)s")


class Language(Struct, frozen=True):
    """A language: its code, its name in itself, and the locale whose customs it follows.

    How a day, the first of a month, a full hour and any other minute are written is in the letters
    of Unicode's date patterns.
    """

    code: str
    name: str
    locale: str
    day: str
    first: str
    hour: str
    minute: str


NATIVE = Language("en", "English", "en_GB", "d MMMM y", "d MMMM y", "HH:mm", "HH:mm")
"""The language that the program itself is written in."""
FRENCH = Language(
    "fr",
    "Français",
    "fr",
    day="d MMMM y",
    first="d'er' MMMM y",
    hour="H\N{NO-BREAK SPACE}'h'",
    minute="H\N{NO-BREAK SPACE}'h'\N{NO-BREAK SPACE}mm",
)
LANGUAGES: Mapping[str, Language] = {each.code: each for each in (NATIVE, FRENCH)}


class Speaker:
    """Says things in one language. A sentence is named by its English, with `%(places)s`."""

    def __init__(self, language: Language) -> None:
        """Read the catalogue of the language; raise `FileNotFoundError` if it was not built."""
        self.language = language
        self.catalogue = (
            NullTranslations()
            if language is NATIVE
            else translation(DOMAIN, CATALOGUES, [language.code])
        )

    def say(self, sentence: str, /, **places: object) -> str:
        """Return a sentence with its places filled; a percent sign in it is doubled."""
        return self.catalogue.gettext(sentence) % places

    def count(self, one: str, many: str, number: int, /, **places: object) -> str:
        """Return what fits so many of something; its place `%(num)s` is the number itself."""
        return self.catalogue.ngettext(one, many, number) % {"num": self.number(number), **places}

    def retell(self, sentence: str) -> str | None:
        """Return a sentence that was made in English elsewhere, or `None` if it is not known."""
        if self.language is NATIVE:
            return sentence
        for pattern, known in _PATTERNS:
            found = pattern.fullmatch(sentence)
            if found:
                return self.say(known, **found.groupdict())
        return None

    def number(self, number: int | str | Decimal) -> str:
        """Return a number, or a decimal as text, to its last digit, its thousands set apart."""
        return f"{Decimal(number):,f}".translate(self._signs)

    def day(self, day: date) -> str:
        """Return a day in words."""
        pattern = self.language.first if day.day == 1 else self.language.day
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone
        return format_datetime(midnight, pattern, locale=self._locale)

    def time(self, moment: datetime) -> str:
        """Return a moment to the minute, in its own zone."""
        pattern = self.language.minute if moment.minute else self.language.hour
        hour = format_datetime(moment, pattern, moment.tzinfo, self._locale)
        zone = moment.tzname() or ""
        return self.say("%(day)s, %(hour)s %(zone)s", day=self.day(moment), hour=hour, zone=zone)

    def join(self, things: Sequence[str]) -> str:
        """Return things one after the other, “Ada, Ben and Cal”."""
        return format_list(things, locale=self._locale)

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(self.language.locale)

    @cached_property
    def _signs(self) -> dict[int, str]:
        group, point = get_group_symbol(self._locale), get_decimal_symbol(self._locale)
        return str.maketrans({",": group, ".": point, "-": "\N{MINUS SIGN}"})


def _read_pattern(sentence: str) -> re.Pattern[str]:
    """Return what matches the sentence with anything in its places."""
    return re.compile(PLACE.sub(r"(?P<\1>.+?)", re.escape(sentence.replace("%%", "%"))), re.DOTALL)


_PATTERNS = [(_read_pattern(each), each) for each in SENTENCES]

ENGLISH = Speaker(NATIVE)
"""What the terminal and all that programs read is said in."""
