"""Conversations that Polis has mapped, with what it made of them."""

import json
from typing import Any

import numpy as np
from msgspec import Struct

from beanjar.wisdom.integers import IntArray
from beanjar.wisdom.opinions.votes import Votes
from tests.data_files import data_file

NAMES = ("below-100", "above-100", "three-groups")


class Conversation(Struct, frozen=True):
    """Votes by place, and what Polis says by its own numbers."""

    votes: Votes
    hidden: IntArray
    people: list[int]
    statements: list[int]
    told: dict[str, Any]

    def places_of(self, people: list[int]) -> IntArray:
        return np.array([self.people.index(each) for each in people])

    @property
    def shown(self) -> IntArray:
        return np.setdiff1d(np.arange(len(self.statements)), self.hidden)


def read_conversation(name: str) -> Conversation:
    told = json.loads(data_file(f"polis/{name}.json").read_text(encoding="utf-8"))
    people = sorted({person for person, _, _ in told["votes"]})
    statements = told["statements"]
    columns = {each: place for place, each in enumerate(statements)}
    rows = {each: place for place, each in enumerate(people)}
    cast = [(rows[person], columns[on], sign) for person, on, sign in told["votes"]]
    votes = Votes.of(cast, len(people), len(statements))
    hidden = np.array([columns[each] for each in told["hidden"]], np.int64)
    return Conversation(votes, hidden, people, statements, told)
