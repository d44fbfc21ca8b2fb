"""The fold of who is here: the charter, the members, their profiles and devices."""

from collections import defaultdict

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.fold.fold import FoldKind
from beanjar.fold.merge import Latest
from beanjar.fold.statement import Statement
from beanjar.space.charter import BODIES, Charter, Founding, Join, Leave, Profile, Uninvite


class Member(Struct, frozen=True):
    """One person who is or was a member. `joined` is ms, `devices` are keys in hex."""

    person: str
    name: str
    line: str
    sealing_key: str | None
    joined: int
    left: bool
    devices: list[str]


class MembersView(Struct, frozen=True):
    """The space and who takes part, the founder first, then in the order of joining.

    Of an `example` the people are made up.
    """

    name: str
    purpose: str
    founder: str
    founded: int
    charter: Charter
    members: list[Member]
    example: bool = False


class NotFounded(BeanjarError):
    """A space whose first operation is not here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The first entry of this space has not arrived yet. Try again later.")


def short_name(person: str) -> str:
    """Return what to call a person (hex) who has not said a name."""
    return f"someone ({person[:6]})"


class Members:
    """The fold. Whether a log may begin at all was decided by `beanjar.space.admission`."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._founding: Statement | None = None
        self._joins: defaultdict[str, dict[str, Statement]] = defaultdict(dict)
        self._leaves: Latest[str] = Latest()
        self._profiles: Latest[str] = Latest()
        self._uninvited: dict[tuple[str, str], int] = {}
        self._present: set[str] = set()

    def add(self, said: Statement) -> None:
        """Take a statement of one of the bodies in `beanjar.space.charter`."""
        match said.body:
            case Founding() if said.seq == 0:
                self._founding = said
                self._joins[said.person][said.id] = said
            case Join() if said.body.certificate.person == said.person:
                self._joins[said.person][said.id] = said
            case Leave():
                self._leaves.add(said.person, said)
            case Profile():
                self._profiles.add(said.person, said)
            case Uninvite():
                key = (said.person, said.body.key)
                self._uninvited[key] = min(said.time, self._uninvited.get(key, said.time))
                self._present = {person for person in self._joins if self._is_here(person)}
        if self._is_here(said.person):
            self._present.add(said.person)
        else:
            self._present.discard(said.person)

    def __len__(self) -> int:
        """Return how many members there are now."""
        return len(self._present)

    def has(self, person: str) -> bool:
        """Say whether the person is a member now."""
        return person in self._present

    def joined_since(self, time: int) -> int:
        """Return how many of those who are here came after `time` (ms), as they claim."""
        first = (min(said.time for said in self._good_joins(each)) for each in self._present)
        return sum(each > time for each in first)

    def name_of(self, person: str) -> str:
        """Return what to call a person, be they a member or not."""
        profile = self._profile(person)
        return profile.name if profile else short_name(person)

    def find(self, person: str) -> Member | None:
        """Return a person who is or was a member, or `None`."""
        joins = self._good_joins(person)
        return self._member(person, joins) if joins else None

    def joins_of(self, person: str) -> list[Statement]:
        """Return the joins of a person that count, and the founding if it is theirs, in order."""
        return sorted(self._good_joins(person), key=lambda said: said.stamp)

    @property
    def founding(self) -> Founding:
        """What the space was founded with. Raises `NotFounded` while that has not arrived."""
        if self._founding is None or not isinstance(self._founding.body, Founding):
            raise NotFounded
        return self._founding.body

    @property
    def founded(self) -> int:
        """When the space was founded, in ms; 0 while that is not known."""
        return self._founding.time if self._founding else 0

    def view(self, given: object) -> MembersView:
        """Return the space and its members; `given` is not looked at."""
        del given
        founding = self.founding
        members = [
            self._member(person, joins)
            for person in self._joins
            if (joins := self._good_joins(person))
        ]
        founder = founding.certificate.person
        return MembersView(
            name=founding.name,
            purpose=founding.purpose,
            founder=founder,
            founded=self.founded,
            charter=founding.charter,
            members=sorted(
                members, key=lambda each: (each.person != founder, each.joined, each.person)
            ),
            example=founding.example,
        )

    def _is_here(self, person: str) -> bool:
        joins, leave = self._good_joins(person), self._leaves.get(person)
        return bool(joins) and (leave is None or max(each.stamp for each in joins) > leave.stamp)

    def _good_joins(self, person: str) -> list[Statement]:
        """Return the joins that count: coming back does for whoever was let in by a log's first."""
        joins = self._joins.get(person, {}).values()
        good = [said for said in joins if not self._is_uninvited(said)]
        return good if any(said.seq == 0 for said in good) else []

    def _is_uninvited(self, said: Statement) -> bool:
        if not isinstance(said.body, Join) or not said.body.invitation:
            return False
        hop = said.body.invitation[-1]
        return said.time > self._uninvited.get((hop.certificate.person, hop.key), said.time)

    def _profile(self, person: str) -> Profile | None:
        said = self._profiles.get(person)
        return said.body if said is not None and isinstance(said.body, Profile) else None

    def _member(self, person: str, joins: list[Statement]) -> Member:
        profile = self._profile(person) or Profile(short_name(person))
        return Member(
            person=person,
            name=profile.name,
            line=profile.line,
            sealing_key=profile.sealing_key,
            joined=min(join.time for join in joins),
            left=not self.has(person),
            devices=sorted({join.device for join in joins}),
        )


MEMBERS = FoldKind(name="members", make=Members, bodies=frozenset(BODIES))
