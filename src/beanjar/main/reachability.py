"""Which other nodes can reach one's own, and why not the others, as far as that is known here."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Literal

from msgspec import Struct

from beanjar.net.addresses import is_loopback, is_relay
from beanjar.net.local import Interface
from beanjar.node.standing import Standing

Who = Literal["nobody", "this machine", "this network", "relay", "everyone"]


class RelayUse(Struct, frozen=True):
    """A relay that a node may use, and whether it is connected with it now."""

    url: str
    reached: bool


class Reached(Struct, frozen=True):
    """Which nodes can reach one, why, and what to do about it, in sentences.

    `came` counts the connected nodes that have dialled it from outside of its networks; `seen_at`
    are the addresses at which neighbours see it that are none of its own; `port` is its
    UDP port.
    """

    who: Who
    why: str
    advice: str
    came: int
    seen_at: list[str]
    port: int | None
    relays: list[RelayUse]


class Facts(Struct, frozen=True):
    """What a node knows of how it is reached: by itself, and by what its neighbours tell."""

    hosts: list[str]
    port: int | None
    came: int
    seen_at: list[str]
    relays: list[RelayUse]

    @property
    def shared(self) -> list[str]:
        """The hosts' addresses that other machines may dial."""
        return [each for each in self.hosts if not is_loopback(each)]

    @property
    def public(self) -> list[str]:
        """Those that are the same everywhere."""
        return [each for each in self.shared if ip_address(each).is_global]

    @property
    def relay(self) -> str:
        """The relay by which the node is reached, "" if none."""
        return next((each.url for each in self.relays if each.reached), "")


def judge(standing: Standing, networks: Sequence[Interface]) -> Reached:
    """Say who can reach a node, which is on these networks."""
    facts = _find(standing, networks)
    who, why = _explain_distance(facts) if facts.shared or facts.relay else _explain_lack(facts)
    return Reached(who, why, _advise(facts), facts.came, facts.seen_at, facts.port, facts.relays)


def _find(standing: Standing, networks: Sequence[Interface]) -> Facts:
    own = {str(each.ip) for each in networks}
    sees = {each.sees for each in standing.neighbours if each.sees}
    seen = {each for each in sees if _host(each) not in own and _is_elsewhere(each, networks)}
    # Where several neighbours see it a node lets itself be dialled; that is told by itself here.
    direct = [each for each in standing.addresses if not is_relay(each) and each not in seen]
    came = [each.address for each in standing.neighbours if not each.dialled and each.address]
    return Facts(
        hosts=list(dict.fromkeys(map(_host, direct))),
        port=int(direct[0].rpartition(":")[2]) if direct else None,
        came=sum(_is_elsewhere(each, networks) for each in came),
        seen_at=sorted(seen),
        relays=[RelayUse(each, each in standing.addresses) for each in standing.relays],
    )


def _explain_lack(facts: Facts) -> tuple[Who, str]:
    if facts.hosts:
        return "this machine", (
            "Only nodes on this machine reach yours: it listens for no others, or its machine is "
            "on no network."
        )
    return "nobody", "No other node reaches yours: it has no address."


def _explain_distance(facts: Facts) -> tuple[Who, str]:
    if facts.came:
        return "everyone", f"{_count(facts.came)} reached your node from outside of its network."
    if facts.public:
        return "everyone", (
            f"Your node has the public address {facts.public[0]}. Whether others reach it there, "
            "no node from outside has shown yet."
        )
    here = f"Nodes on its network reach your node at {' or '.join(facts.shared)}."
    if facts.relay:
        return "relay", f"{here} Others reach it by the relay {facts.relay}, if they use that too."
    return "this network", f"{here} {_translate(facts.seen_at)}"


def _translate(seen_at: Sequence[str]) -> str:
    """Say what is known of the address translation that is between a node and those outside."""
    if not seen_at:
        return "That address says nothing elsewhere, and no node from outside has reached it yet."
    if len(seen_at) == 1:
        return (
            f"From outside it is seen at {seen_at[0]}, so it is behind an address translation: a "
            "router, as a rule. Nobody from outside has reached it yet."
        )
    return (
        f"From outside it is seen at {' and '.join(seen_at)}: it is behind an address translation "
        "that gives it another address for everyone, where others cannot dial it."
    )


def _advise(facts: Facts) -> str:
    if facts.came or facts.relay:
        return ""
    if not facts.shared:
        return (
            "To let other machines in, start it without --listen, on a machine that is on their "
            "network."
        )
    if facts.public:
        return f"If that stays so, let UDP port {facts.port} through the firewall."
    return (
        "It can dial others all the same. For others to dial it, let the router pass UDP port "
        f"{facts.port} on to {facts.shared[0]}; or use a relay: beanjar up --relay URL; or have a "
        "node elsewhere carry your spaces too, and give people its door."
    )


def _count(came: int) -> str:
    words = {1: "One connected node has", 2: "Two connected nodes have"}
    return words.get(came, f"{came} connected nodes have")


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


def _is_elsewhere(address: str, networks: Sequence[Interface]) -> bool:
    """Say whether an "ip:port" is neither this machine's nor on one of its networks."""
    at = ip_address(_host(address))
    return not at.is_loopback and not any(at in each.network for each in networks)
