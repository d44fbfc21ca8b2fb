"""The same laws for whole spaces: real signed operations, as they might arrive at any node.

Operations of one log come in their order, as a node's intake has it; logs come mixed up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import methodcaller
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from beanjar.base.clock import DAY
from beanjar.ops.device import LastWord, revoke_device
from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.space.charter import Charter, Erase, Founding, Profile, Revoke
from beanjar.space.space import Space
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person
from tests.laws.pictures import picture_of_space
from tests.laws.plays import ALL, plays

tries = settings(max_examples=max(5, settings().max_examples // 3))
every_play = given(gathering=plays(ALL), chance=st.randoms(use_true_random=False))

Logs = dict[bytes, list[Operation]]
Event = Callable[[Space], object]


def logs_of(gathering: Gathering) -> Logs:
    logs: Logs = defaultdict(list)
    for operation in gathering.operations:
        logs[operation.key].append(operation)
    return logs


def mixed(logs: Logs, chance: Random) -> Iterator[Operation]:
    """Yield the operations of all logs, each log in its order; the founder's first comes first."""
    founder, *others = logs
    turns = [key for key in others for _ in logs[key]] + [founder] * (len(logs[founder]) - 1)
    left = {key: iter(log) for key, log in logs.items()}
    yield next(left[founder])
    yield from (next(left[key]) for key in chance.sample(turns, len(turns)))


def cold(gathering: Gathering, operations: Sequence[Operation]) -> Space:
    """Return a space that is read anew."""
    space = Space(gathering.space.id, gathering.space.tools)
    for operation in operations:
        space.add(operation)
    return space


def forks_of(gathering: Gathering, chance: Random) -> list[ForkProof]:
    """Return up to two proofs that a device said something else as well."""
    named = {each.public: each for each in KEYS}
    logs = [log for key, log in logs_of(gathering).items() if key in named]
    return [
        _fork(log, named[log[0].key], chance) for log in chance.sample(logs, chance.randint(0, 2))
    ]


KEYS = [
    device.key
    for person in map(Person, ("Ada", "Ben", "Cal"))
    for device in (person.device, person.new_device("laptop"), person.new_device("node"))
]


def _fork(log: Sequence[Operation], key: SigningKey, chance: Random) -> ForkProof:
    place = chance.randrange(len(log))
    head = head_of(log[place - 1]) if place else EMPTY
    space, salt = log[0].effective_space, bytes(16)
    other = write_operation(key, space, head, b"{}", salt=salt, time=log[place].time)
    return prove_fork([log[place]], [other])


@tries
@every_play
def test_the_order_of_the_logs_makes_no_difference(gathering: Gathering, chance: Random) -> None:
    operations = mixed(logs_of(gathering), chance)
    assert picture_of_space(cold(gathering, list(operations))) == picture_of_space(gathering.space)


@tries
@every_play
def test_what_arrives_again_makes_no_difference(gathering: Gathering, chance: Random) -> None:
    expected = picture_of_space(cold(gathering, gathering.operations))
    for operation in chance.choices(gathering.operations, k=10):
        gathering.space.add(operation)
    assert picture_of_space(gathering.space) == expected


@tries
@every_play
def test_a_warm_space_shows_what_one_read_anew_shows(gathering: Gathering, chance: Random) -> None:
    """Forks become known, bodies are erased and expire, and pages are looked at, at any time."""
    forks = forks_of(gathering, chance)
    gone = {each.id for each in gathering.operations if _may_go(gathering, each, chance)}
    anew = cold(
        gathering,
        [each.without_body() if each.id in gone else each for each in gathering.operations],
    )
    for fork in forks:
        anew.cut(fork)
    warm = Space(gathering.space.id, gathering.space.tools)
    events = _mix_in(mixed(logs_of(gathering), chance), forks, chance)
    for event in events:
        event(warm)
    warm.drop(sorted(gone))
    assert picture_of_space(warm) == picture_of_space(anew)


def _may_go(gathering: Gathering, operation: Operation, chance: Random) -> bool:
    said = gathering.space.read(operation)
    return said is not None and not said.body.lasting and chance.random() < 0.3


def _mix_in(
    operations: Iterator[Operation], forks: Sequence[ForkProof], chance: Random
) -> list[Event]:
    events: list[Event] = [methodcaller("add", each) for each in operations]
    sudden: list[Event] = [picture_of_space, *(methodcaller("cut", fork) for fork in forks)]
    for event in sudden:
        events.insert(chance.randint(1, len(events)), event)
    return events


def test_a_space_outlives_its_founder_whatever_they_sign(ada: Person, ben: Person) -> None:
    gathering = Gathering(ada, ALL)
    gathering.say(ben.device, Profile("Ben"))
    before = picture_of_space(gathering.space)
    join = Device(ada.key, "Ada's phone").join(gathering.space.id, gathering.now)
    gathering.space.cut(prove_fork([gathering.operations[0]], [join]))
    assert picture_of_space(gathering.space) == before


def test_nobody_founds_a_space_a_second_time(ada: Person, ben: Person) -> None:
    gathering = Gathering(ada, ALL)
    certificate = ben.device.certificate(gathering.space.id)
    gathering.say(ben.device, Profile("Ben"))
    before = picture_of_space(gathering.space)
    gathering.say(ben.device, Founding("Ben's table", certificate, charter=Charter(erasers=1)))
    assert picture_of_space(gathering.space) == before
    word = gathering.say(ada.device, Profile("Ada"))
    gathering.say(ben.device, Erase(word))
    assert not gathering.space.erases(gathering.find_operation(word))


def test_a_revocation_neither_expires_nor_is_erased(ada: Person, ben: Person) -> None:
    gathering = Gathering(ada, ALL)
    lost, messenger = ben.device, ben.new_device("laptop")
    joined = gathering.find_operation(gathering.say(lost, Profile("Ben")))
    word = LastWord(gathering.space.id, joined.key, joined.seq, joined.id)
    revoke = Revoke(lost.name, word.seq, word.last.hex(), revoke_device(ben.key, word))
    revoked = gathering.say(messenger, revoke)
    gathering.say(messenger, Erase(revoked))
    assert not gathering.space.erases(gathering.find_operation(revoked))
    expiring = messenger.write(gathering.space.id, revoke, gathering.now, gathering.now + DAY)
    assert gathering.space.read(expiring) is None
