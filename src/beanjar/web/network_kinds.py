"""Which of Baran's three kinds a network is, in sentences, and shares as people write them."""

from collections.abc import Iterator
from decimal import Decimal

from beanjar.web.language import Speaker
from beanjar.wisdom.resilience.outlook import KindFigures, Share

TENTHS = 10
"""Thousandths in a percent."""


def write_share(thousandths: int, speaker: Speaker) -> str:
    """Return a share in percent."""
    return speaker.say("%(number)s %%", number=speaker.number(Decimal(thousandths) / TENTHS))


def write_sample(share: Share, speaker: Speaker) -> str:
    """Return a share in percent, with its standard error if it has one."""
    if not share.error:
        return write_share(share.mean, speaker)
    mean, error = (speaker.number(Decimal(each) / TENTHS) for each in (share.mean, share.error))
    return speaker.say("%(mean)s ± %(error)s %%", mean=mean, error=error)


def name_kind(kind: KindFigures, speaker: Speaker) -> str:
    """Say which kind it is."""
    return {
        "distributed": speaker.say(
            "This network is distributed: it holds together though many of its nodes are lost."
        ),
        "decentralized": speaker.say("This network is decentralized: it hangs on a few nodes."),
        "centralized": speaker.say("This network is centralized: it hangs on one node."),
        "small": speaker.say("Too few nodes are linked to say of which kind this network is."),
    }[kind.name]


def foretell_kind(kind: KindFigures, speaker: Speaker) -> str:
    """Say which kind it would be."""
    return {
        "distributed": speaker.say("What is left would be distributed."),
        "decentralized": speaker.say("What is left would be decentralized."),
        "centralized": speaker.say("What is left would be centralized."),
        "small": speaker.say("What is left would be too small to be of any kind."),
    }[kind.name]


def tell_why(kind: KindFigures, speaker: Speaker) -> Iterator[str]:
    """Say by which figures it is of that kind, see `beanjar.wisdom.resilience.kind`."""
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
