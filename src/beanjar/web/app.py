"""The door as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from beanjar import __version__
from beanjar.base.limits import OPERATIONS_PER_ADDRESS, REQUEST_BYTES
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.web import (
    carrying,
    events,
    example,
    feeds,
    files,
    health,
    installing,
    keeper,
    logbook,
    network,
    network_page,
    persons,
    records,
    rules,
    runs,
    showcase,
    site,
    source,
)
from beanjar.web.bounds import Bounds
from beanjar.web.door import Door, FindExample
from beanjar.web.reach import NOWHERE, Reach
from beanjar.web.refusals import FILE_HANDLERS, HANDLERS
from beanjar.web.safety import ANY_ORIGIN, AS_IT_IS, HostCheck, add_headers
from beanjar.web.sheets import ADDRESS, STATIC, Sheets
from beanjar.web.streams import Streams
from beanjar.web.warm import WarmPages

KEPT = CacheControlHeader(max_age=31_536_000, immutable=True)
"""A year, in seconds: a file that changes has a new address."""
COMPRESSED = CompressionConfig("gzip", gzip_compress_level=6, exclude_opt_key=next(iter(AS_IT_IS)))

FOR_PROGRAMS = (
    *(records.read_node, runs.found_space, example.find_example, events.follow_spaces),
    *(keeper.lend_device, keeper.offer_node, keeper.stop_node),
    *(carrying.read_losses, carrying.leave_space, carrying.allow_space),
    *(network.read_peers, network.carry_space, health.read_health),
)
FOR_PEOPLE = (
    *(site.show_node, site.show_me, feeds.show_own_calendar),
    *(source.show_source, source.show_licences, source.show_interface),
    *(installing.show_manifest, installing.show_worker),
    *(showcase.show_kit, showcase.show_arriving, showcase.show_not_found, showcase.show_refused),
)
"""What is about the node itself, and about no one space."""


def make_app(
    node: Node,
    peers: Peers | None = None,
    *,
    reach: Reach = NOWHERE,
    per_address: int = OPERATIONS_PER_ADDRESS,
    find_example: FindExample | None = None,
) -> Litestar:
    """Make the door of a node and, if it has any, its neighbours.

    It goes by this machine's own names and by those in `reach`. `per_address` is how many
    operations it takes from one network address within an hour.
    """
    bounds, sheets = Bounds(node.clock, per_address), Sheets(node.tools)
    door = Door(node, bounds, Streams(node), sheets, peers, find_example)
    app = Litestar(
        [
            *FOR_PROGRAMS,
            *FOR_PEOPLE,
            _make_space_router(),
            _make_page_router(WarmPages(node)),
            Router("/s/{space:str}", route_handlers=[network_page.show_network], opt=ANY_ORIGIN),
            _make_file_router(),
        ],
        before_send=[add_headers],
        compression_config=COMPRESSED,
        exception_handlers=HANDLERS,
        lifespan=[_follow],
        logging_config=None,
        middleware=[HostCheck(reach.hosts)],
        openapi_config=OpenAPIConfig(
            "Beanjar", __version__, path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
        request_max_body_size=REQUEST_BYTES,
    )
    app.state.door = door
    app.state.reach = reach
    return app


def _make_space_router() -> Router:
    handlers = [
        records.read_space,
        records.read_head,
        records.read_operation,
        records.read_receipt,
        records.read_roll,
        files.hand_in_chunk,
        files.read_file,
        network.read_standing,
        network.read_network,
        network.read_holding,
        network.read_holdings,
        records.export_space,
        runs.hand_in,
        keeper.lend_to_founder,
    ]
    return Router("/api/spaces/{space:str}", route_handlers=handlers, opt=ANY_ORIGIN)


def _make_page_router(warm: WarmPages) -> Router:
    handlers = [
        *(site.show_space, site.show_people, site.show_ask, site.show_list, site.show_subject),
        *(logbook.show_log, logbook.show_operation, persons.show_person, rules.show_rules),
        *(feeds.show_feed, feeds.show_calendar),
    ]
    return Router(
        "/s/{space:str}", route_handlers=handlers, opt=ANY_ORIGIN, middleware=[warm.middleware()]
    )


def _make_file_router() -> Router:
    return create_static_files_router(
        ADDRESS, [STATIC], cache_control=KEPT, exception_handlers=FILE_HANDLERS
    )


@asynccontextmanager
async def _follow(app: Litestar) -> AsyncIterator[None]:
    """Pass on the node's news while the application runs."""
    door: Door = app.state.door
    following = asyncio.create_task(door.streams.follow())
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
