"""Feeds folds what has arrived, keeps them warm, rebuilds those in which something stops counting.

Statements come in any order. One that begins a subject (an ask) gives it its id; one whose body
has a field `on` belongs to the subject of what it names. A body type with `extends_subject` lends
its own id as another name of that subject: answers name the open, which names the ask.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from beanjar.base.errors import BeanjarError
from beanjar.fold.fold import Fold, FoldKind
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body


class UnknownSubject(BeanjarError):
    """Nothing here has that id."""


class Subject:
    """One thing that people speak about: its folds, and what they were fed.

    What was fed is kept, so that a rebuild costs what the subject holds and not what the space
    holds: a stranger who forks logs for fun cannot make a node read its whole store each time.
    """

    def __init__(self, kinds: Sequence[FoldKind]) -> None:
        """Begin with empty folds of the given kinds."""
        self._kinds = kinds
        self._said: dict[str, Statement] = {}
        self._asking: dict[type[Body], list[FoldKind]] = defaultdict(list)
        for kind in kinds:
            for body in kind.bodies:
                self._asking[body].append(kind)
        self._rebuild()

    def add(self, said: Statement) -> None:
        """Feed one more statement, once, to the folds that ask for its kind."""
        if type(said.body) in self._asking and said.id not in self._said:
            self._said[said.id] = said
            self._feed(said)

    def drop(self, ids: Iterable[str]) -> None:
        """Rebuild without these statements: their bodies are gone."""
        if [each for each in ids if self._said.pop(each, None)]:
            self._rebuild()

    def cut(self, is_cut: Callable[[Statement], bool]) -> None:
        """Rebuild with these statements as cut."""
        touched = [
            msgspec.structs.replace(each, cut=True)
            for each in self._said.values()
            if not each.cut and is_cut(each)
        ]
        if touched:
            self._said.update((each.id, each) for each in touched)
            self._rebuild()

    def _rebuild(self) -> None:
        self.folds: dict[str, Fold] = {kind.name: kind.make() for kind in self._kinds}
        for said in self._said.values():
            self._feed(said)

    def _feed(self, said: Statement) -> None:
        for kind in self._asking[type(said.body)]:
            if kind.stands_alone or not said.cut:
                self.folds[kind.name].add(said)


class Engine:
    """All folds of one space."""

    def __init__(self, kinds: Iterable[FoldKind], first: str = "") -> None:
        """Begin with no statements; the one with the id `first` counts whatever is cut."""
        kinds = tuple(kinds)
        self._first = first
        self.whole = Subject([kind for kind in kinds if not kind.roots])
        self._beginning: dict[type[Body], list[FoldKind]] = defaultdict(list)
        for kind in kinds:
            for body in kind.roots:
                self._beginning[body].append(kind)
        self.subjects: dict[str, Subject] = {}
        self._names: dict[str, str] = {}
        self._early: defaultdict[str, list[Statement]] = defaultdict(list)
        self._cuts: dict[str, int] = {}

    def add(self, said: Statement) -> None:
        """Feed one statement to all folds that ask for it."""
        if self.is_cut(said):
            said = msgspec.structs.replace(said, cut=True)
        self.whole.add(said)
        kind = type(said.body)
        if kind in self._beginning and said.id not in self.subjects:
            self.subjects[said.id] = Subject(self._beginning[kind])
            self.subjects[said.id].add(said)
            self._name(said.id, said.id)
        else:
            self._place(said)

    def subject_of(self, said: Statement) -> str | None:
        """Return the id of the subject that the statement belongs to, if that has arrived."""
        return self._names.get(said.id) or self._names.get(getattr(said.body, "on", ""))

    def find(self, name: str) -> tuple[str, Subject]:
        """Return the id and the subject that `name`, an id in it, belongs to."""
        if name not in self._names:
            raise UnknownSubject(
                "Nothing here has this address. It may not have arrived yet: try again later, or "
                "ask whoever gave it to you."
            )
        return self._names[name], self.subjects[self._names[name]]

    def drop(self, ids: Iterable[str]) -> None:
        """Forget what these statements said: their bodies were erased or have expired."""
        gone = set(ids)
        for subject in (self.whole, *self.subjects.values()):
            subject.drop(gone)
        for name, early in self._early.items():
            self._early[name] = [each for each in early if each.id not in gone]

    def cut(self, device: str, seq: int) -> None:
        """Let nothing that the device said from `seq` on count, but what stands alone."""
        self._cuts[device] = min(seq, self._cuts.get(device, seq))
        for subject in (self.whole, *self.subjects.values()):
            subject.cut(self.is_cut)
        for name, early in self._early.items():
            self._early[name] = [
                msgspec.structs.replace(each, cut=each.cut or self.is_cut(each)) for each in early
            ]

    def is_cut(self, said: Statement) -> bool:
        """Say whether the device had no say any more when it said this."""
        seq = self._cuts.get(said.device)
        return seq is not None and said.seq >= seq and said.id != self._first

    def _place(self, said: Statement) -> None:
        """Give a statement to the subject of what it names, now or once that has arrived."""
        on = getattr(said.body, "on", None)
        if on is None:
            return
        root = self._names.get(on)
        if root is None:
            self._early[on].append(said)
            return
        self.subjects[root].add(said)
        if said.body.extends_subject:
            self._name(said.id, root)

    def _name(self, name: str, root: str) -> None:
        self._names[name] = root
        for said in self._early.pop(name, ()):
            self._place(said)
