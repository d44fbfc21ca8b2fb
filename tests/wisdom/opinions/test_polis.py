"""The map of a crowd beside the one that Polis made of the same votes."""

import numpy as np
import pytest

from beanjar.wisdom.opinions.axes import PLACE, find_axes
from beanjar.wisdom.opinions.clusters import Points, gather, silhouette
from beanjar.wisdom.opinions.opinion_map import find_opinion_map
from beanjar.wisdom.opinions.statements import (
    Sides,
    Told,
    find_consensus,
    find_typical,
    measure_sharing,
)
from beanjar.wisdom.opinions.votes import AGREE
from tests.wisdom.opinions.conversations import NAMES, Conversation, read_conversation


@pytest.fixture(params=NAMES)
def conversation(request: pytest.FixtureRequest) -> Conversation:
    return read_conversation(request.param)


def tell(conversation: Conversation, told: tuple[Told, ...]) -> list[tuple[int, ...]]:
    return [
        (conversation.statements[each.statement], each.side, each.taken, each.answered)
        for each in told
    ]


def expect(rows: list[dict[str, int]]) -> list[tuple[int, ...]]:
    return [tuple(row[key] for key in ("statement", "side", "taken", "answered")) for row in rows]


def test_its_axes_are_ours(conversation: Conversation) -> None:
    axes = find_axes(conversation.votes.hiding(conversation.hidden))
    for ours, theirs in zip(axes.directions.astype(float), conversation.told["axes"], strict=True):
        cosine = ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs)
        assert abs(cosine) >= 0.999_999


def test_its_places_are_ours(conversation: Conversation) -> None:
    votes = conversation.votes.hiding(conversation.hidden)
    places = find_axes(votes).place(votes) / PLACE
    told = conversation.told["places"]
    ours = [places[conversation.places_of(people)].mean(axis=0) for people, _, _ in told]
    theirs = [(x, y) for _, x, y in told]
    assert np.abs(np.abs(ours) - np.abs(theirs)).max() < 0.001
    for axis in range(2):
        assert abs(np.corrcoef(np.transpose(ours)[axis], np.transpose(theirs)[axis])[0, 1]) > 0.998


def test_what_all_agree_on_is_the_same(conversation: Conversation) -> None:
    found = find_consensus(Sides.of(conversation.votes), conversation.shown)
    told = conversation.told["consensus"]
    assert tell(conversation, found) == expect(told)
    for ours, theirs in zip(found, told, strict=True):
        assert float(ours.chance) == pytest.approx(theirs["chance"], abs=1e-6)


def test_for_its_groups_what_is_typical_and_shared_is_the_same(conversation: Conversation) -> None:
    told = conversation.told
    members = [conversation.places_of(group) for group in told["groups"]]
    groups = [Sides.of(conversation.votes.only(each)) for each in members]
    crowd = Sides.of(conversation.votes.only(np.concatenate(members)))
    for group, typical in zip(groups, told["typical"], strict=True):
        found = tell(conversation, find_typical(group, crowd, conversation.shown))
        if found == expect(typical):
            continue
        # Of a group of which nothing is sure, each names the one statement it would rather name.
        assert len(found) == len(typical) == 1
    for statement, chance in told["shared"].items():
        place = conversation.statements.index(int(statement))
        shared = measure_sharing(groups, AGREE, place)
        assert float(shared) == pytest.approx(chance, abs=1e-6)


def test_our_groups_are_told_apart_as_well_as_its_groups(conversation: Conversation) -> None:
    found = find_opinion_map(conversation.votes, conversation.hidden.tolist())
    theirs = np.full(len(conversation.people), -1)
    for number, group in enumerate(conversation.told["groups"]):
        theirs[conversation.places_of(group)] = number
    known = theirs[found.people] >= 0
    points = Points(found.places[known], np.ones(int(known.sum()), np.int64))
    assert found.silhouette >= silhouette(points, theirs[found.people][known])
    assert len(found.groups) > 1
    assert sum(len(each.people) for each in found.groups) == len(found.people)


def test_a_crowd_put_together_weighs_what_it_did(conversation: Conversation) -> None:
    found = find_opinion_map(conversation.votes)
    points = gather(found.places)
    assert points.weights.sum() == len(found.people)
