import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.ops.words import WrongWords, spell, unspell

SEED = bytes(range(32))
WORDS = spell(SEED).split()


@given(st.binary(min_size=32, max_size=32))
def test_a_key_written_down_as_words_is_read_again(seed: bytes) -> None:
    words = spell(seed)
    assert len(words.split()) == 24
    assert unspell(words) == seed


def test_the_words_are_those_of_bip_39() -> None:
    assert spell(bytes(32)) == "abandon " * 23 + "art"
    assert spell(b"\xff" * 32) == "zoo " * 23 + "vote"


def test_spaces_and_capitals_do_not_matter() -> None:
    assert unspell("  " + "\n ".join(WORDS).title() + "\t") == SEED


@pytest.mark.parametrize("place", [0, 11, 23])
def test_a_slip_of_the_pen_is_named(place: int) -> None:
    slipped = [*WORDS[:place], "baenjar", *WORDS[place + 1 :]]
    with pytest.raises(WrongWords, match=rf"Word {place + 1}, “baenjar”"):
        unspell(" ".join(slipped))


@pytest.mark.parametrize("words", [WORDS[:23], [*WORDS, "abandon"], []])
def test_there_are_24_words(words: list[str]) -> None:
    with pytest.raises(WrongWords, match=rf"24 words; these are {len(words)}\."):
        unspell(" ".join(words))


def test_two_words_that_were_swapped_are_noticed() -> None:
    swapped = [WORDS[1], WORDS[0], *WORDS[2:]]
    with pytest.raises(WrongWords, match="may be swapped"):
        unspell(" ".join(swapped))


def test_a_wrong_word_is_noticed_even_if_it_is_on_the_list() -> None:
    with pytest.raises(WrongWords, match="may be swapped"):
        unspell(" ".join([*WORDS[:23], "zoo"]))
