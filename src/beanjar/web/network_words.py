"""What is said of the network of a space, in sentences: on its page and in a terminal."""

from collections.abc import Iterator, Sequence

from beanjar.base.clock import MINUTE
from beanjar.base.limits import CARD_FRESH, CUT_OFF_NAMED, SAFE_AT
from beanjar.node.network import Holds, NetworkView, NodeSeen
from beanjar.web.filters import shorten
from beanjar.web.language import Speaker
from beanjar.web.network_kinds import foretell_kind, name_kind, tell_why
from beanjar.wisdom.resilience.outlook import CutOff

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
            name_kind(self._view.outlook.kind, self._speaker),
            *tell_why(self._view.outlook.kind, self._speaker),
        ]

    def weakness(self) -> list[str]:
        """Say who would be cut off by one loss."""
        outlook = self._view.outlook
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
        if outlook.bridges:
            said.append(self._tell_bridges())
        return said or [
            self._speaker.say("No single loss cuts anybody off, be it of a node or of a link.")
        ]

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
            return [self._speaker.say("Nobody would be left, as far as is known here.")]
        return [
            self._tell_cut_off(left.loss.cut_off),
            self._tell_whole_without(left.loss.node),
            foretell_kind(left.kind, self._speaker),
        ]

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
        if node.lost:
            return self._speaker.say("cannot be reached")
        return self._speaker.say("a neighbour") if node.neighbour else ""

    def _tell_few(self) -> Iterator[str]:
        if self._view.copies.nodes == FEW:
            yield (
                self._speaker.say(
                    "Two nodes hold this space. Either of them may vanish, and nothing is lost."
                )
                if self._view.copies.whole == FEW
                else self._speaker.say(
                    "Two nodes carry this space. That the other has all of it is not known yet."
                )
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

    def _tell_cut_off(self, cut_off: CutOff) -> str:
        if not cut_off.many:
            return self._speaker.say("Nobody would be cut off.")
        return self._speaker.count(
            "%(num)s node would be cut off from the rest: %(names)s.",
            "%(num)s nodes would be cut off from the rest: %(names)s.",
            cut_off.many,
            names=self._name_all(cut_off),
        )

    def _tell_whole_without(self, lost: str) -> str:
        others = [each for each in self._view.nodes if each.lately and each.key != lost]
        whole = sum(each.holds == "all" for each in others)
        if not whole:
            return self._speaker.say("No other node holds all that is here.")
        return self._speaker.count(
            "All that is here would still be on %(num)s node.",
            "All that is here would still be on %(num)s nodes.",
            whole,
        )

    def _tell_bridges(self) -> str:
        bridges = sorted(
            sorted(map(self.numbers.__getitem__, each)) for each in self._view.outlook.bridges
        )
        named = [
            self._speaker.say(
                "%(one)s with %(other)s",
                one=self._speaker.number(one),
                other=self._speaker.number(other),
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
        if 1 < copies.nodes == copies.whole:
            yield self._speaker.say("Each of them holds all that is here.")
        elif copies.nodes > 1:
            yield self._speaker.count(
                "%(num)s of them, counting this one, holds all that is here.",
                "%(num)s of them, counting this one, hold all that is here.",
                copies.whole,
            )
        lost = sum(each.lost for each in self._view.nodes)
        if lost:
            yield self._speaker.count(
                "%(num)s other was a neighbour, cannot be reached any more, and does not count.",
                "%(num)s others were neighbours, cannot be reached any more, and do not count.",
                lost,
            )
        silent = len(self._view.nodes) - copies.nodes - lost
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
