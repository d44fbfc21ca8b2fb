"""What a crowd says: the same texts in every run, as logs of a space or for a peer to carry.

A thousand authors say a hundred texts each, in turns. A text is made of sentences: common English
words and a number now and then, drawn by a chance seeded with the author's number. They make no
sense, but have about as much order as prose: zlib takes a log's worth of texts to 0.43 of its size
(this project's own documents to 0.37). All is ASCII, so that characters are bytes, and nothing is
there for JSON to escape.
"""

import random
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Profile
from beanjar.testing.people import Device, Person

AUTHORS = 1_000
TEXTS = 100
"""Texts of each author."""
LENGTHS = range(100, 260)
"""Characters of a text. As a profile it has 41 more, so that our bodies are of up to 300 bytes."""
NAME = 60
"""As many characters of a text as the name in a profile takes."""
START = 1_700_000_000_000
TURN = 7_000
"""From one text to the next, in ms."""
NUMBERS = 0.4
"""The chance that a sentence has a number in it."""
VOCABULARY = """
    a about above after again against all almost along already also always among an and animal
    another any are around as ask at autumn away back barn be because become been before began
    behind believe below best better between big blue board body bread bring brother build but
    butter by call came can car carry cattle change child church city clear close cold come could
    count country cow crowd cut dark day decide did different do door down draw early earth eat
    eight end enough estimate even ever every fair fall family far farmer fast father feet few field
    find first five food for forest found four friend from front full garden gave get girl give go
    gold good grass great green ground group grow had half hand hard have he head hear heavy help
    her here high hill him his hold home horse hot hour house how hundred idea if in inch into is it
    jar judge just keep kind knew know land large last later learn leave left letter light like line
    list little live long look low made make man many market me mean measure median might mile milk
    mind money more morning most mother mountain much must my name near need neighbour never new
    next night no north nothing now number of off often old on once one only open or order other our
    out over ox own page paper part people perhaps person picture piece plan plant point pound power
    price question quick rain ran reach ready really red rest rich right river road room round rule
    run said same saw say school scale sea second see seem set seven several she sheep short should
    show side simple since six sky sleep slow small snow so some song soon sound south space stand
    star start state stay still stone stop story street strong such summer sun sure table take talk
    tell ten than that the their them then there these they thing think this those thought thousand
    three through ticket time to together told tomorrow too took top toward town travel tree true
    try turn two under until up us use usual very village voice vote wait walk want warm was watch
    water way we weather week weigh weight well went were west what wheel when where which while
    white who whole why will wind winter with without wonder wood word work world would write wrong
    year yellow yes yesterday yet you young your
"""
WORDS = VOCABULARY.split()


class Said(NamedTuple):
    """One text. `author` is from 0, `time` in ms."""

    author: int
    time: int
    text: str


def say_all() -> Iterator[Said]:
    """Yield what all say, author by author."""
    for author in range(AUTHORS):
        yield from say(author)


def say(author: int) -> Iterator[Said]:
    """Yield what one author says, the earliest first."""
    chance = random.Random(author)  # noqa: S311 - the same texts in every run
    for place in range(TEXTS):
        time = START + TURN * (AUTHORS * place + author)
        yield Said(author, time, _write_text(chance))


def write_logs() -> tuple[bytes, list[bytes]]:
    """Return the id of a space and its logs, one run for each author, the founder's first.

    A log begins with the founding of the space or with a join, in the place of the author's first
    text. Each other text is a profile, its beginning as the name: a body that the folds read.
    """
    founder = Person("author 0").device
    founded = founder.found(Founding("A crowd", founder.certificate(bytes(32))), START)
    runs = [write_run([founded, *_write_profiles(founder, founded.id, 0)])]
    for author in range(1, AUTHORS):
        device = Person(f"author {author}").device
        joined = device.join(founded.id, START + TURN * author)
        runs.append(write_run([joined, *_write_profiles(device, founded.id, author)]))
    return founded.id, runs


def _write_profiles(device: Device, space: bytes, author: int) -> Iterator[Operation]:
    for _, time, text in islice(say(author), 1, None):
        yield device.write(space, Profile(text[:NAME], text[NAME:]), time)


def _write_text(chance: random.Random) -> str:
    length, text = chance.choice(LENGTHS), ""
    while len(text) < length:
        text += _write_sentence(chance)
    return text[:length]


def _write_sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randint(4, 12))
    if chance.random() < NUMBERS:
        words[chance.randrange(len(words))] = str(chance.randint(2, 2_000))
    return " ".join(words).capitalize() + ". "
