import json
from collections.abc import Callable, Sequence

import msgspec
import pytest

from beanjar.base.clock import DAY
from beanjar.base.limits import INVITATION_HOPS
from beanjar.ops.errors import Refused
from beanjar.space.admission import admit
from beanjar.space.charter import Charter, Hop, Join, Uninvite
from beanjar.space.invitation import Invitation, NotInvited, invite, use_invitation
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person, make_key
from tests.space.tiny import TINY, replay, see_all
from tests.told import told

Hops = tuple[Hop, ...]


class Club:
    """A space that lets people in by invitation."""

    def __init__(self, founder: Person) -> None:
        self.table = Gathering(founder, [TINY], Charter("invitation"))
        self.id = self.table.space.id
        self.links = 0

    def link(
        self, device: Device, before: Hops = (), *, days: int = 7, space: bytes | None = None
    ) -> Invitation:
        """Return a new link of a member's device; the founder's certificate is for no space."""
        self.links += 1
        founding = device.key.public == self.table.operations[0].key
        return invite(
            device.key,
            device.certificate(bytes(32) if founding else self.id),
            self.id if space is None else space,
            secret=make_key(f"link {self.links}").seed,
            until=self.table.now + days * DAY,
            before=before,
        )

    def use(self, link: Invitation, person: Person) -> Hops:
        """Return the chain with which a person joins."""
        return use_invitation(link, self.id, person.key.public)

    def join(self, device: Device, hops: Hops) -> None:
        """Let a device join, or not."""
        joined = device.copied().join(self.id, self.table.clock.pass_time(), hops)
        admit(joined, self.table.operations[0])
        self.table.take(device.join(self.id, joined.time, hops))

    def bring(self, link: Invitation, person: Person) -> Hops:
        """Let a person come in by a link; return the chain, by which they invite others."""
        hops = self.use(link, person)
        self.join(person.device, hops)
        return hops

    def has(self, *persons: Person) -> list[bool]:
        """Say which of the persons are members."""
        return [self.table.space.members.has(person.id) for person in persons]


@pytest.fixture
def club(ada: Person) -> Club:
    return Club(ada)


def test_without_an_invitation_nobody_comes_in(club: Club, ben: Person) -> None:
    with told(NotInvited, "Ask a member for a link"):
        club.join(ben.device, ())
    assert club.has(ben) == [False]


def test_the_founders_invitation_lets_in(club: Club, ada: Person, ben: Person) -> None:
    club.bring(club.link(ada.device), ben)
    assert club.has(ada, ben) == [True, True]


def test_an_invitation_is_never_used_up(club: Club, ada: Person, ben: Person, cal: Person) -> None:
    link = club.link(ada.device)
    for person in (ben, cal):
        club.bring(link, person)
    assert club.has(ben, cal) == [True, True]


def test_the_founders_second_device_comes_in_by_its_certificate_alone(
    club: Club, ada: Person
) -> None:
    club.join(ada.new_device("laptop"), ())
    assert len(club.table.space.members.view(None).members[0].devices) == 2


