"""What is said of the network of a space, in sentences: on its page and in a terminal."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from beanjar.base.clock import MINUTE
from beanjar.base.limits import CARD_FRESH, CUT_OFF_NAMED, SAFE_AT
from beanjar.node.network import Holds, NetworkView, NodeSeen
from beanjar.web.filters import shorten
from beanjar.web.language import Speaker
from beanjar.wisdom.resilience.outlook import CutOff, KindFigures, Share

TENTHS = 10
"""Thousandths in a percent."""
FEW = 2
"""Of so many nodes, or fewer, there is nothing to say but how to have more."""


def walk(view: NetworkView) -> list[str]:
    """Return the nodes that count in an order in which linked ones stand near one another."""
    linked: dict[str, list[str]] = {each.key: [] for each in view.nodes if each.lately}
    for one, other in view.links:
        linked[one].append(other)
        linked[other].append(one)
    found: dict[str, None] = {}
    for start in linked:
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = None
                waiting += sorted(set(linked[node]) - set(found), reverse=True)
    return list(found)


def write_share(thousandths: int, speaker: Speaker) -> str:
    """Return a share in percent."""
    return speaker.say("%(number)s %%", number=speaker.number(Decimal(thousandths) / TENTHS))


def write_sample(share: Share, speaker: Speaker) -> str:
    """Return a share in percent, with its standard error if it has one."""
    if not share.error:
        return write_share(share.mean, speaker)
    mean, error = (speaker.number(Decimal(each) / TENTHS) for each in (share.mean, share.error))
    return speaker.say("%(mean)s ± %(error)s %%", mean=mean, error=error)


class NetworkWords:
    """Tells of a network in the language of a speaker. Nodes that count are called by numbers."""

    def __init__(self, view: NetworkView, speaker: Speaker) -> None:
        """Number the nodes as they stand on the ring of the picture."""
        self._view = view
        self._speaker = speaker
        self.numbers = {key: number for number, key in enumerate(walk(view), 1)}

    def call(self, key: str) -> str:
        """Return what a node is called in a sentence."""
        if key == self._view.me:
            return self._speaker.say("this node")
        number = self.numbers.get(key)
        called = shorten(key) if number is None else self._speaker.number(number)
        return self._speaker.say("node %(number)s", number=called)

    def kind(self) -> list[str]:
        """Say which of the three kinds the network is and why, or how a small one grows."""
        if self._view.copies.nodes <= FEW:
            return list(self._tell_few())
        return [
            _name_kind(self._view.outlook.kind, self._speaker),
            *_tell_why(self._view.outlook.kind, self._speaker),
        ]

    def weakness(self) -> list[str]:
        """Say who would be cut off by one loss."""
        outlook = self._view.outlook
        if not outlook.cut_nodes:
            return [
                self._speaker.say("No single loss cuts anybody off, be it of a node or of a link.")
                if not outlook.bridges
                else self._tell_bridges()
            ]
        said = [self._tell_cut(each.node, each.cut_off) for each in outlook.worst]
        more = outlook.cut_nodes - len(outlook.worst)
        if more:
            said.append(
                self._speaker.count(
                    "%(num)s further node alone holds others to the rest.",
                    "%(num)s further nodes each alone hold others to the rest.",
                    more,
                )
            )
        return [*said, self._tell_bridges()] if outlook.bridges else said

    def copies(self) -> list[str]:
        """Say how many nodes hold the space, how much of it, and who was not heard of."""
        return list(self._tell_copies())

    def left(self) -> list[str]:
        """Say what is left without the node that is taken away."""
        left = self._view.left
        if left is None:
            return [
                self._speaker.say(
                    "No node that counts here has this key, so nothing changes without it."
                )
            ]
        if left.kind is None:
            return [self._speaker.say("Nobody would be left: there is no other copy.")]
        cut_off, others = left.loss.cut_off, self._view.copies.nodes - 1
        said = (
            self._speaker.count(
                "%(num)s node would be cut off from the rest: %(names)s.",
                "%(num)s nodes would be cut off from the rest: %(names)s.",
                cut_off.many,
                names=self._name_all(cut_off),
            )
            if cut_off.many
            else self._speaker.say("Nobody would be cut off.")
        )
        copies = self._speaker.count(
            "%(num)s copy of the space would be left.", "%(num)s copies would be left.", others
        )
        return [said, copies, _foretell_kind(left.kind, self._speaker)]

    def holding(self, node: NodeSeen) -> str:
        """Say what a node holds beside what is here."""
        if node.key == self._view.me and node.operations is None:
            return self._speaker.say("all that is here")
        apart = abs((node.operations or 0) - (self._view.operations or 0))
        said: dict[Holds, str] = {
            "all": self._speaker.say("all that is here"),
            "fewer": self._speaker.count("%(num)s entry fewer", "%(num)s entries fewer", apart),
            "more": self._speaker.count("%(num)s entry more", "%(num)s entries more", apart),
            "others": self._speaker.say("as many, but others"),
            "unknown": self._speaker.say("not known yet"),
        }
        return said[node.holds]

    def standing(self, node: NodeSeen) -> str:
        """Say what a node is to this one; "" if it is known by its word alone."""
        if node.key == self._view.me:
            return self._speaker.say("this node")
        return self._speaker.say("a neighbour") if node.neighbour else ""

    def _tell_few(self) -> Iterator[str]:
        if self._view.copies.nodes == FEW:
            yield self._speaker.say(
                "Two nodes hold this space. Either of them may vanish, and nothing is lost."
            )
            yield self._speaker.say(
                "What is said is safe once %(safe)s others have it: that takes a third node.",
                safe=self._speaker.number(SAFE_AT),
            )
        else:
            yield self._speaker.say("This node holds the only copy of the space that it knows of.")
        if self._view.operations is None:
            yield self._speaker.say(
                "It speaks with no other nodes: it was started alone, or cannot on this machine. "
                "“beanjar doctor” says which."
            )
        yield self._speaker.say(
            "For one more copy, let somebody start a node with “beanjar up” and join there with a "
            "ticket: “beanjar space ticket” makes one, “beanjar space join” takes it."
        )

    def _tell_cut(self, node: str, cut_off: CutOff) -> str:
        return self._speaker.count(
            "Without %(node)s, %(num)s other would be cut off: %(names)s.",
            "Without %(node)s, %(num)s others would be cut off: %(names)s.",
            cut_off.many,
            node=self.call(node),
            names=self._name_all(cut_off),
        )

    def _tell_bridges(self) -> str:
        bridges = self._view.outlook.bridges
        named = [
            self._speaker.say(
                "%(one)s with %(other)s",
                one=self.call(one),
                other=self.call(other),
            )
            for one, other in bridges[:CUT_OFF_NAMED]
        ]
        return self._speaker.count(
            "There is no way around %(num)s link: %(links)s.",
            "There is no way around %(num)s links: %(links)s.",
            len(bridges),
            links=self._join(named, len(bridges)),
        )

    def _name_all(self, cut_off: CutOff) -> str:
        named = sorted(cut_off.names, key=self.numbers.__getitem__)
        return self._join([self.call(each) for each in named], cut_off.many)

    def _join(self, named: Sequence[str], many: int) -> str:
        """Return names one after the other, and how many more there are."""
        more = many - len(named)
        rest = [self._speaker.count("%(num)s more", "%(num)s more", more)] if more else []
        return self._speaker.join([*named, *rest])

    def _tell_copies(self) -> Iterator[str]:
        copies, outlook = self._view.copies, self._view.outlook
        yield self._speaker.count(
            "%(num)s node holds this space, as far as is known here.",
            "%(num)s nodes hold this space, as far as is known here.",
            copies.nodes,
        )
        if copies.nodes > 1:
            yield self._speaker.count(
                "%(num)s of them, counting this one, holds all that is here.",
                "%(num)s of them, counting this one, hold all that is here.",
                copies.whole,
            )
        silent = len(self._view.nodes) - copies.nodes
        if silent:
            yield self._speaker.count(
                "%(num)s other has not been heard of for %(minutes)s minutes, and does not count.",
                "%(num)s others have not been heard of for %(minutes)s minutes, and do not count.",
                silent,
                minutes=self._speaker.number(CARD_FRESH // MINUTE),
            )
        if outlook.apart:
            yield self._speaker.count(
                "How %(num)s node is linked with the rest is not known here. Nodes say "
                "about every minute whom they are linked with.",
                "How %(num)s nodes are linked with the rest is not known here. Nodes say "
                "about every minute whom they are linked with.",
                outlook.apart,
            )


def _name_kind(kind: KindFigures, speaker: Speaker) -> str:
    return {
        "distributed": speaker.say(
            "This network is distributed: it holds together though many of its nodes are lost."
        ),
        "decentralized": speaker.say("This network is decentralized: it hangs on a few nodes."),
        "centralized": speaker.say("This network is centralized: it hangs on one node."),
        "small": speaker.say("Too few nodes are linked to say of which kind this network is."),
    }[kind.name]


def _foretell_kind(kind: KindFigures, speaker: Speaker) -> str:
    return {
        "distributed": speaker.say("What is left would be distributed."),
        "decentralized": speaker.say("What is left would be decentralized."),
        "centralized": speaker.say("What is left would be centralized."),
        "small": speaker.say("What is left would be too small to be of any kind."),
    }[kind.name]


def _tell_why(kind: KindFigures, speaker: Speaker) -> Iterator[str]:
    if kind.name == "small":
        return
    if kind.name == "centralized":
        yield speaker.say(
            "One node is linked with %(links)s of the %(others)s others, and without it only "
            "%(share)s of them still hang together.",
            links=speaker.number(kind.best_linked),
            others=speaker.number(kind.nodes - 1),
            share=write_share(kind.without_it, speaker),
        )
    yield speaker.count(
        "If %(num)s of its %(nodes)s nodes is lost, %(random)s of those left still hang together "
        "where chance decides which, and %(degree)s where those with most links go first.",
        "If %(num)s of its %(nodes)s nodes are lost, %(random)s of those left still hang together "
        "where chance decides which, and %(degree)s where those with most links go first.",
        kind.lost,
        nodes=speaker.number(kind.nodes),
        random=write_sample(kind.at_random, speaker),
        degree=write_sample(kind.by_degree, speaker),
    )
