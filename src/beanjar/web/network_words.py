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


def call(view: NetworkView, key: str, speaker: Speaker) -> str:
    """Return what a node is called in a sentence."""
    if key == view.me:
        return speaker.say("this node")
    return speaker.say("node %(key)s", key=shorten(key))


def write_share(thousandths: int, speaker: Speaker) -> str:
    """Return a share in percent."""
    return speaker.say("%(number)s %%", number=speaker.number(Decimal(thousandths) / TENTHS))


def write_sample(share: Share, speaker: Speaker) -> str:
    """Return a share in percent, with its standard error if it has one."""
    mean = write_share(share.mean, speaker)
    if not share.error:
        return mean
    error = speaker.number(Decimal(share.error) / TENTHS)
    return speaker.say("%(share)s ± %(error)s", share=mean, error=error)


def tell_kind(view: NetworkView, speaker: Speaker) -> list[str]:
    """Say which of the three kinds the network is and why, or how a small one grows."""
    if view.copies.nodes <= FEW:
        return list(_tell_few(view, speaker))
    return [_name_kind(view.outlook.kind, speaker), *_tell_why(view.outlook.kind, speaker)]


def tell_weakness(view: NetworkView, speaker: Speaker) -> list[str]:
    """Say who would be cut off by one loss."""
    outlook = view.outlook
    if not outlook.cut_nodes:
        return [
            speaker.say("No single loss cuts anybody off, be it of a node or of a link.")
            if not outlook.bridges
            else _tell_bridges(view, speaker)
        ]
    said = [_tell_cut(view, each.node, each.cut_off, speaker) for each in outlook.worst]
    more = outlook.cut_nodes - len(outlook.worst)
    if more:
        said.append(
            speaker.count(
                "%(num)s further node alone holds others to the rest.",
                "%(num)s further nodes each alone hold others to the rest.",
                more,
            )
        )
    return [*said, _tell_bridges(view, speaker)] if outlook.bridges else said


def tell_copies(view: NetworkView, speaker: Speaker) -> list[str]:
    """Say how many nodes hold the space, how much of it, and who was not heard of."""
    return list(_tell_copies(view, speaker))


def tell_left(view: NetworkView, speaker: Speaker) -> list[str]:
    """Say what is left without the node that is taken away."""
    left = view.left
    if left is None:
        return [
            speaker.say("No node that counts here has this key, so nothing changes without it.")
        ]
    if left.kind is None:
        return [speaker.say("Nobody would be left: there is no other copy.")]
    cut_off, others = left.loss.cut_off, view.copies.nodes - 1
    said = (
        speaker.count(
            "%(num)s node would be cut off from the rest: %(names)s.",
            "%(num)s nodes would be cut off from the rest: %(names)s.",
            cut_off.many,
            names=_name_all(view, cut_off, speaker),
        )
        if cut_off.many
        else speaker.say("Nobody would be cut off.")
    )
    copies = speaker.count(
        "%(num)s copy of the space would be left.", "%(num)s copies would be left.", others
    )
    return [said, copies, _foretell_kind(left.kind, speaker)]


def tell_holding(view: NetworkView, node: NodeSeen, speaker: Speaker) -> str:
    """Say what a node holds beside what is here."""
    if node.key == view.me and node.operations is None:
        return speaker.say("all that is here")
    apart = abs((node.operations or 0) - (view.operations or 0))
    said: dict[Holds, str] = {
        "all": speaker.say("all that is here"),
        "fewer": speaker.count("%(num)s entry fewer", "%(num)s entries fewer", apart),
        "more": speaker.count("%(num)s entry more", "%(num)s entries more", apart),
        "others": speaker.say("as many, but others"),
        "unknown": speaker.say("not known yet"),
    }
    return said[node.holds]


def tell_standing(view: NetworkView, node: NodeSeen, speaker: Speaker) -> str:
    """Say what a node is to this one; "" if it is known by its word alone."""
    if node.key == view.me:
        return speaker.say("this node")
    return speaker.say("a neighbour") if node.neighbour else ""


def _tell_few(view: NetworkView, speaker: Speaker) -> Iterator[str]:
    if view.copies.nodes == FEW:
        yield speaker.say(
            "Two nodes hold this space. Either of them may vanish, and nothing is lost."
        )
        yield speaker.say(
            "What is said counts as safe once %(safe)s others have it: that takes a third node.",
            safe=speaker.number(SAFE_AT),
        )
    else:
        yield speaker.say("This node holds the only copy of the space that it knows of.")
    if view.operations is None:
        yield speaker.say(
            "It speaks with no other nodes: it was started alone, or cannot on this machine. "
            "“beanjar doctor” says which."
        )
    yield speaker.say(
        "For one more copy, let somebody start a node with “beanjar up” and join there with a "
        "ticket: “beanjar space ticket” makes one, “beanjar space join” takes it."
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


def _tell_cut(view: NetworkView, node: str, cut_off: CutOff, speaker: Speaker) -> str:
    return speaker.count(
        "Without %(node)s, %(num)s other would be cut off: %(names)s.",
        "Without %(node)s, %(num)s others would be cut off: %(names)s.",
        cut_off.many,
        node=call(view, node, speaker),
        names=_name_all(view, cut_off, speaker),
    )


def _tell_bridges(view: NetworkView, speaker: Speaker) -> str:
    bridges = view.outlook.bridges
    named = [
        speaker.say(
            "%(one)s with %(other)s",
            one=call(view, one, speaker),
            other=call(view, other, speaker),
        )
        for one, other in bridges[:CUT_OFF_NAMED]
    ]
    return speaker.count(
        "There is no way around %(num)s link: %(links)s.",
        "There is no way around %(num)s links: %(links)s.",
        len(bridges),
        links=_join(named, len(bridges), speaker),
    )


def _name_all(view: NetworkView, cut_off: CutOff, speaker: Speaker) -> str:
    return _join([call(view, each, speaker) for each in cut_off.names], cut_off.many, speaker)


def _join(named: Sequence[str], many: int, speaker: Speaker) -> str:
    """Return names one after the other, and how many more there are."""
    more = many - len(named)
    rest = [speaker.count("%(num)s more", "%(num)s more", more)] if more else []
    return speaker.join([*named, *rest])


def _tell_copies(view: NetworkView, speaker: Speaker) -> Iterator[str]:
    copies, outlook = view.copies, view.outlook
    yield speaker.count(
        "%(num)s node holds this space, as far as is known here.",
        "%(num)s nodes hold this space, as far as is known here.",
        copies.nodes,
    )
    if copies.nodes > 1:
        yield speaker.count(
            "%(num)s of them, counting this one, holds all that is here.",
            "%(num)s of them, counting this one, hold all that is here.",
            copies.whole,
        )
    silent = len(view.nodes) - copies.nodes
    if silent:
        yield speaker.count(
            "%(num)s other has not been heard of for %(minutes)s minutes, and does not count.",
            "%(num)s others have not been heard of for %(minutes)s minutes, and do not count.",
            silent,
            minutes=speaker.number(CARD_FRESH // MINUTE),
        )
    if outlook.apart:
        yield speaker.count(
            "How %(num)s node is linked with the rest is not known here. Nodes say anew about "
            "every minute whom they are linked with.",
            "How %(num)s nodes are linked with the rest is not known here. Nodes say anew about "
            "every minute whom they are linked with.",
            outlook.apart,
        )