def test_any_device_of_a_member_can_invite_and_be_let_in(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    laptop = ada.new_device("laptop")
    club.join(laptop, ())
    hops = club.bring(club.link(laptop), ben)
    tablet = ben.new_device("tablet")
    club.join(tablet, hops)
    club.bring(club.link(tablet, hops), cal)
    assert club.has(ben, cal) == [True, True]


def test_a_member_lets_a_new_device_in_long_after_their_own_invitation_ran_out(
    club: Club, ada: Person, ben: Person
) -> None:
    hops = club.bring(club.link(ada.device), ben)
    club.table.clock.pass_time(30 * DAY)
    tablet = ben.new_device("tablet")
    with told(NotInvited, "run out"):
        club.join(tablet, hops)
    club.join(tablet, club.use(club.link(ben.device, hops), ben))
    assert len(club.table.space.members.view(None).members[1].devices) == 2


def chain(club: Club, founder: Person, length: int) -> tuple[Hops, Person]:
    """Let so many people in, each invited by the one before; return the last one's chain."""
    hops: Hops = ()
    inviter = founder
    for number in range(length):
        guest = Person(f"Guest {number}")
        hops = club.bring(club.link(inviter.device, hops), guest)
        inviter = guest
    return hops, inviter


def test_a_chain_of_eight_invitations_lets_in(club: Club, ada: Person) -> None:
    hops, last = chain(club, ada, INVITATION_HOPS)
    assert len(hops) == 8
    assert club.has(last) == [True]


def test_a_chain_of_nine_invitations_does_not(club: Club, ada: Person, ben: Person) -> None:
    hops, last = chain(club, ada, INVITATION_HOPS)
    with told(NotInvited, "nearer the founder"):
        club.link(last.device, hops)
    shorter = club.link(last.device, hops[:-1])
    ninth = club.use(msgspec.structs.replace(shorter, before=hops), ben)
    assert len(ninth) == 9
    with told(Refused):
        club.join(ben.device, ninth)


def test_an_invitation_holds_to_its_last_moment_and_no_longer(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    link = club.link(ada.device)
    club.table.clock.pass_time(7 * DAY - 1000)
    club.bring(link, ben)
    assert club.table.now == link.until
    with told(NotInvited, "run out"):
        club.bring(link, cal)
    assert club.has(ben, cal) == [True, False]


def test_who_came_in_in_time_may_invite_after_their_own_invitation_ran_out(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    hops = club.bring(club.link(ada.device), ben)
    club.table.clock.pass_time(30 * DAY)
    club.bring(club.link(ben.device, hops), cal)
    assert club.has(cal) == [True]


def test_who_joins_after_an_invitation_was_taken_back_is_no_member(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    link = club.link(ada.device)
    hops = club.bring(link, ben)
    club.table.say(ada.new_device("laptop"), Uninvite(hops[0].key))
    club.bring(link, cal)
    assert club.has(ben, cal) == [True, False]
    assert see_all(replay(club.table)) == see_all(club.table.space)


def test_who_is_no_member_does_not_become_one_by_joining_again(
    club: Club, ada: Person, ben: Person
) -> None:
    link = club.link(ada.device)
    club.table.say(ada.device, Uninvite(club.use(link, ben)[0].key))
    club.bring(link, ben)
    fresh = club.use(club.link(ada.device), ben)
    for hops in ((), club.use(link, ben), fresh):
        club.table.say(ben.device, Join(ben.device.certificate(club.id), hops))
    assert club.has(ben) == [False]
    club.join(ben.new_device("tablet"), fresh)
    assert club.has(ben) == [True]


def test_an_invitation_can_be_taken_back_by_who_gave_it_only(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    hops = club.bring(club.link(ada.device), ben)
    link = club.link(ben.device, hops)
    for person in (ada, cal):
        if person is cal:
            club.bring(club.link(ada.device), cal)
        club.table.say(person.device, Uninvite(club.use(link, cal)[-1].key))
    dan = Person("Dan")
    club.bring(link, dan)
    assert club.has(dan) == [True]
    club.table.say(ben.device, Uninvite(club.use(link, dan)[-1].key))
    eve = Person("Eve")
    club.bring(link, eve)
    assert club.has(dan, eve) == [True, False]


def test_a_join_stands_when_its_inviter_is_no_member_any_more(
    club: Club, ada: Person, ben: Person, cal: Person
) -> None:
    link = club.link(ada.device)
    hops = club.bring(link, ben)
    further = club.link(ben.device, hops)
    club.bring(further, cal)
    club.table.say(ada.device, Uninvite(hops[0].key))
    assert club.has(ben, cal) == [True, True]


Trick = Callable[[Club, Person, Person, Hops], Hops]
TRICKS: list[Trick] = []


def trick(done: Trick) -> Trick:
    TRICKS.append(done)
    return done


@trick
def it_was_given_for_another_space(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del hops
    return club.use(club.link(ada.device, space=bytes(31) + b"1"), cal)


@trick
def it_was_used_for_another_space(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del hops
    return use_invitation(club.link(ada.device), bytes(31) + b"1", cal.key.public)


@trick
def it_was_used_by_somebody_else(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del cal
    return (*hops[:-1], club.use(club.link(ada.device), Person("Dan"))[0])


@trick
def a_hop_is_missing_at_the_beginning(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del club, ada, cal
    return hops[1:]


@trick
def a_hop_is_missing_at_the_end(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del club, ada, cal
    return hops[:-1]


@trick
def the_hops_are_in_another_order(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del club, ada, cal
    return hops[::-1]


@trick
def a_hop_stands_there_twice(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del club, ada, cal
    return (hops[0], *hops)


@trick
def a_stranger_gave_it(club: Club, ada: Person, cal: Person, hops: Hops) -> Hops:
    del ada, hops
    return club.use(club.link(Person("Eve").device), cal)


@trick
def a_stranger_gave_it_with_a_members_chain(
    club: Club, ada: Person, cal: Person, hops: Hops
) -> Hops:
    del ada
    return club.use(club.link(Person("Eve").device, hops[:1]), cal)


@trick
def a_stranger_gave_it_in_the_founders_name(
    club: Club, ada: Person, cal: Person, hops: Hops
) -> Hops:
    del hops
    link = club.link(Person("Eve").device)
    return club.use(msgspec.structs.replace(link, certificate=ada.device.certificate(club.id)), cal)


@trick
def a_stranger_gave_it_for_the_founders_device(
    club: Club, ada: Person, cal: Person, hops: Hops
) -> Hops:
    del hops
    eve = Device(Person("Eve").key, "Ada's phone")
    assert eve.key.public == ada.device.key.public
    return club.use(
        msgspec.structs.replace(club.link(ada.device), certificate=eve.certificate(club.id)), cal
    )


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_an_invitation_does_not_let_in_where(
    club: Club, ada: Person, ben: Person, cal: Person, trick: Trick
) -> None:
    before = club.bring(club.link(ada.device), ben)
    hops = club.use(club.link(ben.device, before), cal)
    with told(NotInvited, "does not lead back to the founder"):
        club.join(cal.device, trick(club, ada, cal, hops))
    club.join(cal.device, hops)
    assert club.has(cal) == [True]


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths to all that stands in plain data."""
    if isinstance(value, dict):
        return [each for key in value for each in places(value[key], (*path, key))]
    if isinstance(value, list):
        return [each for key, part in enumerate(value) for each in places(part, (*path, key))]
    return [path]


def change(plain: object, path: Sequence[str | int], *, at: int) -> None:
    """Change one bit of what stands at the path, there where its digit `at` is."""
    *way, last = path
    holder = plain
    for step in way:
        holder = holder[step]  # type: ignore[index] # plain data all the way down
    held = holder[last]  # type: ignore[index]
    if isinstance(held, int):
        holder[last] = held ^ 1  # type: ignore[index]
    else:
        digit = f"{int(held[at], 16) ^ 1:x}"
        holder[last] = held[:at] + digit + held[at + 1 :]  # type: ignore[index]


def test_no_bit_of_an_invitation_can_be_changed(
    club: Club, ada: Person, ben: Person, cal: Person, scale: int
) -> None:
    before = club.bring(club.link(ada.device), ben)
    hops = club.use(club.link(ben.device, before), cal)
    plain = json.loads(msgspec.json.encode(hops))
    assert len(places(plain)) == 2 * 7
    for path in places(plain):
        for at in (0, 31, 63) if scale == 1 else range(64):
            changed = json.loads(json.dumps(plain))
            change(changed, path, at=at)
            with told(Refused):
                club.join(cal.device, msgspec.convert(changed, Hops))
    club.join(cal.device, hops)
