"""What is said about the logs of a space until both neighbours hold the same."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from beanjar.base.limits import (
    HEADS_AT_ONCE,
    LISTINGS_AT_ONCE,
    LOGS_ASKED,
)
from beanjar.ops.fork import write_fork
from beanjar.sync.events import Holds, Output, TakeFork, TakeRuns, Vouches
from beanjar.sync.fetching import Fetching
from beanjar.sync.hunt import narrow, probe
from beanjar.sync.messages import (
    About,
    AskIds,
    Fork,
    From,
    Heads,
    Ids,
    Listing,
    LogHead,
    Message,
    Root,
    Runs,
    Same,
    Tell,
    Walk,
    Want,
    WantFork,
)
from beanjar.sync.packed import REFERENCE, Packed
from beanjar.sync.pages import cut_pages, cut_runs
from beanjar.sync.peer import Peer
from beanjar.sync.replica import Replica
from beanjar.sync.trie import Entry
from beanjar.sync.tries import Tries
from beanjar.sync.walk import (
    differing_children,
    digests_we_lack,
    heads_named,
    heads_they_lack,
    list_node,
    tell_heads,
)


class Logs:
    """Compares logs with neighbours and fetches what is missing. Holds nothing that could stall.

    A reply that says nothing is never left to wait, or a peer could let many wait and then have
    them all looked up at once. What is left to wait is packed, and its size is told.
    """

    def __init__(self, replica: Replica, tries: Tries, fetching: Fetching) -> None:
        """Speak for a replica."""
        self._replica = replica
        self._tries = tries
        self._fetching = fetching
        self.hears: dict[type[About], Callable[[Peer, bytes, Any], list[Output]]] = {
            Same: self._hear_same,
            Walk: self._hear_walk,
            Tell: self._hear_tell,
            Heads: self._hear_heads,
            Want: self._hear_want,
            Runs: self._hear_runs,
            AskIds: self._hear_ask_ids,
            Ids: self._hear_ids,
            WantFork: self._hear_want_fork,
            Fork: self._hear_fork,
        }

    def compare(self, peer: Peer, space: bytes) -> None:
        """Begin to compare what both hold of a space."""
        digest = peer.shorten(self._tries.of(space).digest())
        peer.roots[space] = (digest, self._tries.arrival(space))
        peer.behind.discard(space)
        peer.say(Root(peer.number(space), digest))

    def leave(self, space: bytes) -> None:
        """Compare and fetch nothing of a space any more."""
        self._tries.leave(space)
        self._fetching.leave(space)

    def hear_root(self, peer: Peer, space: bytes, said: Root) -> list[Output]:
        """Say that ours is the same, or what ours holds at the top."""
        trie = self._tries.of(space)
        digest = peer.shorten(trie.digest())
        if digest != said.digest:
            self._reply_walk(peer, space, [""])
            return []
        peer.say(Same(peer.number(space), digest))
        return [Holds(peer.key, space, arrival=self._tries.arrival(space))]

    def _hear_same(self, peer: Peer, space: bytes, said: Same) -> list[Output]:
        """Note that the peer holds all that we had when we told it our root."""
        digest, arrival = peer.roots.get(space, (b"", 0))
        return [Holds(peer.key, space, arrival=arrival)] if digest == said.digest else []

    def _hear_walk(self, peer: Peer, space: bytes, said: Walk) -> list[Output]:
        """Go down where both have children, and tell heads where one has a leaf."""
        trie = self._tries.of(space)
        leaves = [each for each in said.listings if each.leaf]
        below: list[str] = []
        for each in said.listings:
            if not each.leaf:
                ours_is_leaf = trie.node(each.prefix).children is None
                below += (
                    [each.prefix] if ours_is_leaf else differing_children(trie, each, peer.shorten)
                )
        if below:
            self._reply_walk(peer, space, below)
        self._tell_lacking(peer, space, leaves)
        self._ask_to_tell(peer, space, leaves)
        return []

    def _hear_tell(self, peer: Peer, space: bytes, said: Tell) -> list[Output]:
        """Tell the heads that are asked for."""
        trie = self._tries.of(space)
        named = [
            entry.key
            for each in said.listings
            for entry in heads_named(trie, each.prefix, each.digests, peer.shorten)
        ]
        if named:
            entries = (entry for key in named if (entry := trie.get(key)) is not None)
            peer.reply(_tell(peer.number(space), entries), REFERENCE * len(named))
        return []

    def _hear_heads(self, peer: Peer, space: bytes, said: Heads) -> list[Output]:
        """Ask for what the peer holds further than we do."""
        wants: list[From] = []
        forks: list[bytes] = []
        held: list[Output] = []
        for head in said.heads:
            ours = self._tries.of(space).get(head.key)
            start = ours.seq + 1 if ours else 0
            if ours is not None and head.id == ours.id:
                peer.lazy.forget(space, head.key)
                held.append(Holds(peer.key, space, head.id))
            if _is_further(head, ours) and self._ask(peer, space, head):
                wants.append(From(head.key, start))
            if head.fork >= 0 and (ours is None or not 0 <= ours.fork <= head.fork):
                forks.append(head.key)
            elif ours is not None and 0 <= head.seq == ours.seq and head.id != ours.id:
                self._hunt(peer, space, head.key, 0, head.seq)
        if wants:
            peer.lazy.spaces.discard(space)  # it has something sooner than whoever pushes
            peer.say(Want(peer.number(space), tuple(wants)))
        for key in forks:
            peer.say(WantFork(peer.number(space), key))
        return held

    def _hear_want(self, peer: Peer, space: bytes, said: Want) -> list[Output]:
        """Send the logs that are asked for, those of them that go on here."""
        logs = [log for log in said.logs if self._goes_on(space, log)]
        if logs:
            peer.lazy.spaces.discard(space)
            packed = Packed(logs, list[From])
            peer.reply(self._write_runs(peer.number(space), space, packed), packed.size)
        return []

    def _hear_runs(self, peer: Peer, space: bytes, said: Runs) -> list[Output]:
        """Let runs be taken in."""
        return [TakeRuns(peer.key, space, said.runs)]

    def _hear_ask_ids(self, peer: Peer, space: bytes, said: AskIds) -> list[Output]:
        """Tell which operations are held at some places of a log."""
        ids = self._replica.ids(space, said.key, said.seqs)
        held = tuple(seq for seq in said.seqs if seq in ids)
        peer.say(Ids(peer.number(space), said.key, held, tuple(ids[seq] for seq in held)))
        return []

    def ask_about_own(self, peer: Peer, space: bytes) -> None:
        """Ask whether the peer holds more of this node's own log than is here."""
        ours = self._tries.of(space).get(self._replica.device)
        if ours is not None:
            seqs = (max(ours.seq, 0), max(ours.seq, 0) + 1)
            peer.say(AskIds(peer.number(space), ours.key, seqs))

    def _hear_ids(self, peer: Peer, space: bytes, said: Ids) -> list[Output]:
        """Come closer to the place where a log forks, or ask for their branch from there on."""
        theirs = dict(zip(said.seqs, said.ids, strict=False))
        ours = self._replica.ids(space, said.key, said.seqs)
        if said.key == self._replica.device and theirs.items() <= ours.items():
            return [Vouches(peer.key, space)]
        found = narrow(theirs, ours)
        if found is None:
            self._go_on(peer, space, said.key, max(said.seqs, default=-1))
            return []
        low, high = found
        if high - low > 1:
            self._hunt(peer, space, said.key, low, high)
        else:
            peer.say(Want(peer.number(space), (From(said.key, high),)))
        return []

    def _hear_want_fork(self, peer: Peer, space: bytes, said: WantFork) -> list[Output]:
        """Show the proof that a log is forked."""
        proof = self._replica.fork(space, said.key)
        if proof is not None:
            number = peer.number(space)
            peer.reply((Fork(number, write_fork(each)) for each in [proof]), REFERENCE)
        return []

    def _hear_fork(self, peer: Peer, space: bytes, said: Fork) -> list[Output]:
        """Let a proof be taken in."""
        return [TakeFork(peer.key, space, said.proof)]

    def link(self, peer: Peer, space: bytes, key: bytes, seq: int) -> None:
        """Ask for what a run from `seq` on needs before it, or find where the log forks."""
        ours = self._tries.of(space).get(key)
        start = ours.seq + 1 if ours else 0
        if ours is not None and ours.fork >= 0 and seq >= ours.fork:
            return  # nothing past a fork counts, so nothing of it is needed
        if seq <= start:
            self._hunt(peer, space, key, 0, max(0, seq - 1))
        elif self._fetching.ask(space, key, seq, peer):
            peer.say(Want(peer.number(space), (From(key, start),)))

    def _go_on(self, peer: Peer, space: bytes, key: bytes, seq: int) -> None:
        """Ask for what comes after a place up to which the two logs are the same.

        It follows ours, or proves a fork, or has come meanwhile; and so there is no second hunt.
        """
        ours = self._tries.of(space).get(key)
        if ours is None or not 0 <= ours.fork <= seq + 1:
            start = min(seq, ours.seq if ours else -1) + 1
            peer.say(Want(peer.number(space), (From(key, start),)))

    def _ask(self, peer: Peer, space: bytes, head: LogHead) -> bool:
        return self._fetching.ask(space, head.key, head.seq, peer)

    def _hunt(self, peer: Peer, space: bytes, key: bytes, low: int, high: int) -> None:
        peer.say(AskIds(peer.number(space), key, probe(max(0, low), high)))

    def _reply_walk(self, peer: Peer, space: bytes, prefixes: list[str]) -> None:
        packed = Packed(prefixes, list[str])
        peer.reply(self._walk(peer, space, packed), packed.size)

    def _walk(self, peer: Peer, space: bytes, prefixes: Iterable[str]) -> Iterator[Message]:
        trie, number = self._tries.of(space), peer.number(space)
        for page in cut_pages(prefixes, LISTINGS_AT_ONCE):
            yield Walk(number, tuple(list_node(trie, each, peer.shorten) for each in page))

    def _tell_lacking(self, peer: Peer, space: bytes, leaves: Sequence[Listing]) -> None:
        """Tell at most as many heads as are asked for at a time; the next comparison tells more."""
        trie = self._tries.of(space)
        theirs = [leaf for leaf in leaves if any(heads_they_lack(trie, leaf, peer.shorten))]
        if theirs:
            packed = Packed(theirs, list[Listing])
            heads = (each for leaf in packed for each in heads_they_lack(trie, leaf, peer.shorten))
            peer.reply(_tell(peer.number(space), islice(heads, LOGS_ASKED)), packed.size)

    def _ask_to_tell(self, peer: Peer, space: bytes, leaves: Sequence[Listing]) -> None:
        trie = self._tries.of(space)
        lacking = ((leaf.prefix, digests_we_lack(trie, leaf, peer.shorten)) for leaf in leaves)
        asked = [
            Listing(prefix, leaf=True, digests=digests) for prefix, digests in lacking if digests
        ]
        if asked:
            packed = Packed([Tell(peer.number(space), tuple(asked))], list[Tell])
            peer.reply(iter(packed), packed.size)

    def _goes_on(self, space: bytes, log: From) -> bool:
        """Say whether more of a log is here; past a fork it may be, though the trie is silent."""
        ours = self._tries.of(space).get(log.key)
        return ours is not None and (log.seq <= ours.seq or ours.fork >= 0)

    def _write_runs(self, number: int, space: bytes, logs: Iterable[From]) -> Iterator[Message]:
        for runs in cut_runs(self._runs(space, logs)):
            yield Runs(number, runs)

    def _runs(self, space: bytes, logs: Iterable[From]) -> Iterator[bytes]:
        for log in logs:
            run, seq = self._replica.write_run(space, log.key, log.seq)
            while run:
                yield run
                run, seq = self._replica.write_run(space, log.key, seq)


def _is_further(head: LogHead, ours: Entry | None) -> bool:
    """Say whether their log has what ours lacks; past a fork nothing is lacking."""
    if ours is None:
        return True
    return head.seq > ours.seq and (ours.fork < 0 or ours.seq + 1 < ours.fork)


def _tell(number: int, entries: Iterator[Entry]) -> Iterator[Message]:
    for page in cut_pages(entries, HEADS_AT_ONCE):
        yield Heads(number, tell_heads(page))
