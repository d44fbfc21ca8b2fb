"""Recomputes all of a space from its export: no node, no network, no trust.

Checked are every signature that counts, every chain, who was admitted, every fork proof, every
settled certificate, each counted answer's own signature and person, every opening; then each
result is computed anew.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO

from msgspec import Struct

from beanjar.ops.errors import Refused
from beanjar.ops.log import check_signature
from beanjar.ops.operation import Operation
from beanjar.space.admission import admit
from beanjar.space.closing import CUT, Closing
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.export import BadExport, Export
from beanjar.space.question import Answer
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.space.unsealing import Job, Unsealed, unseal_all
from beanjar.space.view import encode_view

Progress = Callable[[int], object]
"""Called with how many more operations are done."""


class QuestionReport(Struct, frozen=True):
    """What one question comes to: `result` is the SHA-256 (hex) of its view as JSON."""

    id: str
    tool: str
    facts: ClosingFacts
    result: str


class Report(Struct, frozen=True):
    """What an export holds. `problems` are sentences; none means that all of it holds."""

    space: str
    name: str
    people: int
    logs: int
    operations: int
    forks: int
    questions: list[QuestionReport]
    problems: list[str]


class Verification:
    """One export, verified piece by piece."""

    def __init__(self, file: BinaryIO, tools: Sequence[Tool]) -> None:
        """Read what the file claims to hold. Raises `BadExport` if it is not an export."""
        self.export = Export(file)
        self.problems: list[str] = []
        self._space = Space(self.export.space, tools)
        self._answers: dict[str, Operation] = {}
        self._logs = self._operations = self._forks = 0

    def run(
        self,
        unseal: Callable[[list[Job]], Unsealed] = unseal_all,
        progress: Progress | None = None,
    ) -> Report:
        """Verify all of it and return the report. `unseal` opens sealed answers.

        Raises `BadExport`, naming the place, where the file does not hold what it announces.
        """
        for log in self._read_logs():
            self._add_log(log)
            if progress is not None:
                progress(len(log))
        for fork in self.export.forks():
            same = fork.space == self.export.space
            self._check("A fork proof is of another space.", holds=same)
            self._space.cut(fork)
            self._forks += 1
        for operation in self.export.apart():
            same = operation.effective_space == self.export.space
            self._check("An entry apart is of another space.", holds=same)
            if same and operation.seq > 0 and self._space.knows(operation.key):
                self._add(operation)
        members = self._space.members
        return Report(
            space=self.export.space.hex(),
            name=members.founding.name,
            people=len(members),
            logs=self._logs,
            operations=self._operations,
            forks=self._forks,
            questions=list(self._report_questions(unseal)),
            problems=self.problems,
        )

    def _read_logs(self) -> Iterator[list[Operation]]:
        """Yield the logs that belong here, each checked to begin with a good admission."""
        founding: Operation | None = None
        for log in self.export.logs():
            founding = founding or log[0]
            if founding.id != self.export.space:
                raise BadExport("The first entry in this file does not found the space it names.")
            device = f"The log of device {log[0].key.hex()[:8]}…"
            try:
                admit(log[0], founding)
            except Refused as error:
                raise BadExport(f"{device} should not be here: {error}") from error
            yield log

    def _add_log(self, log: Sequence[Operation]) -> None:
        self._logs += 1
        self._operations += len(log)
        for operation in log:
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        said = self._space.add(operation)
        if said is not None and isinstance(said.body, Answer):
            self._answers[said.id] = operation

    def _report_questions(
        self, unseal: Callable[[list[Job]], Unsealed]
    ) -> Iterator[QuestionReport]:
        for tool in self._space.tools:
            for name in reversed(self._space.subjects(tool)):
                closing = self._space.closing(name)
                closing.remember(unseal(closing.jobs()))
                self._check_counted(name, closing)
                view = closing.view(None)
                own = self._space.view(name, 0)
                if view is None or own is None:
                    continue
                reason = view.facts.reason
                self._check(f"Question {name[:8]}…: {reason}", holds=reason in {"", CUT})
                digest = sha256(encode_view(own)).hexdigest()
                yield QuestionReport(name, tool.name, view.facts, digest)

    def _check_counted(self, name: str, closing: Closing) -> None:
        """Check what the witnesses vouch for: that each counted answer is who it says it is."""
        for person, said in closing.counted().items():
            where = f"Question {name[:8]}…, answer {said.id[:8]}…"
            same = said.person == person
            self._check(f"{where}: it is counted as another person's.", holds=same)
            try:
                check_signature(self._answers[said.id])
            except Refused as error:
                self.problems.append(f"{where}: {error}")

    def _check(self, otherwise: str, *, holds: bool) -> None:
        if not holds:
            self.problems.append(otherwise)
