"""Chunks of files: beside a twin made of dicts, and at their limits."""

import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from beanjar.base.limits import CHUNK_BYTES
from beanjar.store import Store, Unknown, chunks
from tests.store.empty import open_empty
from tests.store.signed import NOON, SPACE, device, write_log

OTHER = b"o" * 32
SPACES = [SPACE, OTHER]
LOGS = {
    space: write_log(device(1), 8, space, until=lambda seq: NOON * (seq % 2)) for space in SPACES
}
STRAYS = {space: write_log(device(2), 2, space)[1] for space in SPACES}
"""Operations that stand by themselves."""
EVERYTHING = [(space, each) for space in SPACES for each in [*LOGS[space], STRAYS[space]]]
CONTENTS = [bytes([number]) * (number + 1) for number in range(6)]
HASHES = {sha256(content).digest(): content for content in CONTENTS}

some_hashes = st.sets(st.sampled_from(sorted(HASHES)), max_size=4)
some_space = st.sampled_from(SPACES)


def keep(store: Store, space: bytes) -> None:
    with store.writing() as writer:
        writer.add_space(space)
        writer.append(LOGS[space])
        writer.keep_alone(STRAYS[space])


class ChunksAndTwin(RuleBasedStateMachine):
    """What the store says of chunks, the twin says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.named: dict[tuple[bytes, bytes], set[bytes]] = {}
        """By space and operation whose body is here, the chunks that it names."""
        self.wanted: set[bytes] = set()
        self.here: set[bytes] = set()

    @initialize()
    def open(self) -> None:
        self.store = open_empty(self.folder / "store.sqlite3")
        for space in SPACES:
            self.carry(space)

    @rule(number=st.integers(0, len(EVERYTHING) - 1), hashes=some_hashes)
    def name(self, number: int, hashes: set[bytes]) -> None:
        space, operation = EVERYTHING[number]
        with self.store.writing() as writer:
            writer.name_chunks(space, operation.id, sorted(hashes))
        if (space, operation.id) in self.named:
            self.named[space, operation.id] |= hashes

    @rule(hashes=some_hashes)
    def want(self, hashes: set[bytes]) -> None:
        with self.store.writing() as writer:
            writer.want_chunks(sorted(hashes))
        self.wanted |= hashes & self.known()

    @rule(space=some_space, content=st.sampled_from([*CONTENTS, b"nobody names this"]))
    def keep(self, space: bytes, content: bytes) -> None:
        digest = sha256(content).digest()
        with self.store.writing() as writer:
            new = writer.keep_chunk(space, content)
        assert new == (digest in self.known(space) - self.here)
        self.here |= {digest} & self.known(space)

    @rule(numbers=st.sets(st.integers(0, len(EVERYTHING) - 1), max_size=3))
    def erase(self, numbers: set[int]) -> None:
        some = [EVERYTHING[number] for number in sorted(numbers)]
        with self.store.writing() as writer:
            for space, operation in some:
                writer.drop_bodies(space, [operation.id])
                self.named.pop((space, operation.id), None)
        self.let_go()

    @rule()
    def expire(self) -> None:
        with self.store.writing() as writer:
            gone = set(writer.drop_expired(NOON))
        self.named = {place: names for place, names in self.named.items() if place not in gone}
        self.let_go()

    @rule(space=some_space)
    def forget(self, space: bytes) -> None:
        with self.store.writing() as writer:
            writer.forget_space(space)
        self.named = {place: names for place, names in self.named.items() if place[0] != space}
        self.let_go()
        self.carry(space)

    @invariant()
    def holds_what_the_twin_holds(self) -> None:
        for space in SPACES if hasattr(self, "store") else ():
            known = self.known(space)
            for digest, content in HASHES.items():
                expected = content if digest in known & self.here else None
                assert self.store.chunk(space, digest) == expected
            wanted = sorted(known & self.wanted - self.here)
            assert self.store.wanted_chunks(space) == wanted
            assert self.store.wanted_chunks(space, 2) == wanted[:2]
            assert self.store.wanted_chunks(space, 9, (wanted or [b""])[0]) == wanted[1:]

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        shutil.rmtree(self.folder)

    def carry(self, space: bytes) -> None:
        keep(self.store, space)
        whole = [*LOGS[space], STRAYS[space]]
        self.named |= {(space, each.id): set() for each in whole}

    def known(self, only: bytes | None = None) -> set[bytes]:
        """Return the chunks that some operation names, of one space or of all."""
        return {
            digest
            for (space, _), hashes in self.named.items()
            for digest in hashes
            if only in {None, space}
        }

    def let_go(self) -> None:
        self.here &= self.known()
        self.wanted &= self.known()


TestChunksAndTwin = ChunksAndTwin.TestCase
TestChunksAndTwin.settings = settings(
    max_examples=settings().max_examples // 4, stateful_step_count=25
)


def name_and_want(store: Store, content: bytes) -> None:
    digest = sha256(content).digest()
    with store.writing() as writer:
        writer.name_chunks(SPACE, LOGS[SPACE][0].id, [digest])
        writer.want_chunks([digest])


def test_a_chunk_longer_than_a_chunk_may_be_is_not_kept(store: Store) -> None:
    keep(store, SPACE)
    for size, kept in ((CHUNK_BYTES, True), (CHUNK_BYTES + 1, False)):
        name_and_want(store, bytes(size))
        with store.writing() as writer:
            assert writer.keep_chunk(SPACE, bytes(size)) == kept


def test_without_room_no_chunk_is_wanted_or_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "FILE_QUOTA_BYTES", CHUNK_BYTES + 10)
    keep(store, SPACE)
    one, other, small = b"1" * 8, b"2" * CHUNK_BYTES, b"3" * 2
    for content in (one, other, small):
        name_and_want(store, content)
    with store.writing() as writer:
        assert writer.keep_chunk(SPACE, one)
    assert len(store.wanted_chunks(SPACE)) == 2
    with store.writing() as writer:
        assert writer.keep_chunk(SPACE, small)
        assert writer.keep_chunk(SPACE, other)
        assert not writer.keep_chunk(SPACE, b"")
    name_and_want(store, b"more")
    assert store.wanted_chunks(SPACE) == []
    with store.writing() as writer:
        assert not writer.keep_chunk(SPACE, b"more")
        writer.drop_bodies(SPACE, [LOGS[SPACE][0].id])
    name_and_want(store, b"more")
    assert store.wanted_chunks(SPACE) == []


def test_an_erased_file_leaves_no_trace(store: Store, path: Path) -> None:
    keep(store, SPACE)
    content = bytes(range(256)) * 256
    name_and_want(store, content)
    with store.writing() as writer:
        assert writer.keep_chunk(SPACE, content)
    assert any(content[:200] in file.read_bytes() for file in path.parent.iterdir())
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [LOGS[SPACE][0].id])
    assert not any(content[:200] in file.read_bytes() for file in path.parent.iterdir())


def test_no_chunk_is_named_in_a_space_that_is_not_carried(store: Store) -> None:
    with pytest.raises(Unknown, match="does not carry"), store.writing() as writer:
        writer.name_chunks(OTHER, bytes(32), [bytes(32)])
    assert store.chunk(OTHER, bytes(32)) is None
    assert store.wanted_chunks(OTHER) == []
