"""The draw itself: a function of the pool, the lottery and a seed that nobody knew before."""

from hashlib import sha256

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.sortition.fairness import Lottery
from beanjar.wisdom.sortition.quotas import Pool

TICKET, PERSON = b"ticket", b"person"


def mix_seed(secrets: dict[bytes, bytes]) -> bytes:
    """Return SHA-256 over all secrets, each with who gave it, in the order of who gave them."""
    parts = (part for pair in sorted(secrets.items()) for part in pair)
    return sha256(b"".join(len(part).to_bytes(4) + part for part in parts)).digest()


def draw_panel(pool: Pool, names: list[bytes], lottery: Lottery, seed: bytes) -> tuple[int, ...]:
    """Return who is drawn, by their places in the pool, in ascending order.

    The seed draws a ticket, which says how many of each kind; who of a kind comes first in the
    order of SHA-256(seed ‖ "person" ‖ name) is drawn. `names` tell everybody in the pool apart.
    Raises `NoFigure` for a lottery that does not fit.
    """
    lottery.check(pool)
    if len(names) != len(pool.people) or len(set(names)) != len(names):
        raise NoFigure("Give everybody in the pool a name of their own.")
    panel = _find_panel(lottery, _draw_below(sum(lottery.tickets), seed))
    drawn: list[int] = []
    for count, people in zip(panel, pool.kinds.values(), strict=True):
        drawn += order_by_lot(people, names, seed)[:count]
    return tuple(sorted(drawn))


def order_by_lot(people: tuple[int, ...], names: list[bytes], seed: bytes) -> list[int]:
    """Return people, by their places, in the order in which the seed draws them."""
    return sorted(people, key=lambda place: sha256(seed + PERSON + names[place]).digest())


def _find_panel(lottery: Lottery, ticket: int) -> tuple[int, ...]:
    for panel, tickets in zip(lottery.panels, lottery.tickets, strict=True):
        if ticket < tickets:
            return panel
        ticket -= tickets
    raise AssertionError("There are as many tickets as all panels have.")


def _draw_below(count: int, seed: bytes) -> int:
    """Return a number below `count`, each as likely: what would favour some is drawn again."""
    most = 2**256 - 2**256 % count
    number = most
    turn = 0
    while number >= most:
        number = int.from_bytes(sha256(seed + TICKET + turn.to_bytes(4)).digest())
        turn += 1
    return number % count
