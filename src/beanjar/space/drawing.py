"""Drawing the witnesses of a question from those who offer.

The order is SHA-256(seed ‖ offer id), the seed being the id of the operation before the ask in
the asker's log. So whoever knows the same offers can work out whom a fair asker took.

It binds no asker. The next seed depends on what one says next, so an asker can steer the draw by
trying; whoever offers can try too, by offering anew. It spreads the work evenly, and no more.
"""

from collections.abc import Sequence
from hashlib import sha256

from beanjar.base.errors import BeanjarError
from beanjar.space.offers import Offered
from beanjar.space.question import QUORUMS


class TooFewOffers(BeanjarError):
    """Fewer nodes may be drawn than are wished for."""


def count_drawn(offers: Sequence[Offered]) -> int:
    """Return the largest number of witnesses that the offers can fill: 7, 4, 1, or 0 for none."""
    drawable = sum(each.may_be_drawn for each in offers)
    return max((count for count in QUORUMS if count <= drawable), default=0)


def draw(seed: bytes, offers: Sequence[Offered], count: int) -> tuple[str, ...]:
    """Return the devices (hex) of so many witnesses, in the order in which they are drawn.

    `seed` is the id (32 bytes) of the operation before the ask. Raises `TooFewOffers`.
    """
    drawable = [each for each in offers if each.may_be_drawn]
    if len(drawable) < count:
        raise TooFewOffers(
            f"A question with {count} witnesses needs as many nodes that may be drawn, and there "
            f"are {len(drawable)}. Wish for fewer, or let members vouch for those who offer."
        )
    drawn = sorted(drawable, key=lambda each: sha256(seed + bytes.fromhex(each.offer)).digest())
    return tuple(each.device for each in drawn[:count])
