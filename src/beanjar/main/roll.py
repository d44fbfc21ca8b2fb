"""Who is meant: people of a space, as they are named on the command line."""

from collections.abc import Sequence

from beanjar.base.errors import BeanjarError
from beanjar.space.members import Member, MembersView


class NoSuchMember(BeanjarError):
    """Somebody, or some device, that is not in the space."""


def find_people(members: MembersView, named: Sequence[str]) -> tuple[str, ...]:
    """Return the person keys (hex) of members named by name or by how their key begins."""
    return tuple(dict.fromkeys(_find_person(members, each).person for each in named))


def _find_person(members: MembersView, named: str) -> Member:
    present = [each for each in members.members if not each.left]
    by_name = [each for each in present if each.name.casefold() == named.casefold()]
    found = by_name or [each for each in present if each.person.startswith(named.lower())]
    if not found:
        raise NoSuchMember(f"Nobody here is called “{named}”. See beanjar space show.")
    if len(found) > 1:
        keys = ", ".join(each.person[:8] for each in found)
        raise NoSuchMember(f"Several are called “{named}”. Say which one: {keys}.")
    return found[0]
