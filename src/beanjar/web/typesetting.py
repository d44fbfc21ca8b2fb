"""Sentences as HTML: a speaker for pages that tell of things that people wrote and named."""

from functools import cache

from markupsafe import Markup

from beanjar.web.language import Language, Speaker


class Typesetter(Speaker):
    """A speaker of whose sentences every place is escaped and set apart.

    So what somebody wrote can be no part of the page, and one name that runs from right to left
    does not turn what stands beside it. What is text only, not a sentence, is no HTML yet:
    templates escape it.
    """

    def say(self, sentence: str, /, **places: object) -> Markup:
        """Return a sentence as HTML."""
        return _fill(self.catalogue.gettext(sentence), places)

    def count(self, one: str, many: str, number: int, /, **places: object) -> Markup:
        """Return what fits so many of something, as HTML."""
        sentence = self.catalogue.ngettext(one, many, number)
        return _fill(sentence, {"num": self.number(number), **places})


@cache
def typesetter_of(language: Language) -> Typesetter:
    """Return the typesetter of a language."""
    return Typesetter(language)


def _fill(sentence: str, places: dict[str, object]) -> Markup:
    apart = {name: _set_apart(place) for name, place in places.items()}
    return Markup(sentence) % apart  # noqa: S704 - sentences are the program's own


def _set_apart(place: object) -> Markup:
    return place if isinstance(place, Markup) else Markup("<bdi>{}</bdi>").format(place)
