"""Which answers a witness has seen in its batches, and which it has yet to see."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from beanjar.base.limits import ANSWERS_PER_PERSON, BATCH_PAIRS
from beanjar.fold.statement import Statement
from beanjar.space.closing import Closing
from beanjar.space.count import Pair
from beanjar.space.opening import Opening
from beanjar.space.question import Answer, Seen


class Sightings:
    """One witness's sightings on one opening; each look goes on where the last one stopped."""

    def __init__(self, closing: Closing, opening: Opening, device: str) -> None:
        """Look at what the witness with this device (hex) has said so far."""
        self._closing = closing
        self._opening = opening
        self._device = device
        self._seen: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._waiting: list[Statement] = []
        self._batches_read = self._answers_read = 0

    @property
    def persons(self) -> AbstractSet[str]:
        """The persons of whom an answer was seen."""
        return self._counts.keys()

    def due(self, admits: Callable[[Statement], bool]) -> list[Pair]:
        """Return the pairs that go into the next batch, as many as fit; `admits` says which may.

        What may not is asked about again next time: a person may come back.
        """
        self._catch_up()
        pairs: list[Pair] = []
        counts: Counter[str] = Counter()
        for said in self._waiting:
            if len(pairs) == BATCH_PAIRS:
                break
            before = self._counts.get(said.person, 0) + counts[said.person]
            if before < ANSWERS_PER_PERSON and admits(said):
                counts[said.person] += 1
                pairs.append((said.person, said.id))
        return pairs

    def _catch_up(self) -> None:
        batches = self._closing.words(self._device, Seen, self._opening)
        answers = self._closing.about(self._opening, Answer)
        for batch in batches[self._batches_read :]:
            assert isinstance(batch.body, Seen)
            self._seen.update(answer for _, answer in batch.body.pairs)
            self._counts.update(person for person, _ in batch.body.pairs)
        self._waiting += [
            said
            for said in answers[self._answers_read :]
            if not said.cut and self._opening.admits(said.person)
        ]
        self._waiting = [said for said in self._waiting if said.id not in self._seen]
        self._batches_read, self._answers_read = len(batches), len(answers)
