"""Looks at a question from outside, as anybody could, for a trace of what the crowd thinks."""

import re

from beanjar.base.errors import BeanjarError

_NUMBER = re.compile(rb"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
"""A number, as people or as programs write it."""


class Leak(BeanjarError):
    """Something about the crowd that shows before the close."""


def check_secrecy(before: dict[str, bytes], after: dict[str, bytes], answers: int) -> None:
    """Check what the pages say before and after one more answer, beside the number of `answers`.

    Both map addresses to contents. Raises `Leak`, naming the address, if anything else differs
    than that where one says `answers - 1` the other says `answers`.
    """
    counts = [answers - 1, answers]
    for address, old in before.items():
        new = after[address]
        if _NUMBER.split(old) != _NUMBER.split(new):
            raise Leak(f"{address} shows more than the number of answers, before the close.")
        for pair in zip(_read_numbers(old), _read_numbers(new), strict=True):
            if pair[0] != pair[1] and list(pair) != counts:
                raise Leak(f"{address} shows a number that depends on the answers: {pair}.")


def _read_numbers(page: bytes) -> list[int]:
    return [int(found.replace(b",", b"")) for found in _NUMBER.findall(page)]
