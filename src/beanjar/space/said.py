"""The statements of one question, found by their kind and by what they name."""

from collections import defaultdict

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.opening import Opening, is_sound
from beanjar.space.question import Answer, Ask


class Said:
    """What has been said about one question. Every tool's asks are of one kind, so are answers."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.asked: Statement | None = None
        """The ask, if it has arrived and its witnesses have a quorum."""
        self._by_kind: defaultdict[type[Body], dict[str, Statement]] = defaultdict(dict)
        self._naming: defaultdict[tuple[type[Body], str], list[Statement]] = defaultdict(list)
        self._words: defaultdict[tuple[str, type[Body], str], list[Statement]] = defaultdict(list)

    def add(self, said: Statement) -> None:
        """Take one more statement, once."""
        kind = type(said.body)
        shared = Ask if issubclass(kind, Ask) else Answer if issubclass(kind, Answer) else kind
        if said.id in self._by_kind[shared]:
            return
        self._by_kind[shared][said.id] = said
        on = getattr(said.body, "on", "")
        self._naming[shared, on].append(said)
        if shared is not Answer:  # of which there are far too many for a second index
            self._words[said.device, kind, on].append(said)
        if isinstance(said.body, Ask) and is_sound(said.body):
            self.asked = said

    @property
    def ask(self) -> Ask:
        """What is asked. There must be an ask."""
        assert self.asked is not None
        assert isinstance(self.asked.body, Ask)
        return self.asked.body

    def of(self, kind: type[Body]) -> dict[str, Statement]:
        """Return the statements of one kind by their ids."""
        return self._by_kind[kind]

    def about(self, opening: Opening, kind: type[Body]) -> list[Statement]:
        """Return the statements of one kind that name the opening, in the order of arrival."""
        return self._naming[kind, opening.said.id]

    def words(self, device: str, kind: type[Body], opening: Opening) -> list[Statement]:
        """Return the statements of one kind, no answers, by a device, in the order of arrival."""
        return self._words[device, kind, opening.said.id]
