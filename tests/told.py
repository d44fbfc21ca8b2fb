"""What a person is told when something cannot be done: a sentence, and about what."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from beanjar.base.errors import BeanjarError

SENTENCE = re.compile(r"[A-Z0-9“][^\n]* [^\n]*[a-z0-9”)…][.]")
CODE = re.compile(r"None|Error\b|b'|0x|[{}<>]|[0-9a-f]{17}")


def is_sentence(text: str) -> bool:
    """Say whether a person can read this: a whole sentence, with nothing from the code in it."""
    return SENTENCE.fullmatch(text) is not None and CODE.search(text) is None


@contextmanager
def told(kind: type[BeanjarError], about: str = "") -> Iterator[None]:
    """Expect an error of this kind whose text is a sentence in which `about` stands."""
    with pytest.raises(kind) as caught:
        yield
    assert is_sentence(str(caught.value)), caught.value
    assert about in str(caught.value)
