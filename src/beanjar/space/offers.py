"""Who offers to witness, and whose offer may be drawn: bodies, and the fold that adds them up."""

from collections import defaultdict
from collections.abc import Callable

from msgspec import Struct

from beanjar.base.ids import Hex
from beanjar.base.limits import VOUCHES
from beanjar.fold.fold import FoldKind
from beanjar.fold.merge import Latest
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.charter import Founding


class Offer(Body, frozen=True, tag="witness.offer"):
    """The device that says this stands ready to witness questions, until its person stops it."""


class Stop(Body, frozen=True, tag="witness.stop"):
    """A person takes back their offer, on any of their devices."""


class Vouch(Body, frozen=True, tag="member.vouch"):
    """A member knows this person, and would let their node witness."""

    person: Hex


class Unvouch(Body, frozen=True, tag="member.unvouch"):
    """A member takes back that they vouch for a person."""

    person: Hex


NODE_OFFERS = (Offer, Stop)
"""What a node says of itself."""
BODIES: tuple[type[Body], ...] = (*NODE_OFFERS, Vouch, Unvouch)


class Offered(Struct, frozen=True):
    """An offer that stands: whose it is, of which device, and its id, all in hex.

    `named`: the charter names the person. `vouched_by` is how many other members vouch for them.
    """

    person: str
    device: str
    offer: str
    named: bool
    vouched_by: int
    may_be_drawn: bool


class Offers:
    """The fold. Of what a person says of offering, and of vouching for somebody, the latest counts.

    Where the charter names nobody its founder counts as named, or nobody could witness in a new
    space. Vouching is worth what joining is worth: where anyone may join, anyone may bring along
    those who vouch for them.
    """

    def __init__(self) -> None:
        """Begin with no offers."""
        self._named: tuple[str, ...] = ()
        self._offers: Latest[str] = Latest()
        self._vouches: defaultdict[str, Latest[str]] = defaultdict(Latest)

    def add(self, said: Statement) -> None:
        """Take a statement of one of the bodies above, or the founding operation."""
        match said.body:
            case Founding() if said.seq == 0:
                self._named = said.body.charter.witnesses or (said.person,)
            case Offer() | Stop():
                self._offers.add(said.person, said)
            case Vouch() | Unvouch():
                self._vouches[said.body.person].add(said.person, said)

    def view(self, is_member: Callable[[str], bool]) -> list[Offered]:
        """Return the offers of those who are members now, in the order in which they were made."""
        return [
            self._describe(person, said, is_member)
            for person, said in self._offers.items()
            if isinstance(said.body, Offer) and is_member(person)
        ]

    def vouchers_of(self, person: str, is_member: Callable[[str], bool]) -> list[str]:
        """Return the other members who vouch for a person, in the order in which they said so."""
        return [
            voucher
            for voucher, word in self._vouches.get(person, Latest[str]()).items()
            if isinstance(word.body, Vouch) and voucher != person and is_member(voucher)
        ]

    def _describe(self, person: str, said: Statement, is_member: Callable[[str], bool]) -> Offered:
        named = person in self._named
        vouched_by = len(self.vouchers_of(person, is_member))
        may_be_drawn = named or vouched_by >= VOUCHES
        return Offered(person, said.device, said.id, named, vouched_by, may_be_drawn)


OFFERS = FoldKind(name="offers", make=Offers, bodies=frozenset({Founding, *BODIES}))
