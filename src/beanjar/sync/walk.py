"""Comparing two tries: what to say to a peer's listing, from nothing but that listing and our trie.

Nobody remembers how far a comparison has come, so it cannot stall, and a peer that repeats itself
only hears the same again.
"""

from collections.abc import Callable, Iterable, Iterator

from beanjar.sync.messages import SHORT, Listing, LogHead
from beanjar.sync.trie import DIGITS, Entry, Trie

Shorten = Callable[[bytes], bytes]
"""Makes of a digest the 8 bytes that stand for it on one connection."""


def list_node(trie: Trie, prefix: str, shorten: Shorten) -> Listing:
    """Return what our trie holds at a prefix."""
    node = trie.node(prefix)
    if node.children is None:
        digests = b"".join(shorten(entry.digest()) for entry in node.entries())
        return Listing(prefix, leaf=True, digests=digests)
    digests = b"".join(shorten(child.digest()) for child in node.children)
    return Listing(prefix, leaf=False, digests=digests)


def differing_children(trie: Trie, theirs: Listing, shorten: Shorten) -> list[str]:
    """Return the prefixes below at which our trie and their listing of 16 children differ.

    None if we hold a leaf there, or they list no children: then entries are to be compared.
    """
    node = trie.node(theirs.prefix)
    if node.children is None:
        return []
    shorts = split_shorts(theirs.digests)
    return [
        theirs.prefix + digit
        for digit, child, short in zip(DIGITS, node.children, shorts, strict=False)
        if shorten(child.digest()) != short
    ]


def heads_they_lack(trie: Trie, theirs: Listing, shorten: Shorten) -> Iterator[Entry]:
    """Yield our entries at the prefix of a leaf that they list, without those that they hold."""
    known = set(split_shorts(theirs.digests))
    for entry in trie.node(theirs.prefix).entries():
        if shorten(entry.digest()) not in known:
            yield entry


def digests_we_lack(trie: Trie, theirs: Listing, shorten: Shorten) -> bytes:
    """Return those digests of a leaf that they list which are none of ours, one after the other.

    Where we have children it is all of them: to look at all that is below would cost more than to
    be told what we have.
    """
    node = trie.node(theirs.prefix)
    if node.children is not None:
        return theirs.digests
    ours = {shorten(entry.digest()) for entry in node.entries()}
    return b"".join(short for short in split_shorts(theirs.digests) if short not in ours)


def heads_named(trie: Trie, prefix: str, digests: bytes, shorten: Shorten) -> Iterator[Entry]:
    """Yield our entries in a leaf that have one of these digests; only leaves are asked about."""
    node, named = trie.node(prefix), set(split_shorts(digests))
    if node.children is None:
        yield from (entry for entry in node.entries() if shorten(entry.digest()) in named)


def split_shorts(digests: bytes) -> list[bytes]:
    """Return the digests that were written one after the other."""
    return [digests[at : at + SHORT] for at in range(0, len(digests), SHORT)]


def tell_heads(entries: Iterable[Entry]) -> tuple[LogHead, ...]:
    """Return entries as they travel."""
    return tuple(LogHead(each.key, each.seq, each.id, each.fork) for each in entries)
