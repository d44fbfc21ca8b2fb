"""What a keeper is told once the node is up: where it is, and who can open it."""

import json
from pathlib import Path

import msgspec

from beanjar.main.qr import draw
from beanjar.node.standing import Standing
from beanjar.web.reach import Reach

WHO = {
    "this machine": "Only this machine can open it.",
    "this network": "Everyone on this network can open it.",
    "everyone": "Everyone can open it.",
}
FOUND = "Other nodes on this network can find it, unless you start it with --no-local."
STOP = "Stop it with Ctrl-C; nothing is lost."


def greet(
    reach: Reach, *, drawn: bool = False, spare: str | None = None, found: bool = False
) -> str:
    """Say where the door is that most can open, and draw that for a phone's camera if wished.

    `spare` is its address without the name, for phones that do not find the name. `found` says that
    the node lets others on its network find it.
    """
    near, widest = reach.doors[0], reach.doors[-1]
    lines = [f"Your node is up: {widest.url}", f"{WHO[widest.open_to]} {STOP}"]
    if widest.url.startswith("https:"):
        lines += [f"Your proxy on this machine passes it on to {near.url}."]
    if found:
        lines += [FOUND]
    if spare is not None:
        lines += [f"A phone that does not find that name opens {spare}."]
    if drawn and widest is not near:
        lines += ["", draw(widest.url), "Point a phone's camera at it to open the page there."]
    return "\n".join(lines)


def report(url: str, data: Path, reach: Reach, standing: Standing | None) -> str:
    """Say the same to a program, as JSON. At `url` this machine reaches the door."""
    return json.dumps(
        {
            "url": url,
            "data": str(data),
            "key": standing and standing.key,
            "addresses": standing and standing.addresses,
            "doors": msgspec.to_builtins(reach.doors),
        }
    )
