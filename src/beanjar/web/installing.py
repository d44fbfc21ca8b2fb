"""What lets a browser keep the pages on a device, where https allows it."""

from litestar import Response
from msgspec import Struct
from msgspec.json import encode

from beanjar.web.door import Call
from beanjar.web.sheets import ADDRESS, STATIC
from beanjar.web.site import page
from beanjar.web.writing import VARY, speaker_for

PAPER = "#faf6ee"
"""The background of every page by daylight, as in the style sheet."""
WORKER = STATIC / "worker.js"


class Icon(Struct, frozen=True):
    """A picture of any size."""

    src: str
    sizes: str = "any"
    type: str = "image/svg+xml"


class Manifest(Struct, frozen=True):
    """What a browser needs to put the pages beside a device's programs (W3C appmanifest)."""

    lang: str
    description: str
    icons: tuple[Icon, ...]
    name: str = "Beanjar"
    start_url: str = "/"
    display: str = "standalone"
    background_color: str = PAPER
    theme_color: str = PAPER


@page("/manifest.webmanifest")
async def show_manifest(request: Call) -> Response[bytes]:
    """Show what a browser needs to install the pages."""
    speaker = speaker_for(request)
    says = speaker.say("Ask, answer and decide together, with nobody in the middle.")
    manifest = Manifest(speaker.language.code, says, (Icon(f"{ADDRESS}/jar.svg"),))
    return Response(
        encode(manifest), headers={"vary": VARY}, media_type="application/manifest+json"
    )


@page("/worker.js")
async def show_worker() -> Response[bytes]:
    """Show the script that keeps pages for when no node answers: from here it may keep them all."""
    headers = {"cache-control": "no-cache"}
    return Response(WORKER.read_bytes(), headers=headers, media_type="text/javascript")
