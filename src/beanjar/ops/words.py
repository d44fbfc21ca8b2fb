"""A person key as 24 words that one can write on paper (BIP 39, English list)."""

from functools import cache

from mnemonic import Mnemonic

from beanjar.base.errors import BeanjarError


class WrongWords(BeanjarError):
    """Words that are not somebody's 24 words."""


def spell(seed: bytes) -> str:
    """Return the 24 words that stand for the 32 secret bytes."""
    return _list().to_mnemonic(seed)


def unspell(words: str) -> bytes:
    """Return the 32 secret bytes for which the words stand; spaces and capitals do not matter.

    Raises `WrongWords`, saying which word is not on the list.
    """
    said = words.lower().split()
    for place, word in enumerate(said, start=1):
        if word not in _list().wordlist:
            raise WrongWords(f"Word {place}, “{word}”, is not on the list. Look for a slip.")
    if len(said) != 24:  # noqa: PLR2004 - the words are twenty-four, as the sentence says
        raise WrongWords(f"There are 24 words; these are {len(said)}.")
    if not _list().check(" ".join(said)):
        raise WrongWords("These words do not belong together: two may be swapped, or one is wrong.")
    return bytes(_list().to_entropy(said))


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")
