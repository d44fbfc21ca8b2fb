"""How witnesses agree on the closes that count.

With one witness there is nothing to agree on: its own close is the set, and its own precommit is
the certificate. For more, this is where the agreement protocol has its place: it decides, from the
same fold, what a witness says next.
"""

from beanjar.fold.statement import Statement
from beanjar.space.closing import Closing
from beanjar.space.opening import Opening
from beanjar.space.question import Close, Precommit


def next_vote(closing: Closing, opening: Opening, device: str) -> Precommit | None:
    """Return the precommit that this witness should sign now, or `None`."""
    if len(opening.devices) > 1:
        return None
    closes = [said.id for said in closing.about(opening, Close) if said.device == device]
    return Precommit(opening.said.id, 0, (closes[0],)) if closes else None


def deciding_votes(closing: Closing, opening: Opening) -> list[Statement]:
    """Return the precommits, one a witness, that settle the question, or none if they do not."""
    votes = [said for said in closing.about(opening, Precommit) if said.device in opening.devices]
    return votes if len(opening.devices) == 1 else []
