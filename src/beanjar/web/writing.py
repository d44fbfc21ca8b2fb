"""A page, written for the browser that asked for it: in the language that it wishes for."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from litestar import Response
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_303_SEE_OTHER

from beanjar.web.door import Call, door_of
from beanjar.web.language import LANGUAGES, NATIVE, Speaker
from beanjar.web.policy import POLICY, write_policy

CHOSEN = "language"
"""What names the language that somebody chose, in an address and then in a cookie."""
VARY = "accept-language, cookie"
YEAR = 31_536_000
WISH = re.compile(r"([a-z]{2,8})(?:-[a-z0-9-]+)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)


def write_page(
    request: Call,
    template: str,
    shown: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Response[bytes]:
    """Answer with a page, which may speak to the `doors` that it knows.

    If the address names a language, it is remembered, and leads to the page.
    """
    asked = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = urlencode([each for each in asked if each[0] != CHOSEN])
    chosen = request.query_params.get(CHOSEN, "")
    if chosen in LANGUAGES:
        return _remember(chosen, request.scope["path"], query)
    speaker = speaker_for(request)
    more = {"query": f"{query}&" if query else ""}
    policy = {POLICY.decode(): write_policy(shown.get("doors", ()))}
    return Response(
        door_of(request).sheets.render(template, speaker, **shown, **more),
        status_code=status,
        headers={"content-language": speaker.language.code, "vary": VARY, **policy, **headers},
        media_type="text/html",
    )


def _remember(code: str, path: str, query: str) -> Response[bytes]:
    """Lead back to the page without its language: an address is the same for all who read it.

    It is named from where the browser is, as a path that begins with two slashes is another host.
    """
    page = f"./{quote(path.rpartition('/')[2])}"
    cookie = Cookie(CHOSEN, value=code, max_age=YEAR, samesite="lax")
    headers = {"location": f"{page}?{query}" if query else page}
    return Response(b"", status_code=HTTP_303_SEE_OTHER, headers=headers, cookies=[cookie])


def speaker_for(request: Call) -> Speaker:
    """Return who speaks the language of a request: that of its address, its cookie, its wishes."""
    chosen = [each.get(CHOSEN, "") for each in (request.query_params, request.cookies)]
    wished = [*chosen, *read_wishes(request.headers.get("accept-language", ""))]
    code = next((each for each in wished if each in LANGUAGES), NATIVE.code)
    return door_of(request).sheets.speakers[code]


def read_wishes(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the one wished for most at the head."""
    wishes = [found for each in header.split(",") if (found := WISH.fullmatch(each.strip()))]
    wished = [(float(found[2] or 1), found[1].lower()) for found in wishes]
    ordered = sorted(wished, key=lambda wish: -wish[0])
    return [code for quality, code in ordered if quality]
